// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/vendor.h"

#include "tool/journal.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <unistd.h>

namespace unlatch {

using llvm::StringRef;

namespace {

llvm::Error failed(const llvm::Twine &name, std::error_code code) {
  return llvm::createStringError(code, name + ": " + code.message());
}

/// Whole or not at all: under another name first.
llvm::Error copyHeader(StringRef from, StringRef to) {
  auto buffer = llvm::MemoryBuffer::getFile(from);
  if (!buffer)
    return failed(from, buffer.getError());
  const std::string fresh = (to + ".unlatch-new-" + llvm::Twine(::getpid())).str();
  if (llvm::Error error = writeDurably(fresh, (*buffer)->getBuffer(), ""))
    return error;
  if (llvm::Error error = renameFile(fresh, to)) {
    ::unlink(fresh.c_str());
    return error;
  }
  return llvm::Error::success();
}

} // namespace

llvm::Error copyRuntime(StringRef runtimeInclude, StringRef folder) {
  llvm::SmallString<256> source(runtimeInclude);
  llvm::sys::path::append(source, "unlatch");
  std::error_code code;
  for (llvm::sys::fs::recursive_directory_iterator entry(source, code), end; !code && entry != end;
       entry.increment(code)) {
    llvm::SmallString<256> target(folder);
    llvm::sys::path::append(target, "unlatch", StringRef(entry->path()).drop_front(source.size()));
    if (llvm::sys::fs::is_directory(entry->path()))
      continue;
    const StringRef parent = llvm::sys::path::parent_path(target);
    if (const std::error_code failure = llvm::sys::fs::create_directories(parent))
      return failed(parent, failure);
    if (llvm::Error error = copyHeader(entry->path(), target))
      return error;
  }
  return code ? failed(source, code) : llvm::Error::success();
}

} // namespace unlatch
