// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// A section that throws half way leaves under the mutex what it has changed; of a modify() nothing
// would stay.
#include <cstdio>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>
inline int checked(int k) { if (k < 0) throw std::invalid_argument("negative"); return k; }
class ParseJob {
public:
  void parse(const std::string &text) {
    std::lock_guard<std::mutex> lock(m_);
    ++attempts_;
    value_ = std::stoi(text);
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(m_);
    return attempts_ + value_;
  }

private:
  mutable std::mutex m_;
  // EXPECT: field ParseJob::attempts_ keep unsupported-operation
  int attempts_ = 0;
  // EXPECT: field ParseJob::value_ keep unsupported-operation
  int value_ = 0;
};
class CheckJob {
public:
  void check(int k) {
    std::lock_guard<std::mutex> lock(m_);
    ++attempts_;
    value_ = checked(k);
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(m_);
    return attempts_ + value_;
  }

private:
  mutable std::mutex m_;
  // EXPECT: field CheckJob::attempts_ keep unsupported-operation
  int attempts_ = 0;
  // EXPECT: field CheckJob::value_ keep unsupported-operation
  int value_ = 0;
};
class PickJob {
public:
  void pick(const std::vector<int> &all, std::size_t i) {
    std::lock_guard<std::mutex> lock(m_);
    ++attempts_;
    value_ = all.at(i);
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(m_);
    return attempts_ + value_;
  }

private:
  mutable std::mutex m_;
  // EXPECT: field PickJob::attempts_ keep unsupported-operation
  int attempts_ = 0;
  // EXPECT: field PickJob::value_ keep unsupported-operation
  int value_ = 0;
};
class TakeJob {
public:
  void take(const std::optional<int> &k) {
    std::lock_guard<std::mutex> lock(m_);
    ++attempts_;
    value_ = k.value();
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(m_);
    return attempts_ + value_;
  }

private:
  mutable std::mutex m_;
  // EXPECT: field TakeJob::attempts_ keep unsupported-operation
  int attempts_ = 0;
  // EXPECT: field TakeJob::value_ keep unsupported-operation
  int value_ = 0;
};

// Nothing has been changed yet.
class First {
public:
  void parse(const std::string &text) {
    std::lock_guard<std::mutex> lock(m_);
    const int number = std::stoi(text);
    ++attempts_;
    value_ = number;
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(m_);
    return attempts_ + value_;
  }

private:
  mutable std::mutex m_;
  // EXPECT: field First::attempts_ convert snapshot
  int attempts_ = 0;
  // EXPECT: field First::value_ convert snapshot
  int value_ = 0;
};
class RightSide {
public:
  void parse(const std::string &text) {
    std::lock_guard<std::mutex> lock(m_);
    value_ = std::stoi(text);
    last_ = value_;
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(m_);
    return last_ + value_;
  }

private:
  mutable std::mutex m_;
  // EXPECT: field RightSide::last_ convert snapshot
  int last_ = 0;
  // EXPECT: field RightSide::value_ convert snapshot
  int value_ = 0;
};
