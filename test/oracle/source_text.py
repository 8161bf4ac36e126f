# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""C++ as text: where a declaration, a function's head or a lambda ends, and what to put there.

Nothing here parses C++. What is not recognised is left alone; the compiler has the last word.
"""
import bisect
import os
import re

OPEN, CLOSE = "([{", ")]}"
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\ ]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                    r"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'", re.S)
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
FUNCTION_NAME = re.compile(r"operator\s*(?:\(\s*\)|[^\s(\w]+|\w[\w\s:*&]*)|~?\s*\w+")
# What may stand between the parameters of a function and its body.
BEHIND_PARAMETERS = re.compile(
    r"\s*(?:(?:const|volatile|mutable|constexpr|noexcept|override|final|try|&&?)(?![\w])|&&?"
    r"|->\s*[\w:<>,\s*&]+?(?=\s*[{;])|__attribute__\s*(?=\())")


def without_comments(text):
    """The same text with blanks for comments and literals."""
    return TOKENS.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


class Text:
    """One file, and what is put into it. A character is a byte, as in the columns of a compiler."""

    def __init__(self, path):
        with open(path, encoding="latin-1", newline="") as file:
            self.text = file.read()
        self.bare = without_comments(self.text)
        self.starts = [0] + [match.end() for match in re.finditer("\n", self.text)]
        self.insertions = {}

    def offset(self, line, column):
        return self.starts[line - 1] + column - 1

    def place(self, offset):
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def insert(self, offset, text):
        self.insertions.setdefault(offset, []).append(text)

    def annotated(self):
        parts, last = [], 0
        for offset in sorted(self.insertions):
            parts += [self.text[last:offset], *self.insertions[offset]]
            last = offset
        return "".join(parts) + self.text[last:]

    def original_column(self, line, column):
        """Where something stood before anything was put in; no insertion has a line of its own."""
        begin = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text) + 1
        for offset in sorted(self.insertions):
            if begin <= offset < end and begin + column - 1 > offset:
                column -= min(sum(map(len, self.insertions[offset])), begin + column - 1 - offset)
        return column

    def closing(self, offset):
        """The bracket that closes the one at the offset, or None."""
        depth = 0
        for at in range(offset, len(self.bare)):
            if self.bare[at] in OPEN:
                depth += 1
            elif self.bare[at] in CLOSE:
                depth -= 1
                if depth == 0:
                    return at
        return None

    def opening_before(self, offset):
        """The innermost bracket that is open at the offset, or None."""
        depth = 0
        for at in range(offset - 1, -1, -1):
            if self.bare[at] in CLOSE:
                depth += 1
            elif self.bare[at] in OPEN:
                if depth == 0:
                    return at
                depth -= 1
        return None

    def blank_to(self, offset):
        while offset < len(self.bare) and self.bare[offset].isspace():
            offset += 1
        return offset

    def behind_declarator(self, offset):
        """Behind the name at the offset, and the bounds of an array or the width of a bit field."""
        name = IDENTIFIER.match(self.bare, offset)
        if not name:
            return None
        end = name.end()
        while True:
            bracket = self.blank_to(end)
            if bracket >= len(self.bare) or self.bare[bracket] != "[":
                break
            end = self.closing(bracket) + 1
        width = re.compile(r"\s*:\s*\w+").match(self.bare, end)
        return width.end() if width else end

    def head(self, offset):
        """Of the function named at the offset: (its parameters' brackets, where its head ends)."""
        name = FUNCTION_NAME.match(self.bare, offset)
        if not name:
            return None
        return self.head_from(self.blank_to(name.end()))

    def head_from(self, begin):
        if begin >= len(self.bare) or self.bare[begin] != "(":
            return None
        end = self.closing(begin)
        if end is None:
            return None
        parameters, at = (begin, end), end + 1
        while True:
            more = BEHIND_PARAMETERS.match(self.bare, at)
            if not more:
                return parameters, at
            at = more.end()
            if at < len(self.bare) and self.bare[at] == "(" and re.search(r"\w$", more.group()):
                at = self.closing(at) + 1

    def body(self, offset):
        """The braces of the function or the lambda at the offset, or None if it has no body."""
        if self.bare[offset] == "[":
            begin = self.blank_to(self.closing(offset) + 1)
            end = begin
            if self.bare[begin] == "(":
                end = self.head_from(begin)[1]
            else:
                more = re.compile(r"(?:mutable|noexcept|\s)*(?:->[^{]*)?").match(self.bare, begin)
                end = more.end()
        else:
            head = self.head(offset)
            if not head:
                return None
            end = head[1]
        end = self.blank_to(end)
        if end < len(self.bare) and self.bare[end] == ":":  # what a constructor initialises
            end = self.behind_initialisers(end + 1)
        if end is None or end >= len(self.bare) or self.bare[end] != "{":
            return None
        close = self.closing(end)
        return (end, close) if close else None

    def behind_initialisers(self, at):
        while True:
            match = re.compile(r"\s*[\w:<>,\s]+?\s*(?=[({])").match(self.bare, at)
            if not match:
                return None
            close = self.closing(match.end())
            if close is None:
                return None
            at = self.blank_to(close + 1)
            if self.bare[at:at + 3] == "...":
                at = self.blank_to(at + 3)
            if self.bare[at:at + 1] != ",":
                return at
            at += 1

    def scope(self, offset):
        """The name of the class or the namespace that a place is directly in, or "" or None."""
        brace = self.opening_before(offset)
        if brace is None:
            return ""
        before = re.search(r"\b(?:class|struct|namespace)\s+([^;{}()]*)$", self.bare[:brace])
        names = before and re.findall(r"\w+", before.group(1).split(":")[0].replace("final", ""))
        return names[-1] if names else None


class Sources:
    """The files of a program."""

    def __init__(self, folder):
        self.texts = {}
        for parent, _, files in os.walk(folder):
            for name in sorted(files):
                if name.endswith((".cpp", ".cc", ".h", ".hpp")):
                    path = os.path.join(parent, name)
                    self.texts[os.path.relpath(path, folder)] = Text(path)

    def clear(self):
        for text in self.texts.values():
            text.insertions = {}

    def write(self, folder):
        for name, text in self.texts.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="latin-1", newline="") as file:
                file.write(text.annotated())

    def first_declarations(self, file, offset):
        """Where the function defined at a place is only declared, if elsewhere: (file, end of head)."""
        text = self.texts[file]
        name = IDENTIFIER.match(text.bare, offset)
        if not name:
            return []
        (begin, end), _ = text.head(offset)
        wanted = self.plain(text.bare[begin + 1:end])
        qualifier = re.search(r"(\w+)\s*::\s*$", text.bare[:offset])
        scope = qualifier.group(1) if qualifier else text.scope(offset)
        found = []
        for other, text in self.texts.items():
            for match in re.finditer(r"(?<![\w.>~:])%s\s*\(" % re.escape(name.group()), text.bare):
                if (other, match.start()) == (file, offset) or text.scope(match.start()) != scope:
                    continue
                (begin, end), at = text.head(match.start()) or ((0, 0), 0)
                if at and text.bare[text.blank_to(at)] in ";=" and \
                        self.plain(text.bare[begin + 1:end]) == wanted:
                    found.append((other, at))
        return found

    @staticmethod
    def plain(parameters):
        """Parameters without default values, names of their own, and blanks: a rough comparison."""
        parts = [re.sub(r"=.*", "", part, flags=re.S).strip() for part in parameters.split(",")]
        return ",".join(re.sub(r"\s+", "", re.sub(r"(?<=[\s*&>])\w+$", "", part)) for part in parts)
