// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/transaction.h"

#include "analysis/content_hash.h"
#include "tool/journal.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace unlatch {

namespace {

using llvm::StringRef;
namespace path = llvm::sys::path;

/// Held by whoever writes or recovers, so that nobody takes a running apply for a dead one. The
/// system lets go of it when the process ends, however it ends.
class WriterLock {
public:
  static llvm::Expected<WriterLock> take(StringRef root) {
    const int descriptor = ::open(root.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
      return systemError(root, "open");
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      llvm::Error error = taken ? llvm::createStringError(root + ": another unlatch is applying a "
                                                                 "change here at this moment")
                                : systemError(root, "lock");
      ::close(descriptor);
      return error;
    }
    return WriterLock(descriptor);
  }

  WriterLock(WriterLock &&other) noexcept : descriptor(std::exchange(other.descriptor, -1)) {}
  WriterLock &operator=(WriterLock &&) = delete;
  ~WriterLock() {
    if (descriptor >= 0)
      ::close(descriptor);
  }

private:
  explicit WriterLock(int descriptor) : descriptor(descriptor) {}
  int descriptor;
};

/// For the tests: die as `kill -9` would have it once `count` steps of one kind are done.
void perhapsDie(const char *variable, size_t count) {
  size_t wanted = 0;
  if (const char *value = std::getenv(variable);
      value && !StringRef(value).getAsInteger(10, wanted))
    if (wanted == count)
      std::raise(SIGKILL);
}

std::string hashOf(StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  return buffer ? contentHash((*buffer)->getBuffer()) : std::string();
}

std::string besides(StringRef target, StringRef suffix) {
  llvm::SmallString<256> name(path::parent_path(target));
  path::append(name, "." + path::filename(target) + suffix + std::to_string(::getpid()));
  return name.str().str();
}

void removeFile(const std::string &file) { ::unlink(file.c_str()); }

void syncFoldersOf(const Journal &journal) {
  std::set<StringRef> folders;
  for (const JournalEntry &entry : journal.entries)
    folders.insert(path::parent_path(entry.target));
  for (const StringRef folder : folders)
    syncFolder(folder);
}

/// A file that the user has closed to writing is not replaced, though a rename would do it.
llvm::Error checkWritable(const FileChange &change) {
  struct stat status = {};
  if (::stat(change.file.c_str(), &status) != 0)
    return systemError(change.file, "read");
  if ((status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) {
    errno = EACCES;
    return systemError(change.file, "write");
  }
  if (::access(change.file.c_str(), W_OK) != 0)
    return systemError(change.file, "write");
  const std::string folder = path::parent_path(change.file).str();
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return systemError(folder, "write in");
  if (hashOf(change.file) != contentHash(change.before))
    return llvm::createStringError(change.file + ": changed since it was read; plan again");
  return llvm::Error::success();
}

llvm::Error keepBackup(const JournalEntry &entry) {
  if (::link(entry.target.c_str(), entry.backup.c_str()) == 0)
    return llvm::Error::success();
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK && errno != ENOSYS)
    return systemError(entry.backup, "create");
  // No second names here.
  auto buffer = llvm::MemoryBuffer::getFile(entry.target);
  if (!buffer)
    return llvm::createStringError(buffer.getError(),
                                   entry.target + ": " + buffer.getError().message());
  return writeDurably(entry.backup, (*buffer)->getBuffer(), entry.target);
}

void discard(const Journal &journal) {
  for (const JournalEntry &entry : journal.entries) {
    removeFile(entry.temporary);
    removeFile(entry.backup);
  }
  syncFoldersOf(journal);
}

llvm::Error rollForward(const Journal &journal) {
  size_t renames = 0;
  perhapsDie("UNLATCH_TEST_KILL_AFTER_RENAMES", renames);
  for (const JournalEntry &entry : journal.entries) {
    if (hashOf(entry.target) == entry.after && !llvm::sys::fs::exists(entry.temporary))
      continue;
    if (llvm::Error error = renameFile(entry.temporary, entry.target))
      return error;
    perhapsDie("UNLATCH_TEST_KILL_AFTER_RENAMES", ++renames);
  }
  syncFoldersOf(journal);
  return llvm::Error::success();
}

llvm::Error rollBack(const Journal &journal) {
  for (const JournalEntry &entry : journal.entries) {
    if (hashOf(entry.target) == entry.before)
      continue;
    if (llvm::Error error = renameFile(entry.backup, entry.target))
      return error;
  }
  syncFoldersOf(journal);
  return llvm::Error::success();
}

} // namespace

bool hasJournal(StringRef root) { return llvm::sys::fs::exists(journalPath(root)); }

llvm::Error writeFiles(StringRef root, const std::vector<FileChange> &changes) {
  llvm::Expected<WriterLock> lock = WriterLock::take(root);
  if (!lock)
    return lock.takeError();
  if (hasJournal(root))
    return llvm::createStringError(journalPath(root) + ": an apply was interrupted; run 'unlatch "
                                                       "apply --recover' first");
  Journal journal;
  for (const FileChange &change : changes) {
    if (llvm::Error error = checkWritable(change))
      return error;
    journal.entries.push_back({change.file, besides(change.file, ".unlatch-new-"),
                               besides(change.file, ".unlatch-old-"), contentHash(change.before),
                               contentHash(change.after)});
  }

  // The names are on disk before the files are, so that nothing is left lying about.
  if (llvm::Error error = writeJournal(root, journal))
    return error;
  const auto abandon = [&](llvm::Error error) {
    discard(journal);
    return llvm::joinErrors(std::move(error), removeJournal(root));
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    const JournalEntry &entry = journal.entries[i];
    if (llvm::Error error = writeDurably(entry.temporary, changes[i].after, entry.target))
      return abandon(std::move(error));
    if (llvm::Error error = keepBackup(entry))
      return abandon(std::move(error));
    perhapsDie("UNLATCH_TEST_KILL_AFTER_TEMPORARIES", i + 1);
  }
  syncFoldersOf(journal);
  // The last look before the point of no return.
  for (const FileChange &change : changes)
    if (llvm::Error error = checkWritable(change))
      return abandon(std::move(error));
  journal.committed = true;
  if (llvm::Error error = writeJournal(root, journal))
    return abandon(std::move(error));

  if (llvm::Error error = rollForward(journal)) {
    if (llvm::Error worse = rollBack(journal))
      return llvm::joinErrors(std::move(error), std::move(worse));
    return abandon(std::move(error));
  }
  discard(journal);
  return removeJournal(root);
}

llvm::Expected<Recovery> recoverFiles(StringRef root) {
  if (!hasJournal(root))
    return Recovery::Nothing;
  llvm::Expected<WriterLock> lock = WriterLock::take(root);
  if (!lock)
    return lock.takeError();
  if (!hasJournal(root))
    return Recovery::Nothing;
  llvm::Expected<Journal> journal = readJournal(root);
  if (!journal)
    return journal.takeError();

  bool canComplete = journal->committed;
  bool canUndo = true;
  std::string odd;
  for (const JournalEntry &entry : journal->entries) {
    const std::string now = hashOf(entry.target);
    const bool old = now == entry.before;
    const bool done = now == entry.after;
    canComplete &= done || (old && hashOf(entry.temporary) == entry.after);
    canUndo &= old || (done && hashOf(entry.backup) == entry.before);
    if (!old && !done && odd.empty())
      odd = entry.target;
  }
  // Before the commit no target was touched: whatever a file holds now is its owner's.
  if (!journal->committed)
    canUndo = true;
  if (canComplete) {
    if (llvm::Error error = rollForward(*journal))
      return error;
  } else if (canUndo) {
    if (journal->committed)
      if (llvm::Error error = rollBack(*journal))
        return error;
  } else {
    return llvm::createStringError(
        journalPath(root) + ": an apply was interrupted and can be neither completed nor undone: " +
        (odd.empty() ? std::string("its temporary files are gone")
                     : odd + " was changed since by someone else") +
        ". The old content of every file is beside it, named '.NAME.unlatch-old-*'; restore what "
        "you want, then remove the journal");
  }
  discard(*journal);
  if (llvm::Error error = removeJournal(root))
    return error;
  return canComplete ? Recovery::Completed : Recovery::Undone;
}

} // namespace unlatch
