#!/usr/bin/env python3
"""Kills `unlatch apply` at a chosen step and looks at what is left.

    killed_apply.py [--lose-temporaries] [--edit FILE] WORK OLD NEW VARIABLE=N old|new|refused -- UNLATCH

OLD is copied to WORK and apply is run there with the variable set. Then plan must refuse the tree,
and `apply --recover` must make it OLD or NEW, as told, with nothing left lying about; or refuse.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_database import write_database  # noqa: E402
from tree import content, difference  # noqa: E402


def main():
    split = sys.argv.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("--lose-temporaries", action="store_true")
    parser.add_argument("--edit")
    for name in ("work", "old", "new", "variable", "expected"):
        parser.add_argument(name)
    options = parser.parse_args(sys.argv[1:split])
    unlatch = sys.argv[split + 1]

    shutil.rmtree(options.work, ignore_errors=True)
    shutil.copytree(options.old, options.work)
    write_database(options.work, "clang++-22", ["-std=c++20"])
    database = os.path.join(options.work, "compile_commands.json")
    common = ["-p", options.work, "--root", options.work]
    name, value = options.variable.split("=")
    killed = subprocess.run([unlatch, "apply", "--no-verify", *common], env={**os.environ, name: value})
    if killed.returncode != -signal.SIGKILL:
        sys.exit("apply was not killed: %d" % killed.returncode)

    if options.lose_temporaries:
        for file in os.listdir(options.work):
            if ".unlatch-new-" in file:
                os.remove(os.path.join(options.work, file))
    if options.edit:
        with open(os.path.join(options.work, options.edit), "a") as file:
            file.write("// edited\n")

    plan = subprocess.run([unlatch, "plan", *common], stderr=subprocess.PIPE, text=True)
    if plan.returncode != 1 or "apply --recover" not in plan.stderr:
        sys.exit("plan does not see the journal: %d: %s" % (plan.returncode, plan.stderr))
    before = content(options.work)
    recovery = subprocess.run([unlatch, "apply", *common, "--recover"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    print(recovery.stdout, recovery.stderr)
    after = content(options.work)
    if options.expected == "refused":
        if recovery.returncode != 1 or "restore what you want" not in recovery.stderr:
            sys.exit("recovery did not refuse: %d" % recovery.returncode)
        if difference(before, after):
            sys.exit("a refused recovery changed %s" % difference(before, after))
        return
    if recovery.returncode != 0:
        sys.exit("recovery failed: %d" % recovery.returncode)
    said = {"new": "has been completed", "old": "has been undone"}[options.expected]
    if said not in recovery.stdout:
        sys.exit("recovery did not say: " + said)
    os.remove(database)
    wrong = difference(content(options.work), content(getattr(options, options.expected)))
    if wrong:
        sys.exit("not the %s tree: %s" % (options.expected, ", ".join(wrong)))
    write_database(options.work, "clang++-22", ["-std=c++20"])
    # And nothing is left to recover.
    again = subprocess.run([unlatch, "apply", *common, "--recover"], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    print(again.stdout)
    if again.returncode != 0 or said in again.stdout:
        sys.exit("there is still something to recover: %d" % again.returncode)


main()
