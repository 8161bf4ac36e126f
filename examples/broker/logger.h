// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef BROKER_LOGGER_H
#define BROKER_LOGGER_H

#include <mutex>
#include <ostream>
#include <string>

namespace broker {

enum class LogLevel { Debug, Info, Warn, Error, Off };

/// Writes one line a message to a stream. Safe to use from several threads.
class Logger {
public:
  /// Logs to std::clog.
  explicit Logger(LogLevel level = LogLevel::Warn);
  /// Logs to `out`, which must outlive the logger.
  Logger(std::ostream &out, LogLevel level);

  void debug(const std::string &text);
  void info(const std::string &text);
  void warn(const std::string &text);
  void error(const std::string &text);

  void setLevel(LogLevel level);

private:
  void write(LogLevel level, const char *label, const std::string &text);

  std::mutex mu_;
  std::ostream &out_;
  LogLevel level_;
};

} // namespace broker

#endif // BROKER_LOGGER_H
