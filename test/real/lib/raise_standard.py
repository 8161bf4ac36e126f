#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes C++17 of what a compile database compiles as anything older.

    raise_standard.py COMPILE_COMMANDS.json

Some projects set an older standard whatever they are told, and what is compiled as C++11 or C++14 is kept for that
alone.
"""
import json
import re
import sys

with open(sys.argv[1]) as file:
    entries = json.load(file)
for entry in entries:
    entry["command"] = re.sub(r"-std=(c|gnu)\+\+(11|14)\b", r"-std=\g<1>++17", entry["command"])
with open(sys.argv[1], "w") as file:
    json.dump(entries, file, indent=1)
