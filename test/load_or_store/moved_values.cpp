// RUN: %check_alone %s -std=c++20
// RUN: %check_alone --plan-only %s -std=c++17
// The insertion joins the look-up before it, and with it goes the value. Look-alikes where the
// value would be another one there, or would be computed again, or not at all.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

inline void fill(std::string &text) { text = "filled"; }

inline void validate(int k) {
  if (k > 9)
    throw std::invalid_argument("too large");
}

struct Bump {
  explicit Bump(int &number) : n(number) {}
  Bump(const Bump &) = delete;
  ~Bump() { ++n; }
  int &n;
};

// EXPECT: field made keep aliased @+5
inline int made = 0;

// EXPECT: field DefaultMember::m_ keep side-effect-in-update @+2
struct Numbered {
  int number = ++made;
  int other = 0;
};

struct Hidden {
  int get() const { return other; }
  int number = ++made;

private:
  int other = 0;
};

struct Defaulted {
  explicit Defaulted(int n = ++made) : number(n) {}
  int number;
};

class Generated {
public:
  unsigned put(int k) {
    std::mt19937 generator(7);
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field Generated::m_ keep side-effect-in-update @+1
      m_[k] = generator();
    return generator();
  }

private:
  std::mutex mu_;
  std::unordered_map<int, unsigned> m_;
};

class GeneratedBySomeoneElse {
public:
  void put(int k, std::mt19937 &generator) {
    std::uniform_int_distribution<int> die(1, 6);
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field GeneratedBySomeoneElse::m_ keep side-effect-in-update @+1
      m_[k] = die(generator);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class Exchanged {
public:
  int put(int k, int next) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field Exchanged::m_ keep side-effect-in-update @+1
      m_[k] = std::exchange(next, next + 1);
    return next;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class Released {
public:
  bool put(int k, std::unique_ptr<int> owner) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field Released::m_ keep side-effect-in-update @+1
      m_[k] = owner.release();
    return owner == nullptr;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, const int *> m_;
};

class Stepped {
public:
  long put(int k, const std::vector<int> &from) {
    auto next = from.begin();
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field Stepped::m_ keep side-effect-in-update @+1
      m_[k] = *next++;
    return next - from.begin();
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class AssignedWithin {
public:
  int put(int k, int v) {
    int kept[1] = {v};
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field AssignedWithin::m_ keep side-effect-in-update @+1
      m_[k] = (kept[0] = 9);
    return kept[0];
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class Joined {
public:
  void put(int k, const char *name) {
    char buffer[32] = "-";
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field Joined::m_ keep side-effect-in-update @+1
      m_[k] = std::strcat(buffer, name);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

class Pushed {
public:
  void put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field Pushed::m_ keep side-effect-in-update @+1
      v.push_back(3);
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};

class PushedBefore {
public:
  void put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field PushedBefore::m_ keep side-effect-in-update @+1
    v.push_back(3);
    if (it == m_.end()) {
      m_.emplace(k, v.back());
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class Filled {
public:
  void put(int k) {
    std::string text;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field Filled::m_ keep side-effect-in-update @+1
      fill(text);
      m_.emplace(k, text);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

class Swapped {
public:
  void put(int k, std::string text) {
    std::string other = "other";
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field Swapped::m_ keep side-effect-in-update @+1
      std::swap(text, other);
      m_.emplace(k, text);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

class ChangedByAlias {
public:
  void put(int k, int v) {
    int &same = v;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field ChangedByAlias::m_ keep side-effect-in-update @+1
      ++same;
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ReadByAlias {
public:
  void put(int k, int v) {
    const int &same = v;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field ReadByAlias::m_ keep side-effect-in-update @+1
      ++v;
      m_.emplace(k, same);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The two parameters may be one and the same.
class LentTwice {
public:
  void put(int k, const int &v, int &last) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field LentTwice::m_ keep side-effect-in-update @+1
      last = 8;
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ChangedByLambda {
public:
  void put(int k, int v) {
    const auto next = [&v] { ++v; };
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field ChangedByLambda::m_ keep side-effect-in-update @+1
      next();
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ChangedByDestructor {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      {
        // EXPECT: field ChangedByDestructor::m_ keep side-effect-in-update @+1
        const Bump bump(v);
      }
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ChangedInArray {
public:
  void put(int k) {
    int pair[2] = {1, 2};
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field ChangedInArray::m_ keep side-effect-in-update @+1
      pair[0] = 5;
      m_.emplace(k, pair[0]);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class Printed {
public:
  void put(int k, int n) {
    char buffer[16] = "";
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field Printed::m_ keep side-effect-in-update @+1
      std::snprintf(buffer, sizeof buffer, "%d", n);
      m_.emplace(k, buffer);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

class ChangedInLoop {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    for (int i = 0; i < 3; ++i)
      // EXPECT: field ChangedInLoop::m_ keep side-effect-in-update @+1
      v += 2;
    if (it == m_.end()) {
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class DefaultMember {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      m_.emplace(k, Numbered{});
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Numbered> m_;
};

class DefaultConstructor {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field DefaultConstructor::m_ keep calls-out @+1
      m_.emplace(k, Hidden());
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Hidden> m_;
};

class DefaultArgument {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      // EXPECT: field DefaultArgument::m_ keep calls-out @+1
      m_.emplace(k, Defaulted());
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Defaulted> m_;
};

// A value that is thrown away leaves nothing behind.
class Validated {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field Validated::m_ keep side-effect-in-update @+1
      validate(k);
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// Who counts the attempts counts this one too, though it throws.
class CountedAttempt {
public:
  void put(int k, const std::string &text, int &attempts) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field CountedAttempt::m_ keep side-effect-in-update @+1
      ++attempts;
      m_.emplace(k, std::stoi(text));
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// ---------------------------------------------------------------- right as they are

// An exception leaves the map alone, before and after.
class ThrowsBetween {
public:
  void put(int k, const std::vector<int> &from, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      (void)from.at(1);
      m_.emplace(k, v);
    }
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field ThrowsBetween::m_ convert map
  std::unordered_map<int, int> m_;
};

// What is found has a name that the value names.
inline int found = 77;
class NamesTheAnswer {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    const bool found = m_.count(k) != 0;
    if (!found) {
      m_.emplace(k, found);
    }
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field NamesTheAnswer::m_ convert map
  std::unordered_map<int, int> m_;
};

// The pointer leads into a temporary, which ends where the function does.
class LeadsIntoTemporary {
public:
  void put(int k, const std::string &left, const std::string &right) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      m_[k] = (left + right).c_str();
  }
  std::string get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? "" : it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field LeadsIntoTemporary::m_ convert map
  std::unordered_map<int, std::string> m_;
};

// The value is computed before the key is given away.
class KeyGivenAway {
public:
  void put(std::string k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      m_.emplace(std::move(k), k.size() + 1);
  }
  std::size_t get(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field KeyGivenAway::m_ convert map
  std::unordered_map<std::string, std::size_t> m_;
};

// It is complete before the look-up, and what changes in between is another.
class CompleteBefore {
public:
  int put(int k, int n) {
    std::vector<int> v;
    v.push_back(n);
    int misses = 0;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      ++misses;
      m_.emplace(k, v);
    }
    v.clear();
    return misses;
  }
  std::size_t get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second.size();
  }

private:
  std::mutex mu_;
  // EXPECT: field CompleteBefore::m_ convert map
  // EXPECT: operation CompleteBefore::put load_or_store
  std::unordered_map<int, std::vector<int>> m_;
};

int main() {
  ThrowsBetween between;
  try {
    between.put(1, {}, 3);
  } catch (const std::out_of_range &) {
    std::puts("thrown");
  }
  std::printf("%d\n", between.has(1));
  between.put(1, {4, 5}, 3);
  std::printf("%d\n", between.has(1));
  NamesTheAnswer named;
  named.put(1);
  std::printf("%d\n", named.get(1));
  LeadsIntoTemporary temporary;
  temporary.put(1, std::string(40, 'x'), "y");
  std::printf("%s\n", temporary.get(1).c_str());
  KeyGivenAway given;
  given.put(std::string(40, 'x'));
  std::printf("%zu\n", given.get(std::string(40, 'x')));
  CompleteBefore complete;
  const int first = complete.put(1, 3), again = complete.put(1, 4);
  std::printf("%d %d %zu\n", first, again, complete.get(1));
}
