// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/output.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"

#include <cstdlib>

namespace unlatch {

namespace {

ColorMode colorMode = ColorMode::Auto;

bool showsColors(const llvm::raw_ostream &out) {
  if (colorMode != ColorMode::Auto)
    return colorMode == ColorMode::Always;
  const char *refused = std::getenv("NO_COLOR");
  return out.has_colors() && !(refused && *refused);
}

} // namespace

void useColors(ColorMode mode) {
  colorMode = mode;
  llvm::WithColor::setAutoDetectFunction(showsColors);
  llvm::errs().enable_colors(showsColors(llvm::errs()));
}

llvm::Expected<Output> Output::open(const Options &options) {
  Output output;
  if (!options.output.empty()) {
    std::error_code code;
    output.name = options.output;
    output.file = std::make_unique<llvm::raw_fd_ostream>(options.output, code);
    if (code)
      return llvm::createStringError(code, options.output + ": " + code.message());
  }
  output.stream().enable_colors(showsColors(output.stream()));
  return output;
}

llvm::Error Output::finish() {
  auto &out = file ? *file : llvm::outs();
  out.flush();
  if (!out.has_error())
    return llvm::Error::success();
  const std::error_code code = out.error();
  out.clear_error();
  return llvm::createStringError(code, name + ": " + code.message());
}

int fail(llvm::Error error) {
  llvm::handleAllErrors(std::move(error), [](const llvm::ErrorInfoBase &info) {
    llvm::WithColor::error(llvm::errs(), "unlatch") << info.message() << '\n';
  });
  return 1;
}

} // namespace unlatch
