#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs every_operation.cpp with each compiler, standard and library that is there.

    compilers.py [--few | --only REGEX] [--jobs N]

A combination is a line: its name, and passed, skipped (no such compiler, or no emulator for its
machine) or FAILED, followed by what was said. It passes if the program compiles with all warnings
as errors, links without libatomic and calls nothing of it, and runs well. "system" are headers
with warnings off, in a program without exceptions and run-time type information.

The last line is "N passed, N failed". The status is 77 if there was nothing to do.
"""
import argparse
import concurrent.futures
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
INCLUDE = os.path.normpath(os.path.join(HERE, "..", "..", "include"))

# What Debian 12 has, as packages. None is installed from here.
PACKAGES = """g++-11 g++-12 clang-13 clang-14 clang-15 clang-16 clang-19 clang-22 libc++-22-dev
libc++abi-22-dev g++-i686-linux-gnu g++-aarch64-linux-gnu qemu-user""".split()

NATIVE = ["g++-11", "g++-12", "clang++-13", "clang++-14", "clang++-15", "clang++-16", "clang++-19",
          "clang++-22"]
MACHINES = {"i686-linux-gnu": "qemu-i386", "aarch64-linux-gnu": "qemu-aarch64"}
LIBCXX = "/usr/lib/llvm-22/lib/libc++.a"
STANDARDS = ["c++17", "c++20", "c++2b"]
OPTIMISATIONS = ["-O0", "-O2"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-Wno-psabi"]
HEADERS = {
    "own": ["-I" + INCLUDE],
    "system": ["-isystem", INCLUDE, "-fno-exceptions", "-fno-rtti"],
}
# For every change.
FEW = ["g++-12 c++17 -O0 own", "g++-12 c++17 -O0 system", "g++-12 c++20 -O0 own"]
SKIPPED = 77


class Combination:
    """One way to compile the program, and one to run it."""

    def __init__(self, compiler, words, flags, link=(), needs=(), run=(), nm="nm"):
        self.name = " ".join([compiler] + words)
        self.command = [compiler, *WARNINGS, "-pthread", *flags]
        self.link = list(link)
        self.needs = [compiler, nm, *needs]
        self.run = list(run)
        self.nm = nm

    def missing(self):
        return [name for name in self.needs if not (shutil.which(name) or os.path.exists(name))]


def combinations():
    everything = list(itertools.product(STANDARDS, OPTIMISATIONS, HEADERS))
    for compiler in NATIVE:
        for standard, level, headers in everything:
            yield Combination(compiler, [standard, level, headers],
                              ["-std=" + standard, level, *HEADERS[headers]])
    for standard, level, headers in everything:
        # Statically: Debian pairs the headers with an older shared library.
        yield Combination("clang++-22", [standard, level, headers, "libc++"],
                          ["-std=" + standard, level, *HEADERS[headers], "-stdlib=libc++"],
                          link=["-static-libstdc++"], needs=[LIBCXX])
    for macro, compiler in itertools.product(["UNLATCH_NO_MEMBARRIER", "UNLATCH_FALLBACK_MUTEX"],
                                             ["g++-12", "clang++-22"]):
        yield Combination(compiler, ["c++17", "-O2", "own", macro],
                          ["-std=c++17", "-O2", *HEADERS["own"], "-D" + macro])
    # A machine with 32-bit words, and one with a weak order of memory accesses.
    for (machine, emulator), level in itertools.product(MACHINES.items(), OPTIMISATIONS):
        for compiler, target in ((machine + "-g++", []), ("clang++-22", ["--target=" + machine])):
            yield Combination(compiler, ["c++17", level, "own", *target],
                              ["-std=c++17", level, *HEADERS["own"], *target], link=["-static"],
                              needs=[emulator, machine + "-g++"], run=[emulator],
                              nm=machine + "-nm")


def output_of(command, seconds):
    """What it said, if it failed; otherwise nothing."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return "more than %d seconds: %s" % (seconds, " ".join(command))
    if done.returncode != 0:
        return "status %d: %s\n%s" % (done.returncode, " ".join(command), done.stdout[:4000])
    return ""


def calls_of_libatomic(nm, compiled):
    symbols = subprocess.run([nm, "-u", compiled], stdout=subprocess.PIPE, text=True, check=True)
    found = re.findall(r"^ *U (__(?:atomic|sync)_\w+)", symbols.stdout, re.M)
    return "calls of libatomic: " + ", ".join(found) if found else ""


def attempt(each, work):
    """passed, or skipped with the reason, or FAILED with what was said."""
    if each.missing():
        return "skipped", "no " + each.missing()[0]
    compiled = os.path.join(work, re.sub(r"[^\w.+-]", "_", each.name))
    source = os.path.join(HERE, "every_operation.cpp")
    trouble = (output_of([*each.command, "-c", source, "-o", compiled + ".o"], 900)
               or calls_of_libatomic(each.nm, compiled + ".o")
               or output_of([*each.command, *each.link, compiled + ".o", "-o", compiled], 300)
               or output_of([*each.run, compiled], 300))
    return ("FAILED", trouble) if trouble else ("passed", "")


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--only", metavar="REGEX", default="",
                        help="those whose name has a match for it")
    parser.add_argument("--few", action="store_true",
                        help="those that are tried with every change")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="how many at a time")
    parser.add_argument("--list", action="store_true", help="print the names of the combinations")
    parser.add_argument("--packages", action="store_true",
                        help="print the Debian packages that hold all the compilers")
    options = parser.parse_args()
    if options.packages:
        print("\n".join(PACKAGES))
        return 0
    chosen = [each for each in combinations() if re.search(options.only, each.name)
              and (not options.few or each.name in FEW)]
    if options.list:
        print("\n".join(each.name for each in chosen))
        return 0
    count = {"passed": 0, "skipped": 0, "FAILED": 0}
    with tempfile.TemporaryDirectory(prefix="unlatch-compilers-") as work, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda each: attempt(each, work), chosen)
        for each, (verdict, words) in zip(chosen, results):
            print("%-60s %s" % (each.name, verdict), end="")
            print({"passed": "", "skipped": ": " + words, "FAILED": "\n" + words}[verdict],
                  flush=True)
            count[verdict] += 1
    print("%(passed)d passed, %(FAILED)d failed" % count)
    if count["FAILED"] != 0:
        return 1
    return 0 if count["passed"] != 0 else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
