# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes up programs: classes with state behind locks, and methods with one critical section each.

Each method is atomic as it is written, so whatever the classes return can be explained by calls
one after the other. That has to be so after the rewrite as well.
"""
import random
import re

from grammar import FRAGMENTS, NUMBERS, VALUES


class Field:
    def __init__(self, name, letter, type_text, value=None):
        self.name = name
        self.letter = letter      # M, N, n (a number that can be added to) or P
        self.type = type_text
        self.value = value        # of a map
        self.initial = "" if letter == "M" else "{}"


class Method:
    def __init__(self, name, body, is_const, is_inline, is_private=False):
        self.name = name
        self.body = body
        self.is_const = is_const
        self.is_inline = is_inline
        self.is_private = is_private


class Class:
    """One generated class: its fields, where they are, and its methods."""

    def __init__(self, draw, index, counts_calls):
        self.draw = draw
        self.name = "C%d" % index
        self.counts_calls = counts_calls
        self.where = draw.choices(["member", "nested", "pointer", "shards", "base"],
                                  [12, 2, 2, 2, 2])[0]
        self.mutex = draw.choices(["std::mutex", "std::shared_mutex", "std::recursive_mutex"],
                                  [10, 6, 1])[0]
        self.fields = []
        for number in range(draw.choice([1, 1, 2, 2, 3])):
            self.fields.append(self.make_field(number))
        # A method that calls others under its lock is atomic only if there is one mutex.
        self.has_second_mutex = draw.random() < 0.3 and len(self.fields) > 1 and \
            self.mutex != "std::recursive_mutex"
        self.is_posix = self.where == "member" and self.mutex == "std::mutex" and \
            draw.random() < 0.15
        self.methods = []
        for number in range(draw.randint(3, 6)):
            self.make_method("m%d" % number)
        if self.mutex == "std::recursive_mutex" and draw.random() < 0.5:
            self.make_recursive("m%d" % len(self.public()))

    def make_field(self, number):
        draw = self.draw
        kind = draw.choices("MnP", [6, 3, 2])[0]
        name = "f%d_" % number
        if kind == "M":
            value = draw.choice(VALUES)
            container = draw.choices(["std::unordered_map", "std::map"], [4, 1])[0]
            return Field(name, "M", "%s<long, %s>" % (container, value.name), value)
        if kind == "P":
            return Field(name, "P", "Item")
        number_type = draw.choice(NUMBERS)
        return Field(name, "N" if number_type == "bool" else "n", number_type)

    def public(self):
        return [each for each in self.methods if not each.is_private]

    # -------------------------------------------------------------- the text of a section

    def prefix(self):
        return {"nested": "state_.", "pointer": "state_->", "shards": "shard."}.get(self.where, "")

    def mutex_of(self, field):
        second = self.has_second_mutex and field is self.fields[-1]
        return self.prefix() + ("second_" if second else "mu_")

    def fitting(self, field):
        others = [each for each in self.fields if each is not field and each.letter in "Nn"
                  and self.mutex_of(each) == self.mutex_of(field) and each.type != "bool"]
        kinds = {field.letter} | ({"N"} if field.letter == "n" else set())
        fit = []
        for each in FRAGMENTS:
            first, rest = each.needs[0], each.needs[1:]
            if each.from_nothing and "_ptr" in field.type:
                continue
            if first in kinds and (not rest or others):
                fit.append(each)
        return fit, others

    def fragment(self):
        """A section's inside, the mutex it needs, and what it is like."""
        draw = self.draw
        field = draw.choice(self.fields)
        fit, others = self.fitting(field)
        chosen = draw.choices(fit, [each.weight for each in fit])[0]
        text = chosen.text
        names = {"W": draw.choice(others).name if others else ""}
        for letter in "MNP":
            names[letter] = field.name
        if "M" in chosen.needs and "n" in chosen.needs:
            names["N"] = draw.choice(others).name
        if field.value:
            text = expand(text, "C", lambda of: draw.choice(field.value.changes).format(of))
            text = expand(text, "L", field.value.number.format)
            text = expand(text, "V", field.value.make.format)
        counted = next((each for each in self.fields if each.name == names["N"]), field)
        text = re.sub(r"\bT\b", counted.type, text)
        text = re.sub(r"\b[MNPW]\b", lambda at: self.prefix() + names[at.group()], text)
        return text, self.mutex_of(field), chosen

    def lock(self, mutex, changes):
        """A declaration that holds the mutex, and what lets go of it early, if anything does."""
        draw = self.draw
        if self.mutex == "std::shared_mutex" and not changes and draw.random() < 0.8:
            return draw.choice(["std::shared_lock<std::shared_mutex> lock(%s);",
                                "std::shared_lock lock(%s);"]) % mutex, "lock.unlock();"
        form = draw.choices(["std::lock_guard<%s> lock(%s);" % (self.mutex, mutex),
                             "std::lock_guard lock(%s);" % mutex,
                             "std::scoped_lock lock(%s);" % mutex,
                             "std::unique_lock<%s> lock(%s);" % (self.mutex, mutex),
                             "const std::lock_guard<%s> guard{%s};" % (self.mutex, mutex)],
                            [4, 3, 1, 2, 1])[0]
        return form, "lock.unlock();" if "unique" in form else None

    def make_method(self, name):
        draw = self.draw
        text, mutex, chosen = self.fragment()
        while self.is_posix and chosen.returns:
            text, mutex, chosen = self.fragment()
        result = "long result = 0;\n"
        local = "auto &shard = shards_[static_cast<std::size_t>(k % 2)];\n" \
            if self.where == "shards" else ""
        lock, release = self.lock(mutex, chosen.changes)
        is_const = not chosen.changes and draw.random() < 0.7
        is_inline = draw.random() < 0.4
        shape = draw.choices(["whole", "block", "manual", "released", "helper", "lambda", "wrapped",
                              "checked"], [8, 3, 2, 2, 3, 1, 2, 2])[0]
        if self.is_posix:
            shape = "manual"
        if chosen.returns and shape in ("block", "manual", "released"):
            shape = "whole"
        if shape == "released" and not release:
            shape = "block"
        if shape == "whole":
            body = local + lock + "\n" + result + text + "\nreturn result;"
        elif shape == "block":
            body = local + result + "{\n" + lock + "\n" + text + "\n}\nreturn result;"
        elif shape == "manual":
            take, release = ("pthread_mutex_lock(&%s);", "pthread_mutex_unlock(&%s);") \
                if self.is_posix else ("%s.lock();", "%s.unlock();")
            body = local + result + take % mutex + "\n" + text + "\n" + release % mutex + \
                "\nreturn result;"
        elif shape == "released":
            body = local + result + lock + "\n" + text + "\n" + release + "\nreturn result * 2 + 1;"
        elif shape == "lambda":
            body = local + "return [&]() -> long {\n" + lock + "\n" + result + text + \
                "\nreturn result;\n}();"
        elif shape == "checked":
            body = "if (v == 7 && k == 1)\n  return -9;\n" + local + lock + "\n" + result + text + \
                "\nreturn result;"
        elif shape == "helper":
            # The caller holds the lock.
            self.methods.append(Method(name + "Locked", local + result + text + "\nreturn result;",
                                       is_const, is_inline, True))
            body = local + lock + "\nreturn " + name + "Locked(k, v);"
        else:
            # The helper takes it, and what is done with its result is done outside.
            self.methods.append(Method(name + "Inner",
                                       local + lock + "\n" + result + text + "\nreturn result;",
                                       is_const, is_inline, True))
            body = "const long inner = " + name + "Inner(k, v);\n" \
                "return inner > 50 ? inner - 50 : inner;"
        if self.counts_calls and draw.random() < 0.3:
            body = "calls.fetch_add(1, std::memory_order_relaxed);\n" + body
        self.methods.append(Method(name, body, is_const, draw.random() < 0.4))

    def make_recursive(self, name):
        called = self.draw.choice(self.public()).name
        mutex = self.mutex_of(self.fields[0])
        local = "auto &shard = shards_[static_cast<std::size_t>(k % 2)];\n" \
            if self.where == "shards" else ""
        self.methods.append(Method(name, local + "std::lock_guard lock(" + mutex + ");\nreturn " +
                                   called + "(k, v) + " + called + "(k, v + 1);", False, False))

    # -------------------------------------------------------------- the text of the class

    def declarations(self):
        lines = ["mutable pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;"] if self.is_posix else \
            ["mutable %s mu_;" % self.mutex] if self.where in ("member", "base") else \
            ["%s mu_;" % self.mutex]
        if self.has_second_mutex:
            lines.append(lines[0].replace("mu_", "second_"))
        for field in self.fields:
            lines.append("%s %s%s;" % (field.type, field.name, field.initial))
        return lines

    def header(self):
        out, name, state = [], self.name, self.declarations()
        if self.where == "base":
            out += ["class %sBase {" % name, "protected:"] + indent(state) + ["};"]
            out += ["class %s : %sBase {" % (name, name)]
        else:
            out += ["class %s {" % name]
        out += ["public:"]
        if self.is_posix: # which could be copied
            out += ["  %s() = default;" % name, "  %s(const %s &) = delete;" % (name, name)]
        for private in (False, True):
            if private:
                out += ["private:"]
            for each in self.methods:
                if each.is_private != private:
                    continue
                if each.is_inline:
                    out += indent(self.definition(each, "").split("\n"))
                else:
                    out += ["  " + self.signature(each, "") + ";"]
        if self.where in ("nested", "pointer", "shards"):
            out += ["  struct State {"] + indent(indent(state)) + ["  };"]
            out += {"nested": ["  mutable State state_;"],
                    "pointer": ["  std::unique_ptr<State> state_ = std::make_unique<State>();"],
                    "shards": ["  mutable std::array<State, 2> shards_;"]}[self.where]
        elif self.where == "member":
            out += indent(state)
        return "\n".join(out + ["};", ""])

    def signature(self, method, scope):
        return "long %s%s([[maybe_unused]] long k, [[maybe_unused]] long v)%s" % (
            scope, method.name, " const" if method.is_const else "")

    def definition(self, method, scope):
        return self.signature(method, scope) + " {\n" + \
            "\n".join(indent(method.body.split("\n"))) + "\n}"

    def calls(self):
        cases = "".join("  case %d:\n    return object.%s(what.key, what.value);\n" % (index, each.name)
                        for index, each in enumerate(self.public()))
        return """long call%s(void *at, const harness::call &what) {
  %s &object = *static_cast<%s *>(at);
  switch (what.method) {
%s  default:
    return 0;
  }
}
static std::shared_ptr<void> make%s() { return std::make_shared<%s>(); }
""" % (self.name, self.name, self.name, cases, self.name, self.name)


def expand(text, letter, replacement):
    """Replaces LETTER(argument); arguments may hold parentheses."""
    out, at = "", 0
    for found in re.finditer(r"\b%s\(" % letter, text):
        if found.start() < at:
            continue
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        out += text[at:found.start()] + replacement(text[found.end():end - 1])
        at = end
    return out + text[at:]


def indent(lines):
    return ["  " + line if line else line for line in lines]


HEADER = """#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
"""

ITEM = """struct Item {
  long first = 0;
  long second = 0;
  friend bool operator==(const Item &a, const Item &b) {
    return a.first == b.first && a.second == b.second;
  }
};
"""


# To a program with atomics that are no barriers, a lock is a fence as well.
WEAK_ATOMIC = """#include <atomic>

inline std::atomic<long> calls{0};
"""


def programs(seeds):
    """The files of several programs that are built as one, each in a namespace of its own."""
    has_weak_atomics = random.Random("weak %d" % seeds[0]).random() < 0.25
    header, table = [HEADER], []
    if has_weak_atomics:
        header.append(WEAK_ATOMIC)
    sources = {"first.cpp": ['#include "program.h"\n'],
               "main.cpp": ['#include "program.h"\n\n#include "harness.h"\n']}
    for seed in seeds:
        draw = random.Random(seed)
        classes = [Class(draw, index, has_weak_atomics) for index in range(draw.randint(2, 3))]
        space = "namespace p%d {\n\n%%s\n} // namespace p%d\n" % (seed, seed)
        header.append(space % (ITEM + "\n" + "\n".join(each.header() for each in classes)))
        texts = {name: [] for name in sources}
        for each in classes:
            for method in each.methods:
                if not method.is_inline:
                    texts[draw.choice(sorted(sources))].append(
                        each.definition(method, each.name + "::") + "\n")
            texts["main.cpp"].append("static " + each.calls())
            table.append('    {"p%d::%s", %d, p%d::make%s, p%d::call%s},\n' % (
                seed, each.name, len(each.public()), seed, each.name, seed, each.name))
        for name, text in texts.items():
            if text:
                sources[name].append(space % "\n".join(text))
    sources["main.cpp"].append(
        "int main(int argc, char **argv) {\n  return harness::main(argc, argv, {\n" +
        "".join(table) + "  });\n}\n")
    files = {name: "\n".join(text) for name, text in sources.items()}
    files["program.h"] = "\n".join(header)
    return files
