// RUN: %check_rewrite %s -std=c++20
// Two accesses become one operation, at the place of one of them. Look-alikes where what is added
// is another number there, or an exception comes in between.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

inline void validate(int k) {
  if (k > 9)
    throw std::invalid_argument("too large");
}

struct Number {
  explicit Number(const std::string &text) : n(std::stoi(text)) {}
  int n;
};

struct Positive {
  explicit Positive(int k) : n(k > 0 ? k : throw std::invalid_argument("not positive")) {}
  int n;
};

inline int take(int &number) { return number++; }
inline int twice(int number) { return 2 * number; }

class StepChanges {
public:
  int next(int step) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field StepChanges::n_ keep unsupported-operation @+1
    n_ += step;
    step = 5;
    return n_ - step;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class StepChangesBefore {
public:
  int next(int step) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field StepChangesBefore::n_ keep unsupported-operation @+1
    const int before = n_;
    step *= 2;
    n_ += step;
    return before;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class CountedThenThrown {
public:
  int next(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field CountedThenThrown::n_ keep unsupported-operation @+1
    ++n_;
    validate(k);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class ThrownThenCounted {
public:
  int next(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ThrownThenCounted::n_ keep unsupported-operation @+1
    const int before = n_;
    validate(k);
    n_++;
    return before;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class ThrownThenReplaced {
public:
  int replace(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ThrownThenReplaced::n_ keep unsupported-operation @+1
    const int before = n_;
    validate(k);
    n_ = k;
    return before;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// Whoever comes after a failure tries again.
class OnceIfItWorks {
public:
  bool start(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field OnceIfItWorks::done_ keep unsupported-operation @+1
    if (done_)
      return false;
    validate(k);
    done_ = true;
    return true;
  }

private:
  std::mutex mu_;
  bool done_ = false;
};

class OnceIfItIsANumber {
public:
  int start(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field OnceIfItIsANumber::done_ keep unsupported-operation @+1
    if (done_)
      return 0;
    const int number = std::stoi(text);
    done_ = true;
    return number;
  }

private:
  std::mutex mu_;
  bool done_ = false;
};

class ThrownByMember {
public:
  int next(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ThrownByMember::n_ keep unsupported-operation @+1
    const int before = n_;
    const Number number(text);
    n_++;
    return before + number.n;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class ThrownByInitialiser {
public:
  bool start(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ThrownByInitialiser::done_ keep unsupported-operation @+1
    if (done_)
      return false;
    const Positive number(k);
    done_ = true;
    return number.n > 3;
  }

private:
  std::mutex mu_;
  bool done_ = false;
};

class ThrownByFactory {
public:
  int next(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ThrownByFactory::n_ keep unsupported-operation @+1
    const int before = n_;
    const auto number = std::make_unique<Positive>(k);
    n_++;
    return before + number->n;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class ThrownByAlgorithm {
public:
  int next(const std::vector<int> &all) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ThrownByAlgorithm::n_ keep unsupported-operation @+1
    const int before = n_;
    std::for_each(all.begin(), all.end(), [](int each) { validate(each); });
    n_++;
    return before;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class AmountHasEffects {
public:
  int next(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field AmountHasEffects::n_ keep unsupported-operation @+1
    n_ += take(k);
    return n_ + k;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// Nothing in between can fail.
class Once {
public:
  std::size_t start(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    if (done_)
      return 0;
    const std::size_t length = text.size();
    done_ = true;
    return length;
  }

private:
  std::mutex mu_;
  // EXPECT: field Once::done_ convert atomic
  // EXPECT: operation Once::start exchange
  bool done_ = false;
};

class Steps {
public:
  int next(int step) {
    step *= 2;
    std::lock_guard<std::mutex> lock(mu_);
    n_ += step;
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Steps::n_ convert atomic
  // EXPECT: operation Steps::next add
  int n_ = 0;
};

// With nothing in between, any amount is the same at both places.
class Amounts {
public:
  int twiceOf(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ += twice(k);
    return n_;
  }
  int lengthOf(const std::pair<int, int> &range) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ += range.second - range.first;
    return n_;
  }
  int numberIn(const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    const int before = n_;
    n_ += std::stoi(text) + kMore;
    return before;
  }

private:
  static constexpr int kMore = 3;
  std::mutex mu_;
  // EXPECT: field Amounts::n_ convert atomic
  // EXPECT: operation Amounts::twiceOf add
  // EXPECT: operation Amounts::lengthOf add
  // EXPECT: operation Amounts::numberIn add
  int n_ = 0;
};

int main() {
  Once once;
  const std::size_t first = once.start("abc"), again = once.start("abc");
  std::printf("%zu %zu\n", first, again);
  Steps steps;
  const int two = steps.next(1), six = steps.next(2);
  std::printf("%d %d\n", two, six);
  Amounts amounts;
  const int doubled = amounts.twiceOf(4), more = amounts.lengthOf({3, 5});
  const int before = amounts.numberIn("7"), last = amounts.twiceOf(0);
  std::printf("%d %d %d %d\n", doubled, more, before, last);
}
