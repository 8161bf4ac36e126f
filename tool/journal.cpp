// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/journal.h"

#include "analysis/json_text.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace unlatch {

using llvm::StringRef;

namespace {

constexpr StringRef schema = "unlatch-journal/1";

llvm::json::Value toJson(const Journal &journal) {
  llvm::json::Array entries;
  for (const JournalEntry &entry : journal.entries)
    entries.push_back(llvm::json::Object{{"target", entry.target},
                                         {"temporary", entry.temporary},
                                         {"backup", entry.backup},
                                         {"before", entry.before},
                                         {"after", entry.after}});
  return llvm::json::Object{
      {"schema", schema}, {"committed", journal.committed}, {"files", std::move(entries)}};
}

} // namespace

llvm::Error systemError(StringRef file, StringRef action) {
  const std::error_code code(errno, std::generic_category());
  return llvm::createStringError(code, file + ": can't " + action + ": " + code.message());
}

std::string journalPath(StringRef root) {
  llvm::SmallString<256> path(root);
  llvm::sys::path::append(path, ".unlatch-journal");
  return path.str().str();
}

llvm::Error writeDurably(StringRef file, StringRef content, StringRef like) {
  const std::string path = file.str();
  struct stat status = {};
  const bool hasModel = !like.empty() && ::stat(like.str().c_str(), &status) == 0;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return systemError(file, "create");
  const auto fail = [&](StringRef action) {
    llvm::Error error = systemError(file, action);
    ::close(descriptor);
    ::unlink(path.c_str());
    return error;
  };
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR)
        continue;
      return fail("write");
    }
    content = content.drop_front(size_t(written));
  }
  if (hasModel) {
    // Only root may give a file away; that anyone else's file has its owner already is the rule.
    if (::fchown(descriptor, status.st_uid, status.st_gid) != 0 && errno != EPERM)
      return fail("set the owner");
    if (::fchmod(descriptor, status.st_mode & 07777) != 0)
      return fail("set the mode");
  } else if (::fchmod(descriptor, 0644) != 0) {
    return fail("set the mode");
  }
  if (::fsync(descriptor) != 0)
    return fail("write");
  if (::close(descriptor) != 0) {
    llvm::Error error = systemError(file, "write");
    ::unlink(path.c_str());
    return error;
  }
  return llvm::Error::success();
}

void syncFolder(StringRef folder) {
  const int descriptor = ::open(folder.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return;
  // Some file systems can't; there the rename itself is all that can be had.
  ::fsync(descriptor);
  ::close(descriptor);
}

llvm::Error renameFile(StringRef from, StringRef to) {
  if (std::rename(from.str().c_str(), to.str().c_str()) != 0)
    return systemError(to, "replace");
  return llvm::Error::success();
}

llvm::Expected<Journal> readJournal(StringRef root) {
  const std::string path = journalPath(root);
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), path + ": " + buffer.getError().message());
  return parseJournal((*buffer)->getBuffer(), path);
}

llvm::Expected<Journal> parseJournal(StringRef text, StringRef file) {
  const auto damaged = [&] {
    return llvm::createStringError(file + ": is not a journal of this version");
  };
  llvm::Expected<llvm::json::Value> value = parseJson(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return damaged();
  }
  const llvm::json::Object *object = value->getAsObject();
  const llvm::json::Array *files = object ? object->getArray("files") : nullptr;
  if (!files || object->getString("schema") != schema || !object->getBoolean("committed"))
    return damaged();
  Journal journal;
  journal.committed = *object->getBoolean("committed");
  for (const llvm::json::Value &one : *files) {
    JournalEntry entry;
    const llvm::json::Object *fields = one.getAsObject();
    for (const auto &[name, member] :
         {std::pair<const char *, std::string JournalEntry::*>{"target", &JournalEntry::target},
          {"temporary", &JournalEntry::temporary},
          {"backup", &JournalEntry::backup},
          {"before", &JournalEntry::before},
          {"after", &JournalEntry::after}}) {
      const std::optional<StringRef> text = fields ? fields->getString(name) : std::nullopt;
      if (!text)
        return damaged();
      entry.*member = text->str();
    }
    journal.entries.push_back(std::move(entry));
  }
  return journal;
}

llvm::Error writeJournal(StringRef root, const Journal &journal) {
  const std::string path = journalPath(root);
  const std::string fresh = path + ".new";
  // Left by a crash between the next two steps, and of no meaning.
  ::unlink(fresh.c_str());
  std::string content;
  llvm::raw_string_ostream(content) << toJson(journal) << '\n';
  if (llvm::Error error = writeDurably(fresh, content, ""))
    return error;
  if (llvm::Error error = renameFile(fresh, path)) {
    ::unlink(fresh.c_str());
    return error;
  }
  syncFolder(root);
  return llvm::Error::success();
}

llvm::Error removeJournal(StringRef root) {
  const std::string path = journalPath(root);
  ::unlink((path + ".new").c_str());
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return systemError(path, "remove");
  syncFolder(root);
  return llvm::Error::success();
}

} // namespace unlatch
