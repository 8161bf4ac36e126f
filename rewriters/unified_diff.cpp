// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/unified_diff.h"
#include "rewriters/lines.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <vector>

namespace unlatch {

namespace {

using llvm::StringRef;

/// Which lines of either side have no partner on the other: Myers' greedy algorithm ("An O(ND)
/// difference algorithm and its variations", 1986). The furthest points of every round are kept to
/// walk back; edits change few lines, so the rounds are few.
class LineDifference {
public:
  LineDifference(const std::vector<StringRef> &before, const std::vector<StringRef> &after)
      : removed(before.size(), false), added(after.size(), false), before(before), after(after) {
    size_t head = 0;
    size_t beforeEnd = before.size();
    size_t afterEnd = after.size();
    while (head < beforeEnd && head < afterEnd && before[head] == after[head])
      ++head;
    while (beforeEnd > head && afterEnd > head && before[beforeEnd - 1] == after[afterEnd - 1]) {
      --beforeEnd;
      --afterEnd;
    }
    compare(long(head), long(beforeEnd), long(afterEnd));
    slide(removed, before);
    slide(added, after);
  }

  std::vector<bool> removed;
  std::vector<bool> added;

private:
  const std::vector<StringRef> &before;
  const std::vector<StringRef> &after;

  void compare(long head, long beforeEnd, long afterEnd) {
    const long n = beforeEnd - head;
    const long m = afterEnd - head;
    const long most = n + m;
    std::vector<long> furthest(size_t(2 * most + 2), 0);
    const auto at = [&](std::vector<long> &values, long diagonal) -> long & {
      return values[size_t(diagonal + most)];
    };
    std::vector<std::vector<long>> rounds;
    for (long d = 0; d <= most; ++d) {
      rounds.push_back(furthest);
      for (long k = -d; k <= d; k += 2) {
        const bool down = k == -d || (k != d && at(furthest, k - 1) < at(furthest, k + 1));
        long x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
        long y = x - k;
        while (x < n && y < m && before[size_t(head + x)] == after[size_t(head + y)]) {
          ++x;
          ++y;
        }
        at(furthest, k) = x;
        if (x >= n && y >= m) {
          walkBack(rounds, head, n, m, most);
          return;
        }
      }
    }
  }

  void walkBack(std::vector<std::vector<long>> &rounds, long head, long x, long y, long most) {
    for (long d = long(rounds.size()) - 1; d > 0; --d) {
      std::vector<long> &furthest = rounds[size_t(d)];
      const long k = x - y;
      const bool down =
          k == -d || (k != d && furthest[size_t(k - 1 + most)] < furthest[size_t(k + 1 + most)]);
      const long previous = down ? k + 1 : k - 1;
      const long previousX = furthest[size_t(previous + most)];
      const long previousY = previousX - previous;
      if (down)
        added[size_t(head + previousY)] = true;
      else
        removed[size_t(head + previousX)] = true;
      x = previousX;
      y = previousY;
    }
  }

  /// A run of marked lines that could as well stand further down does so, as in `git diff`: the
  /// run then ends at what a reader sees as an end.
  static void slide(std::vector<bool> &marked, const std::vector<StringRef> &lines) {
    for (size_t begin = 0; begin < marked.size();) {
      if (!marked[begin]) {
        ++begin;
        continue;
      }
      size_t end = begin;
      while (end < marked.size() && marked[end])
        ++end;
      while (end < marked.size() && lines[begin] == lines[end]) {
        marked[begin++] = false;
        marked[end] = true;
        while (end < marked.size() && marked[end])
          ++end;
      }
      begin = end;
    }
  }
};

/// A path as git writes it: quoted if it holds anything unusual.
std::string quotedPath(StringRef prefix, StringRef path) {
  const bool plain = llvm::all_of(path, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f &&
           c != '"' && c != '\\';
  });
  if (plain)
    return (prefix + path).str();
  std::string quoted = ("\"" + prefix).str();
  llvm::raw_string_ostream out(quoted);
  for (const char c : path) {
    const unsigned value = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out << '\\' << c;
    else if (c == '\t')
      out << "\\t";
    else if (c == '\n')
      out << "\\n";
    else if (value < 0x20 || value >= 0x7f)
      out << '\\' << char('0' + (value >> 6)) << char('0' + ((value >> 3) & 7))
          << char('0' + (value & 7));
    else
      out << c;
  }
  return quoted + "\"";
}

void printLine(llvm::raw_ostream &out, char mark, StringRef line) {
  out << mark << line;
  if (!line.ends_with("\n"))
    out << "\n\\ No newline at end of file\n";
}

void printRange(llvm::raw_ostream &out, size_t begin, size_t count) {
  out << (count == 0 ? begin : begin + 1);
  if (count != 1)
    out << ',' << count;
}

} // namespace

unsigned lineBefore(StringRef before, StringRef after, unsigned line) {
  const std::vector<StringRef> old = linesOf(before);
  const std::vector<StringRef> young = linesOf(after);
  const LineDifference difference(old, young);
  const auto runFrom = [](const std::vector<bool> &marked, size_t begin) {
    size_t end = begin;
    while (end < marked.size() && marked[end])
      ++end;
    return end - begin;
  };
  const size_t target = line == 0 ? 0 : line - 1;
  size_t i = 0;
  for (size_t j = 0; j <= target && j < young.size();) {
    const size_t gone = runFrom(difference.removed, i);
    const size_t come = runFrom(difference.added, j);
    if (target < j + come) {
      // Where fewer come than go, a lock went above them: they are matched from the end.
      const size_t fromEnd = j + come - target;
      i += gone > fromEnd ? gone - fromEnd : 0;
      break;
    }
    i += gone;
    if (j + come == target)
      break;
    ++i;
    j += come + 1;
  }
  return unsigned(std::min(i + 1, std::max(old.size(), size_t(1))));
}

std::string unifiedDiff(StringRef path, StringRef before, StringRef after, unsigned context) {
  if (before == after)
    return {};
  const std::vector<StringRef> old = linesOf(before);
  const std::vector<StringRef> young = linesOf(after);
  const LineDifference difference(old, young);

  // One entry a line of the merged text: -1 removed, +1 added, 0 common.
  std::vector<int> script;
  for (size_t i = 0, j = 0; i < old.size() || j < young.size();) {
    if (i < old.size() && difference.removed[i]) {
      script.push_back(-1);
      ++i;
    } else if (j < young.size() && difference.added[j]) {
      script.push_back(1);
      ++j;
    } else {
      script.push_back(0);
      ++i;
      ++j;
    }
  }

  std::string result;
  llvm::raw_string_ostream out(result);
  const std::string from = quotedPath("a/", path);
  const std::string to = quotedPath("b/", path);
  // A name with a space ends in a tab, so that a time stamp could not be taken for part of it.
  const StringRef tab = path.contains(' ') && !StringRef(from).starts_with("\"") ? "\t" : "";
  out << "diff --git " << from << ' ' << to << "\n--- " << from << tab << "\n+++ " << to << tab
      << '\n';

  size_t oldLine = 0;
  size_t newLine = 0;
  for (size_t i = 0; i < script.size();) {
    // The next change, with its context before it, until the changes are too far apart.
    size_t change = i;
    while (change < script.size() && script[change] == 0)
      ++change;
    if (change == script.size())
      break;
    const size_t begin = std::max(i, change - std::min(change, size_t(context)));
    size_t end = change;
    for (size_t k = change; k < script.size() && k <= end + 2 * context + 1; ++k)
      if (script[k] != 0)
        end = k;
    end = std::min(script.size(), end + 1 + context);
    oldLine += begin - i;
    newLine += begin - i;
    size_t oldCount = 0;
    size_t newCount = 0;
    for (size_t k = begin; k < end; ++k) {
      oldCount += script[k] <= 0;
      newCount += script[k] >= 0;
    }
    out << "@@ -";
    printRange(out, oldLine, oldCount);
    out << " +";
    printRange(out, newLine, newCount);
    out << " @@\n";
    for (size_t k = begin; k < end; ++k) {
      if (script[k] > 0) {
        printLine(out, '+', young[newLine++]);
      } else {
        printLine(out, script[k] < 0 ? '-' : ' ', old[oldLine++]);
        newLine += script[k] == 0;
      }
    }
    i = end;
  }
  return result;
}

} // namespace unlatch
