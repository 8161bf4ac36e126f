#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the pages of docs/reasons say what the tool does.

    check_pages.py --unlatch TOOL --runtime DIR [--clangxx clang++-22] [--show] [PAGE...]

A page is named after the id of a reason. The C++ blocks under its heading "Stays" are a program that
compiles, and of which the plan keeps a field for that reason. Those under "Converts" are one of which
the plan converts every field, and that compiles before and after. A page that can't have such a block
says "There is no example" instead. What stands between ``` is C++ if its first line says so:

    ```cpp                   example.cpp
    ```cpp file=orders.h     a file of this name; several blocks make one program
    ```cpp flags=-std=c++14  compiled so instead of as C++17
    ```cpp review            the field is under review instead of kept
    ```cpp keeps=Jobs::open_ this field of a "Converts" stays
    ```cpp broken            this file does not compile

A block under "Stays" that names no language quotes the plan: every line has to be in it. `...` stands
for anything, and a line that is too long goes on in the next, which is indented.

Every id that the sources can give has to have a page, a page of an id that they can't give says so, and
every page stands in a table of the README. With --show the plans and the diffs are printed. Without
PAGEs it checks all of them. Ends with "N passed, N failed".
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))
PAGES = os.path.join(PROJECT, "docs", "reasons")
sys.path.insert(0, os.path.join(PROJECT, "test", "scripts"))
from make_database import sources, write_database  # noqa: E402

STANDARD = "-std=c++17"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
NO_EXAMPLE = "There is no example"
NOT_GIVEN = "does not give this reason by name"
KINDS = ("Stays", "Converts")

# Words with a hyphen that the sources quote and that are no reasons: options, names in files.
ADVICE = "advice.cpp"  # speaks of all, and gives none
OTHER_WORDS = {
    "call-update", "dead-mutex", "extra-arg", "hash-map", "header-filter", "local-static", "no-verify",
    "ordered-map", "per-operation", "runtime-include", "source-filter", "static-member",
    "thread-safety"}
# Of words without one, those that stand where an id does: reason("id", ...), block(where, "id", ...),
# block(where, test ? "id" : ..., ...), push_back({"id", ...}), reason = {"id", ...}, return {"id", ...}.
WORD = r'"([a-z]+(?:-[a-z]+)*)"'
GIVES = [re.compile(pattern) for pattern in (
    r'\b\w*(?:[rR]eason|block|use|difference)\w*\((?:[^"();{}]*,)?\s*(?:[^"();{},]*\?\s*)?' +
    WORD + r'\s*[,:]',
    r'(?:reasons|blockers|found)\w*\.push_back\(\s*\{\s*' + WORD + r'\s*,',
    r'[rR]eason\w*\s*=?\s*\{\s*' + WORD + r'\s*,',
    r'return\s*\{\s*' + WORD + r'\s*,')]


class Block:
    def __init__(self, heading, line, info):
        self.heading, self.line, self.text = heading, line, ""
        words = info.split()
        self.language = words[0] if words else ""
        self.flags = [word[len("flags="):] for word in words[1:] if word.startswith("flags=")]
        self.keeps = [word[len("keeps="):] for word in words[1:] if word.startswith("keeps=")]
        self.file = next((word[len("file="):] for word in words[1:] if word.startswith("file=")),
                         "example.cpp")
        self.words = {word for word in words[1:] if "=" not in word}
        self.unknown = [word for word in words[1:] if self.language == "cpp" and
                        not re.fullmatch(r"(file|flags|keeps)=.+|review|broken", word)]


def blocks_of(text):
    """The blocks between ``` of a page, each with the heading that it stands under."""
    found, heading, block = [], "", None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if block:
                found.append(block)
                block = None
            else:
                block = Block(heading, number, line[3:])
        elif block:
            block.text += line + "\n"
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()
    return found


def section_of(text, heading):
    match = re.search(r"^## %s$(.*?)(?=^## |\Z)" % re.escape(heading), text, re.M | re.S)
    return match.group(1) if match else None


class Program:
    """The blocks under one heading of a page, as files in a folder."""

    def __init__(self, options, page, kind, blocks, folder):
        self.options, self.page, self.kind = options, page, kind
        self.blocks = [block for block in blocks if block.language == "cpp"]
        self.quotes = [block for block in blocks if not block.language]
        self.folder = folder
        self.failures, self.lines, self.shown = [], [], ""

    def fail(self, message):
        self.failures.append("%s.md:%d: %s: %s" % (self.page, self.blocks[0].line, self.kind, message))

    def run(self, command, **more):
        environment = dict(os.environ, GIT_CEILING_DIRECTORIES=os.path.dirname(self.folder))
        return subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, errors="replace", env=environment,
                              timeout=120, **more)

    def write(self):
        for block in self.blocks:
            for word in block.unknown:
                self.fail("`%s` behind ```cpp is not understood" % word)
            path = os.path.join(self.folder, block.file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if os.path.exists(path):
                self.fail("two blocks are " + block.file)
            with open(path, "w") as file:
                file.write(block.text)
        self.flags = [flag for block in self.blocks for flag in block.flags]
        if not any(flag.startswith("-std=") for flag in self.flags):
            self.flags.insert(0, STANDARD)
        self.broken = {os.path.join(self.folder, block.file)
                       for block in self.blocks if "broken" in block.words}
        if not write_database(self.folder, self.options.clangxx, self.flags):
            self.fail("there is no source file")

    def compile(self, what, *more):
        for source in sources(self.folder):
            done = self.run([self.options.clangxx, "-I.", "-I" + self.options.runtime, *self.flags,
                             *WARNINGS, *more, "-fsyntax-only", os.path.relpath(source, self.folder)])
            if source in self.broken and done.returncode == 0:
                self.fail("%s compiles, and is not to" % os.path.basename(source))
            elif source not in self.broken and done.returncode:
                self.fail("%s does not compile:\n%s" % (what, done.stderr))

    def unlatch(self, command, *arguments):
        return self.run([self.options.unlatch, command, "-p", self.folder, "--root", self.folder,
                         "--runtime-include", self.options.runtime, "-j", "1", *arguments])

    def plan(self):
        done = self.unlatch("plan", "--format=json", "-o", self.folder + ".plan")
        if done.returncode != (3 if self.broken else 0):
            self.fail("plan ends with %s:\n%s" % (done.returncode, done.stderr))
            return []
        with open(self.folder + ".plan") as file:
            plan = json.load(file)
        self.lines = ["%s:%d:%d: %s [%s]" % (each["file"], each["line"], each["column"], each["message"],
                                             each["id"])
                      for field in plan["fields"] for each in field["reasons"]]
        self.shown += "".join("%s %s %s\n" % (field["verdict"], field["name"], ", ".join(
            each["operation"] for each in field["sections"])) for field in plan["fields"])
        self.shown += "".join("  %s\n" % line for line in self.lines)
        self.shown += "".join("finding %(line)d: %(message)s [%(id)s]\n" % finding
                              for finding in plan["findings"])
        if not plan["fields"]:
            self.fail("the plan lists no field")
        return plan["fields"]

    def reasons(self):
        return "".join("\n  " + line for line in self.lines) or " none"

    def stays(self):
        wanted = "review" if any("review" in block.words for block in self.blocks) else "keep"
        if not any(field["verdict"] == wanted and
                   any(reason["id"] == self.page for reason in field["reasons"])
                   for field in self.plan()):
            self.fail("no field is `%s` for %s; the reasons are%s" % (wanted, self.page, self.reasons()))
        for quote in self.quotes:
            for line in re.sub(r"\n +", " ", quote.text).splitlines():
                pattern = ".*".join(re.escape(part) for part in line.split("..."))
                if not any(re.fullmatch(pattern, each) for each in self.lines):
                    self.fail("the plan does not say `%s`; the reasons are%s" % (line, self.reasons()))

    def converts(self):
        keeps = {name for block in self.blocks for name in block.keeps}
        fields = self.plan()
        for name in keeps - {field["name"] for field in fields}:
            self.fail("the plan has no field " + name)
        for field in fields:
            wanted = "keep" if field["name"] in keeps else "convert"
            if field["verdict"] != wanted:
                self.fail("%s is `%s`, not `%s`; the reasons are%s" %
                          (field["name"], field["verdict"], wanted, self.reasons()))
        if self.failures:
            return
        diff = self.unlatch("diff", "--plan", self.folder + ".plan", "--no-verify")
        self.shown += diff.stdout
        if diff.returncode or not diff.stdout:
            return self.fail("diff ends with %s, and is%s empty:\n%s" % (
                diff.returncode, " not" if diff.stdout else "", diff.stderr))
        tool = ["git", "apply"] if shutil.which("git") else ["patch", "-p1", "-s"]
        done = self.run(tool, input=diff.stdout)
        if done.returncode:
            return self.fail("the diff does not apply:\n" + done.stderr)
        self.compile("the rewritten program")

    def check(self):
        try:
            self.write()
            if not self.failures:
                # That it includes what it needs shows when it is planned, without this.
                self.compile("it", *(self.options.precompiled if self.flags == [STANDARD] else []))
            if not self.failures:
                self.stays() if self.kind == "Stays" else self.converts()
        except (OSError, subprocess.SubprocessError) as error:
            self.fail(error)
        return self.failures


def ids_with_advice():
    """Those that `explain` has a sentence for."""
    with open(os.path.join(PROJECT, "tool", "print", ADVICE), encoding="utf-8") as file:
        return set(re.findall(r'\.Case\("([a-z-]+)"', file.read()))


def ids_in_sources():
    """What the sources can give as a reason, as far as their text shows."""
    found = set()
    for part in ("analysis", "matchers", "rewriters", "tool"):
        for parent, _, files in os.walk(os.path.join(PROJECT, part)):
            for name in files:
                if not name.endswith((".cpp", ".h")) or name == ADVICE:
                    continue
                with open(os.path.join(parent, name), errors="replace") as file:
                    text = file.read()
                for pattern in GIVES:
                    found.update(pattern.findall(text))
                found.update(word for word in re.findall(WORD, text) if "-" in word)
    return found - OTHER_WORDS


def check_pages(pages, readme):
    """Whether pages, sources and the README name the same ids; a list of (what, failure or None)."""
    results = []
    given = ids_in_sources()
    listed = re.findall(r"^\| \[([a-z-]+)\]\(([a-z-]+)\.md\) \|", readme, re.M)
    for name in sorted(given | set(pages) | {name for name, _ in listed}):
        failure = None
        if name not in ids_with_advice():
            failure = "%s has no advice for it" % ADVICE
        elif name not in pages:
            failure = "there is no such page, but %s" % (
                "the sources give it" if name in given else "README.md lists it")
        elif (name, name) not in listed:
            failure = "it is in no table of README.md"
        elif name in given and NOT_GIVEN in pages[name]:
            failure = "it says that the tool does not give it, but the sources have it"
        elif name not in given and NOT_GIVEN not in pages[name]:
            failure = "no source gives it, and it does not say so"
        elif not pages[name].startswith("# %s\n" % name):
            failure = "it does not begin with its name"
        elif section_of(pages[name], "What to do") is None:
            failure = "it does not say \"## What to do\""
        results.append((name + ".md", failure and "%s.md: %s" % (name, failure)))
    return results


def programs(options, pages, work, results):
    found = []
    for name, text in pages.items():
        blocks = blocks_of(text)
        for kind in KINDS:
            ours = [block for block in blocks if block.heading == kind]
            if any(block.language == "cpp" for block in ours):
                found.append(Program(options, name, kind, ours, os.path.join(work, name + "-" + kind)))
            else:
                section = section_of(text, kind)
                failure = None
                if section is None:
                    failure = "there is no such heading"
                elif NO_EXAMPLE not in section:
                    failure = "there is neither a block of C++ nor \"%s\"" % NO_EXAMPLE
                results.append((name + ": " + kind, failure and "%s.md: %s: %s" % (name, kind, failure)))
    return found


def precompile(options, pages, work):
    """Reads the standard headers of all examples once, which takes most of the time of a compilation."""
    names = sorted(set(re.findall(r"^#include <([a-z_]+)>$", "".join(pages.values()), re.M)))
    header = os.path.join(work, "all.h")
    with open(header, "w") as file:
        file.write("".join("#include <%s>\n" % name for name in names))
    done = subprocess.run([options.clangxx, STANDARD, *WARNINGS, "-x", "c++-header", header,
                           "-o", header + ".pch"])
    return ["-include-pch", header + ".pch"] if done.returncode == 0 else []


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__)
    parser.add_argument("--unlatch", default="unlatch")
    parser.add_argument("--runtime", required=True, help="folder that holds unlatch/")
    parser.add_argument("--clangxx", default="clang++-22")
    parser.add_argument("--show", action="store_true", help="print plans and diffs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="id of a reason")
    options = parser.parse_args()
    options.runtime = os.path.abspath(options.runtime)
    if os.sep in options.unlatch:
        options.unlatch = os.path.abspath(options.unlatch)

    pages, readme = {}, ""
    for name in sorted(os.listdir(PAGES)):
        if name.endswith(".md"):
            with open(os.path.join(PAGES, name)) as file:
                pages[name[:-3]] = file.read()
    readme = pages.pop("README", "")
    for name in options.pages:
        if name not in pages:
            parser.error("there is no page " + name)
    results = check_pages(pages, readme)
    if options.pages:
        results = [each for each in results if each[0][:-3] in options.pages]
        pages = {name: pages[name] for name in options.pages}

    with tempfile.TemporaryDirectory(prefix="unlatch-reasons-") as work:
        tried = programs(options, pages, work, results)
        options.precompiled = precompile(options, pages, work)
        with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
            for program, failures in zip(tried, pool.map(Program.check, tried)):
                results.append((program.page, "\n".join(failures) or None))
                if options.show:
                    print("%s: %s\n%s" % (program.page, program.kind, program.shown))
    failed = [failure for _, failure in results if failure]
    for failure in failed:
        print(failure)
    print("%d passed, %d failed" % (len(results) - len(failed), len(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
