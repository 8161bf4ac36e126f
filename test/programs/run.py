#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rewrites programs that were made up, and sees whether they still do the same.

    run.py --unlatch TOOL --runtime DIR [--programs N] [--first SEED] [--jobs N]
    run.py ... --only SEED --keep DIR     one of them, left in DIR: before/, after/

Many are built at a time, each in a namespace of its own: reading the standard library takes
longer than anything else. Each program is planned, applied, and built twice. One thread alone has
to get the same results from both. What three threads get from the rewritten one has to be explained
by some order of their calls, tried on the one as it was written.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generate import programs  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
STANDARDS = ["c++17", "c++20"]
COMMON = ["algorithm", "array", "map", "memory", "mutex", "pthread.h", "shared_mutex", "string",
          "unordered_map", "utility", "vector"]
RUNTIME = ["unlatch/atomic.h", "unlatch/counter.h", "unlatch/fence.h", "unlatch/map.h",
           "unlatch/snapshot.h"]


class Wrong(Exception):
    """The tool has done what it never may."""


def compile_flags(standard):
    return ["-std=" + standard, "-O0", "-I", HERE]


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=600, **more)


def precompile(options, standard, headers, name):
    """A precompiled header: most of the time would go into the standard library's."""
    source = os.path.join(options.work, name + ".h")
    with open(source, "w", encoding="utf-8") as out:
        out.writelines("#include <%s>\n" % each for each in headers)
    done = run([options.clangxx, *compile_flags(standard), "-I", options.runtime,
                "-finstrument-functions", "-x", "c++-header", source, "-o", source + ".pch"])
    if done.returncode:
        sys.exit(done.stdout)
    return source + ".pch"


def prepare(options):
    options.pch = {}
    for standard in STANDARDS:
        name = standard.replace("+", "p")
        options.pch[standard] = precompile(options, standard, COMMON + RUNTIME + ["harness.h"],
                                           "all-" + name)


def write(folder, files):
    os.makedirs(folder)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)


def write_database(options, folder, files, standard):
    entries = [{"directory": folder, "file": os.path.join(folder, name),
                "arguments": [options.clangxx, *compile_flags(standard), "-c", name]}
               for name in sorted(files) if name.endswith(".cpp")]
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump(entries, out)


def build(options, folder, files, standard):
    objects = []
    for name in sorted(files):
        if not name.endswith(".cpp"):
            continue
        objects.append(name[:-4] + ".o")
        done = run([options.clangxx, *compile_flags(standard), "-I", options.runtime,
                    "-finstrument-functions", "-include-pch", options.pch[standard], "-c", name,
                    "-o", objects[-1]], cwd=folder)
        if done.returncode:
            raise Wrong("does not compile:\n" + done.stdout)
    done = run([options.clangxx, *objects, "-fuse-ld=lld", "-pthread", "-o", "program"], cwd=folder)
    if done.returncode:
        raise Wrong("does not link:\n" + done.stdout)
    return os.path.join(folder, "program")


def is_only_dear(field):
    """Under review for nothing but the price of a snapshot: nobody can see anything new."""
    return (field["verdict"] == "review" and field["strategy"] == "snapshot" and
            all("would copy the whole state" in seen["message"] for seen in field["observations"]))


def verdicts(plan):
    found = collections.Counter()
    for field in plan["fields"]:
        found[field["verdict"]] += 1
        if field["verdict"] == "convert" or is_only_dear(field):
            for section in field["sections"]:
                found["as " + section["operation"]] += 1
        for reason in field["reasons"]:
            found["kept: " + reason["id"]] += 1
    return found


def batch(options, seeds):
    folder = os.path.join(options.work, "programs-%d" % seeds[0])
    before, after = os.path.join(folder, "before"), os.path.join(folder, "after")
    standard = STANDARDS[seeds[0] % len(STANDARDS)]
    files = programs(seeds)
    write(after, files)
    write_database(options, after, files, standard)
    tool = [options.unlatch, "-p", after, "--root", after, "--runtime-include", options.runtime,
            "-j", "1"]
    saved = os.path.join(folder, "plan.json")
    done = run(tool[:1] + ["plan"] + tool[1:] +
               ["--consistency", options.consistency, "-o", saved] +
               ["--strategy=" + each for each in options.strategy])
    if done.returncode:
        raise Wrong("no plan, status %d:\n%s" % (done.returncode, done.stdout))
    with open(saved, encoding="utf-8") as text:
        plan = json.load(text)
    accepted = [field["name"] for field in plan["fields"] if is_only_dear(field)]
    done = run(tool[:1] + ["apply"] + tool[1:] + ["--plan", saved] +
               [word for name in accepted for word in ("--accept", name)])
    if done.returncode:
        raise Wrong("not applied, status %d:\n%s" % (done.returncode, done.stdout))
    for field in plan["fields"]:
        for reason in field["reasons"]:
            if reason["id"] == "does-not-compile":
                raise Wrong("%s: %s" % (field["name"], reason["message"]))
    write(before, files)
    compare(options, plan, before, after, files, standard, seeds[0])
    if not options.keep:
        shutil.rmtree(folder)
    return verdicts(plan)


def compare(options, plan, before, after, files, standard, seed):
    changed = [name for name in files
               if open(os.path.join(after, name), encoding="utf-8").read() != files[name]]
    if bool(changed) != any(field["verdict"] == "convert" or is_only_dear(field)
                            for field in plan["fields"]):
        raise Wrong("what the plan says is not what was changed")
    old, new = build(options, before, files, standard), build(options, after, files, standard)
    alone = [run([each, "sequential", str(seed)]) for each in (old, new)]
    if alone[0].returncode or alone[1].returncode or alone[0].stdout != alone[1].stdout:
        lines = list(zip(alone[0].stdout.splitlines(), alone[1].stdout.splitlines()))
        different = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
        raise Wrong("one thread alone gets something else (status %d and %d):\n  %s\n  %s" %
                    (alone[0].returncode, alone[1].returncode, *different))
    histories = run([new, "record", str(seed), str(options.rounds)])
    if histories.returncode:
        raise Wrong("status %d of three threads" % histories.returncode)
    checked = run([old, "check"], input=histories.stdout)
    if checked.returncode:
        raise Wrong(checked.stdout)


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--unlatch", required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("--programs", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--keep")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=384, help="histories of each class")
    parser.add_argument("--consistency", default="linearizable")
    parser.add_argument("--strategy", action="append", default=[],
                        help="as unlatch takes it, e.g. '*=snapshot'")
    options = parser.parse_args()
    options.unlatch, options.runtime = map(os.path.abspath, (options.unlatch, options.runtime))
    options.work = os.path.abspath(options.keep) if options.keep else tempfile.mkdtemp(
        prefix="unlatch-programs-")
    os.makedirs(options.work, exist_ok=True)
    try:
        prepare(options)
        return run_all(options)
    finally:
        if not options.keep:
            shutil.rmtree(options.work, ignore_errors=True)


def run_all(options):
    seeds = [options.only] if options.only is not None else \
        list(range(options.first, options.first + options.programs))
    batches = [seeds[at:at + options.batch] for at in range(0, len(seeds), options.batch)]
    total, wrong = collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(batch, options, each): each for each in batches}
        for done in concurrent.futures.as_completed(running):
            try:
                total += done.result()
            except (Wrong, subprocess.TimeoutExpired) as problem:
                wrong += 1
                print("programs %d to %d: %s" % (running[done][0], running[done][-1], problem),
                      flush=True)
    for name, count in sorted(total.items(), key=lambda each: (-each[1], each[0])):
        print("%7d %s" % (count, name))
    print("%d programs in %d batches, %d wrong" % (len(seeds), len(batches), wrong))
    # Where little is converted, little is tried.
    return wrong != 0 or (len(batches) > 1 and total["convert"] * 3 < total["keep"])


sys.exit(main())
