// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/facts_files.h"

#include "analysis/merge.h"
#include "analysis/serialise.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace unlatch {

using llvm::StringRef;

namespace {

/// What a facts file is named, so that a folder may hold other files as well.
constexpr StringRef ending = ".facts.json";

llvm::Error failed(StringRef name, std::error_code code) {
  return llvm::createStringError(code, name + ": " + code.message());
}

} // namespace

llvm::Error writeFactsFile(StringRef file, const Facts &facts) {
  std::error_code code;
  llvm::raw_fd_ostream out(file, code);
  if (code)
    return failed(file, code);
  out << printFacts(facts) << '\n';
  out.close();
  code = out.error();
  out.clear_error();
  return code ? failed(file, code) : llvm::Error::success();
}

llvm::Expected<Facts> readFactsFile(StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return failed(file, buffer.getError());
  llvm::Expected<Facts> facts = parseFacts((*buffer)->getBuffer());
  if (!facts)
    return llvm::createStringError(file + ": " + llvm::toString(facts.takeError()));
  return facts;
}

llvm::Expected<std::vector<std::string>> factsFilesIn(const std::vector<std::string> &inputs) {
  std::vector<std::string> files;
  for (const std::string &input : inputs) {
    if (!llvm::sys::fs::is_directory(input)) {
      files.push_back(input);
      continue;
    }
    std::vector<std::string> found;
    std::error_code code;
    for (llvm::sys::fs::directory_iterator entry(input, code), end; !code && entry != end;
         entry.increment(code))
      if (StringRef(entry->path()).ends_with(ending))
        found.push_back(entry->path());
    if (code)
      return failed(input, code);
    llvm::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  if (files.empty())
    return llvm::createStringError("no *" + ending + " in " + llvm::join(inputs, ", "));
  return files;
}

llvm::Expected<Facts> readAllFacts(const std::vector<std::string> &inputs) {
  llvm::Expected<std::vector<std::string>> files = factsFilesIn(inputs);
  if (!files)
    return files.takeError();
  std::vector<Facts> parts;
  for (const std::string &file : *files) {
    llvm::Expected<Facts> facts = readFactsFile(file);
    if (!facts)
      return facts.takeError();
    parts.push_back(std::move(*facts));
  }
  return merge(std::move(parts));
}

} // namespace unlatch
