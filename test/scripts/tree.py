"""The content of a folder, for comparing trees before and after."""
import os


def content(folder):
    """{relative path: (mode, bytes)} of every file below `folder`, hidden ones included."""
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, folder)] = (os.stat(path).st_mode, file.read())
    return files


def difference(one, other):
    """The paths in which two contents differ."""
    return sorted(path for path in set(one) | set(other) if one.get(path) != other.get(path))
