// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What "the same content" means. Facts name the content they were read from by this hash, and an
// edit is only ever applied to a file that still has it.

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/xxhash.h"

#include <cstdint>
#include <string>

namespace unlatch {

/// 32 hexadecimal digits.
inline std::string contentHash(llvm::StringRef content) {
  const llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      llvm::ArrayRef(reinterpret_cast<const std::uint8_t *>(content.data()), content.size()));
  return llvm::utohexstr(hash.high64, /*LowerCase=*/true, /*Width=*/16) +
         llvm::utohexstr(hash.low64, /*LowerCase=*/true, /*Width=*/16);
}

} // namespace unlatch
