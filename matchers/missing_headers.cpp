// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/missing_headers.h"

#include "clang/Lex/HeaderSearch.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace unlatch {

void MissingHeaders::InclusionDirective(SourceLocation where, const Token &, StringRef name,
                                        bool isAngled, CharSourceRange, OptionalFileEntryRef file,
                                        StringRef, StringRef, const Module *, bool,
                                        SrcMgr::CharacteristicKind) {
  const SourceManager &sources = preprocessor.getSourceManager();
  if (!file && !sources.isInSystemHeader(where))
    couldBeOwn |= isOwn(where, name, isAngled);
}

bool MissingHeaders::isOwn(SourceLocation where, StringRef name, bool isAngled) const {
  const StringRef folder = llvm::sys::path::parent_path(name);
  if (folder.empty())
    return !isAngled;
  if (llvm::sys::path::is_absolute(name) || name.starts_with("."))
    return true;
  // `store/keys.pb.h` is the project's if its folders have a `store` already.
  const StringRef first = *llvm::sys::path::begin(name);
  FileManager &files = preprocessor.getFileManager();
  auto has = [&](StringRef path) {
    SmallString<256> candidate(path);
    llvm::sys::path::append(candidate, first);
    return static_cast<bool>(files.getOptionalDirectoryRef(candidate));
  };
  const SourceManager &sources = preprocessor.getSourceManager();
  if (const OptionalFileEntryRef includer =
          sources.getFileEntryRefForID(sources.getFileID(sources.getFileLoc(where))))
    if (has(includer->getDir().getName()))
      return true;
  for (const DirectoryLookup &lookup : preprocessor.getHeaderSearchInfo().search_dir_range())
    if (lookup.isNormalDir() && lookup.getDirCharacteristic() == SrcMgr::C_User &&
        has(lookup.getDirRef()->getName()))
      return true;
  return false;
}

} // namespace unlatch
