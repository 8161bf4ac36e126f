#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Migrates an example program with the tool, and proves that it is still the same program.

    migrate.py --unlatch TOOL --runtime DIR --example DIR [--compiler clang++-22]
               [--phase N | --all] [--tsan] [--jobs N] [--keep]

In a copy of the example: plans, compares the verdicts with expected.json, then applies each phase
alone (each to the original sources) and all together. Each time `git apply --check` has to take the
diff, `apply` has to write what the diff says, the result has to compile with -Wall -Wextra -Werror,
and the program's own tests have to pass. All together they also pass under the thread sanitizer
(with --tsan), and a second `apply` changes nothing. The public part of every header stays as it is.

Without --phase and --all it does both. Ends with "N passed, N failed".
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Stop(Exception):
    """What follows makes no sense after this failure."""


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, good, what, detail=""):
        if good:
            self.passed += 1
            print("pass: " + what)
        else:
            self.failed += 1
            print("FAIL: " + what)
            if detail:
                print("    " + detail.rstrip().replace("\n", "\n    "))
        sys.stdout.flush()
        return good

    def need(self, good, what, detail=""):
        if not self.check(good, what, detail):
            raise Stop()


report = Report()


def tail(text, lines=60):
    return "\n".join(text.splitlines()[-lines:])


def run(command, folder, environment=None):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, **(environment or {})})


def need_run(what, command, folder, environment=None):
    began = time.monotonic()
    done = run(command, folder, environment)
    report.need(done.returncode == 0, "%s (%.1f s)" % (what, time.monotonic() - began),
                "exit %d: %s\n%s" % (done.returncode, " ".join(command), tail(done.stdout)))
    return done.stdout


def public_part(text):
    """The lines of a header that others can use: all but private and protected sections, includes,
    comments and blank lines. Sees one level of classes, written as the project formats them."""
    lines = []
    visible = True
    for line in text.splitlines():
        line = re.sub(r"\s*//.*$", "", line)
        stripped = line.strip()
        if re.match(r"^class\s[^;]*\{$", line):
            lines.append(line)
            visible = False
            continue
        if stripped in ("public:", "private:", "protected:"):
            visible = stripped == "public:"
            continue
        if line.startswith("};"):
            visible = True
        if visible and stripped and not stripped.startswith("#include"):
            lines.append(line)
    return lines


class Migration:
    def __init__(self, options, work):
        self.options = options
        self.sources = os.path.join(work, "program")
        self.build_folder = os.path.join(work, "build")
        self.tsan_folder = os.path.join(work, "build-tsan")
        self.name = os.path.basename(os.path.abspath(options.example))
        self.work = work
        self.runtime = os.path.abspath(options.runtime)

    # Sources.

    def copy(self):
        def unwanted(folder, names):
            return [name for name in names if name in (".git", "build", ".unlatch")]
        shutil.copytree(self.options.example, self.sources, ignore=unwanted)
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("-c", "user.name=test", "-c", "user.email=test@localhost",
                 "commit", "-q", "--no-verify", "-m", "import")

    def git(self, *arguments):
        done = run(["git", "-c", "core.autocrlf=false", *arguments], self.sources)
        if done.returncode:
            report.need(False, "git " + arguments[0], done.stdout)
        return done.stdout

    def restore(self):
        # The files changed get a new time, so that the build notices.
        self.git("reset", "-q", "--hard")
        self.git("clean", "-q", "-fdx")

    def headers(self):
        found = {}
        for parent, _, files in os.walk(self.sources):
            for name in files:
                if name.endswith(".h"):
                    path = os.path.join(parent, name)
                    with open(path) as file:
                        found[os.path.relpath(path, self.sources)] = public_part(file.read())
        return found

    # The tool.

    def tool(self, command, *arguments):
        return [self.options.unlatch, command, "-p", self.build_folder, "--root", self.sources,
                "--runtime-include", self.runtime, "--quiet", "-j", str(self.options.jobs),
                *arguments]

    def plan(self):
        output = os.path.join(self.work, "plan.json")
        need_run("plan", self.tool("plan", "--format=json", "-o", output), self.sources)
        report.check(not self.git("status", "--porcelain"), "plan changes no file")
        with open(output) as file:
            return json.load(file)

    # Builds.

    def configure(self, folder, flags):
        # -I, not -isystem: the runtime has to be free of warnings too.
        command = ["cmake", "-S", self.sources, "-B", folder,
                   "-DCMAKE_CXX_COMPILER=" + self.options.compiler, "-DCMAKE_BUILD_TYPE=None",
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                   "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror -I%s %s" % (self.runtime, flags)]
        if shutil.which("ninja"):
            command += ["-G", "Ninja"]
        if shutil.which("ccache"):
            command.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
        need_run("configure", command, self.work)

    def build_and_test(self, folder, what, environment=None):
        need_run("%s: builds with -Wall -Wextra -Werror" % what,
                 ["cmake", "--build", folder, "--parallel", str(self.options.jobs)], self.work)
        output = need_run("%s: the program's own tests" % what,
                          ["ctest", "--test-dir", folder, "--output-on-failure",
                           "--no-tests=error"], self.work, environment)
        report.check("100% tests passed" in output and "ThreadSanitizer" not in output,
                     "%s: tests were run, and are silent" % what, tail(output))

    # One migration.

    def migrate(self, what, arguments, all_together):
        self.restore()
        public_before = self.headers()
        patch = os.path.join(self.work, "change.diff")
        # A phase comes from the plan file, which is quicker.
        plan = [] if all_together else ["--plan=" + os.path.join(self.work, "plan.json")]
        need_run("%s: diff" % what,
                 self.tool("diff", "--color=never", "-o", patch, *plan, *arguments), self.sources)
        report.need(os.path.getsize(patch) > 0, "%s: the diff is not empty" % what)
        need_run("%s: git apply --check takes the diff" % what,
                 ["git", "apply", "--check", patch], self.sources)
        self.git("apply", patch)
        wanted = self.git("diff")
        self.git("reset", "-q", "--hard")

        need_run("%s: apply" % what, self.tool("apply", *plan, *arguments), self.sources)
        done = self.git("diff")
        report.check(done == wanted, "%s: apply writes what the diff says" % what)
        statistics = self.git("diff", "--shortstat").strip()
        print("    " + statistics)
        changed = [line for line in self.git("status", "--porcelain").splitlines()
                   if not line.startswith(" M ")]
        report.check(not changed, "%s: adds no file" % what, "\n".join(changed))
        public_after = self.headers()
        different = [name for name in public_before
                     if public_before[name] != public_after.get(name)]
        report.check(not different, "%s: the public part of every header is unchanged" % what,
                     ", ".join(different))
        self.build_and_test(self.build_folder, what)
        if not all_together:
            return
        if self.options.tsan:
            self.configure(self.tsan_folder, "-O1 -g1 -fsanitize=thread")
            self.build_and_test(self.tsan_folder, what + ", thread sanitizer",
                                {"TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"})
        # Without --accept: a field that is converted is no longer there to be accepted.
        need_run("%s: apply again" % what, self.tool("apply", "--color=never"), self.sources)
        report.check(self.git("diff") == done, "%s: a second apply changes nothing" % what)


# What the plan has to say.

def describe(verdict, strategy):
    return verdict + (" " + strategy if strategy else "")


def check_plan(plan, expected):
    fields = {field["name"]: field for field in plan["fields"]}
    mutexes = {mutex["name"]: mutex for mutex in plan["mutexes"]}

    report.check(plan["stats"]["tus_failed"] == 0, "plan: every translation unit parses")
    for name, wanted in expected["fields"].items():
        field = fields.get(name)
        if not report.check(field is not None, "plan: names " + name):
            continue
        found = describe(field["verdict"], field["strategy"])
        for_now = wanted.get("for_now")
        want = wanted["verdict"]
        if for_now is not None and found == for_now:
            report.check(True, "plan: %s: %s (for now; to be: %s)" % (name, found, want))
            continue
        report.check(found == want, "plan: %s: %s" % (name, want),
                     "is: %s; reasons: %s" % (found, json.dumps(field["reasons"])[:1500]))
        if found.startswith("review") and want.startswith("review"):
            report.check(bool(field["observations"]),
                         "plan: %s: says what another thread could newly see" % name)
    for group in expected.get("groups", []):
        ids = {fields[name]["group"] for name in group if name in fields}
        report.check(len(ids) == 1 and None not in ids, "plan: one group: " + ", ".join(group),
                     "groups: %s" % ids)
    for name, wanted in expected["mutexes"].items():
        mutex = mutexes.get(name)
        if not report.check(mutex is not None, "plan: names " + name):
            continue
        if mutex["verdict"] == wanted.get("for_now", ""):
            report.check(True, "plan: %s: %s (for now; to be: %s)"
                         % (name, mutex["verdict"], wanted["verdict"]))
        else:
            report.check(mutex["verdict"] == wanted["verdict"],
                         "plan: %s: %s" % (name, wanted["verdict"]), "is: " + mutex["verdict"])
        missing = set(wanted.get("still_guards", [])) - set(mutex["still_guards"])
        if wanted.get("still_guards"):
            report.check(not missing, "plan: %s still guards %s"
                         % (name, ", ".join(wanted["still_guards"])),
                         "it says: " + ", ".join(mutex["still_guards"]))
    for wanted in expected.get("findings", []):
        report.check(any(all(finding.get(key) == value for key, value in wanted.items())
                         for finding in plan["findings"]),
                     "plan: finding " + " ".join(str(value) for value in wanted.values()),
                     "it has: " + json.dumps(plan["findings"])[:1500])


def print_plan(plan):
    stats = plan["stats"]
    print("    %d translation units, %d fields: %d convert, %d review, %d keep"
          % (stats["tus"], stats["fields"], stats["convert"], stats["review"], stats["keep"]))
    for field in sorted(plan["fields"], key=lambda field: (field["phase"] or 99, field["name"])):
        if field["phase"]:
            print("    phase %d: %s: %s" % (field["phase"], field["name"],
                                            describe(field["verdict"], field["strategy"])))


def migrate(options, work):
    with open(options.expected) as file:
        expected = json.load(file)
    one = Migration(options, work)
    one.copy()
    one.configure(one.build_folder, "-O1")
    plan = one.plan()
    print_plan(plan)
    report.need(one.name in expected, "expected.json knows " + one.name)
    check_plan(plan, expected[one.name])

    phases = sorted({field["phase"] for field in plan["fields"] if field["phase"]})

    def accepted(phase=None):
        return ["--accept=" + field["name"] for field in plan["fields"]
                if field["verdict"] == "review" and field["phase"]
                and phase in (None, field["phase"])]

    alone = [] if options.all else phases
    if options.phase is not None:
        report.need(options.phase in phases, "there is a phase %d" % options.phase)
        alone = [options.phase]
    for phase in alone:
        try:
            one.migrate("phase %d" % phase, ["--phase=%d" % phase] + accepted(phase), False)
        except Stop:
            pass  # the others may still tell something
    if options.phase is None:
        one.migrate("all together", accepted(), True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unlatch", required=True)
    parser.add_argument("--runtime", required=True, help="folder that holds unlatch/")
    parser.add_argument("--example", required=True)
    parser.add_argument("--expected", default=os.path.join(HERE, "expected.json"))
    parser.add_argument("--compiler", default="clang++-22")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--phase", type=int, help="only this phase")
    which.add_argument("--all", action="store_true", help="only all phases together")
    parser.add_argument("--tsan", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", action="store_true", help="leave the working folder")
    options = parser.parse_args()
    options.unlatch = os.path.abspath(options.unlatch)

    began = time.monotonic()
    # Sockets have short names: not below a build folder.
    work = os.path.realpath(tempfile.mkdtemp(prefix="unlatch-example-"))
    try:
        migrate(options, work)
    except Stop:
        pass
    finally:
        if options.keep:
            print("left in " + work)
        else:
            shutil.rmtree(work, ignore_errors=True)
    print("%.0f s" % (time.monotonic() - began))
    print("%d passed, %d failed" % (report.passed, report.failed))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
