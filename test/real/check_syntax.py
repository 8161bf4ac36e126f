#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parses every translation unit of a compile database; prints what does not compile.

    check_syntax.py COMPILE_COMMANDS.json INCLUDE_FOLDER JOBS
"""
import concurrent.futures
import json
import shlex
import subprocess
import sys

database, include, jobs = sys.argv[1], sys.argv[2], int(sys.argv[3])


def check(entry):
    command = entry.get("arguments") or shlex.split(entry["command"])
    command += ["-fsyntax-only", "-Wno-unused-command-line-argument", "-isystem", include]
    return entry["file"], subprocess.run(command, cwd=entry["directory"], text=True,
                                         capture_output=True)


with open(database) as file:
    entries = json.load(file)
with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
    bad = [(file, done) for file, done in pool.map(check, entries) if done.returncode]
for file, done in bad:
    print(file, done.stderr[:2000], sep="\n")
print("%d of %d compile" % (len(entries) - len(bad), len(entries)))
sys.exit(bool(bad) or not entries)
