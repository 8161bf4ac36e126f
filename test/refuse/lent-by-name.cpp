// RUN: %check_rewrite %s -std=c++20
// A section reads what its caller lends it, which another section of the mutex writes by its name.
#include <array>
#include <cstring>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class ByReference {
public:
  // EXPECT: field ByReference::longest_ keep spans-fields @+1
  void refresh() { remember(name_); }
  void remember(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    longest_ += text.size();
  }
  void rename(const char *to) {
    std::lock_guard<std::mutex> lock(mu_);
    name_ = to;
  }

private:
  std::mutex mu_;
  // EXPECT: field ByReference::name_ keep
  std::string name_ = "a";
  std::size_t longest_ = 0;
};

// Through another function, which is lent it itself.
class PassedOn {
public:
  // EXPECT: field PassedOn::longest_ keep spans-fields @+1
  void refresh() { pass(name_); }
  void pass(const std::string &text) { remember(text); }
  void remember(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    longest_ += text.size();
  }
  void rename(const char *to) {
    std::lock_guard<std::mutex> lock(mu_);
    name_ = to;
  }

private:
  std::mutex mu_;
  // EXPECT: field PassedOn::name_ keep
  std::string name_ = "a";
  std::size_t longest_ = 0;
};

char shared[8] = "aaaaa";
class Text {
public:
  void count(const char *text) {
    std::lock_guard<std::mutex> lock(mu_);
    same_ += std::strcmp(text, "aaaaa") == 0;
  }
  void flip() {
    std::lock_guard<std::mutex> lock(mu_);
    shared[0] ^= 1;
  }
  // EXPECT: field Text::same_ keep spans-fields @+1
  void look() { count(shared); }

private:
  std::mutex mu_;
  int same_ = 0;
};

class View {
public:
  void count(std::string_view text) {
    std::lock_guard<std::mutex> lock(mu_);
    same_ += text == "aaaaa";
  }
  void rename(const std::string &to) {
    std::lock_guard<std::mutex> lock(mu_);
    text_ = to;
  }
  // EXPECT: field View::same_ keep spans-fields @+1
  void look() { count(std::string_view(text_).substr(1)); }

private:
  std::mutex mu_;
  // EXPECT: field View::text_ keep
  std::string text_;
  int same_ = 0;
};

// By a variable that leads there.
class Variable {
public:
  void count(const int *numbers, std::size_t n) {
    std::lock_guard<std::mutex> lock(mu_);
    for (std::size_t i = 0; i < n; ++i)
      sum_ += numbers[i];
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    numbers_.push_back(n);
  }
  void look() {
    const int *first = nullptr;
    first = numbers_.data();
    // EXPECT: field Variable::sum_ keep spans-fields @+1
    count(first, 1);
  }

private:
  std::mutex mu_;
  // EXPECT: field Variable::numbers_ keep
  std::vector<int> numbers_;
  int sum_ = 0;
};

class Spanned {
public:
  void count(std::span<const int> numbers) {
    std::lock_guard<std::mutex> lock(mu_);
    sum_ += numbers[0];
  }
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    numbers_[0] = n;
  }
  // EXPECT: field Spanned::sum_ keep spans-fields @+1
  void look() { count(numbers_); }

private:
  std::mutex mu_;
  // EXPECT: field Spanned::numbers_ keep
  std::array<int, 3> numbers_{};
  int sum_ = 0;
};

// What the pointer leads to is written, not the pointer.
class Pointee {
public:
  void count(std::shared_ptr<int> number) {
    std::lock_guard<std::mutex> lock(mu_);
    sum_ += *number;
  }
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    *number_ = n;
  }
  // EXPECT: field Pointee::sum_ keep spans-fields @+1
  void look() { count(number_); }

private:
  std::mutex mu_;
  const std::shared_ptr<int> number_ = std::make_shared<int>();
  int sum_ = 0;
};

// In a class by value.
class InPair {
public:
  void count(std::pair<const int &, int> numbers) {
    std::lock_guard<std::mutex> lock(mu_);
    sum_ += numbers.first;
  }
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    number_[0] = n;
  }
  // EXPECT: field InPair::sum_ keep spans-fields @+1
  void look() { count(std::pair<const int &, int>(number_[0], 1)); }

private:
  std::mutex mu_;
  // EXPECT: field InPair::number_ keep
  std::array<int, 2> number_{};
  int sum_ = 0;
};

// An iterator that is written through.
class Inserts {
public:
  void fill(std::back_insert_iterator<std::vector<int>> to) {
    std::lock_guard<std::mutex> lock(mu_);
    *to = 1;
    ++filled_;
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    numbers_.push_back(n);
  }
  // EXPECT: field Inserts::filled_ keep spans-fields @+1
  void look() { fill(std::back_inserter(numbers_)); }

private:
  std::mutex mu_;
  // EXPECT: field Inserts::numbers_ keep
  std::vector<int> numbers_;
  int filled_ = 0;
};

// What is lent is written by nobody, or is another's.
class Constant {
public:
  void remember(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    longest_ += text.size();
  }
  void look(const std::string &own) {
    remember(name_);
    remember(own);
    remember(own + name_);
  }

private:
  std::mutex mu_;
  const std::string name_ = "a";
  // EXPECT: field Constant::longest_ convert atomic
  std::size_t longest_ = 0;
};

// Not by reference.
class ByValue {
public:
  void remember(std::size_t size) {
    std::lock_guard<std::mutex> lock(mu_);
    longest_ += size;
  }
  void look() { remember(name_.size()); }
  void rename(const std::string &name) { name_ = name; }

private:
  std::mutex mu_;
  std::string name_ = "a";
  // EXPECT: field ByValue::longest_ convert atomic
  std::size_t longest_ = 0;
};
