// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/patch.h"
#include "rewriters/lines.h"

#include "analysis/content_hash.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>

namespace unlatch {

namespace {

using llvm::StringRef;

bool isBlank(StringRef line) { return line.trim().empty(); }

llvm::Error complaint(const Edit &edit, const llvm::Twine &what) {
  return llvm::createStringError(edit.file + ": edit at offset " + llvm::Twine(edit.offset) + " " +
                                 what);
}

/// Newlines of inserted text as the file has them.
std::string withEnding(StringRef text, StringRef ending) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
      result += ending;
    else
      result += text[i];
  }
  return result;
}

/// How many bytes of `rest` go with a deletion that was just made at the end of `written`. What it
/// left of the line, if that is nothing but spaces, goes too.
size_t closeGap(std::string &written, StringRef rest, bool endOfFile) {
  const size_t newline = written.rfind('\n');
  const size_t begin = newline == std::string::npos ? 0 : newline + 1;
  const bool emptied = isBlank(StringRef(written).drop_front(begin));
  const StringRef after = rest.ltrim(" \t");
  if (after.empty() ? endOfFile : after.starts_with("\n") || after.starts_with("\r\n")) {
    const size_t spaces = rest.size() - after.size();
    if (!emptied) {
      written.resize(StringRef(written).rtrim(" \t").size());
      return spaces;
    }
    written.resize(begin);
    return spaces + (after.empty() ? 0 : after.find('\n') + 1);
  }
  if (emptied)
    return rest.size() - after.size();
  return StringRef(written).ends_with(" ") && rest.starts_with(" ") ? 1 : 0;
}

/// The lines of `text` from `begin` to `end` after the edits that fall into them.
std::string editedLines(StringRef text, size_t begin, size_t end, llvm::ArrayRef<Edit> edits) {
  const StringRef ending = lineEnding(text);
  std::string result;
  size_t at = begin;
  for (size_t i = 0; i < edits.size(); ++i) {
    result += text.slice(at, edits[i].offset);
    at = size_t(edits[i].offset) + edits[i].length;
    result += withEnding(edits[i].text, ending);
    const size_t limit = i + 1 < edits.size() ? edits[i + 1].offset : end;
    if (edits[i].text.empty() && (limit > at || limit == end))
      at += closeGap(result, text.slice(at, limit), limit == text.size());
  }
  result += text.slice(at, end);
  return result;
}

/// A text written line by line, which knows where lines were left out.
class LineWriter {
public:
  void leaveOut() { seam = true; }

  void write(StringRef line) {
    if (seam) {
      const bool nothingBefore =
          lines.empty() || isBlank(lines.back()) || StringRef(lines.back()).rtrim().ends_with("{");
      if (isBlank(line) && nothingBefore)
        return;
      if (line.ltrim().starts_with("}") && !lines.empty() && isBlank(lines.back()))
        lines.pop_back();
      seam = false;
    }
    lines.push_back(line.str());
  }

  std::string finish() {
    if (seam && !lines.empty() && isBlank(lines.back()))
      lines.pop_back();
    return llvm::join(lines, "");
  }

private:
  std::vector<std::string> lines;
  bool seam = false;
};

} // namespace

StringRef lineEnding(StringRef text) {
  const size_t end = text.find('\n');
  return end != StringRef::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

llvm::Expected<std::string> applyEdits(StringRef text, std::vector<Edit> edits) {
  // At one offset an insertion comes before what replaces the text there.
  std::sort(edits.begin(), edits.end(), [](const Edit &a, const Edit &b) {
    return std::tie(a.offset, a.length, a.text) < std::tie(b.offset, b.length, b.text);
  });
  edits.erase(std::unique(edits.begin(), edits.end()), edits.end());
  for (size_t i = 0; i < edits.size(); ++i) {
    if (size_t(edits[i].offset) + edits[i].length > text.size())
      return complaint(edits[i], "lies beyond the end of the file");
    if (i > 0 && edits[i].offset < edits[i - 1].offset + edits[i - 1].length)
      return complaint(edits[i], "overlaps another");
  }

  LineWriter writer;
  const std::vector<StringRef> lines = linesOf(text);
  size_t next = 0;
  size_t begin = 0;
  for (size_t i = 0; i < lines.size();) {
    // All lines that one edit, or a chain of them, ties together.
    size_t end = begin + lines[i++].size();
    const size_t first = next;
    bool deletes = false;
    while (next < edits.size() &&
           (edits[next].offset < end || (end == text.size() && edits[next].offset == end))) {
      const size_t until = size_t(edits[next].offset) + edits[next].length;
      while (until > end)
        end += lines[i++].size();
      deletes |= edits[next].text.empty();
      ++next;
    }
    const StringRef before = text.slice(begin, end);
    if (first == next) {
      writer.write(before);
    } else {
      const std::string after =
          editedLines(text, begin, end, llvm::ArrayRef(edits).slice(first, next - first));
      const std::vector<StringRef> remaining = linesOf(after);
      if (isBlank(after) && !isBlank(before)) {
        writer.leaveOut();
      } else {
        for (const StringRef line : remaining)
          writer.write(line);
        if (deletes && StringRef(after).count('\n') < before.count('\n'))
          writer.leaveOut();
      }
    }
    begin = end;
  }
  if (!lines.empty())
    return writer.finish();
  std::string inserted;
  for (const Edit &edit : edits)
    inserted += edit.text;
  return inserted;
}

llvm::Expected<Texts> readOriginals(const Facts &facts, const std::vector<Edit> &edits) {
  Texts originals;
  for (const Edit &edit : edits) {
    if (originals.count(edit.file))
      continue;
    auto buffer = llvm::MemoryBuffer::getFile(edit.file);
    if (!buffer)
      return llvm::createStringError(buffer.getError(),
                                     edit.file + ": " + buffer.getError().message());
    const auto known = facts.files.find(edit.file);
    if (known == facts.files.end() || known->second.hash != contentHash((*buffer)->getBuffer()))
      return llvm::createStringError(edit.file + ": changed since it was read; plan again");
    originals.emplace(edit.file, (*buffer)->getBuffer().str());
  }
  return originals;
}

llvm::Expected<Texts> applyEdits(const Texts &originals, const std::vector<Edit> &edits) {
  std::map<std::string, std::vector<Edit>> byFile;
  for (const Edit &edit : edits)
    byFile[edit.file].push_back(edit);
  Texts texts;
  for (auto &[file, ofFile] : byFile) {
    const auto original = originals.find(file);
    if (original == originals.end())
      return llvm::createStringError(file + ": not read");
    llvm::Expected<std::string> text = applyEdits(StringRef(original->second), std::move(ofFile));
    if (!text)
      return text.takeError();
    texts.emplace(file, std::move(*text));
  }
  return texts;
}

} // namespace unlatch
