#!/usr/bin/env python3
"""Writes a compile_commands.json for the sources of a folder.

    make_database.py FOLDER [FLAG...]

Every *.cpp, *.cc and *.c below FOLDER is compiled with the flags (and -I FOLDER).
"""
import argparse
import json
import os
import sys


def sources(folder):
    found = []
    for parent, folders, files in os.walk(folder):
        folders.sort()
        found += [os.path.join(parent, name) for name in sorted(files)
                  if name.endswith((".cpp", ".cc", ".c"))]
    return found


def write_database(folder, clangxx, flags):
    folder = os.path.abspath(folder)
    entries = [{"directory": folder, "file": source,
                "arguments": [clangxx, "-I" + folder, *flags, "-c", source, "-o", source + ".o"]}
               for source in sources(folder)]
    with open(os.path.join(folder, "compile_commands.json"), "w") as file:
        json.dump(entries, file, indent=1)
    return entries


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("folder")
    options, flags = parser.parse_known_args()
    if not write_database(options.folder, options.clangxx, flags or ["-std=c++20"]):
        sys.exit("no sources in " + options.folder)


if __name__ == "__main__":
    main()
