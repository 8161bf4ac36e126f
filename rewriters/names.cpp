// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The names and texts that rewrites are made of.

#include "rewriters/cluster.h"

#include "matchers/types.h"

using namespace clang;

namespace unlatch {

std::string containerText(const FunctionAnalysis &a, const Root &root) {
  return root.reference ? a.text.textOr(root.reference->getSourceRange(), "") : "";
}

std::string mappedTypeText(const FunctionAnalysis &a, const Root &root) {
  return typeText(templateArgument(root.reference->getType(), 1), a.context);
}

std::string keyText(const FunctionAnalysis &a, const Root &root) {
  if (!root.key)
    return "";
  return a.text.textOr(strip(root.key)->getSourceRange(),
                       a.text.textOr(root.key->getSourceRange(), ""));
}

std::string returnTypeText(const FunctionAnalysis &a) {
  if (const TypeSourceInfo *info = a.function.getTypeSourceInfo())
    if (auto prototype = info->getTypeLoc().getAsAdjusted<FunctionTypeLoc>())
      if (std::optional<std::string> written =
              a.text.text(prototype.getReturnLoc().getSourceRange()))
        return *written;
  return a.function.getReturnType().getAsString(PrintingPolicy(a.context.getLangOpts()));
}

/// Whether a word stands anywhere in a text, as the name of whatever: a member, a type, a function
/// that a new variable would hide.
static bool mentions(StringRef text, StringRef word) {
  const auto inWord = [&](std::size_t at) {
    return at < text.size() && (llvm::isAlnum(text[at]) || text[at] == '_');
  };
  for (std::size_t at = text.find(word); at != StringRef::npos; at = text.find(word, at + 1))
    if (!(at > 0 && inWord(at - 1)) && !inWord(at + word.size()))
      return true;
  return false;
}

std::string freshName(const FunctionAnalysis &a, std::initializer_list<const char *> names) {
  std::set<std::string> taken;
  for (const auto &entry : a.references)
    taken.insert(entry.first->getNameAsString());
  for (const ParmVarDecl *parameter : a.function.parameters())
    taken.insert(parameter->getNameAsString());
  const std::string written = a.text.textOr(a.body->getSourceRange(), "");
  const auto isFree = [&](const std::string &name) {
    return !taken.count(name) && !mentions(written, name);
  };
  for (const char *name : names)
    if (isFree(name))
      return name;
  for (int i = 2;; ++i)
    if (std::string name = *names.begin() + std::to_string(i); isFree(name))
      return name;
}

void indentLines(const FunctionAnalysis &a, SourceRange range, Candidate &out) {
  const SourceManager &sources = a.text.sources();
  if (range.getBegin().isMacroID() || range.getEnd().isMacroID())
    return;
  auto [file, begin] = sources.getDecomposedLoc(range.getBegin());
  unsigned end = sources.getFileOffset(range.getEnd());
  StringRef buffer = sources.getBufferData(file);
  std::size_t line = buffer.rfind('\n', begin);
  line = line == StringRef::npos ? 0 : line + 1;
  // One step is what the enclosing block is indented by, if that can be seen.
  std::string step = "  ";
  if (const auto *block = dyn_cast_or_null<CompoundStmt>(a.body); block && !block->body_empty()) {
    std::string inner = a.text.indentation(block->body_front()->getBeginLoc());
    std::string outer = a.text.indentation(block->getRBracLoc());
    if (inner.size() > outer.size() && StringRef(inner).starts_with(outer))
      step = inner.substr(outer.size());
  }
  std::string path = a.text.fileOf(range.getBegin());
  while (line <= end && line < buffer.size()) {
    std::size_t next = buffer.find('\n', line);
    StringRef content = buffer.slice(line, next == StringRef::npos ? buffer.size() : next);
    if (!content.trim().empty() && !content.starts_with("#"))
      out.edits.push_back({path, static_cast<unsigned>(line), 0, step});
    if (next == StringRef::npos)
      break;
    line = next + 1;
  }
}

} // namespace unlatch
