#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Switches off one rule of the analysis at a time: the explorer has to find a program that it breaks.

Of the analysis only the file with the rule is compiled again, in a folder of its own, and linked
before the library as it is. A mutant counts as noticed only if the explorer ran and showed a program;
text that is no longer there, or a mutant that does not compile, fails the run.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Name: [(file, text, what stands there instead), ...]
MUTANTS = {
    # Rule 1: one action a section.
    "an operation may follow an action": [
        ("one_action.cpp", "if (acted && key != mine)", "if (false)"),
    ],
    "an atomic or unknown call may follow an action": [
        ("one_action.cpp",
         "    case Effect::Action:\n      if (acted)\n",
         "    case Effect::Action:\n      if (false)\n"),
    ],
    "memory that others look at bare may follow an action": [
        ("one_action.cpp",
         "    case Effect::Early:\n      if (acted)\n",
         "    case Effect::Early:\n      if (false)\n"),
    ],
    "a nested section may follow an action": [
        ("one_action.cpp",
         "      if (acted)\n        return Conflict{acted, &step};\n"
         "      if (step.repeated || step.manyCalls)",
         "      if (step.repeated || step.manyCalls)"),
    ],
    "a nested section that is over is no action": [
        ("one_action.cpp", "if (!acted)\n        acted = lastAcquire ? lastAcquire : &step;\n      key.clear();",
         ""),
    ],
    "taking a lock that others try is no action": [
        ("own_locks.cpp", 'if (use.reason.id != "waits")', "if (false)"),
    ],
    "an operation in a loop is one": [
        ("one_action.cpp", "if (isDoneManyTimes(step, path, departures))", "if (false)"),
    ],
    "an action in a loop is one": [
        ("one_action.cpp", "if (step.repeated || step.manyCalls || step.kind == Step::Unfollowed)",
         "if (false)"),
    ],
    "atomics are no actions": [
        ("one_action.cpp",
         "field->second.typeClass == TypeClass::Atomic)\n    return Effect::Action;",
         "field->second.typeClass == TypeClass::Atomic)\n    return Effect::Free;"),
        ("one_action.cpp", "  if (!step.holdsGuard ||\n",
         "  if (field != program_.facts().fields.end() &&\n"
         "      field->second.typeClass == TypeClass::Atomic)\n    return Effect::Free;\n"
         "  if (!step.holdsGuard ||\n"),
    ],
    "an atomic counts as guarded memory": [
        ("one_action.cpp",
         "field->second.typeClass == TypeClass::Atomic)\n    return Effect::Action;",
         "field->second.typeClass == TypeClass::Atomic)\n    return Effect::Early;"),
    ],
    "memory whose guard is not held is no action": [
        ("one_action.cpp", "  if (!step.holdsGuard ||\n",
         "  if (!step.holdsGuard)\n    return Effect::Mover;\n  if (\n"),
    ],
    "unknown calls are no actions": [
        ("one_action.cpp", "  if (step.kind != Step::Touch)\n    return Effect::Action;",
         "  if (step.kind != Step::Touch)\n    return Effect::Free;"),
    ],
    "only sections that use the field are asked": [
        ("candidates.cpp", "    if (!conflict)\n      continue;\n",
         "    if (!conflict || !touchesAny(section, {unit.fields.begin(), unit.fields.end()}))\n"
         "      continue;\n"),
    ],
    "what is for review converts": [
        ("candidates.cpp", "      unit.splits.push_back({&section, *conflict});\n", ""),
    ],
    "fields leave however they meet": [
        ("choice.cpp", "            if (!conflict)\n              continue;\n            if (units",
         "            if (true)\n              continue;\n            if (units"),
    ],
    "a field is no action for the mutexes of others": [
        ("choice.cpp",
         "          if (auto conflict = whole.oneAction.conflict(section, path, units[unit].departures()))",
         "          if (std::optional<Conflict> conflict = std::nullopt)"),
    ],
    "the paths behind the first are not asked": [
        ("candidates.cpp",
         "      return conflict;\n  return std::nullopt;",
         "      return conflict;\n    else\n      break;\n  return std::nullopt;"),
    ],
    # Locks that stay.
    "staying memory needs no lock": [
        ("needed_locks.cpp",
         "return !(step.holdsGuard && guard.mutex != mutex && guard.isAlwaysHeld());",
         "return false;"),
    ],
    "any other lock protects staying memory": [
        ("needed_locks.cpp",
         "return !(step.holdsGuard && guard.mutex != mutex && guard.isAlwaysHeld());",
         "return guard.mutex == mutex;"),
    ],
    "an atomic needs no lock": [
        ("needed_locks.cpp", "return guard.isAlwaysHeld() && guard.mutex == mutex;", "return false;"),
    ],
    "an unknown call needs no lock": [
        ("needed_locks.cpp", "  case Step::Unfollowed:\n    return true;",
         "  case Step::Unfollowed:\n    return false;"),
    ],
    # Guards.
    "a write under a shared lock is guarded": [
        ("locksets.cpp",
         "           (lock.base.empty() || (lock.base == base && !base.starts_with(\"?\"))) &&\n"
         "           !(writes && lock.mode != Mode::Exclusive);",
         "           (lock.base.empty() || (lock.base == base && !base.starts_with(\"?\"))) &&\n"
         "           (writes || true);"),
        ("locksets.cpp", "return lock.mutex == mutex && !(writes && lock.mode != Mode::Exclusive);",
         "return lock.mutex == mutex && (writes || true);"),
    ],
    "a guard that is mostly held is always held": [
        ("guards.cpp", "      guard.bare.push_back(site);", "      {\n      }"),
    ],
    "callers hold whatever one of them holds": [
        ("locksets.cpp", "intersection(*found->second, passed) : passed;",
         "std::max(*found->second, passed) : passed;"),
    ],
    "what is called from outside is entered with its callers' locks": [
        ("program.cpp", "  return callers(id).empty() || std::any_of(",
         "  return callers(id).empty() || false && std::any_of("),
    ],
    "memory that is written bare alone is frozen": [
        ("guards.cpp", "guard.written |= access.writes;",
         "guard.written |= access.writes && !access.held.empty();"),
    ],
    # The lock is a lock.
    "tried and conditional locks are locks": [
        ("obstacles.cpp", "    if (use.mutex == mutex)\n      reasons.push_back(use.reason);\n",
         "    if (use.mutex == mutex)\n      continue;\n"),
        ("needed_locks.cpp", "return use.mutex == id; });", "return use.mutex.empty() && id.empty(); });"),
    ],
    "a mutex may be entered again": [
        ("obstacles.cpp", "        if (mayReenter || (step.base == lock.base && identifiesObject(step.base)))",
         "        if (false)"),
    ],
    "an empty section is no barrier": [
        ("sections.cpp", "    result.isBarrier =\n        !result.incomplete &&",
         "    result.isBarrier =\n        false &&"),
    ],
    # Calls.
    "unknown code does not come back": [
        ("obstacles.cpp", "  if (!isUsedUnseen)\n    return;", "  return;"),
    ],
    "a call does nothing": [
        ("sections.cpp", "        result.push_back(inlined(path, caller, event, position));",
         "        result.emplace_back();"),
    ],
    # Pointees.
    "what a raw pointer leads to lives on": [
        ("pointees.cpp", "  if (!step.ownedByElement)\n    return true;\n", ""),
    ],
    "the mutex does not guard what the map points to": [
        ("pointees.cpp", "        if (reliesOnLock(whole, step, mutex))", "        if (false)"),
    ],
    "what is done to pointees is overlooked": [
        ("candidates.cpp", "      unit.splits.push_back({&section, *conflict});\n",
         "      if (!overlooked.pointeesOf.empty() && OneAction::isPointeeOf(*conflict->second, "
         "overlooked.pointeesOf))\n        continue;\n"
         "      unit.splits.push_back({&section, *conflict});\n"),
    ],
    # Sequential consistency.
    "weak atomics do not matter": [
        ("decide.cpp", "return whole_.facts().weakOrderings.empty() ||", "return true ||"),
    ],
}

# These change no decision, or none that anybody could observe.
EQUIVALENT = {
    "a field is no action for the mutexes of others":
        "in a section of one mutex, a field that another guards is used bare, which is an action, or "
        "under that other lock; if it is taken or released in there, that is an action, and if it is "
        "held around, its own section has the same conflict",
    "a mutex may be entered again":
        "entering it and leaving it are steps of the outer section like those of any other lock, and "
        "count as its action",
    "an empty section is no barrier":
        "of a section that is still going on, others can have seen its one action at most, and what "
        "follows that is protected by locks which stay",
}


def build_commands(build):
    """How one file of the analysis is compiled, and how the explorer is linked."""
    compile_commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path.parent == ROOT / "analysis":
            compile_commands[path.name] = entry["command"]
    listed = subprocess.run(["ninja", "-C", build, "-t", "commands", "unlatch_soundness"],
                            check=True, capture_output=True, text=True).stdout.splitlines()
    return compile_commands, listed[-1]


class Failure(Exception):
    pass


def patched(patches):
    texts = {}
    for name, old, new in patches:
        text = texts.get(name) or (ROOT / "analysis" / name).read_text()
        if text.count(old) != 1:
            raise Failure(f"{name} has {text.count(old)} places that read\n{old}")
        texts[name] = text.replace(old, new)
    return texts


def compiled(command, source, target):
    words = shlex.split(command)
    words[words.index("-o") + 1] = str(target)
    words[words.index("-c") + 1] = str(source)
    # A mutant may leave something unused.
    return [*words, "-Wno-error", "-w"]


def linked(command, objects, target):
    """The mutated files come first, so that nobody asks the library for theirs."""
    words = shlex.split(command.split("&&")[1])
    at = words.index("-o")
    words[at + 1] = str(target)
    return words[:at] + [str(each) for each in objects] + words[at:]


def explore(name, patches, commands, build, programs):
    """The number of the program that shows the mutant to be wrong and the reduced one, or None."""
    compile_commands, link = commands
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        objects = []
        for file, text in patched(patches).items():
            source = folder / file
            source.write_text(text)
            objects.append(source.with_suffix(".o"))
            done = subprocess.run(compiled(compile_commands[file], source, objects[-1]), cwd=build,
                                  capture_output=True, text=True)
            if done.returncode:
                raise Failure(f"does not compile:\n{done.stderr}")
        done = subprocess.run(linked(link, objects, folder / "explorer"), cwd=build,
                              capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"does not link:\n{done.stderr}")
        done = subprocess.run([folder / "explorer", "--gtest_filter=*NothingNew*"],
                              env={**os.environ, "UNLATCH_FIRST_PROGRAM": "0",
                                   "UNLATCH_RANDOM_PROGRAMS": str(programs)},
                              capture_output=True, text=True)
    if done.returncode == 0:
        return None
    if "is new" not in done.stdout and "was deleted" not in done.stdout:
        raise Failure(f"the explorer itself failed:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    number = done.stdout.split("program ")[1].split(":")[0]
    return number, done.stdout.split("reduced:\n")[1].split("[  FAILED")[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release",
                        help="where unlatch_soundness has been built, with ninja")
    parser.add_argument("--programs", type=int, default=300000, help="to try for each mutant")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="mutants whose names match this")
    parser.add_argument("--show", action="store_true", help="the programs that were found")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    commands = build_commands(build)

    def one(name):
        start = time.monotonic()
        try:
            found, failure = explore(name, MUTANTS[name], commands, build, arguments.programs), None
        except Failure as raised:
            found, failure = None, str(raised)
        return name, found, failure, time.monotonic() - start

    names = [name for name in MUTANTS if re.search(arguments.only, name)]
    if not names:
        sys.exit(f"no mutant is called {arguments.only}")
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for name, found, failure, seconds in pool.map(one, names):
            if failure:
                verdict = f"FAILED: {failure}"
            elif found:
                verdict = f"noticed, program {found[0]}"
            elif name in EQUIVALENT:
                verdict = f"equivalent: {EQUIVALENT[name]}"
            else:
                verdict = "NOT NOTICED"
            # What is equivalent must stay so, or the reason given is wrong.
            is_bad = bool(failure) or bool(found) == (name in EQUIVALENT)
            bad += is_bad
            print(f"{name}: {verdict}{' - though said to be equivalent' if found and is_bad else ''}"
                  f" ({seconds:.0f} s)", flush=True)
            if found and arguments.show:
                print(found[1])
    print(f"{len(names) - bad} mutants as expected, {bad} not")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
