#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks how `unlatch plan` ended on a package, and what it says of fields that were looked at.

    check_crash_safety.py PACKAGE PLAN.json ERRORS EXIT_CODE SECONDS
"""
import json
import sys

# Verdicts that were reviewed by hand, with one of the reasons that have to be there.
VERDICTS = {
    "spdlog": {
        "registry::loggers_": ("keep", "pointee-guarded"),
        "registry::tp_": ("keep", "lock-escapes"),
        "mpmc_blocking_queue::q_": ("keep", "waits"),
    },
    "prometheus-cpp": {
        # Collect() wants count, sum and quantiles of one moment.
        "Summary::count_": ("keep", "spans-fields"),
        "Family::metrics_": ("keep", "template-dependent"),
        "MetricsHandler::collectables_": ("keep", "calls-out"),
    },
    "zeromq3": {
        "ctx_t::_endpoints": ("keep", "escapes-reference"),
        # The program reads its clock with inline assembly, so a lock is a fence to it as well.
        "ctx_t::_io_thread_count": ("review", "weak-atomics"),
    },
    "poco": {
        # A spin lock of the program's is an acquiring exchange.
        "TemporaryFile::tempName::count": ("convert", "weak-atomics"),
    },
    "unlatch": {
        # The examples, whose conversions test/examples builds and runs.
        "Broker::correlationSeq_": ("convert", "weak-atomics"),
        "Broker::pendingRequests_": ("convert", "weak-atomics"),
        "Broker::rpcEndpoints_": ("convert", "weak-atomics"),
        "Optimizer::largest_": ("convert", "weak-atomics"),
        "Optimizer::observed_": ("convert", "weak-atomics"),
        "Process::endTime_": ("convert", "weak-atomics"),
        "Process::exitCode_": ("convert", "weak-atomics"),
        "Process::startTime_": ("convert", "weak-atomics"),
        "Process::status_": ("convert", "weak-atomics"),
        "ProcessManager::children_": ("keep", None),
    },
}
# Files that the compiler refuses as well.
UNPARSED = {"poco": ["PriorityEventTest.cpp"]}

# What a crash leaves behind, also one that cost a single file.
CRASHES = ["unlatch crashed while reading", "PLEASE submit a bug report", "Stack dump:",
           "Assertion `", "runtime error:", "terminate called"]

package, plan_file, errors_file, status, seconds = sys.argv[1:]
wrong = []
with open(errors_file, errors="replace") as file:
    errors = file.read()
for words in CRASHES:
    if words in errors:
        wrong.append("a crash: " + words)
        print(errors[-4000:])
        break
try:
    with open(plan_file) as file:
        plan = json.load(file)
except ValueError as error:
    print("wrong: the plan is no JSON: %s" % error)
    sys.exit(1)

stats = plan["stats"]
print("  %d translation units, %d parsed; %d fields: %d convert, %d review, %d keep; %s seconds"
      % (stats["tus"], stats["tus"] - stats["tus_failed"], stats["fields"], stats["convert"],
         stats["review"], stats["keep"], seconds))
for field in plan["fields"]:
    if field["verdict"] != "keep":
        print("  %s %s (%s:%d): %s" % (field["verdict"], field["name"], field["file"],
                                       field["line"], field["strategy"]))

known = UNPARSED.get(package, [])
unparsed = [line for line in errors.splitlines() if "does not parse" in line]
for line in unparsed:
    if not any(name in line for name in known):
        wrong.append(line)
if stats["tus_failed"] > len(known):
    wrong.append("%d translation units did not parse, not %d" % (stats["tus_failed"], len(known)))
if int(status) != (3 if stats["tus_failed"] else 0):
    wrong.append("exit %s, though %d translation units did not parse"
                 % (status, stats["tus_failed"]))
if not stats["tus"]:
    wrong.append("no translation unit")

expected = VERDICTS.get(package, {})
for name, (verdict, reason) in expected.items():
    fields = [field for field in plan["fields"]
              if field["name"] == name or field["name"].endswith("::" + name)]
    if len(fields) != 1:
        wrong.append("%s is there %d times, not once" % (name, len(fields)))
    for field in fields:
        ids = {each["id"] for each in field["reasons"]}
        if field["verdict"] != verdict:
            wrong.append("%s is '%s', not %s" % (name, field["verdict"], verdict))
        if reason and reason not in ids:
            wrong.append("%s: %s is not among %s" % (name, reason, sorted(ids)))
# What is found to be free of its mutex has to be read once.
for field in plan["fields"]:
    name = field["name"]
    if field["verdict"] == "convert" and not any(
            (name == each or name.endswith("::" + each)) and verdict == "convert"
            for each, (verdict, _) in expected.items()):
        wrong.append("%s converts, and nobody has reviewed that" % field["name"])
for one in wrong:
    print("wrong: " + one)
sys.exit(bool(wrong))
