// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The include directives that a rewrite needs, and those that nothing needs after it.

#pragma once

#include "rewriters/patch.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace unlatch {

/// Adds `#include HEADER` for each of `headers` ("<unlatch/map.h>") that `text` does not include
/// yet: into its last block of `<...>` directives, in order where the block is in order.
std::string addIncludes(llvm::StringRef text, llvm::ArrayRef<std::string> headers);

/// The headers, as spelled in the directive, that `text` includes whatever its macros say.
std::set<std::string> includedHeaders(llvm::StringRef text);

/// Whether `text` uses something that only `<mutex>` or `<shared_mutex>` surely declares. A name in
/// a comment or a string is no use.
bool usesLocks(llvm::StringRef text);

/// Whether `text` has something that `<mutex>` happens to bring along and that `text` does not
/// include by itself.
bool leansOnMutexHeader(llvm::StringRef text);

/// `text` without its `#include <mutex>` and `#include <shared_mutex>`.
std::string removeLockIncludes(llvm::StringRef text);

struct IncludeChanges {
  /// (file, header), as the rewriters ask for them.
  std::vector<std::pair<std::string, std::string>> needed;
  /// Files whose lock headers stay, whether needed or not.
  std::set<std::string> keepLockHeaders;
};

/// Brings the directives of the files in `edited` up to date and returns those that lost a lock
/// header. `originals` holds their texts before the edits: a lock header goes only from a file that
/// used locks and does not any more, and, if other files include that file, only if none of them
/// counts on it.
std::vector<std::string> updateIncludes(Texts &edited, const Texts &originals, const Facts &facts,
                                        const IncludeChanges &changes);

} // namespace unlatch
