// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/json_text.h"

namespace unlatch {

namespace {

/// Far deeper than anything that is written here.
constexpr int kDeepest = 200;

bool nestsTooDeep(llvm::StringRef text) {
  int depth = 0;
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest)
        return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

} // namespace

llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text) {
  if (nestsTooDeep(text))
    return llvm::createStringError("nested too deep");
  return llvm::json::parse(text);
}

} // namespace unlatch
