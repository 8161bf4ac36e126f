#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sections of several steps with one key or number, rewritten and run beside what they were.

    sequences.py --unlatch TOOL --runtime DIR [--of map|snapshot|number] [--clangxx COMPILER]
                 [--sections N] [--first SEED] [--keep DIR]

Each section looks a key up, inserts, changes and erases it in some order, or reads and sets a number;
what each step finds depends on those before it. The rewritten program has to print the same.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile

AT_A_TIME = 150
VALUES = ["v", "v + 1", "r", "5", "k"]


class Steps:
    """Statements over a field, the key `k`, the value `v` and the result `r`."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0

    def name(self):
        self.names += 1
        return "x%d" % self.names

    def choose(self, ways):
        return self.random.choice(ways)

    def value(self):
        return self.choose(VALUES)


class OfNumber(Steps):
    """The field is `n_`."""

    def short(self):
        return self.choose(["n_ = %s;" % self.value(), "n_ += v;", "++n_;", "n_--;", "r += n_;",
                            "return 66;", "return n_;"])

    def step(self):
        value, x = self.value(), self.name()
        return self.choose([
            f"n_ = {value};", "n_ += v;", "++n_;", "n_--;", "r += n_++;", "r += --n_;",
            "r += (n_ += 2);", "n_ = n_ + v;", "n_ = v - n_;", "n_ = n_ - v;",
            "if (n_ > 3) r += 10;", f"if (n_ == v) n_ = {value};", "if (n_ < v) n_ = v;",
            "n_ = std::max(n_, v);", "n_ = std::min(n_, v);",
            f"const int {x} = n_; n_ = v; r += {x};", f"const int {x} = n_; r += {x};",
            f"r += std::exchange(n_, {value});", "if (n_ != 0) return r; n_ = 1;",
            "if (n_ == 0) { n_ = 5; r += 3; } else { r += 4; }",
            "if (n_ < v) { n_ = v; r += 1; }", "n_ &= v;", "n_ |= k;", "n_ ^= 3;",
            f"if (v > 2) {{ {self.short()} }}",
            f"if (v > 2) {{ {self.short()} }} else {{ {self.short()} }}", "r += n_ * 2;",
            "r += n_ > 2 ? 1 : 0;", f"auto {x} = ++n_; r += {x};", f"int {x} = n_++; r += {x};",
            "if (++n_ > 5) n_ = 0;", "if (n_ >= 4) n_ = 0; else ++n_;",
            "if (n_ == k) { n_ = v; return 55; }", "r += (n_ == v);", "std::swap(n_, r);",
            "return n_;"])

    def body(self):
        return "\n    ".join(self.step() for _ in range(self.choose([1, 1, 2, 2, 2, 3])))


class OfKey(Steps):
    """The field is `values_`."""

    def short(self, is_live):
        value = self.value()
        ways = ["values_[k] = %s;" % value, "values_[k] += v;", "values_.emplace(k, %s);" % value,
                "r += 2;", "values_.insert_or_assign(k, %s);" % value, "return 66;"]
        return self.choose(ways if is_live else ways + ["values_.erase(k);"])

    def step(self, is_live):
        """Leaves the iterator `it` alone, and valid if it is live."""
        value, x = self.value(), self.name()
        ways = [
            f"values_[k] = {value};", "values_[k] += v;", f"values_.emplace(k, {value});",
            f"values_.try_emplace(k, {value});", f"values_.insert_or_assign(k, {value});",
            "values_.insert({k, v});", "values_[k];", "r += values_[k];",
            "if (values_.count(k)) r += 10;", "if (!values_.count(k)) r += 20;",
            "r += static_cast<int>(values_.count(k)) * 3;",
            f"const bool {x} = values_.count(k) > 0; r += {x};",
            f"int {x} = values_[k]; values_[k] = v; r += {x};",
            f"auto &{x} = values_[k]; {x} += 3; r += {x};",
            f"auto [i{x}, f{x}] = values_.emplace(k, {value}); if (!f{x}) i{x}->second += 2;",
            f"if (values_.emplace(k, {value}).second) r += 40;",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) r += {x}->second;",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) {x}->second = {value};",
            "if (values_.count(k) && v > 2) values_[k] = 9;",
            "r += values_.count(k) ? values_.at(k) : 7;", "if (values_[k] > 3) r += 1;",
            "if (v > 2) return r;", f"if (v > 1) {{ {self.short(is_live)} }}",
            f"if (v > 1) {{ {self.short(is_live)} }} else {{ {self.short(is_live)} }}"]
        erasing = [
            "values_.erase(k);", "r += static_cast<int>(values_.erase(k)) * 5;",
            "if (values_.erase(k)) r += 30;",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) values_.erase({x});",
            f"auto {x} = values_.extract(k); if ({x}) r += {x}.mapped();",
            f"auto {x} = values_.find(k); "
            f"if ({x} != values_.end()) {{ r += {x}->second; values_.erase({x}); }}",
            "if (values_.count(k)) { r += values_[k]; values_.erase(k); }"]
        return self.choose(ways if is_live else ways + erasing)

    def of_iterator(self, is_last):
        """Uses `it`, which stays valid unless this is the last that does."""
        value = self.choose(["v", "5", "k"])
        ways = [
            "if (it == values_.end()) r += 100;", "if (it != values_.end()) r += it->second;",
            f"if (it != values_.end()) it->second = {value};",
            f"if (it == values_.end()) {{ {self.short(True)} }}",
            f"if (it != values_.end()) {{ it->second += v; {self.short(True)} }}",
            f"if (it == values_.end()) {{ values_.emplace(k, {value}); }} "
            "else { it->second += 2; }",
            f"if (it == values_.end()) values_.emplace(k, {value}); else it->second += 2;",
            f"if (it == values_.end()) {{ values_[k] = {value}; }} else {{ r += it->second; }}",
            f"if (it == values_.end()) it = values_.emplace(k, {value}).first;",
            "if (it == values_.end()) return r - 1;", "r += it == values_.end() ? 1 : 2;",
            f"if (it != values_.end() && it->second > 2) {{ {self.short(True)} }}",
            "if (it != values_.end() && v > 2) it->second += 1;",
            f"if (it == values_.end()) {{ {self.step(True)} }} else {{ {self.step(True)} }}"]
        erasing = [
            "if (it != values_.end()) values_.erase(it);",
            "if (it != values_.end()) { r += it->second; values_.erase(it); "
            f"values_.emplace(k, {value}); }}",
            "if (it != values_.end()) { values_.erase(it); values_[k] += v; }",
            "if (it != values_.end() && it->second > 2) values_.erase(it); else values_[k] = 1;",
            "if (it != values_.end()) { values_.erase(it); if (values_.count(k)) r += 50; }",
            "if (it != values_.end()) { const int old = it->second; values_.erase(k); r += old; "
            "r += static_cast<int>(values_.count(k)); }"]
        return self.choose(ways + erasing if is_last else ways)

    def body(self):
        if self.random.random() < 0.4:
            steps = [self.step(False) for _ in range(self.choose([2, 2, 3, 3, 4]))]
        else:
            steps = ["auto it = values_.find(k);"]
            length = self.choose([1, 2, 2, 3])
            for each in range(length):
                is_last = each == length - 1
                uses = is_last or self.random.random() < 0.7
                steps.append(self.of_iterator(is_last) if uses else self.step(True))
            if self.random.random() < 0.3:
                steps.append(self.step(False))
        return "\n    ".join(steps)


CLASS = """class C%(seed)d {
public:
  int run(int k, int v) {
    std::lock_guard<std::mutex> lock(mutex_);
    int r = 0;
    %(body)s
    return r + 0 * (k + v);
  }
  int get([[maybe_unused]] int k) {
    std::lock_guard<std::mutex> lock(mutex_);
    %(get)s
  }
%(more)s
private:
  std::mutex mutex_;
  %(field)s
};
"""
MAP = {
    "steps": OfKey,
    "strategy": "*=map,atomic",
    "field": "std::map<int, int> values_;",
    "get": "auto it = values_.find(k);\n    return it == values_.end() ? -1 : it->second;",
    "more": "",
    "rewritten": "unlatch::map<int, int> values_;",
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
    "number": {
        "steps": OfNumber,
        "strategy": "*=atomic",
        "field": "int n_ = 0;",
        "get": "return n_;",
        "more": "",
        "rewritten": "std::atomic<int> n_",
    },
}

HARNESS = """template <class C> void test(const char *name) {
  C object;
  unsigned seed = 7;
  std::printf("%s", name);
  for (int round = 0; round < 24; ++round) {
    seed = seed * 1103515245u + 12345u;
    const int k = static_cast<int>((seed >> 16) % 3), v = static_cast<int>((seed >> 20) % 6);
    const int before = object.get(k), result = object.run(k, v);
    std::printf(" %d:%d:%d", before, result, object.get(k));
  }
  std::printf("\\n");
}
int main() {
"""


def source(kind, seeds):
    text = "".join("#include <%s>\n" % each
                   for each in ("algorithm", "cstdio", "map", "mutex", "utility"))
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
    if converted * 5 < options.sections:
        sys.exit("too few are converted for this to say anything")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
