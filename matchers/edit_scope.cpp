// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/edit_scope.h"

#include "analysis/serialised_members.h"

#include "clang/Basic/FileManager.h"

#include <algorithm>

namespace unlatch {

namespace {

using namespace clang;
using llvm::StringRef;

/// Visits all that facts consist of, and stops at the rewrites.
class Scope {
public:
  Scope(const std::vector<std::string> &folders, const SourceManager &sources)
      : folders(folders), sources(sources) {}

  template <typename T> void operator()(const char *, T &value) { visit(value); }

private:
  void visit(Candidate &candidate) {
    for (const Edit &edit : candidate.edits)
      if (!liesBelowAny(folders, edit.file))
        return block(candidate, edit.file, edit.offset);
    for (const auto &[file, header] : candidate.includes)
      if (!liesBelowAny(folders, file))
        return block(candidate, file, 0);
  }
  template <typename T> void visit(std::vector<T> &values) {
    for (auto &&value : values)
      visit(value);
  }
  template <typename K, typename T> void visit(std::map<K, T> &values) {
    for (auto &[key, value] : values)
      visit(value);
  }
  template <typename T> void visit(T &value) {
    if constexpr (requires { describe(*this, value); })
      describe(*this, value);
  }

  void block(Candidate &candidate, const std::string &file, unsigned offset) {
    candidate.blockers.push_back(
        {"external-code",
         "it would have to be edited in " + file + ", which lies outside of the project's folder",
         placeOf(file, offset)});
    candidate.edits.clear(); // one of which may have named the file
    candidate.includes.clear();
  }

  Location placeOf(const std::string &file, unsigned offset) const {
    if (OptionalFileEntryRef entry = sources.getFileManager().getOptionalFileRef(file))
      if (const FileID id = sources.translateFile(*entry); id.isValid())
        return {file, sources.getLineNumber(id, offset), sources.getColumnNumber(id, offset)};
    return {file, 1, 1};
  }

  const std::vector<std::string> &folders;
  const SourceManager &sources;
};

} // namespace

bool liesBelow(StringRef folder, StringRef path) {
  return path == folder || folder == "/" ||
         (path.starts_with(folder) && path.drop_front(folder.size()).starts_with("/"));
}

bool liesBelowAny(const std::vector<std::string> &folders, StringRef path) {
  return std::any_of(folders.begin(), folders.end(),
                     [path](const std::string &folder) { return liesBelow(folder, path); });
}

void blockEditsOutside(Facts &facts, const std::vector<std::string> &folders,
                       const SourceManager &sources) {
  Scope scope(folders, sources);
  describe(scope, facts);
}

} // namespace unlatch
