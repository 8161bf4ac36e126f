#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what unlatch says of locks with what Clang's thread-safety analysis says.

    annotations.py --unlatch TOOL --runtime DIR [--clangxx clang++-22] [--show] [PROGRAM...]

A PROGRAM is a folder, whose sources belong together, or a file with RUN lines of %check_rewrite, each of
which is a program, or one of Inputs. Without any, it takes these, those of the tool's own tests, and the
examples.

The plan says which mutex guards a field, and which accesses are without it. In a copy of the program
every such field gets `guarded_by(MUTEX)`, and Clang says where the mutex is not held. Both may name a
place, or neither; where only one does, they disagree. Clang goes through one function at a time. What
callers lock for is worked out from what it says:

  - A function in which it finds a mutex not held gets `requires_capability(MUTEX)`, and then Clang says
    which callers don't hold it. Not if nobody is seen to call it, or anybody may.
  - A lambda that is called where it stands, or given to what calls it at once, may take the mutex for
    held, and Clang says whether it is where the lambda is used.
  - If some caller does not hold it, what the function does counts as without the mutex.

Each field is also guarded by a mutex that nobody ever holds. So Clang names every access that it looks
at, and where it does not look it has no opinion. An access of which the tool knows nothing is a
disagreement, too, and so is a lock that Clang finds not to be held on every path, and that the tool
follows all the same.

Neither sees everything. What belongs to a class in judge.py is explained by what the plan or Clang says
itself. Any other disagreement has to be in expected.py, with the reason who is right, or the program
fails. So it does if an entry of expected.py does not occur. --show prints all disagreements. Ends with a
table and "N passed, N failed". The locks with annotations are those of libc++: without it, the status
is 77.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(HERE)
PROJECT = os.path.dirname(TEST)
INPUTS = os.path.join(HERE, "Inputs")
sys.path[:0] = [HERE, os.path.join(TEST, "scripts")]
import annotated_headers  # noqa: E402
from expected import EXPECTED  # noqa: E402
from judge import CLASSES, PROBES, Program  # noqa: E402

SKIPPED = 77
STANDARD = "-std=c++20"
EXAMPLES = {"examples/broker": ['-DBROKER_WORKER_PATH="worker"'], "examples/process_manager": []}


def programs_of(path):
    """(name, file or folder, flags) of each program that a path stands for."""
    name = os.path.relpath(path, PROJECT)
    if os.path.isdir(path):
        return [(name, path, [STANDARD, *EXAMPLES.get(name, [])])]
    if os.path.dirname(path) == INPUTS:
        return [(name, path, [STANDARD])]
    found = []
    with open(path) as file:
        for line in file:
            match = re.search(r"RUN:.*%check_rewrite(?P<options>.*)%s(?P<flags>.*)", line)
            if match and "--exit-code" not in match.group("options"):  # of what does not parse
                flags = [word for word in match.group("flags").split() if re.match("-std=|-D", word)]
                defined = [flag for flag in flags if flag.startswith("-D")]
                program = (" ".join([name, *defined]), path, flags)
                if program not in found:
                    found.append(program)
    return found


def precompile(options, work, programs):
    """Reads the standard headers once, which takes most of the time of a compilation."""
    names = set()
    for _, source, _ in programs:
        if os.path.isfile(source):
            with open(source) as file:
                names.update(re.findall(r"^#include <(\w+)>$", file.read(), re.M))
    header = os.path.join(work, "all.h")
    with open(header, "w") as file:
        file.write("".join("#if __has_include(<%s>)\n#include <%s>\n#endif\n" % (name, name)
                           for name in sorted(names)))
    options.precompiled = {}
    for standard in sorted({flag for _, _, flags in programs for flag in flags
                            if flag.startswith("-std=")}):
        target = os.path.join(work, standard + ".pch")
        done = subprocess.run([*options.judge, standard, "-x", "c++-header", header, "-o", target],
                              stderr=subprocess.PIPE)
        if done.returncode == 0:
            options.precompiled[(standard,)] = target


def judge_all(options, headers, programs, work):
    annotated = os.path.join(work, "headers")
    annotated_headers.write(headers, annotated)
    options.judge = [options.clangxx, "-stdlib=libc++", "-ferror-limit=0", "-fno-caret-diagnostics",
                     "-Wno-everything", "-Wthread-safety", "-isystem", annotated]
    unknown = annotated_headers.unknown_locks([*options.judge, "-fsyntax-only", "-std=c++17"], work)
    options.probes = os.path.join(work, "probes.h")
    with open(options.probes, "w") as file:
        file.write(PROBES)
    precompile(options, work, programs)
    judged = [Program(options, *program, os.path.join(work, str(number)))
              for number, program in enumerate(programs)]
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        return list(pool.map(lambda program: program.judge(unknown), judged))


def show(program, each):
    return "%s: %s:%d: `%s` in %s: only %s says: %s" % (
        program.name, each.file, each.line, each.name, each.function, each.who, each.text)


def failures_of(program, counts, shown):
    """What is wrong with a program; counts its disagreements by their class."""
    failures = ["%s: %s" % (program.name, failure) for failure in program.failures]
    expected = EXPECTED.get(program.name, {})
    found = set()
    for each in program.disagreements:
        key = "%s: %s in %s" % (each.who, each.name, each.function)
        reason = each.reason
        if not reason and key in expected:
            found.add(key)
            reason = "expected"
        if reason:
            counts[reason] += 1
            shown.append("%s [%s]" % (show(program, each), reason))
        else:
            failures.append("%s\n  Nothing explains it. If it is right, expected.py has to say why, for "
                            "\"%s\"." % (show(program, each), key))
    failures += ["%s: expected.py has \"%s\", which does not occur" % (program.name, key)
                 for key in expected if key not in found]
    return failures


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--unlatch", default="unlatch")
    parser.add_argument("--runtime", required=True, help="folder that holds unlatch/")
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("--show", action="store_true", help="print all disagreements")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    options = parser.parse_args()
    options.runtime = os.path.abspath(options.runtime)
    if os.sep in options.unlatch:
        options.unlatch = os.path.abspath(options.unlatch)

    headers = annotated_headers.installed(options.clangxx)
    if not headers:
        print("libc++ is missing, whose locks carry annotations. "
              "On Debian 12: apt-get install libc++-22-dev")
        return SKIPPED
    paths = [os.path.abspath(path) for path in options.programs] or [
        *sorted({path for pattern in (os.path.join(TEST, "*", "*.cpp"), os.path.join(INPUTS, "*.cpp"))
                 for path in glob.glob(pattern)}),
        *(os.path.join(PROJECT, name) for name in EXAMPLES)]
    programs = [program for path in paths for program in programs_of(path)]
    with tempfile.TemporaryDirectory(prefix="unlatch-oracle-") as work:
        judged = judge_all(options, headers, programs, work)

    totals, not_judged, by_class = (collections.Counter() for _ in range(3))
    failed, shown = {}, []
    for program in judged:
        totals += program.counts
        not_judged += program.not_judged
        failures = failures_of(program, by_class, shown)
        if failures:
            failed[program.name] = failures
    if not options.programs:
        failed.update({name: ["expected.py has entries of %s, which is no program" % name]
                       for name in set(EXPECTED) - {program.name for program in judged}})
    for line in [*(shown if options.show else []), *(each for some in failed.values() for each in some)]:
        print(line)
    for title, counts in (("compared", totals), ("disagreements, explained", by_class),
                          ("not judged", not_judged)):
        print(title)
        for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
            print("%6d  %s%s" % (count, name, ": " + CLASSES[name] if name in CLASSES else ""))
    print("\n%d passed, %d failed" % (len(judged) - sum(program.name in failed for program in judged),
                                     len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
