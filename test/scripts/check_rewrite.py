#!/usr/bin/env python3
"""Runs unlatch over a small program and compares with what its comments expect.

    check_rewrite.py [options] FILE_OR_FOLDER [-std=c++17] [-stdlib=libc++] [-DX ...]

Comments of the program say what is right:

    // EXPECT: field NAME convert map           verdict and strategy
    // EXPECT: field NAME review map
    // EXPECT: field NAME keep calls-out @+2    a reason, and the line it is reported on
    // EXPECT: operation FUNCTION load          what a section in FUNCTION becomes
    // EXPECT: operation FUNCTION load of NAME  the same, for one field
    // EXPECT: mutex NAME remove
    // EXPECT: finding unlocked-access @+1

NAME and FUNCTION are qualified names or suffixes of one. A line is a number, @ for the comment's own
line, @+N or @-N; it may be left out. Another file's line is FILE:N. A field may have several lines,
one for each reason that must be among those given. Several programs fit into one file, each in a
namespace of its own. What is not expected is an error: every field of the plan has to be named, every
operation of a function that has expectations, and every unlocked-access or dead-mutex finding.

Then the diff must apply, compile without a warning, change nothing when applied again, and, where the
program has a main, behave as before. Fields expected as `review` are tried as well, with --accept.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_database import sources, write_database  # noqa: E402

EXPECT = re.compile(r"//\s*EXPECT:\s*(.*?)\s*$")
STRICT_FINDINGS = {"unlocked-access", "dead-mutex"}
CCACHE = shutil.which("ccache")


def matches(name, wanted):
    return name == wanted or name.endswith("::" + wanted)


class Expectation:
    def __init__(self, file, line, words):
        self.file, self.line, self.words = file, line, words

    def __str__(self):
        return "%s:%d: EXPECT: %s" % (self.file, self.line, " ".join(self.words))

    def place(self, text):
        """(file, line) that `text` means."""
        file, number = self.file, text
        if ":" in text:
            file, number = text.rsplit(":", 1)
        if number.startswith("@"):
            return file, self.line + int(number[1:] or 0)
        return file, int(number)


class Check:
    def __init__(self, options, flags):
        self.options, self.flags = options, flags
        self.failures = []
        self.work = tempfile.mkdtemp(prefix="check-rewrite-")

    def fail(self, message):
        self.failures.append(str(message))

    def run(self, command, folder, **more):
        environment = dict(os.environ, GIT_CEILING_DIRECTORIES=self.work, CCACHE_NOHASHDIR="1")
        return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, errors="replace", env=environment, **more)

    def copy(self, name):
        target = os.path.join(self.work, name)
        source = self.options.source
        if os.path.isdir(source):
            shutil.copytree(source, target)
        else:
            os.mkdir(target)
            shutil.copy(source, target)
        for entry in write_database(target, self.options.clangxx, self.flags):
            del entry
        return target

    def unlatch(self, command, folder, *arguments):
        return self.run([self.options.unlatch, command, "-p", folder, "--root", folder,
                         "--runtime-include", self.options.runtime, *arguments], folder)

    # What the comments say.
    def expectations(self, folder):
        found = []
        for parent, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(files):
                path = os.path.join(parent, name)
                if not name.endswith((".cpp", ".cc", ".c", ".h", ".hpp")):
                    continue
                with open(path, errors="replace") as file:
                    for number, line in enumerate(file, 1):
                        match = EXPECT.search(line)
                        if match:
                            found.append(Expectation(os.path.relpath(path, folder), number,
                                                     match.group(1).split()))
        return found

    def one(self, expectation, entries, wanted):
        found = [entry for entry in entries if matches(entry["name"], wanted)]
        exact = [entry for entry in found if entry["name"] == wanted]
        found = exact or found
        if len(found) == 1:
            return found[0]
        self.fail("%s: %s" % (expectation, "no such name in the plan" if not found else
                              "ambiguous: " + ", ".join(entry["name"] for entry in found)))
        return None

    def compare(self, plan, expectations):
        named, operations, findings = set(), {}, set()
        for expectation in expectations:
            words = expectation.words
            if words[0] == "field" and len(words) >= 3:
                field = self.one(expectation, plan["fields"], words[1])
                if field:
                    named.add(field["name"])
                    self.compare_field(expectation, field, words[2:])
            elif words[0] == "operation" and len(words) in (3, 5):
                operations.setdefault((words[1], words[4] if len(words) == 5 else None),
                                      []).append((expectation, words[2]))
            elif words[0] == "mutex" and len(words) == 3:
                mutex = self.one(expectation, plan["mutexes"], words[1])
                if mutex and mutex["verdict"] != words[2]:
                    self.fail("%s: the plan says %s" % (expectation, mutex["verdict"]))
            elif words[0] == "finding" and len(words) in (2, 3):
                place = expectation.place(words[2]) if len(words) == 3 else None
                hits = [i for i, finding in enumerate(plan["findings"])
                        if finding["id"] == words[1] and
                        (place is None or (finding["file"], finding["line"]) == place)]
                findings.update(hits)
                if not hits:
                    self.fail("%s: no such finding; there are %s" % (expectation, ", ".join(
                        "%s at %s:%s" % (f["id"], f["file"], f["line"])
                        for f in plan["findings"]) or "none"))
            else:
                self.fail("%s: not understood" % expectation)
        for (function, name), expected in operations.items():
            self.compare_operations(plan, function, name, expected)
        for field in plan["fields"]:
            if field["name"] not in named:
                self.fail("%s:%s: no EXPECT names %s: %s %s %s" % (
                    field["file"], field["line"], field["name"], field["verdict"],
                    field["strategy"] or "", self.reasons(field)))
        for i, finding in enumerate(plan["findings"]):
            if finding["id"] in STRICT_FINDINGS and i not in findings:
                self.fail("%s:%s: unexpected finding %s: %s" % (
                    finding["file"], finding["line"], finding["id"], finding["message"]))

    @staticmethod
    def reasons(field):
        return "; ".join("%s at %s:%s (%s)" % (r["id"], r["file"], r["line"], r["message"])
                         for r in field["reasons"])

    def compare_field(self, expectation, field, words):
        if field["verdict"] != words[0]:
            self.fail("%s: the plan says %s %s" % (expectation, field["verdict"],
                                                   self.reasons(field)))
        elif words[0] != "keep":
            if len(words) > 1 and field["strategy"] != words[1]:
                self.fail("%s: the plan says %s" % (expectation, field["strategy"]))
        elif not field["reasons"]:
            self.fail("%s: kept without a reason" % expectation)
        elif len(words) > 1:
            place = expectation.place(words[2]) if len(words) > 2 else None
            if not any(reason["id"] == words[1] and
                       (place is None or (reason["file"], reason["line"]) == place)
                       for reason in field["reasons"]):
                self.fail("%s: the reasons are %s" % (expectation, self.reasons(field)))

    def compare_operations(self, plan, function, name, expected):
        found = []
        for field in plan["fields"]:
            if name is None or matches(field["name"], name):
                found += [s["operation"] for s in field["sections"]
                          if matches(s["function"], function)]
        wanted = sorted(operation for _, operation in expected)
        # Lines may stand for several sections that become the same.
        if sorted(found) != wanted and set(found) != set(wanted):
            self.fail("%s: the plan says %s" % (expected[0][0],
                                                ", ".join(found) or "no section there"))

    # What the rewritten program does.
    def compile(self, folder, what):
        good = True
        for source in sources(folder):
            done = self.run([self.options.clangxx, *self.flags, "-I" + folder,
                             "-I" + self.options.runtime, "-Wall", "-Wextra", "-Werror",
                             "-fsyntax-only", source], folder)
            if done.returncode:
                good = False
                self.fail("%s does not compile:\n%s" % (what, done.stderr))
        return good

    def has_main(self, folder):
        for source in sources(folder):
            with open(source, errors="replace") as file:
                if re.search(r"^\s*(auto|int)\s+main\s*\(", file.read(), re.M):
                    return True
        return False

    def behaviour(self, folder, what, extra):
        program = os.path.join(folder, "program")
        # What has not changed since the last run need not be compiled again: with the same relative
        # names everywhere, ccache recognises it.
        cached = [CCACHE] if CCACHE else []
        objects = []
        for source in sources(folder):
            objects.append(source + ".o")
            done = self.run([*cached, self.options.clangxx, *self.flags, *extra, "-I.",
                             "-I" + self.options.runtime, "-Wall", "-Wextra", "-Werror", "-pthread",
                             "-c", os.path.relpath(source, folder),
                             "-o", os.path.relpath(source, folder) + ".o"], folder)
            if done.returncode:
                self.fail("%s does not build:\n%s" % (what, done.stderr))
                return None
        done = self.run([self.options.clangxx, *self.flags, *extra, "-pthread", *objects,
                         "-o", program], folder)
        if done.returncode:
            self.fail("%s does not link:\n%s" % (what, done.stderr))
            return None
        try:
            done = self.run([program], folder, timeout=self.options.timeout)
        except subprocess.TimeoutExpired:
            self.fail("%s does not end" % what)
            return None
        if "WARNING: ThreadSanitizer" in done.stderr:
            self.fail("%s: %s" % (what, done.stderr[:2000]))
        return done.returncode, done.stdout

    def rewrite(self, accepted, what):
        """Diffs by the plan; returns the rewritten folder, or None if nothing is to be done."""
        arguments = [word for name in accepted for word in ("--accept", name)]
        diff = self.unlatch("diff", self.original, "--plan", self.plan_file, "--no-verify",
                            *arguments)  # the plan has been verified
        if diff.returncode not in (0, 3):
            self.fail("%s: diff ends with %s:\n%s" % (what, diff.returncode, diff.stderr))
            return None
        self.diff = diff.stdout
        if not diff.stdout:
            return None
        patched = self.copy(what)
        for check in (["--check"], []):
            done = self.run(["git", "apply", *check], patched, input=diff.stdout)
            if done.returncode:
                self.fail("%s: git apply does not take the diff:\n%s" % (what, done.stderr))
                return None
        # What verification has refused it will have to refuse again.
        refused = any(reason["id"] == "does-not-compile"
                      for field in self.plan["fields"] for reason in field["reasons"])
        again = self.unlatch("diff", patched, *([] if refused else ["--no-verify"]),
                             *self.options.unlatch_args, *arguments)
        # With --accept a name that is gone is an error, which is fine: nothing is left to do.
        if again.stdout:
            self.fail("%s: the rewritten program is rewritten again:\n%s" % (what, again.stdout))
        return patched

    def judge_rewrite(self, accepted, what, original):
        rewritten = self.rewrite(accepted, what)
        if not rewritten:
            return
        if not self.has_main(rewritten):
            self.compile(rewritten, what)
            return
        for extra in [[]] + ([["-fsanitize=thread", "-g"]] if self.options.tsan else []):
            before = self.behaviour(original, "the original", extra)
            after = self.behaviour(rewritten, what, extra)
            if before is not None and after is not None and before != after:
                self.fail("%s: exit code and output %r, before: %r" % (what, after, before))

    def main(self):
        self.original = original = self.copy("original")
        self.plan_file = os.path.join(self.work, "plan.json")
        self.diff = ""
        expectations = self.expectations(original)
        done = self.unlatch("plan", original, "-o", self.plan_file, *self.options.unlatch_args)
        if done.returncode != self.options.exit_code or not os.path.exists(self.plan_file):
            self.fail("plan ends with %s:\n%s%s" % (done.returncode, done.stdout[:2000],
                                                    done.stderr))
            return self.finish()
        with open(self.plan_file) as file:
            plan = self.plan = json.load(file)
        if not expectations:
            self.fail("the program says nothing of what to expect")
        self.compare(plan, expectations)
        if self.options.plan_only:
            return self.finish()
        converted = any(field["verdict"] == "convert" for field in plan["fields"])
        if converted:
            self.judge_rewrite([], "the rewritten program", original)
            if not self.diff:
                self.fail("the plan converts, but the diff is empty")
        elif self.rewrite([], "the rewritten program"):
            self.fail("the plan converts nothing, but there is a diff:\n" + self.diff)
        review = [field["name"] for field in plan["fields"] if field["verdict"] == "review"]
        if review:
            self.judge_rewrite(review, "the program rewritten with --accept", original)
        return self.finish()

    def finish(self):
        if self.failures:
            for failure in self.failures:
                print(failure)
            if self.diff:
                print("\nthe last diff was:\n" + self.diff)
            if self.options.keep:
                print("kept " + self.work)
        if not self.options.keep:
            shutil.rmtree(self.work, ignore_errors=True)
        return 1 if self.failures else 0


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--unlatch", default="unlatch")
    parser.add_argument("--runtime", required=True, help="folder that holds unlatch/")
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("--tsan", action="store_true", help="run main under ThreadSanitizer as well")
    parser.add_argument("--timeout", type=int, default=120)
    parser.add_argument("--exit-code", type=int, default=0, help="of plan")
    parser.add_argument("--unlatch-arg", dest="unlatch_args", action="append", default=[],
                        help="further option of unlatch, e.g. --unlatch-arg=--consistency=per-operation")
    parser.add_argument("--plan-only", action="store_true", help="look at the plan alone")
    parser.add_argument("--keep", action="store_true", help="keep the working copies")
    parser.add_argument("source")
    options, flags = parser.parse_known_args()
    options.source = os.path.abspath(options.source)
    options.runtime = os.path.abspath(options.runtime)
    if os.sep in options.unlatch:
        options.unlatch = os.path.abspath(options.unlatch)
    if not any(flag.startswith("-std=") for flag in flags):
        flags.insert(0, "-std=c++20")
    sys.exit(Check(options, flags).main())


if __name__ == "__main__":
    main()
