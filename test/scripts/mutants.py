#!/usr/bin/env python3
"""Breaks a right rewrite in every way the tool knows, and expects each to be noticed.

    mutants.py --unlatch TOOL --runtime DIR [--least N] [--accept NAME]... PROGRAM

PROGRAM is a source file, or a folder: a CMake project, or sources that are compiled as they are.
Edits are dropped, tests inverted, keys swapped and operations taken for others, one at a time;
verification has to object to each. There have to be at least N mutants, so that none were lost on the
way.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_database import write_database  # noqa: E402


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--unlatch", required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("--least", type=int, default=1)
    parser.add_argument("--accept", action="append", default=[])
    parser.add_argument("program")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="unlatch-mutants-")
    try:
        return run(options, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run(options, work):
    sources, database = os.path.join(work, "program"), os.path.join(work, "build")
    if os.path.isdir(options.program):
        shutil.copytree(options.program, sources)
    else:
        os.mkdir(sources)
        shutil.copy(options.program, sources)
    if os.path.exists(os.path.join(sources, "CMakeLists.txt")):
        subprocess.run(["cmake", "-S", sources, "-B", database, "-G", "Ninja",
                        "-DCMAKE_CXX_COMPILER=" + options.clangxx,
                        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"],
                       check=True, stdout=subprocess.DEVNULL)
    else:
        database = sources
        write_database(sources, options.clangxx, ["-std=c++20"])
    accepted = [word for name in options.accept for word in ("--accept", name)]
    done = subprocess.run([options.unlatch, "diff", "-p", database, "--root", sources,
                           "--runtime-include", options.runtime, "--mutate=all", *accepted],
                          stdout=subprocess.PIPE, text=True)
    caught = len(re.findall(r"^mutant \d+ .*: caught: ", done.stdout, re.M))
    survivors = re.findall(r"^mutant \d+ .*: SURVIVED$", done.stdout, re.M)
    print("\n".join(survivors))
    print("%d mutants, %d caught" % (caught + len(survivors), caught))
    if survivors or caught < options.least or done.returncode not in (0, 1):
        sys.exit("every mutant should be caught, and there should be %d or more" % options.least)


main()
