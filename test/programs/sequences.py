#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sections of several steps, rewritten and run beside what they were.

    sequences.py --unlatch TOOL --runtime DIR [--of KIND]
                 [--clangxx COMPILER] [--sections N] [--first SEED] [--keep DIR]

Each section looks a key up, inserts, changes and erases it in some order, reads and sets numbers,
or goes through all elements; what each step finds depends on those before it. The rewritten program
has to print the same.
"""
import argparse
import os
import subprocess
import sys
import tempfile

from steps import (OfAll, OfByte, OfFlag, OfFloat, OfKey, OfList, OfNumber, OfText, OfTwo,
                   OfUnsigned)

AT_A_TIME = 150
CLASS = """class C%(seed)d {
public:
  int run(int k, int v) {
    std::lock_guard<std::mutex> lock(mutex_);
    int r = 0;
    %(body)s
    return r %% 10000 + 0 * (k + v);
  }
  int get([[maybe_unused]] int k) {
    std::lock_guard<std::mutex> lock(mutex_);
    %(get)s
  }
%(more)s%(put)s
private:
  std::mutex mutex_;
  %(field)s
};
"""
PUT = """  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[k] = %s;
  }
"""
MAP = {
    "steps": OfKey,
    "strategy": "*=map,atomic",
    "field": "std::map<int, int> values_;",
    "get": "auto it = values_.find(k);\n    return it == values_.end() ? -1 : it->second;",
    "more": "",
    "put": PUT % "v",
    "rewritten": "unlatch::map<int, int> values_;",
}
ALL = {
    **MAP,
    "steps": OfAll,
    "get": "unsigned all = 0;\n    for (const auto &e : values_)\n      "
           "all = all * 31 + static_cast<unsigned>(e.first * 7 + e.second);\n    "
           "return static_cast<int>(all % 9973);",
}
LIST = {
    **MAP,
    "steps": OfList,
    "field": "std::map<int, std::vector<int>> values_;",
    "get": "auto it = values_.find(k);\n    int all = -1;\n    if (it != values_.end()) {\n"
           "      if (it->second.size() > 9)\n        it->second.resize(9);\n"
           "      for (int each : it->second)\n        all = (all * 3 + each) % 9973;\n    }\n"
           "    return all;",
    "put": PUT % "{v, k, 3, v - k}",
    "rewritten": "unlatch::map<int, std::vector<int>> values_;",
}
TEXT = {
    **MAP,
    "steps": OfText,
    "field": "std::map<int, std::string> values_;",
    "get": "auto it = values_.find(k);\n    int all = -1;\n    if (it != values_.end())\n"
           "      for (char each : it->second)\n        all = (all * 3 + each) % 9973;\n    return all;",
    "put": PUT % "std::to_string(v * 7)",
    "rewritten": "unlatch::map<int, std::string> values_;",
}


def number(steps):
    return {
        "steps": steps,
        "strategy": "*=atomic",
        "field": f"{steps.TYPE} n_{{}};",
        "get": "return static_cast<int>(n_ * 4);",
        "more": "",
        "put": "",
        "rewritten": f"std::atomic<{steps.TYPE}> n_",
    }


KINDS = {
    "map": MAP,
    # Where most sections read.
    "snapshot": {**MAP, "strategy": "*=snapshot", "rewritten": ".modify(", "more": """  bool has(int k) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(k) != 0;
  }
  bool any() {
    std::lock_guard<std::mutex> lock(mutex_);
    return !values_.empty();
  }
"""},
    "list": LIST,
    "all": ALL,
    "text": TEXT,
    "two": {
        "steps": OfTwo,
        "strategy": "*=snapshot",
        "field": "int a_ = 0;\n  int b_ = 1;",
        "get": "return a_ * 100 + b_ + k * 0;",
        "more": """  int first() {
    std::lock_guard<std::mutex> lock(mutex_);
    return a_;
  }
  int second() {
    std::lock_guard<std::mutex> lock(mutex_);
    return b_ - a_;
  }
""",
        "put": "",
        "rewritten": ".modify(",
    },
    "number": number(OfNumber),
    "byte": number(OfByte),
    "unsigned": number(OfUnsigned),
    "float": number(OfFloat),
    "flag": number(OfFlag),
}

HARNESS = """template <class C> void test(const char *name) {
  C object;
  unsigned seed = 7;
  std::printf("%s", name);
  for (int round = 0; round < 24; ++round) {
    seed = seed * 1103515245u + 12345u;
    const int k = static_cast<int>((seed >> 16) % 3), v = static_cast<int>((seed >> 20) % 6);
    if constexpr (requires { object.put(k, v); })
      for (int more = 0; more < v && round % 3 != 0; ++more)
        object.put(more * 2 + k, v + more);
    const int before = object.get(k), result = object.run(k, v);
    std::printf(" %d:%d:%d", before, result, object.get(k));
  }
  std::printf("\\n");
}
int main() {
"""


def source(kind, seeds):
    text = "".join("#include <%s>\n" % each
                   for each in ("algorithm", "cstdint", "cstdio", "cstring", "functional", "iterator", "map",
                                 "mutex", "numeric", "stdexcept", "string", "string_view",
                                 "utility", "vector"))
    for seed in seeds:
        text += CLASS % {**kind, "seed": seed, "body": kind["steps"](seed).body()}
    text += HARNESS
    return text + "".join('  test<C%d>("C%d");\n' % (seed, seed) for seed in seeds) + "}\n"


def run(command, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=600)
    if done.returncode:
        sys.exit("%s\n%s" % (" ".join(command), done.stdout[-4000:]))
    return done.stdout


def output(options, folder, flags):
    run([options.clangxx, "-std=c++20", "-O0", *flags, "sections.cpp", "-o", "program"], folder)
    return run(["./program"], folder).splitlines()


def batch(options, seeds, work):
    kind = KINDS[options.of]
    folders = {name: os.path.join(work, "%d-%s" % (seeds[0], name)) for name in ("before", "after")}
    for folder in folders.values():
        os.makedirs(folder)
        with open(os.path.join(folder, "sections.cpp"), "w", encoding="utf-8") as out:
            out.write(source(kind, seeds))
    run([options.unlatch, "apply", "--strategy", kind["strategy"], "--runtime-include",
         options.runtime, "--root", ".", "sections.cpp", "--", "-std=c++20"], folders["after"])
    with open(os.path.join(folders["after"], "sections.cpp"), encoding="utf-8") as rewritten:
        converted = rewritten.read().count(kind["rewritten"])
    before = output(options, folders["before"], [])
    after = output(options, folders["after"], ["-I", options.runtime])
    wrong = [left.split()[0] for left, right in zip(before, after) if left != right]
    if len(before) != len(after):
        wrong.append("the number of lines")
    return converted, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unlatch", required=True, type=os.path.abspath)
    parser.add_argument("--runtime", required=True, type=os.path.abspath)
    parser.add_argument("--of", choices=KINDS, default="map", help="what the steps are about")
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("--sections", type=int, default=600)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--keep", type=os.path.abspath, help="leave the programs in this folder")
    options = parser.parse_args()
    converted, wrong = 0, []
    with tempfile.TemporaryDirectory() as temporary:
        seeds = list(range(options.first, options.first + options.sections))
        for begin in range(0, len(seeds), AT_A_TIME):
            some, bad = batch(options, seeds[begin:begin + AT_A_TIME], options.keep or temporary)
            converted += some
            wrong += bad
    for each in wrong:
        print("does something else:", each)
    print("%d sections, %d converted, %d wrong" % (options.sections, converted, len(wrong)))
    if converted * 20 < options.sections:
        sys.exit("too few are converted for this to say anything")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
