#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Looks at a stopped program through the printers.

    printers.py PRINTERS PROGRAM

PRINTERS is unlatch_printers.py, PROGRAM is program.cpp, compiled with debug information. The status
is 77 if there is no gdb, or none that may look at other processes, or nothing to look at: built
with UNLATCH_FALLBACK_MUTEX, the containers are made of the standard library's.
"""
import os
import re
import shutil
import subprocess
import sys

SKIPPED = 77
HUNDREDS = range(-500, 500, 100)


def output_of(program, before, commands):
    """What gdb says. Printers may not call functions of the program."""
    words = ["gdb", "-nx", "-batch", "-iex", "set auto-load python-scripts off"]
    if before:
        words = ["gdb", "-nx", "-batch"] + [word for each in before for word in ("-iex", each)]
    for each in ["set width 0", "set print elements 0", "set may-call-functions off", *commands]:
        words += ["-ex", each]
    done = subprocess.run([*words, program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=120, check=False)
    if re.search("Python scripting is not supported|ptrace: Operation not permitted", done.stdout):
        print(done.stdout)
        sys.exit(SKIPPED)
    return done.stdout


def printed(output):
    """The values of the print commands."""
    return re.findall(r"^\$\d+ = (.*)$", output, re.M)


def check(what, found, expected):
    if found != expected:
        sys.exit("%s\n  is       %s\n  but not  %s" % (what, found, expected))


def check_map(what, found, entries):
    """In any order: it differs from run to run."""
    number = len(entries)
    heading = "unlatch::map with %d entr%s" % (number, "y" if number == 1 else "ies")
    first, _, rest = found.partition(" = {")
    check("heading of " + what, first, heading)
    expected = sorted("[%s] = %s" % entry for entry in entries.items())
    check(what, sorted(re.split(r", (?=\[)", rest[:-1]) if rest else []), expected)


def main():
    printers, program = sys.argv[1:]
    if shutil.which("gdb") is None:
        return SKIPPED
    point = "{x = %d, y = %d, z = %d}"
    maps = {
        "small": {i: 3 * i for i in HUNDREDS},
        "wide": {(2**63 - 1) // 500 * i: 2**64 - 1 - (i + 500) for i in HUNDREDS},
        "mixed": {i: i // 4 for i in HUNDREDS},
        "colors": {"(anonymous namespace)::color::red": "true",
                   "(anonymous namespace)::color::blue": "false"},
        "labels": {"{number = %d}" % i: "{number = %d}" % (2 * i) for i in HUNDREDS},
        "points": {i: point % (i, 2 * i, 3 * i) for i in HUNDREDS},
        "aligned_points": {"97 'a'": "{x = 1}"},
        "collisions": {i: point % (i, 0, 0) for i in (0, 1, 2, 4, 5)},
        "empty_map": {},
    }
    others = {
        "name": 'unlatch::snapshot = {current = {number = 2}}',
        "place": "unlatch::snapshot = {current = {x = 1, y = -2, z = 3}}",
        "up": "unlatch::counter of 41",
        "down": "unlatch::counter of -42",
    }
    if "with_mutex" in output_of(program, [], ["whatis small"]):
        return SKIPPED  # the other form of the library: the standard library's printers serve
    output = output_of(program, [], [
        "source " + printers, "break is_set", "run", *["print " + name for name in maps],
        *["print " + name for name in others], "continue", "print small"])
    found = printed(output)
    if len(found) != len(maps) + len(others) + 1:
        sys.exit("not all was printed:\n" + output)
    for (name, entries), value in zip(maps.items(), found):
        check_map(name, value, entries)
    for (name, expected), value in zip(others.items(), found[len(maps):]):
        check(name, value, expected)
    check_map("small, before a sweep takes effect", found[-1], maps["small"])

    # The program names the printers itself; gdb has to trust the folder that it finds them in.
    folder = os.path.dirname(os.path.abspath(printers))
    output = output_of(program, ["add-auto-load-safe-path " + folder, "directory " + folder],
                       ["break is_set", "run", "print up"])
    check("loaded by gdb itself", printed(output), [others["up"]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
