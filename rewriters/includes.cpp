// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/includes.h"

#include "clang/Basic/LangOptions.h"
#include "clang/Basic/SourceLocation.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <optional>

namespace unlatch {

namespace {

using llvm::StringRef;

/// One `#include` that no condition governs (an include guard is none).
struct Directive {
  size_t begin = 0; ///< of its line
  size_t end = 0;   ///< behind its newline
  size_t line = 0;
  std::string header;  ///< with its brackets or quotes
  bool leading = true; ///< before the first line of code
};

/// What the preprocessor lines of a text say about where an include may stand.
struct Outline {
  std::vector<Directive> directives;
  size_t top = 0; ///< behind the include guard or `#pragma once`, else behind the leading comment
  bool guarded = false;
};

std::vector<clang::Token> tokensOf(const std::string &text) {
  clang::LangOptions language;
  language.CPlusPlus = language.CPlusPlus11 = language.CPlusPlus17 = language.CPlusPlus20 = true;
  language.LineComment = language.RawStringLiterals = language.Bool = true;
  clang::Lexer lexer(clang::SourceLocation(), language, text.c_str(), text.c_str(),
                     text.c_str() + text.size());
  lexer.SetKeepWhitespaceMode(false);
  std::vector<clang::Token> tokens;
  for (clang::Token token; !lexer.LexFromRawLexer(token);)
    tokens.push_back(token);
  return tokens;
}

StringRef spelling(const clang::Token &token) {
  if (token.is(clang::tok::raw_identifier))
    return token.getRawIdentifier();
  return token.isLiteral() ? StringRef(token.getLiteralData(), token.getLength()) : StringRef();
}

std::optional<std::string> headerOf(StringRef line) {
  line = line.ltrim();
  if (!line.consume_front("#"))
    return std::nullopt;
  line = line.ltrim();
  if (!line.consume_front("include"))
    return std::nullopt;
  line = line.ltrim();
  if (line.empty() || (line.front() != '<' && line.front() != '"'))
    return std::nullopt;
  const size_t close = line.find(line.front() == '<' ? '>' : '"', 1);
  if (close == StringRef::npos)
    return std::nullopt;
  return line.take_front(close + 1).str();
}

/// Marks the bytes of comments and of raw strings that run over line ends, so that a `#include`
/// within one is not taken for a directive.
bool startsInsideToken(const std::vector<std::pair<size_t, size_t>> &spans, size_t offset) {
  const auto after = std::upper_bound(spans.begin(), spans.end(), std::make_pair(offset, SIZE_MAX));
  return after != spans.begin() && std::prev(after)->first < offset &&
         offset < std::prev(after)->second;
}

std::vector<std::pair<size_t, size_t>> multiLineSpans(const std::string &text) {
  clang::LangOptions language;
  language.CPlusPlus = language.CPlusPlus11 = language.LineComment = language.RawStringLiterals =
      true;
  clang::Lexer lexer(clang::SourceLocation(), language, text.c_str(), text.c_str(),
                     text.c_str() + text.size());
  lexer.SetCommentRetentionState(true);
  std::vector<std::pair<size_t, size_t>> spans;
  bool more = true;
  while (more) {
    clang::Token token;
    more = !lexer.LexFromRawLexer(token);
    const size_t end = size_t(lexer.getBufferLocation() - text.c_str());
    if (!more || (token.isNot(clang::tok::comment) && !token.isLiteral()))
      continue;
    const size_t begin = end - token.getLength();
    if (StringRef(text).slice(begin, end).contains('\n'))
      spans.emplace_back(begin, end);
  }
  return spans;
}

Outline outlineOf(StringRef text) {
  Outline outline;
  const std::string copy = text.str();
  const auto spans = multiLineSpans(copy);
  int depth = 0;
  bool inGuard = false;
  bool anyDirective = false;
  bool code = false;
  std::string guard;
  size_t line = 0;
  for (size_t begin = 0; begin < text.size(); ++line) {
    const size_t newline = text.find('\n', begin);
    const size_t end = newline == StringRef::npos ? text.size() : newline + 1;
    const StringRef content = text.slice(begin, end);
    const StringRef trimmed = content.trim();
    const bool inside = startsInsideToken(spans, begin);
    const bool comment =
        inside || trimmed.empty() || trimmed.starts_with("//") || trimmed.starts_with("/*");
    if (comment) {
      if (!anyDirective && !code && !trimmed.empty())
        outline.top = end;
    } else if (!trimmed.starts_with("#")) {
      code = true;
    } else {
      StringRef directive = trimmed.drop_front().ltrim();
      if (directive.starts_with("if")) {
        StringRef name = directive;
        if (!anyDirective && !code && name.consume_front("ifndef")) {
          guard = name.trim().take_until([](char c) { return c == ' ' || c == '\t'; }).str();
          inGuard = !guard.empty();
        }
        ++depth;
      } else if (directive.starts_with("endif")) {
        if (--depth == 0)
          inGuard = false;
      } else if (StringRef name = directive;
                 (depth == 1 && inGuard && !outline.guarded && name.consume_front("define") &&
                  name.trim() == guard) ||
                 (depth == 0 && directive.starts_with("pragma") && directive.contains("once"))) {
        outline.guarded = true;
        outline.top = end;
      } else if (depth == (inGuard && outline.guarded ? 1 : 0)) {
        if (std::optional<std::string> header = headerOf(content))
          outline.directives.push_back({begin, end, line, *header, !code});
      }
      anyDirective = true;
    }
    begin = end;
  }
  return outline;
}

bool isFollowedByBlank(StringRef text, size_t offset) {
  const StringRef rest = text.drop_front(offset).ltrim(" \t\r");
  return rest.empty() || rest.starts_with("\n");
}

/// A header that C includes as well says which part is for C++.
bool isAlsoC(StringRef text) {
  while (!text.empty()) {
    const auto [line, rest] = text.split('\n');
    text = rest;
    StringRef directive = line.trim();
    if (!directive.consume_front("#"))
      continue;
    directive = directive.trim();
    if (directive == "ifdef __cplusplus" || directive.contains("defined(__cplusplus)") ||
        directive.contains("defined __cplusplus"))
      return true;
  }
  return false;
}

/// Behind the first header that only C++ has, which C does not get to see; or in a part of its own.
std::string addForCxx(StringRef text, StringRef directive) {
  const StringRef ending = lineEnding(text);
  size_t begin = 0;
  size_t top = outlineOf(text).top;
  std::optional<size_t> place;
  for (StringRef rest = text; !rest.empty();) {
    const StringRef line = rest.take_front(std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest = rest.drop_front(line.size());
    begin += line.size();
    if (line.trim() == directive.trim())
      return text.str();
    const std::optional<std::string> header = headerOf(line);
    if (header && StringRef(*header).starts_with("<") && !StringRef(*header).contains('.') &&
        !place)
      place = begin;
    else if (header && !place)
      top = begin;
  }
  // Behind those of ours that come before it by name.
  while (place && text.drop_front(*place).starts_with("#include <unlatch/")) {
    const StringRef line = text.drop_front(*place).split('\n').first;
    if (directive.trim() < line.trim())
      break;
    *place += line.size() + 1;
  }
  std::string result = text.str();
  if (place)
    result.insert(*place, directive.str());
  else
    result.insert(top, ("#ifdef __cplusplus" + ending + directive + "#endif" + ending).str());
  return result;
}

const llvm::StringSet<> &lockNames() {
  static const llvm::StringSet<> names = {
      "mutex",        "recursive_mutex",    "timed_mutex", "recursive_timed_mutex",
      "shared_mutex", "shared_timed_mutex", "lock_guard",  "unique_lock",
      "scoped_lock",  "shared_lock",        "once_flag",   "call_once",
      "adopt_lock",   "defer_lock",         "try_to_lock", "adopt_lock_t",
      "defer_lock_t", "try_to_lock_t",      "try_lock"};
  return names;
}

} // namespace

std::set<std::string> includedHeaders(StringRef text) {
  std::set<std::string> headers;
  for (const Directive &directive : outlineOf(text).directives)
    headers.insert(directive.header);
  return headers;
}

std::string addIncludes(StringRef text, llvm::ArrayRef<std::string> headers) {
  std::string result = text.str();
  for (const std::string &header : headers) {
    if (isAlsoC(result)) {
      result = addForCxx(result, "#include " + header + lineEnding(result).str());
      continue;
    }
    const Outline outline = outlineOf(result);
    if (llvm::any_of(outline.directives,
                     [&](const Directive &one) { return one.header == header; }))
      continue;
    // What stands behind code may stand behind what needs the header.
    std::vector<Directive> all;
    llvm::copy_if(outline.directives, std::back_inserter(all),
                  [](const Directive &one) { return one.leading; });
    if (all.empty())
      all = outline.directives;
    const std::string ending = lineEnding(result).str();
    const std::string directive = "#include " + header + ending;
    const auto angled = [](const Directive &one) { return StringRef(one.header).starts_with("<"); };
    const auto last = std::find_if(all.rbegin(), all.rend(), angled);
    if (last == all.rend()) {
      if (all.empty()) {
        result.insert(outline.top, (outline.top > 0 ? ending : "") + directive +
                                       (isFollowedByBlank(result, outline.top) ? "" : ending));
      } else {
        const bool open = !StringRef(result).ends_with("\n") && all.back().end == result.size();
        const bool blankFollows = isFollowedByBlank(result, all.back().end);
        result.insert(all.back().end,
                      (open ? ending : "") + ending + directive + (blankFollows ? "" : ending));
      }
      continue;
    }
    // The block: neighbouring lines with `<...>` directives.
    const auto blockEnd = last.base();
    auto block = std::prev(blockEnd);
    while (block != all.begin() && angled(*std::prev(block)) &&
           std::prev(block)->line + 1 == block->line)
      --block;
    const auto less = [](const Directive &a, const Directive &b) { return a.header < b.header; };
    size_t at = std::prev(blockEnd)->end;
    if (std::is_sorted(block, blockEnd, less)) {
      const auto place =
          std::find_if(block, blockEnd, [&](const Directive &one) { return header < one.header; });
      if (place != blockEnd)
        at = place->begin;
    }
    const bool openEnd = at == result.size() && !StringRef(result).ends_with("\n");
    result.insert(at, (openEnd ? ending : std::string()) + directive);
  }
  return result;
}

bool usesLocks(StringRef text) {
  const std::string copy = text.str();
  const std::vector<clang::Token> tokens = tokensOf(copy);
  StringRef before;
  StringRef beforeThat;
  for (const clang::Token &token : tokens) {
    const StringRef name = spelling(token);
    // A directive names a header, not a type. `std::lock` is a function of <mutex>; a bare `lock`
    // is a member of nearly everything.
    const bool header = beforeThat == "include" || before == "include";
    if (!header && lockNames().contains(name))
      return true;
    if (name == "lock" && beforeThat == "std" && before == "::")
      return true;
    beforeThat = before;
    before = token.is(clang::tok::coloncolon) ? StringRef("::") : name;
  }
  return false;
}

bool leansOnMutexHeader(StringRef text) {
  static const std::pair<const char *, const char *> brought[] = {
      {"chrono", "<chrono>"},
      {"chrono_literals", "<chrono>"},
      {"tuple", "<tuple>"},
      {"tie", "<tuple>"},
      {"make_tuple", "<tuple>"},
      {"forward_as_tuple", "<tuple>"},
      {"apply", "<tuple>"},
      {"system_error", "<system_error>"},
      {"error_code", "<system_error>"},
      {"errc", "<system_error>"},
      {"condition_variable", "<condition_variable>"},
  };
  const std::set<std::string> headers = includedHeaders(text);
  const std::string copy = text.str();
  StringRef before;
  for (const clang::Token &token : tokensOf(copy)) {
    const StringRef name = spelling(token);
    if (before != "include")
      for (const auto &[word, header] : brought)
        if (name == word && !headers.count(header))
          return true;
    if (token.isNot(clang::tok::less))
      before = name;
  }
  return false;
}

std::string removeLockIncludes(StringRef text) {
  std::vector<Edit> removals;
  for (const Directive &directive : outlineOf(text).directives)
    if (directive.header == "<mutex>" || directive.header == "<shared_mutex>")
      removals.push_back(
          {"", unsigned(directive.begin), unsigned(directive.end - directive.begin), ""});
  return llvm::cantFail(applyEdits(text, removals));
}

std::vector<std::string> updateIncludes(Texts &edited, const Texts &originals, const Facts &facts,
                                        const IncludeChanges &changes) {
  std::map<std::string, std::vector<std::string>> needed;
  for (const auto &[file, header] : changes.needed)
    needed[file].push_back(header);
  for (auto &[file, headers] : needed) {
    const auto text = edited.find(file);
    if (text == edited.end())
      continue;
    llvm::sort(headers);
    headers.erase(std::unique(headers.begin(), headers.end()), headers.end());
    text->second = addIncludes(text->second, headers);
  }

  // What the program says of a file it is compiled from or includes, edited or not.
  std::map<std::string, std::string> unedited;
  const auto textOf = [&](const std::string &file) -> StringRef {
    if (const auto text = edited.find(file); text != edited.end())
      return text->second;
    auto [known, isNew] = unedited.try_emplace(file);
    if (isNew)
      if (auto buffer = llvm::MemoryBuffer::getFile(file))
        known->second = (*buffer)->getBuffer().str();
    return known->second;
  };
  std::map<std::string, bool> counts;
  const auto countsOnOthers = [&](const std::string &file) {
    const auto [known, isNew] = counts.try_emplace(file, false);
    if (isNew) {
      const StringRef text = textOf(file);
      const std::set<std::string> headers = includedHeaders(text);
      known->second =
          usesLocks(text) && !headers.count("<mutex>") && !headers.count("<shared_mutex>");
    }
    return known->second;
  };

  // Whether `unit` still gets the headers that `file` is to lose, from another of its files.
  const auto hasThemElsewhere = [&](const TranslationUnit &unit, const std::string &file,
                                    const std::set<std::string> &lost) {
    return llvm::all_of(lost, [&](const std::string &header) {
      return llvm::any_of(unit.dependencies, [&](const std::string &other) {
        return other != file && includedHeaders(textOf(other)).count(header) != 0;
      });
    });
  };

  std::vector<std::string> changed;
  for (auto &[file, text] : edited) {
    const auto original = originals.find(file);
    if (original == originals.end() || changes.keepLockHeaders.count(file) || usesLocks(text) ||
        !usesLocks(original->second) || leansOnMutexHeader(text))
      continue;
    std::set<std::string> lost = includedHeaders(text);
    std::erase_if(lost, [](const std::string &header) {
      return header != "<mutex>" && header != "<shared_mutex>";
    });
    if (lost.empty())
      continue;
    const bool lentOn = llvm::any_of(facts.units, [&](const TranslationUnit &unit) {
      if (!llvm::is_contained(unit.dependencies, file))
        return false;
      // A unit that did not parse may include what is not known.
      if (!unit.parsed)
        return true;
      return !hasThemElsewhere(unit, file, lost) &&
             llvm::any_of(unit.dependencies, [&](const std::string &other) {
               return other != file && countsOnOthers(other);
             });
    });
    if (lentOn)
      continue;
    text = removeLockIncludes(text);
    changed.push_back(file);
  }
  return changed;
}

} // namespace unlatch
