# How lit runs the tests of the tool. `lit BUILD/test` runs them all, `lit BUILD/test/load` a folder.
import atexit
import os
import shutil
import subprocess
import tempfile

import lit.formats

config.name = "unlatch"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp", ".test"]
config.excludes = ["soundness", "Inputs", "scripts", "unit", "fuzz", "real"]
config.test_source_root = os.path.dirname(__file__)

config.environment["PATH"] = os.pathsep.join([config.llvm_tools, os.environ.get("PATH", "")])
# Nobody's own configuration or colours get into the tests.
config.environment["NO_COLOR"] = "1"
config.environment["GIT_CEILING_DIRECTORIES"] = config.test_exec_root
config.environment["UNLATCH"] = config.unlatch
# Where ccache is, whose compilations are used again.
for name in ("HOME", "CCACHE_DIR"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# The interpreter itself: version managers put a script in front of it, which costs more than most tests.
python = subprocess.run([config.python, "-c", "import sys; print(sys.executable)"], check=True,
                        stdout=subprocess.PIPE, universal_newlines=True).stdout.strip()
scripts = os.path.join(config.test_source_root, "scripts")
check_rewrite = "%s %s --unlatch=%s --runtime=%s --clangxx=%s" % (
    python, os.path.join(scripts, "check_rewrite.py"), config.unlatch, config.runtime,
    config.clangxx)
config.substitutions.append(("%check_rewrite", check_rewrite))
# Each field by itself: why it can't leave, where a snapshot with all that its mutex guards could.
config.substitutions.append(("%check_alone", check_rewrite +
                             " --unlatch-arg='--strategy=*=map,atomic'"))
config.substitutions.append(("%make_database", "%s %s --clangxx=%s" % (
    python, os.path.join(scripts, "make_database.py"), config.clangxx)))
config.substitutions.append(("%scripts", scripts))
config.substitutions.append(("%unlatch", config.unlatch))
config.substitutions.append(("%runtime", config.runtime))
config.substitutions.append(("%clangxx", config.clangxx))
config.substitutions.append(("%python", python))

# A folder that no build folder, with its compilation database, lies above of.
outside = tempfile.mkdtemp(prefix="unlatch-lit-")
atexit.register(shutil.rmtree, outside, ignore_errors=True)
config.substitutions.append(("%outside", outside))


def can_mount():
    """Whether a small file system can be had, to fill it up."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    folder = tempfile.mkdtemp()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder],
                              capture_output=True).returncode == 0
        if done:
            subprocess.run(["umount", folder], check=True)
        return done
    finally:
        os.rmdir(folder)


def has_libcxx():
    run = subprocess.run([config.clangxx, "-stdlib=libc++", "-fsyntax-only", "-x", "c++", "-"],
                         input=b"#include <map>\n", capture_output=True)
    return run.returncode == 0


if can_mount():
    config.available_features.add("mount")
if has_libcxx():
    config.available_features.add("libc++")
if shutil.which("git"):
    config.available_features.add("git")
