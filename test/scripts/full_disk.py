#!/usr/bin/env python3
"""Runs a command in a copy of a folder on a file system that has no room left.

    full_disk.py MOUNTPOINT FOLDER COPY -- COMMAND...

Prints the command's output, its exit code, and whether the tree is what it was; COPY keeps it as it
was. The file system is a small tmpfs, which needs root.
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_database import write_database  # noqa: E402
from tree import content, difference  # noqa: E402

split = sys.argv.index("--")
mountpoint, folder, copy = sys.argv[1:split]
command = sys.argv[split + 1:]

if os.path.ismount(mountpoint):
    subprocess.run(["umount", mountpoint], check=True)
os.makedirs(mountpoint, exist_ok=True)
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mountpoint], check=True)
try:
    shutil.copytree(folder, mountpoint, dirs_exist_ok=True)
    write_database(mountpoint, "clang++-22", ["-std=c++20"])
    # Room for the journal and one more file, but not for all.
    with open(os.path.join(mountpoint, "filler"), "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass
        filler.truncate(filler.tell() - 8192)
    before = content(mountpoint)
    done = subprocess.run(command)
    sys.stdout.flush()
    print("exit code", done.returncode)
    changed = difference(before, content(mountpoint))
    print("the tree is what it was" if not changed else "changed: " + ", ".join(changed))
    shutil.copytree(mountpoint, copy)
finally:
    subprocess.run(["umount", mountpoint], check=True)
