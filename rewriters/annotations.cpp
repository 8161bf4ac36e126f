// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/annotations.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace unlatch {

namespace {

struct Span {
  FileID file;
  unsigned begin = 0;
  unsigned end = 0;
};

/// The arguments of an annotation that are expressions of mutexes.
llvm::SmallVector<const Expr *, 2> argumentsOf(const Attr &attribute) {
  llvm::SmallVector<const Expr *, 2> arguments;
  const auto all = [&](const auto &list) {
    for (const Expr *argument : list)
      arguments.push_back(argument);
  };
  if (const auto *guarded = dyn_cast<GuardedByAttr>(&attribute))
    arguments.push_back(guarded->getArg());
  else if (const auto *guarded = dyn_cast<PtGuardedByAttr>(&attribute))
    arguments.push_back(guarded->getArg());
  else if (const auto *required = dyn_cast<RequiresCapabilityAttr>(&attribute))
    all(required->args());
  else if (const auto *excluded = dyn_cast<LocksExcludedAttr>(&attribute))
    all(excluded->args());
  else if (const auto *acquired = dyn_cast<AcquireCapabilityAttr>(&attribute))
    all(acquired->args());
  else if (const auto *released = dyn_cast<ReleaseCapabilityAttr>(&attribute))
    all(released->args());
  else if (const auto *before = dyn_cast<AcquiredBeforeAttr>(&attribute))
    all(before->args());
  else if (const auto *after = dyn_cast<AcquiredAfterAttr>(&attribute))
    all(after->args());
  else if (const auto *returned = dyn_cast<LockReturnedAttr>(&attribute))
    arguments.push_back(returned->getArg());
  else if (const auto *asserted = dyn_cast<AssertCapabilityAttr>(&attribute))
    all(asserted->args());
  return arguments;
}

/// The whole of it in the file: the macro's name and arguments, or all from bracket to bracket.
std::optional<Span> spanOf(const Attr &attribute, const SourceText &text) {
  const SourceManager &sources = text.sources();
  const CharSourceRange range = Lexer::getAsCharRange(
      sources.getExpansionRange(attribute.getRange()), sources, text.language());
  if (range.isInvalid() || sources.getFileID(range.getBegin()) != sources.getFileID(range.getEnd()))
    return std::nullopt;
  Span span{sources.getFileID(range.getBegin()), sources.getFileOffset(range.getBegin()),
            sources.getFileOffset(range.getEnd())};
  if (attribute.getLocation().isMacroID())
    return span;
  const StringRef buffer = sources.getBufferData(span.file);
  StringRef before = buffer.take_front(span.begin).rtrim(), after = buffer.drop_front(span.end);
  const size_t blanks = after.size() - after.ltrim().size();
  after = after.ltrim();
  const StringRef keyword = "__attribute__";
  if (!before.consume_back("((") || !before.rtrim().ends_with(keyword) || !after.starts_with("))"))
    return std::nullopt;
  span.begin = static_cast<unsigned>(before.rtrim().size() - keyword.size());
  span.end += static_cast<unsigned>(blanks + 2);
  return span;
}

/// With the blanks that would be left beside it.
Span withBlanks(Span span, StringRef buffer) {
  const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
  unsigned begin = span.begin;
  while (begin > 0 && isBlank(buffer[begin - 1]))
    --begin;
  if (begin > 0 && buffer[begin - 1] != '\n') {
    span.begin = begin;
    return span;
  }
  while (span.end < buffer.size() && isBlank(buffer[span.end]))
    ++span.end;
  // On a line of its own, behind one that ends in no comment.
  const StringRef above = buffer.take_front(begin).rtrim();
  const size_t line = above.rfind('\n') == StringRef::npos ? 0 : above.rfind('\n');
  if (!above.drop_front(line).contains("//") && span.end < buffer.size() &&
      (buffer[span.end] == ';' || buffer[span.end] == '='))
    span.begin = static_cast<unsigned>(above.size());
  return span;
}

} // namespace

std::vector<const Attr *> lockAnnotations(const Decl &declaration) {
  std::vector<const Attr *> annotations;
  for (const Attr *attribute : declaration.attrs())
    if (!attribute->isInherited() && !argumentsOf(*attribute).empty())
      annotations.push_back(attribute);
  return annotations;
}

std::vector<const ValueDecl *> mutexesNamed(const Attr &annotation) {
  std::vector<const ValueDecl *> mutexes;
  for (const Expr *argument : argumentsOf(annotation)) {
    argument = argument->IgnoreParenImpCasts();
    if (const auto *unary = dyn_cast<UnaryOperator>(argument)) // &mu_, !mu_
      argument = unary->getSubExpr()->IgnoreParenImpCasts();
    if (const auto *member = dyn_cast<MemberExpr>(argument))
      mutexes.push_back(member->getMemberDecl());
    else if (const auto *reference = dyn_cast<DeclRefExpr>(argument))
      mutexes.push_back(reference->getDecl());
  }
  return mutexes;
}

void removeAnnotation(Candidate &out, const Attr &annotation, const SourceText &text) {
  const Location where = text.locate(annotation.getLocation());
  if (argumentsOf(annotation).size() > 1) {
    out.blockers.push_back(
        {"unsupported-operation", "a thread-safety annotation names several mutexes", where});
    return;
  }
  const std::optional<Span> found = spanOf(annotation, text);
  if (!found) {
    out.blockers.push_back(
        {"macro", "a thread-safety annotation is written in a way that can't be edited", where});
    return;
  }
  const Span span = withBlanks(*found, text.sources().getBufferData(found->file));
  out.edits.push_back({text.fileOf(text.sources().getComposedLoc(span.file, span.begin)),
                       span.begin, span.end - span.begin, ""});
}

unsigned endOfAnnotations(const Decl &declaration, const SourceText &text) {
  unsigned end = 0;
  for (const Attr *annotation : lockAnnotations(declaration))
    if (const std::optional<Span> span = spanOf(*annotation, text))
      end = std::max(end, span->end);
  return end;
}

std::optional<std::string> withoutAnnotations(const Decl &declaration, const SourceText &text) {
  std::optional<std::string> result = text.text(declaration.getSourceRange());
  if (!result)
    return std::nullopt;
  const SourceManager &sources = text.sources();
  const unsigned begin = sources.getFileOffset(sources.getFileLoc(declaration.getBeginLoc()));
  std::vector<const Attr *> annotations = lockAnnotations(declaration);
  std::vector<Span> spans;
  for (const Attr *annotation : annotations)
    if (const std::optional<Span> span = spanOf(*annotation, text))
      spans.push_back(withBlanks(*span, sources.getBufferData(span->file)));
  llvm::sort(spans, [](const Span &a, const Span &b) { return a.begin > b.begin; });
  for (const Span &span : spans)
    if (span.begin >= begin && span.end <= begin + result->size())
      result->erase(span.begin - begin, span.end - span.begin);
  return result;
}

} // namespace unlatch
