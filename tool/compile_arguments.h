// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "clang/Tooling/CompilationDatabase.h"

namespace unlatch {

/// The command as extraction wants it: nothing is written, precompiled headers of other compilers
/// are not read, warnings are no errors, options that Clang does not know are left out, and the
/// file is named absolutely.
clang::tooling::CompileCommand forParsing(clang::tooling::CompileCommand command);

} // namespace unlatch
