// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Remarks in the source that tell the tool to leave a field or a mutex as it is.

#ifndef UNLATCH_MATCHERS_SUPPRESSION_H
#define UNLATCH_MATCHERS_SUPPRESSION_H

#include <string>

namespace clang {
class DeclaratorDecl;
class SourceManager;
} // namespace clang

namespace unlatch {

/// Why a declaration stays as it is, or nothing. `// unlatch: keep(why)` says so on one of its
/// lines or in the comment right above; `NOLINT`, `NOLINTNEXTLINE` and `NOLINTBEGIN` to `NOLINTEND`
/// as for clang-tidy, without names of checks or with one that begins with `unlatch`. Any of
/// several declarations of a variable will do.
std::string suppressionOf(const clang::DeclaratorDecl &declaration,
                          const clang::SourceManager &sources);

} // namespace unlatch

#endif // UNLATCH_MATCHERS_SUPPRESSION_H
