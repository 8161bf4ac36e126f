#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles and runs the C++ in documents.

    snippets.py --compiler CXX --include DIR DOCUMENT...

Every block between ```cpp and ``` is a program by itself. One that includes nothing gets the
headers of the library, and stands in main; what its assertions say has to be so.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HEADERS = ["cassert", "chrono", "cstdint", "functional", "map", "memory", "mutex", "optional",
           "string", "string_view", "thread", "unordered_map", "utility", "vector",
           "unlatch/atomic.h", "unlatch/counter.h", "unlatch/fence.h", "unlatch/map.h", "unlatch/snapshot.h"]
FLAGS = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-variable",
         "-Wno-unused-but-set-variable", "-Werror", "-UNDEBUG", "-pthread"]


def snippets(path):
    """The line each begins in, and its text."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for match in re.finditer(r"^```cpp\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, match.start()) + 2, match.group(1)


def program_of(path, line, snippet):
    located = '#line %d "%s"\n%s' % (line, path, snippet)
    if "#include" in snippet:
        return located if re.search(r"^int main\(", snippet, re.M) else located + "int main() {}\n"
    includes = "".join("#include <%s>\n" % each for each in HEADERS)
    return includes + "int main() {\n" + located + "}\n"


def trouble_with(program, compiler, include, work):
    source, binary = os.path.join(work, "snippet.cpp"), os.path.join(work, "snippet")
    with open(source, "w", encoding="utf-8") as file:
        file.write(program)
    for command in ([compiler, *FLAGS, "-I", include, source, "-o", binary], [binary]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=300, check=False)
        if done.returncode != 0:
            return "status %d\n%s" % (done.returncode, done.stdout)
    return ""


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--compiler", default="clang++-22")
    parser.add_argument("--include", required=True)
    parser.add_argument("documents", nargs="+", metavar="DOCUMENT")
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="unlatch-snippets-") as work:
        for path in options.documents:
            for line, snippet in snippets(path):
                trouble = trouble_with(program_of(path, line, snippet), options.compiler,
                                       options.include, work)
                if trouble:
                    print("%s:%d: %s" % (path, line, trouble))
                failed += bool(trouble)
                passed += not trouble
    print("%d passed, %d failed" % (passed, failed))
    return 0 if failed == 0 and passed != 0 else 1


if __name__ == "__main__":
    sys.exit(main())
