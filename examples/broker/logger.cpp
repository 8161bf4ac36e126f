// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "logger.h"

#include <iostream>

namespace broker {

Logger::Logger(LogLevel level) : Logger(std::clog, level) {}

Logger::Logger(std::ostream &out, LogLevel level) : out_(out), level_(level) {}

void Logger::debug(const std::string &text) { write(LogLevel::Debug, "debug", text); }

void Logger::info(const std::string &text) { write(LogLevel::Info, "info", text); }

void Logger::warn(const std::string &text) { write(LogLevel::Warn, "warn", text); }

void Logger::error(const std::string &text) { write(LogLevel::Error, "error", text); }

void Logger::setLevel(LogLevel level) {
  std::lock_guard<std::mutex> lock(mu_);
  level_ = level;
}

void Logger::write(LogLevel level, const char *label, const std::string &text) {
  std::lock_guard<std::mutex> lock(mu_);
  if (level < level_)
    return;
  out_ << "[broker] " << label << ": " << text << '\n';
}

} // namespace broker
