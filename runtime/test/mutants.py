#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Breaks the runtime's headers, one step of the algorithm at a time, and expects the tests to notice.

    mutants.py [--quick] [--only WORD] [--headers DIR] [--compiler CXX] [--jobs N]

A mutant is an edit of a copy of the headers, and the proofs that should fail with it: tests that are
built for one layout of the map. A mutant is killed by the first of its proofs that does not build,
fails, crashes, is reported by a sanitizer, or does not end. Every proof has to pass with the headers
as they are. --quick takes a few mutants, for every change; the rest is for the night. Ends with 1 if
a mutant survives.
"""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

from mutants_of_map import MUTANTS

HERE = os.path.dirname(os.path.abspath(__file__))
HEADERS = os.path.join(os.path.dirname(HERE), "include")

# What is built for a proof "histories slots", "stalls mortal_nodes address", or "exceptions_test".
SOURCES = {
    "histories": '#include "linearizability/layouts.h"\nTEST_LAYOUT(%s)\n',
    "stalls": '#include "stall.h"\nTEST_STALLS(%s)\n',
}
FLAGS = {
    "address": ["-fsanitize=address", "-fno-omit-frame-pointer", "-g1"],
    "thread": ["-fsanitize=thread", "-g1"],
}
SECONDS_FOR_A_RUN = 300


class Broken(Exception):
    """The list of mutants does not fit the headers."""


def write_mutant(mutant, headers, folder):
    shutil.copytree(headers, folder)
    for name, old, new in mutant.edits:
        path = os.path.join(folder, "unlatch", name)
        with open(path) as file:
            text = file.read()
        if text.count(old) != 1:
            raise Broken("%s: in %s there are %d of\n%s" % (mutant.name, name, text.count(old), old))
        with open(path, "w") as file:
            file.write(text.replace(old, new))


def run_proof(proof, headers, folder, compiler):
    """Nothing if it passes, or else what is wrong."""
    words = proof.split()
    program = os.path.join(folder, "-".join(words))
    if words[0] in SOURCES:
        source = program + ".cpp"
        with open(source, "w") as file:
            file.write(SOURCES[words[0]] % words[1])
    else:
        source = os.path.join(HERE, words[0] + ".cpp")
    flags = [flag for word in words[1:] for flag in FLAGS.get(word, [])]
    built = subprocess.run(
        [compiler, "-std=c++17", "-O1", "-w", *flags, "-I", headers, "-I", HERE, source, "-o", program,
         "-lgtest", "-lgtest_main", "-pthread"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if built.returncode != 0:
        raise Broken("%s does not build:\n%s" % (proof, built.stdout[:3000]))
    try:
        done = subprocess.run([program, "--gtest_fail_fast", "--gtest_brief=1"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=SECONDS_FOR_A_RUN)
    except subprocess.TimeoutExpired:
        return "does not end"
    if done.returncode == 0:
        return None
    return verdict_in(done.stdout) or "status %d" % done.returncode


def verdict_in(output):
    for mark in ("ERROR: AddressSanitizer", "no order explains", "does not get on", "Failure"):
        for index, line in enumerate(output.splitlines()):
            if mark in line:
                text = line if mark != "Failure" else output.splitlines()[index + 1]
                return text.strip()[:90]
    return None


def try_mutant(mutant, options, work):
    folder = os.path.join(work, mutant.name)
    os.mkdir(folder)
    headers = os.path.join(folder, "include")
    write_mutant(mutant, options.headers, headers)
    for proof in mutant.proofs:
        verdict = run_proof(proof, headers, folder, options.compiler)
        if verdict is not None:
            return "%s: %s" % (proof, verdict)
    return None


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="mutants with this in their names")
    parser.add_argument("--headers", default=HEADERS)
    parser.add_argument("--compiler", default="clang++-22")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    mutants = [each for each in MUTANTS
               if options.only in each.name and (each.is_quick or not options.quick)]
    work = tempfile.mkdtemp(prefix="unlatch-mutants-")
    try:
        return run(mutants, options, work)
    except Broken as problem:
        sys.exit(str(problem))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run(mutants, options, work):
    proofs = sorted({proof for mutant in mutants for proof in mutant.proofs})
    failed = survived = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        originals = os.path.join(work, "originals")
        os.mkdir(originals)
        for proof, verdict in zip(proofs, pool.map(
                lambda proof: run_proof(proof, options.headers, originals, options.compiler), proofs)):
            failed += verdict is not None
            print("%-9s %s" % ("passes" if verdict is None else "FAILS", proof),
                  verdict or "", flush=True)
        for mutant, verdict in zip(mutants, pool.map(
                lambda mutant: try_mutant(mutant, options, work), mutants)):
            survived += verdict is None
            print("%-9s %s (%s)" % ("SURVIVED" if verdict is None else "killed", mutant.name,
                                    verdict or mutant.reason), flush=True)
    print("%d mutants, %d killed, %d survived; %d of %d proofs fail without any"
          % (len(mutants), len(mutants) - survived, survived, failed, len(proofs)))
    return 1 if survived or failed or not mutants else 0


if __name__ == "__main__":
    sys.exit(main())
