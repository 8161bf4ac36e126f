#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the plan over spdlog and prints its verdicts and figures.

    check_spdlog.py PLAN.json COMPILE_COMMANDS.json SECONDS STANDARD
"""
import json
import sys

with open(sys.argv[1]) as file:
    plan = json.load(file)
with open(sys.argv[2]) as file:
    entries = json.load(file)
seconds, standard = sys.argv[3], int(sys.argv[4])

# What spdlog's registry does with the lock held: it goes through other state that the same mutex
# guards, initialises and flushes loggers (virtual calls), and hands them to the caller's function.
GOOD_REASONS = {"spans-fields", "calls-out", "escapes-reference"}

wrong = []
rows = []
for field in plan["fields"]:
    ids = []
    for reason in field["reasons"]:
        if reason["id"] not in ids:
            ids.append(reason["id"])
    rows.append((field["verdict"], field["name"], field.get("strategy") or "-",
                 field.get("guard") or "-", ", ".join(ids)))
rows.sort()
widths = [max([len(row[i]) for row in rows] or [0]) for i in range(4)]
for row in rows:
    print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)) + "  " + row[4])

stats = plan["stats"]
units = len({entry["file"] for entry in entries})
print("%d compile commands, %d files; the plan counts %d translation units (%d failed), %d fields: "
      "%d convert, %d review, %d keep; %s seconds"
      % (len(entries), units, stats["tus"], stats["tus_failed"], stats["fields"],
         stats["convert"], stats["review"], stats["keep"], seconds))
for field in plan["fields"]:
    if field["verdict"] == "convert":
        print("converts: %s (%s:%d) to %s" % (field["name"], field["file"], field["line"],
                                              field["strategy"]))
        for section in field["sections"]:
            print("    %s:%d %s in %s" % (section["file"], section["line"], section["operation"],
                                          section["function"]))

if stats["tus_failed"]:
    wrong.append("%d translation units did not parse" % stats["tus_failed"])
if stats["tus"] not in (len(entries), units):
    wrong.append("the plan counts %d translation units, the database %d"
                 % (stats["tus"], len(entries)))
if standard < 17 and stats["convert"]:
    wrong.append("%d fields convert, but C++%d is too old" % (stats["convert"], standard))
loggers = [field for field in plan["fields"] if field["name"].endswith("registry::loggers_")]
if len(loggers) != 1:
    wrong.append("registry::loggers_ is there %d times, not once" % len(loggers))
for field in loggers:
    if field["verdict"] != "keep":
        wrong.append("%s is '%s', not keep" % (field["name"], field["verdict"]))
    if not field.get("guard", "").endswith("registry::logger_map_mutex_"):
        wrong.append("%s is guarded by %s" % (field["name"], field.get("guard")))
    ids = {reason["id"] for reason in field["reasons"]}
    if not ids & GOOD_REASONS:
        wrong.append("%s stays because of %s: none of %s"
                     % (field["name"], sorted(ids), sorted(GOOD_REASONS)))
    if standard >= 17 and "language-too-old" in ids:
        wrong.append("%s: C++%d is no too old language" % (field["name"], standard))
    shown = set()
    for reason in field["reasons"]:
        if reason["id"] not in shown:
            shown.add(reason["id"])
            print("%s stays: %s:%d: %s [%s]" % (field["name"], reason["file"], reason["line"],
                                                reason["message"], reason["id"]))
for one in wrong:
    print("wrong: " + one)
sys.exit(bool(wrong))
