// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "matchers/suppression.h"

#include "clang/AST/Decl.h"
#include "clang/Basic/CharInfo.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>

using namespace clang;

namespace unlatch {

namespace {

/// What is said in `unlatch: keep(...)`.
std::string keepIn(StringRef text) {
  const StringRef remark = "unlatch: keep(";
  const std::size_t begin = text.find(remark);
  if (begin == StringRef::npos)
    return {};
  StringRef why = text.substr(begin + remark.size()).split('\n').first;
  why = why.substr(0, why.rfind(')'));
  return why.empty() ? "suppressed in the source" : why.str();
}

/// Whether the remark is there for all checks, or for ours.
bool hasRemark(StringRef text, StringRef remark) {
  for (std::size_t at = text.find(remark); at != StringRef::npos; at = text.find(remark, at + 1)) {
    const StringRef after = text.substr(at + remark.size());
    if (!after.empty() && isAsciiIdentifierContinue(static_cast<unsigned char>(after.front())))
      continue; // a longer one
    if (!after.starts_with("("))
      return true;
    llvm::SmallVector<StringRef> checks;
    after.drop_front().split(')').first.split(checks, ',');
    if (std::any_of(checks.begin(), checks.end(), [](StringRef each) {
          each = each.trim();
          return each == "*" || each.starts_with("unlatch");
        }))
      return true;
  }
  return false;
}

/// A region that was begun before and has not ended.
bool isInRegion(StringRef before) {
  if (!before.contains("NOLINTBEGIN"))
    return false;
  int open = 0;
  for (StringRef rest = before; !rest.empty();) {
    auto [line, others] = rest.split('\n');
    if (hasRemark(line, "NOLINTBEGIN"))
      ++open;
    else if (open > 0 && hasRemark(line, "NOLINTEND"))
      --open;
    rest = others;
  }
  return open > 0;
}

/// The last line of a text that ends with one.
StringRef lastLine(StringRef text) {
  text = text.drop_back(text.ends_with("\n"));
  return text.substr(text.rfind('\n') + 1); // npos + 1 is the beginning
}

/// The lines of comment that a text ends with.
StringRef commentAtEnd(StringRef before) {
  StringRef rest = before;
  bool inBlock = false;
  while (!rest.empty()) {
    const StringRef line = lastLine(rest).trim();
    if (!inBlock && line.ends_with("*/"))
      inBlock = true;
    else if (!inBlock && !line.starts_with("//"))
      break;
    if (inBlock && line.contains("/*")) {
      if (!line.starts_with("/*"))
        break; // behind something else
      inBlock = false;
    }
    rest = rest.drop_back(rest.ends_with("\n"));
    rest = rest.substr(0, rest.rfind('\n') + 1);
  }
  return before.substr(rest.size());
}

std::string suppressionAt(SourceRange range, const SourceManager &sources) {
  const auto [file, first] = sources.getDecomposedLoc(sources.getFileLoc(range.getBegin()));
  const auto [sameFile, last] = sources.getDecomposedLoc(sources.getFileLoc(range.getEnd()));
  const StringRef buffer = sources.getBufferData(file);
  const std::size_t begin = buffer.rfind('\n', first) + 1;
  const std::size_t end = buffer.find('\n', file == sameFile ? std::max(first, last) : first);
  const StringRef lines = buffer.slice(begin, end);
  const StringRef before = buffer.substr(0, begin);

  for (const StringRef where : {lines, commentAtEnd(before)})
    if (std::string why = keepIn(where); !why.empty())
      return why;
  if (hasRemark(lines, "NOLINT") || hasRemark(lastLine(before), "NOLINTNEXTLINE") ||
      isInRegion(before))
    return "NOLINT";
  return {};
}

} // namespace

std::string suppressionOf(const DeclaratorDecl &declaration, const SourceManager &sources) {
  for (const Decl *each : declaration.redecls())
    if (std::string why = suppressionAt(
            {cast<DeclaratorDecl>(each)->getOuterLocStart(), each->getEndLoc()}, sources);
        !why.empty())
      return why;
  return {};
}

} // namespace unlatch
