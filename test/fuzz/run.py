#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives one of the tool's readers damaged forms of what it reads.

    run.py --unlatch BIN --runtime DIR --reader NAME --fuzzer BIN (--runs N | --seconds N) [--keep DIR]

The undamaged ones come from the tool itself and from programs among its tests. Ends with 1 if the
reader crashed, hung, or was reported by a sanitizer; what it was given then lies in the folder of
--keep, or else is printed.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAMS = ["locks/convert.cpp", "clear/convert.cpp", "swap/refuse.cpp", "snapshot/convert.cpp",
            "verify/Inputs/registry/registry.cpp"]

CONFIGURATIONS = [
    "consistency: linearizable\nroot: .\nheader-filter: '.*'\nsource-filter: \"src/.*\"\n",
    "extra-arg:\n  - -DX=1\n  - '-I include'\njobs: 4\nruntime-include: third_party/unlatch\n",
    "# nothing\n---\nextra-arg: [-DA, \"-DB\\n\"]\n...\n",
    "jobs: &a many\nroot: *a\nrot: x\n? - y\n: |\n  text\n",
]
JOURNAL = {"schema": "unlatch-journal/1", "committed": True,
           "files": [{"target": "a.h", "temporary": "a.h.new", "backup": "a.h.old", "before": "12",
                      "after": "34"}] * 2}
COMMANDS = [
    {"directory": "/p", "file": "a.cpp", "output": "a.o",
     "arguments": ["c++", "-std=gnu++20", "-include", "x.h", "-Xclang", "-include-pch", "-Xclang",
                   "x.pch", "-Werror=all", "-MD", "-MF", "a.d", "-o", "a.o", "-c", "a.cpp"]},
    {"directory": "..", "file": "/p/b.cpp",
     "command": "ccache g++ -DX=\\\"1 2\\\" '-fmodules-ts' -include-pch -c -- /p/b.cpp"},
]


def plan_of(options, program):
    """What the tool prints for a program, which also holds its facts."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run(
            [options.unlatch, "plan", "--quiet", "--format=json", "-o", file.name,
             "--runtime-include", options.runtime, os.path.join(TESTS, program), "--",
             "-std=c++20", "-I" + options.runtime],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return file.read().decode()


def seeds(options):
    if options.reader == "configuration":
        return CONFIGURATIONS
    if options.reader == "journal":
        return [json.dumps(JOURNAL)]
    if options.reader == "compile_commands":
        return [json.dumps(COMMANDS)]
    plans = [plan_of(options, program) for program in PROGRAMS]
    if options.reader == "plan":
        return plans
    return [json.dumps(json.loads(plan)["facts"]) for plan in plans]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unlatch", required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--reader", required=True,
                        choices=["facts", "plan", "journal", "compile_commands", "configuration"])
    parser.add_argument("--fuzzer", required=True)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--runs", type=int)
    length.add_argument("--seconds", type=int)
    parser.add_argument("--keep", metavar="DIR")
    return parser.parse_args()


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory() as corpus:
        longest = 0
        for number, seed in enumerate(seeds(options)):
            with open(os.path.join(corpus, f"seed{number}"), "w") as file:
                file.write(seed)
            longest = max(longest, len(seed.encode()))
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
        kept = os.path.join(options.keep or corpus, options.reader + "-")
        length = (f"-runs={options.runs}" if options.runs
                  else f"-max_total_time={options.seconds}")
        done = subprocess.run(
            [options.fuzzer, length, "-seed=1", f"-max_len={2 * longest}", "-len_control=0",
             "-timeout=60", f"-artifact_prefix={kept}", "-verbosity=0", "-print_final_stats=1",
             corpus],
            # LLVM is a library that was built without the sanitizers.
            env={**os.environ, "ASAN_OPTIONS": "detect_container_overflow=0"})
        if done.returncode != 0 and not options.keep:
            for name in sorted(os.listdir(corpus)):
                if name.startswith(options.reader + "-"):
                    with open(os.path.join(corpus, name), errors="replace") as file:
                        print(f"{name}:\n{file.read()}")
    sys.exit(1 if done.returncode != 0 else 0)


if __name__ == "__main__":
    main()
