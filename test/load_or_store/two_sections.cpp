// RUN: %check_rewrite %s -std=c++20
// Two sections of one function stay two operations.

#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

using Tally = std::unordered_map<std::string, int>;

// Between the two anybody may have put another; the second takes no notice of it, as before.
// EXPECT: field CheckThenActTwoGuards::m_ convert map
// EXPECT: operation CheckThenActTwoGuards::get load
// EXPECT: operation CheckThenActTwoGuards::get store
class CheckThenActTwoGuards {
public:
  int get(const std::string &k, int v) {
    {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it != m_.end())
        return it->second;
    }
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    return v;
  }

private:
  std::mutex mu_;
  Tally m_;
};

// Looked for under a shared lock first, and again before it is made.
// EXPECT: field DoubleChecked::m_ convert map
// EXPECT: operation DoubleChecked::get load
// EXPECT: operation DoubleChecked::get load_or_store
class DoubleChecked {
public:
  int get(const std::string &k) {
    {
      std::shared_lock<std::shared_mutex> lock(mu_);
      auto it = m_.find(k);
      if (it != m_.end())
        return it->second;
    }
    std::unique_lock<std::shared_mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      return it->second;
    const int made = static_cast<int>(k.size()) * 2;
    m_.emplace(k, made);
    return made;
  }

private:
  std::shared_mutex mu_;
  Tally m_;
};

// The same with locks that are released by hand.
// EXPECT: field DoubleCheckedByHand::m_ convert map
// EXPECT: operation DoubleCheckedByHand::get load
// EXPECT: operation DoubleCheckedByHand::get load_or_store
class DoubleCheckedByHand {
public:
  int get(const std::string &k) {
    mu_.lock_shared();
    auto it = m_.find(k);
    if (it != m_.end()) {
      const int found = it->second;
      mu_.unlock_shared();
      return found;
    }
    mu_.unlock_shared();
    const int made = static_cast<int>(k.size()) * 2;
    mu_.lock();
    const int kept = m_.emplace(k, made).first->second;
    mu_.unlock();
    return kept;
  }

private:
  std::shared_mutex mu_;
  Tally m_;
};

// Three looks: the order of what leads out of each stays.
// EXPECT: field ThreeLooks::m_ convert map
// EXPECT: operation ThreeLooks::get load
// EXPECT: operation ThreeLooks::get load_or_store
// EXPECT: operation ThreeLooks::get load_and_delete
class ThreeLooks {
public:
  int get(const std::string &k, const std::string &other) {
    {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(other);
      if (it == m_.end())
        return -1;
      if (it->second == 7)
        return 7;
    }
    {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it != m_.end())
        return it->second;
      m_.emplace(k, 1);
    }
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(other);
    if (it == m_.end())
      return -2;
    const int gone = it->second;
    m_.erase(it);
    return gone;
  }

private:
  std::mutex mu_;
  Tally m_;
};

// An iterator of the first section, used in the second, may lead to what is gone.
class CarriedOver {
public:
  int get(const std::string &k) {
    Tally::iterator it;
    {
      std::shared_lock<std::shared_mutex> lock(mu_);
      it = m_.find(k);
      if (it == m_.end())
        return -1;
    }
    std::unique_lock<std::shared_mutex> lock(mu_);
    return ++it->second;
  }

private:
  std::shared_mutex mu_;
  // EXPECT: field CarriedOver::m_ keep unsupported-operation
  Tally m_;
};
