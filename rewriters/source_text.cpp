// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/source_text.h"

#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace unlatch {

SourceText::SourceText(const ASTContext &context)
    : sources_(context.getSourceManager()), language_(context.getLangOpts()) {}

std::string SourceText::fileOf(SourceLocation location) const {
  SourceLocation place = sources_.getFileLoc(location);
  if (OptionalFileEntryRef entry = sources_.getFileEntryRefForID(sources_.getFileID(place))) {
    StringRef real = entry->getFileEntry().tryGetRealPathName();
    return real.empty() ? entry->getName().str() : real.str();
  }
  return {};
}

Location SourceText::locate(SourceLocation location) const {
  if (location.isInvalid())
    return {};
  SourceLocation place = sources_.getFileLoc(location);
  return {fileOf(place), sources_.getSpellingLineNumber(place),
          sources_.getSpellingColumnNumber(place)};
}

std::optional<CharSourceRange> SourceText::charRange(SourceRange range) const {
  if (range.isInvalid() || range.getBegin().isMacroID() || range.getEnd().isMacroID())
    return std::nullopt;
  CharSourceRange characters =
      Lexer::makeFileCharRange(CharSourceRange::getTokenRange(range), sources_, language_);
  if (characters.isInvalid())
    return std::nullopt;
  return characters;
}

std::optional<std::string> SourceText::text(SourceRange range) const {
  std::optional<CharSourceRange> characters = charRange(range);
  if (!characters)
    return std::nullopt;
  return Lexer::getSourceText(*characters, sources_, language_).str();
}

std::string SourceText::textOr(SourceRange range, StringRef otherwise) const {
  return text(range).value_or(otherwise.str());
}

void SourceText::blockAsMacro(Candidate &out, SourceLocation location) const {
  out.blockers.push_back({"macro",
                          "the code to change comes from a macro; spell it out to convert it",
                          locate(location)});
}

/// Lines between the first and the last that are the preprocessor's.
static std::size_t countDirectives(StringRef text) {
  std::size_t count = 0;
  while (!(text = text.split('\n').second).empty())
    count += text.ltrim(" \t").starts_with("#");
  return count;
}

void SourceText::add(Candidate &out, SourceLocation location, unsigned begin, unsigned end,
                     StringRef text) const {
  const StringRef before = sources_.getBufferData(sources_.getFileID(location)).slice(begin, end);
  if (countDirectives(before) != countDirectives(text))
    out.blockers.push_back({"macro",
                            "the code to change has lines of the preprocessor in it, which say "
                            "something else to another configuration",
                            locate(location)});
  else
    out.edits.push_back({fileOf(location), begin, end - begin, text.str()});
}

void SourceText::add(Candidate &out, CharSourceRange range, StringRef text) const {
  add(out, range.getBegin(), sources_.getFileOffset(range.getBegin()),
      sources_.getFileOffset(range.getEnd()), text);
}

void SourceText::replace(Candidate &out, SourceRange range, StringRef text) const {
  if (std::optional<CharSourceRange> characters = charRange(range))
    add(out, *characters, text);
  else
    blockAsMacro(out, range.getBegin());
}

void SourceText::insertBefore(Candidate &out, SourceLocation location, StringRef text) const {
  if (location.isMacroID() || location.isInvalid())
    return blockAsMacro(out, location);
  add(out, CharSourceRange::getCharRange(location, location), text);
}

void SourceText::insertAfter(Candidate &out, SourceRange range, StringRef text) const {
  std::optional<CharSourceRange> characters = charRange(range);
  if (!characters)
    return blockAsMacro(out, range.getBegin());
  add(out, CharSourceRange::getCharRange(characters->getEnd(), characters->getEnd()), text);
}

/// The end of the line that a comment to the end of the line ends on: not the first, if that ends
/// in a backslash ([lex.phases]), behind which compilers overlook blanks.
static unsigned endOfComment(StringRef buffer, std::size_t begin) {
  std::size_t end = std::min(buffer.find('\n', begin), buffer.size());
  while (end < buffer.size() && buffer.slice(begin, end).rtrim().ends_with("\\"))
    end = std::min(buffer.find('\n', end + 1), buffer.size());
  if (end > begin && buffer[end - 1] == '\r')
    --end;
  return static_cast<unsigned>(end);
}

void SourceText::removeStatement(Candidate &out, SourceRange range, unsigned until) const {
  std::optional<CharSourceRange> characters = charRange(range);
  if (!characters)
    return blockAsMacro(out, range.getBegin());
  auto [file, begin] = sources_.getDecomposedLoc(characters->getBegin());
  unsigned end = std::max(sources_.getFileOffset(characters->getEnd()), until);
  StringRef buffer = sources_.getBufferData(file);
  while (end < buffer.size() && (buffer[end] == ' ' || buffer[end] == '\t'))
    ++end;
  if (end < buffer.size() && buffer[end] == ';')
    ++end;
  // Take the whole line, with a comment behind the statement, if nothing else stands on it.
  unsigned lineBegin = begin;
  while (lineBegin > 0 && (buffer[lineBegin - 1] == ' ' || buffer[lineBegin - 1] == '\t'))
    --lineBegin;
  unsigned lineEnd = end;
  while (lineEnd < buffer.size() && (buffer[lineEnd] == ' ' || buffer[lineEnd] == '\t'))
    ++lineEnd;
  if (buffer.substr(lineEnd).starts_with("//"))
    lineEnd = endOfComment(buffer, lineEnd);
  if (lineEnd < buffer.size() && buffer[lineEnd] == '\r')
    ++lineEnd;
  bool alone = (lineBegin == 0 || buffer[lineBegin - 1] == '\n') &&
               (lineEnd == buffer.size() || buffer[lineEnd] == '\n');
  if (alone) {
    begin = lineBegin;
    end = lineEnd < buffer.size() ? lineEnd + 1 : lineEnd;
  } else {
    while (end < buffer.size() && buffer[end] == ' ')
      ++end;
  }
  add(out, characters->getBegin(), begin, end, "");
}

SourceRange SourceText::whereExpanded(SourceRange range) const {
  SourceLocation begin = range.getBegin(), end = range.getEnd();
  if (begin.isMacroID() &&
      (!Lexer::isAtStartOfMacroExpansion(range.getBegin(), sources_, language_, &begin) ||
       begin != sources_.getExpansionRange(range.getBegin()).getBegin()))
    return range;
  if (end.isMacroID() &&
      (!Lexer::isAtEndOfMacroExpansion(range.getEnd(), sources_, language_, &end) ||
       end != sources_.getExpansionRange(range.getEnd()).getEnd()))
    return range;
  return {begin, end};
}

void SourceText::replaceStatement(Candidate &out, SourceRange range, StringRef text) const {
  std::optional<CharSourceRange> characters = charRange(range);
  if (!characters)
    return blockAsMacro(out, range.getBegin());
  auto [file, begin] = sources_.getDecomposedLoc(characters->getBegin());
  unsigned end = sources_.getFileOffset(characters->getEnd());
  StringRef buffer = sources_.getBufferData(file);
  // A declaration has it, an expression has not.
  if (!buffer.slice(begin, end).ends_with(";")) {
    const std::size_t next = buffer.find_first_not_of(" \t\r\n", end);
    if (next != StringRef::npos && buffer[next] == ';')
      end = static_cast<unsigned>(next) + 1;
  }
  add(out, characters->getBegin(), begin, end, text);
}

std::string SourceText::indentation(SourceLocation location) const {
  auto [file, offset] = sources_.getDecomposedLoc(sources_.getFileLoc(location));
  StringRef buffer = sources_.getBufferData(file);
  std::size_t begin = buffer.rfind('\n', offset);
  begin = begin == StringRef::npos ? 0 : begin + 1;
  return buffer.slice(begin, offset).take_while([](char c) { return c == ' ' || c == '\t'; }).str();
}

} // namespace unlatch
