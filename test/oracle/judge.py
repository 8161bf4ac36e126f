# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One program, and what the tool and Clang say of its locks; annotations.py says how that is compared."""
import collections
import glob
import json
import os
import re
import shutil
import subprocess

from make_database import write_database
from source_text import IDENTIFIER, Sources

# Functions of the standard library that call what they are given before they return.
AT_ONCE = set("""accumulate all_of and_then any_of count_if erase_if find_if for_each max_element
                 min_element none_of remove_if sort transform wait wait_for wait_until""".split())
DIAGNOSTIC = re.compile(r"^(.+?):(\d+):(\d+): (warning|error|fatal error): (.*?)(?: \[-W([\w,-]+)\])?$")
NEEDS_LOCK = re.compile(
    r"(?:reading|writing|passing|returning) (?:the value pointed to by |)(?:variable )?'(?P<name>[^']+)'"
    r".* requires holding (?:any mutex|\w+ '(?P<mutex>[^']+)')(?P<exclusively> exclusively)?"
    r"|calling function '(?P<callee>[^']+)' requires holding \w+ '(?P<needed>[^']+)'"
    r"(?P<alone> exclusively)?")
GUARDED = " __attribute__((guarded_by(::unlatch_oracle::never), guarded_by(%s)))"
# Where Clang says that a lock is not taken and released in pairs, on every path.
PAIRS = re.compile(
    r"\w+ '(?P<mutex>[^']+)' (?:that was not held|that is already held|to be held at start of each loop"
    r"|is not held on every path|is still held at the end)")
# Nobody ever holds `never`, so a warning of it stands wherever Clang looks at an access.
CONTROL = "requires holding control "
PROBES = """namespace unlatch_oracle {
struct __attribute__((capability("control"))) Never {};
extern Never never;
template <class M> void held(const M &m) __attribute__((requires_capability(m)));
template <class M> void heldShared(const M &m) __attribute__((requires_shared_capability(m)));
template <class M> void assume(const M &m) __attribute__((assert_capability(m)));
template <class M> void assumeShared(const M &m) __attribute__((assert_shared_capability(m)));
}
"""

# Why one of them may be silent, or speak of something else. Any other is to be looked at.
CLASSES = {
    "shared lock": "to Clang each call on a class object reads, whatever lock it needs",
    "constructor or destructor": "Clang does not look into these",
    "reference": "the tool names the same place, as a reference that leaves its section",
    "lock not followed": "the tool says that it does not follow a lock in this function",
    "lock of another object": "the tool says that it can't tell the objects apart",
    "recursive": "to Clang the first unlock of a recursive mutex releases it",
}
# Of these locks the tool says that it does not follow them in the function that the reason stands in.
UNFOLLOWED = {"conditional-lock", "lock-escapes"}
Disagreement = collections.namedtuple("Disagreement", "who file line name function text reason")


def last(name):
    return name.rsplit("::", 1)[-1]


class Opinion:
    """What the tool says of a program: its plan, and the facts that the plan was made from."""

    def __init__(self, plan, facts, folder, sources):
        self.plan, self.folder = plan, folder
        self.fields, self.mutexes, self.units, functions = {}, {}, [], []
        for each in facts:
            self.fields.update(each.get("fields", []))
            self.mutexes.update(each.get("mutexes", []))
            self.units += each.get("units", [])
            functions += [body for _, bodies in each.get("functions", []) for body in bodies]
        self.accesses = {}     # (file, line, qualified name of the field) -> column
        self.calls = {}        # id of a function -> ids of what it calls
        self.called, self.taken = set(), set()  # ids: by another function, by who knows whom
        self.bodies = {}       # (file, offset of the name) -> (end, function)
        for function in functions:
            for access in function.get("accesses", []):
                name = self.fields.get(access["field"], {}).get("name", access["field"])
                where = access["where"]
                self.accesses[self.relative(where), where["line"], name] = where["column"]
            callees = {call["callee"] for call in function.get("calls", []) if call.get("callee")}
            self.calls.setdefault(function["id"], set()).update(callees)
            (self.taken if function["id"].startswith("taken:") else self.called).update(
                callees - {function["id"]})
            where = function.get("where")
            text = sources.texts.get(self.relative(where)) if where else None
            if text:
                offset = text.offset(where["line"], where["column"])
                body = text.body(offset)
                if body:
                    self.bodies[self.relative(where), offset] = (body[1], function)
        self.unlocked = {
            (finding["file"], finding["line"], last(finding["field"])): finding
            for finding in plan["findings"] if finding["id"] == "unlocked-access"}

    def is_known(self, function):
        """Whether all callers of a function are seen, and there are some."""
        return function["id"] in self.called - self.taken and not any(
            function.get(key) for key in ("isVirtual", "addressTaken", "isEntry"))

    def relative(self, where):
        return os.path.relpath(where["file"], self.folder)

    def function_at(self, file, offset):
        """The innermost function around a place: ((file, offset of its name), function), or None."""
        around = [(place, function) for place, (end, function) in self.bodies.items()
                  if place[0] == file and place[1] <= offset <= end]
        return max(around, key=lambda each: each[0], default=None)


class Program:
    def __init__(self, options, name, source, flags, work):
        self.options, self.name, self.source, self.flags = options, name, source, flags
        self.work, self.copy = work, os.path.join(work, "annotated")
        self.failures, self.disagreements = [], []
        self.counts, self.not_judged = collections.Counter(), collections.Counter()
        self.judged = {}   # (file, offset behind the name) -> (field, attribute)
        self.helpers = {}  # (file, offset of name or bracket) -> {(mutex, exclusively)}
        self.dropped = {}  # those of both that the compiler does not take, and what it says
        self.pairs = set()  # what PAIRS finds: (file, line, column, text)
        # By function: the places that Clang finds without their locks, and the helpers called so.
        self.bare, self.bare_calls = collections.defaultdict(dict), collections.defaultdict(set)

    def run(self, command):
        return subprocess.run(command, cwd=self.work, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, errors="replace", timeout=300)

    def ask_the_tool(self):
        original = os.path.join(self.work, "original")
        if os.path.isdir(self.source):
            shutil.copytree(self.source, original)
        else:
            os.makedirs(original)
            shutil.copy(self.source, original)
        write_database(original, self.options.clangxx, [*self.flags, "-stdlib=libc++"])
        self.sources = Sources(original)
        common = ["-p", original, "--root", original, "-j", "1", "--quiet",
                  "--runtime-include", self.options.runtime]
        facts, plan = os.path.join(self.work, "facts"), os.path.join(self.work, "plan")
        for command in (["extract", *common, "-o", facts],
                        ["plan", *common, "--facts", facts, "--no-verify", "--format=json", "-o", plan]):
            done = self.run([self.options.unlatch, *command])
            if done.returncode not in (0, 3):
                self.failures.append("%s ends with %s:\n%s" % (command[0], done.returncode, done.stderr))
                return None
        found = []
        for name in sorted(glob.glob(os.path.join(facts, "*.json"))):
            with open(name) as file:
                found.append(json.load(file)["facts"])
        with open(plan) as file:
            return Opinion(json.load(file), found, original, self.sources)

    # What Clang is told.
    def choose_fields(self):
        mutexes = {each["name"]: each for each in self.opinion.mutexes.values()}
        for field in self.opinion.plan["fields"]:
            mutex = mutexes.get(field["guard"])
            text = self.sources.texts.get(field["file"])
            offset = text.offset(field["line"], field["column"]) if text else 0
            name = text and IDENTIFIER.match(text.bare, offset)
            if not field["guard"]:
                self.not_judged["no mutex guards it"] += 1
            elif not mutex:
                self.not_judged["the tool has no name for its mutex"] += 1
            elif not name or name.group() != last(field["name"]):
                self.not_judged["its declaration comes from a macro"] += 1
            else:
                named = last(mutex["name"])
                if not mutex.get("owner") and field["kind"] != "local-static":
                    named = "::" + mutex["name"]
                self.judged[field["file"], text.behind_declarator(offset)] = (field, GUARDED % named)

    def annotate(self):
        self.sources.clear()
        self.owners = collections.defaultdict(set)  # by the lines in which something was put
        for place, (_, attribute) in self.judged.items():
            if place not in self.dropped:
                self.insert(place, *place, attribute)
        for place, needed in self.helpers.items():
            text = self.sources.texts[place[0]]
            for mutex, exclusively in sorted(needed) if place not in self.dropped else []:
                if text.bare[place[1]] == "[":
                    self.annotate_lambda(place, mutex, "" if exclusively else "Shared")
                else:
                    attribute = " __attribute__((requires_%scapability(%s))) " % (
                        "" if exclusively else "shared_", mutex)
                    self.insert(place, place[0], text.head(place[1])[1], attribute)
                    for other, offset in self.sources.first_declarations(*place):
                        self.insert(place, other, offset, attribute)
        shutil.rmtree(self.copy, ignore_errors=True)
        self.sources.write(self.copy)

    def insert(self, owner, file, offset, addition):
        text = self.sources.texts[file]
        text.insert(offset, addition)
        self.owners[file, text.place(offset)[0]].add(owner)

    def annotate_lambda(self, place, mutex, shared):
        file, offset = place
        text = self.sources.texts[file]
        for begin, end in self.uses_of_lambda(text, offset):
            self.insert(place, file, begin, "(::unlatch_oracle::held%s(%s), " % (shared, mutex))
            self.insert(place, file, end, ")")
        self.insert(place, file, text.body(offset)[0] + 1,
                    "::unlatch_oracle::assume%s(%s);" % (shared, mutex))

    @staticmethod
    def uses_of_lambda(text, offset):
        """Where a lambda is called or given to what calls it: [(begin, end)], None if that isn't all."""
        def is_given(offset):
            bracket = text.opening_before(offset)
            callee = re.search(r"(\w+)\s*(?:<[^<>;]*>)?\s*$", text.bare[:bracket])
            return text.bare[bracket] == "(" and callee and callee.group(1) in AT_ONCE

        end = text.body(offset)[1] + 1
        before = text.bare[:offset].rstrip()
        if text.bare[text.blank_to(end)] == "(" or (before[-1:] in "(," and is_given(offset)):
            return [(offset, end)]
        named = re.search(r"\bauto\s*(?:&&?)?\s*(\w+)\s*[={]$", before)
        if not named:
            return None
        found = []
        behind = text.closing(text.opening_before(named.start()))
        for use in re.compile(r"\b%s\b" % named.group(1)).finditer(text.bare, end, behind):
            if not is_given(use.start()) and text.bare[text.blank_to(use.end())] != "(":
                return None
            found.append(use.span())
        return found

    # What Clang says.
    def ask_clang(self):
        """The diagnostics as (file, line, column, kind, text), in terms of the original program."""
        found = set()
        precompiled = self.options.precompiled.get(tuple(
            flag for flag in self.flags if flag.startswith("-std=")))
        for unit in self.opinion.units:
            if unit.get("parsed") is False:
                continue
            file = os.path.join(self.copy, os.path.relpath(unit["file"], self.opinion.folder))
            done = self.run([*self.options.judge, "-fsyntax-only", *self.flags, "-I", self.copy,
                             "-I", self.options.runtime,
                             *(["-include-pch", precompiled] if precompiled else []),
                             "-include", self.options.probes, file])
            for output in done.stderr.splitlines():
                match = DIAGNOSTIC.match(output)
                if match:
                    name, line = os.path.relpath(match.group(1), self.copy), int(match.group(2))
                    column = int(match.group(3))
                    if name in self.sources.texts:
                        column = self.sources.texts[name].original_column(line, column)
                    found.add((name, line, column, match.group(4), match.group(5)))
        return found

    def drop(self, diagnostics):
        """Takes back what the compiler does not take; whether there was anything."""
        before = len(self.dropped)
        for file, line, _, kind, text in sorted(diagnostics):
            if kind != "warning" or "attribute requires" in text or "attribute ignored" in text:
                for owner in self.owners[file, line]:
                    self.dropped.setdefault(owner, text)
        return len(self.dropped) > before

    def find_helpers(self, diagnostics):
        """Notes what is used without a lock, and in which functions; whether these are to be helpers."""
        new = False
        for file, line, column, _, text in sorted(diagnostics):
            match = NEEDS_LOCK.search(text)
            if PAIRS.search(text):
                around = self.function_at(file, line, column)
                # Not of a mutex that is required as well: then taking it is once too often.
                if around and around[0] not in self.helpers:
                    self.pairs.add((file, line, column, text))
            if not match or CONTROL in text:
                continue
            probe = (match.group("callee") or "").startswith("held")  # put before a lambda, not into it
            place, function = self.function_at(file, line, column - probe) or (None, None)
            if match.group("name"):
                self.bare[place].setdefault((file, line, match.group("name")), (column, text))
            else:
                self.bare_calls[place] |= self.callees(file, line, match.group("callee"), function)
            mutex = match.group("mutex") or match.group("needed")
            if not function or not mutex or place in self.dropped:
                continue
            source = self.sources.texts[file]
            known = self.uses_of_lambda(source, place[1]) if source.bare[place[1]] == "[" else \
                self.opinion.is_known(function)
            exclusively = bool(match.group("exclusively") or match.group("alone"))
            needed = self.helpers.setdefault(place, set()) if known else {(mutex, True)}
            if (mutex, exclusively) not in needed and (mutex, True) not in needed:
                needed.discard((mutex, False))
                needed.add((mutex, exclusively))
                new = True
        return new

    def callees(self, file, line, name, caller):
        """The helpers that are meant by a function's name in a diagnostic."""
        if name.startswith("held"):
            return {place for place in self.owners[file, line]
                    if place in self.helpers and self.sources.texts[place[0]].bare[place[1]] == "["}
        called = self.opinion.calls.get(caller["id"], ()) if caller else ()
        return {place for place in self.helpers
                if last(self.opinion.bodies[place][1]["name"]) == name and
                (not called or self.opinion.bodies[place][1]["id"] in called)}

    def without_lock(self):
        """What Clang finds without its lock; in helpers, what it finds so because of their callers."""
        entered = {place for place in [*self.bare, *self.bare_calls]
                   if place not in self.helpers or place in self.dropped}
        work = list(entered)
        while work:
            more = self.bare_calls[work.pop()] - entered
            entered |= more
            work += more
        return {where: said for place in entered for where, said in self.bare[place].items()}

    def judge(self, unknown):
        """Does all; `unknown` are the locks of which Clang knows nothing."""
        try:
            self.opinion = self.ask_the_tool()
            if self.opinion and self.uses(unknown):
                self.not_judged["a program with locks that carry no annotations"] += 1
            elif self.opinion:
                self.choose_fields()
                self.compare(self.settle())
        except (OSError, subprocess.SubprocessError) as error:
            self.failures.append(str(error))
        return self

    def uses(self, locks):
        return any(re.search(r"\b%s\b" % lock.split()[0], text.bare)
                   for lock in locks for text in self.sources.texts.values())

    def settle(self):
        """Tells Clang of helpers until there are no more, and returns its diagnostics."""
        while True:
            self.annotate()
            diagnostics = self.ask_clang()
            if self.drop(diagnostics):
                continue
            errors = [each for each in diagnostics if each[3] != "warning"]
            if errors:
                self.failures.append("the annotated copy does not compile: %s:%s:%s: %s" % (
                    *errors[0][:3], errors[0][4]))
                return set()
            if not self.find_helpers(diagnostics):
                return diagnostics

    # Who disagrees.
    def compare(self, diagnostics):
        judged = self.judged_fields()
        self.again = {self.function_at(file, line, column)[0]
                      for file, line, column, text in self.pairs if "is already held" in text}
        self.known = {(file, line, last(name)): column
                      for (file, line, name), column in self.opinion.accesses.items() if name in judged}
        clang = self.without_lock()
        tool = {place: (finding["column"], finding["message"])
                for place, finding in self.opinion.unlocked.items() if finding["field"] in judged}
        looked_at = {(file, line, NEEDS_LOCK.search(text).group("name")): (column, "there is an access")
                     for file, line, column, _, text in diagnostics if CONTROL in text}
        unknown = {place: looked_at[place] for place in set(looked_at) - set(self.known) - set(clang)}
        if self.known and not looked_at:
            self.failures.append("Clang looks at no access")
        self.counts["accesses that both take for locked"] += len(
            (set(self.known) & set(looked_at)) - set(clang) - set(tool))
        self.counts["accesses that both take for unlocked"] += len(set(clang) & set(tool))
        for place in set(self.known) - set(looked_at) - set(tool):
            making = self.is_making(self.function_at(place[0], place[1], self.known[place]))
            self.not_judged["an access in a constructor or a destructor" if making else
                            "an access that is none to Clang: an address, a reference"] += 1
        for who, said, others in (("Clang", clang, tool), ("the tool", tool, clang),
                                  ("Clang", unknown, ()), ("Clang", self.unpaired(judged), ())):
            for place in sorted(set(said) - set(others)):
                column, text = said[place]
                around = self.function_at(place[0], place[1], column)
                self.disagreements.append(Disagreement(
                    who, *place, around[1]["name"] if around else "?", text,
                    self.explain(who, place, around, text)))

    def judged_fields(self):
        """The names of the fields that Clang judges."""
        names = set()
        for place, (field, _) in self.judged.items():
            if place not in self.dropped:
                names.add(field["name"])
            elif re.search("undeclared|no member|not a class", self.dropped[place]):
                self.not_judged["its mutex can't be named where it is declared"] += 1
            elif "annotated with 'capability'" in self.dropped[place]:
                self.not_judged["its mutex is of a class without annotations"] += 1
            else:
                self.not_judged["the attribute is not taken: " + self.dropped[place]] += 1
        self.counts["fields judged"] += len(names)
        self.counts["functions and lambdas that are judged by their callers"] += len(
            set(self.helpers) - set(self.dropped))
        return names

    def unpaired(self, judged):
        """Where Clang misses a lock on some path, and the tool does not say that it doesn't follow it."""
        found = {}
        for file, line, column, text in sorted(self.pairs):
            mutex = PAIRS.search(text).group("mutex")
            around = self.function_at(file, line, column)
            fields = self.fields_locked_for(around, mutex, judged)
            if fields and self.is_refused(fields, around):
                self.counts["places where both miss a lock on some path"] += 1
            elif fields:
                found[file, line, mutex] = (column, text)
        return found

    def fields_locked_for(self, around, mutex, judged):
        """The fields of the plan that a mutex guards which a function locks."""
        locked = {self.opinion.mutexes.get(each["mutex"], {}).get("name", "?")
                  for each in around[1].get("acquisitions", [])}
        return [field for field in self.opinion.plan["fields"]
                if field["name"] in judged and field["guard"] in locked and
                re.search(r"\b%s$" % re.escape(last(field["guard"])), mutex)]

    def is_refused(self, fields, around):
        """Whether the tool says of one of the fields that it does not follow a lock in a function."""
        return any(reason["id"] in UNFOLLOWED | {"recursive"} and around == self.function_at(
            reason["file"], reason["line"], reason["column"])
            for field in fields if around for reason in field["reasons"])

    def function_at(self, file, line, column):
        if file in self.sources.texts:
            return self.opinion.function_at(file, self.sources.texts[file].offset(line, column))
        return None

    def reasons(self, place, around):
        """Why the field is kept that is meant at a place. A bare name may be that of several."""
        used = {field: line for (file, line, field), column in self.opinion.accesses.items()
                if file == place[0] and last(field) == place[2] and
                (line == place[1] or (around and around == self.function_at(file, line, column)))}
        there = {field for field, line in used.items() if line == place[1]} or set(used)
        return [reason for field in self.opinion.plan["fields"]
                if field["name"] in there and field["verdict"] == "keep" for reason in field["reasons"]]

    @staticmethod
    def is_making(around):
        names = around[1]["name"].split("::") if around else []
        return len(names) > 1 and names[-1] in (names[-2], "~" + names[-2])

    def explain(self, who, place, around, text):
        """The class of a disagreement, or None."""
        if who == "the tool":
            if "only locked for reading" in text:
                return "shared lock"
            return "constructor or destructor" if self.is_making(around) else None
        reasons = self.reasons(place, around)
        here = {reason["id"] for reason in reasons if around and around == self.function_at(
            reason["file"], reason["line"], reason["column"])}
        if (text.startswith("returning") or place not in self.known) and \
                ("escapes-reference", *place[:2]) in [
                    (reason["id"], reason["file"], reason["line"]) for reason in reasons]:
            return "reference"
        if here & UNFOLLOWED:
            return "lock not followed"
        if around and around[0] in self.again and any(reason["id"] == "recursive" for reason in reasons):
            return "recursive"
        return "lock of another object" if any(reason["id"] == "aliased" for reason in reasons) else None
