// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// One field holds views into another: in a copy of the state they would lead into the old one.
#include <cstdio>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>
class PushedBack {
public:
  void set(const std::string &s) { 
    std::lock_guard<std::mutex> lock(m_);
    text_ = s;
    words_.clear();
    words_.push_back(text_);
  }
  void touch() {
    std::lock_guard<std::mutex> lock(m_);
    ++touched_;
  }
  std::string first() const {
    std::lock_guard<std::mutex> lock(m_);
    return std::string(words_[0]) + (touched_ ? "" : "!");
  }

private:
  mutable std::mutex m_;
  std::string text_;
  std::vector<std::string_view> words_;
  int touched_ = 0;
};
class InOptional {
public:
  void set(const std::string &s) {
    std::lock_guard<std::mutex> lock(m_);
    text_ = s;
    view_ = text_;
  }
  void clear() {
    std::lock_guard<std::mutex> lock(m_);
    view_.reset();
    text_.clear();
  }
  std::string get() const {
    std::lock_guard<std::mutex> lock(m_);
    return std::string(*view_) + std::to_string(text_.size());
  }

private:
  mutable std::mutex m_;
  std::string text_;
  std::optional<std::string_view> view_;
};
class InSet {
public:
  void set(const std::string &s) {
    std::lock_guard<std::mutex> lock(m_);
    text_ = s;
    seen_.clear();
    seen_.insert(text_);
  }
  std::string get() const {
    std::lock_guard<std::mutex> lock(m_);
    return std::string(*seen_.begin()) + std::to_string(text_.size());
  }

private:
  mutable std::mutex m_;
  std::string text_;
  std::set<std::string_view> seen_;
};
class CStrings {
public:
  void set(const std::string &s) {
    std::lock_guard<std::mutex> lock(m_);
    text_ = s;
    argv_.clear();
    argv_.push_back(text_.c_str());
  }
  void other() {
    std::lock_guard<std::mutex> lock(m_);
    ++count_;
    argv_.reserve(8);
  }
  std::string get() const {
    std::lock_guard<std::mutex> lock(m_);
    return std::string(argv_[0]) + std::to_string(count_);
  }

private:
  mutable std::mutex m_;
  std::string text_;
  std::vector<const char *> argv_;
  int count_ = 0;
};

// Of texts of their own.
class Words {
public:
  void set(const std::string &s) {
    std::lock_guard<std::mutex> lock(m_);
    text_ = s;
    words_.push_back(s);
  }
  std::string get() const {
    std::lock_guard<std::mutex> lock(m_);
    return words_.back() + text_;
  }
  bool any() const {
    std::lock_guard<std::mutex> lock(m_);
    return !words_.empty();
  }

private:
  mutable std::mutex m_;
  std::string text_;
  std::vector<std::string> words_;
};

// EXPECT: field PushedBack::text_ keep
// EXPECT: field PushedBack::words_ keep
// EXPECT: field PushedBack::touched_ keep
// EXPECT: field InOptional::text_ keep
// EXPECT: field InOptional::view_ keep
// EXPECT: field InSet::text_ keep
// EXPECT: field InSet::seen_ keep
// EXPECT: field CStrings::text_ keep unsafe-value-type
// EXPECT: field CStrings::argv_ keep unsafe-value-type
// EXPECT: field CStrings::count_ keep unsafe-value-type
// EXPECT: field Words::text_ convert snapshot
// EXPECT: field Words::words_ convert snapshot
