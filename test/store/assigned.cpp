// RUN: %check_rewrite %s -std=c++20
// A value that is assigned to is not always the one that would be built.
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

struct Doubling {
  Doubling(int value) : value(value) {}
  Doubling &operator=(int next) {
    value = next * 2;
    return *this;
  }
  int value;
};

class AssignsOtherwise {
public:
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    entries_.insert_or_assign(k, v);
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = entries_.find(k);
    return it == entries_.end() ? 0 : it->second.value;
  }

private:
  std::mutex mu_;
  // EXPECT: field AssignsOtherwise::entries_ convert map
  std::unordered_map<int, Doubling> entries_;
};

class AssignsTheSame {
public:
  void set(int k, const Doubling &v) {
    std::lock_guard<std::mutex> lock(mu_);
    entries_.insert_or_assign(k, v);
  }
  void name(int k, const char *name) {
    std::lock_guard<std::mutex> lock(namesMu_);
    names_.insert_or_assign(k, name);
  }

private:
  std::mutex mu_;
  std::mutex namesMu_;
  // EXPECT: field AssignsTheSame::entries_ convert map
  std::unordered_map<int, Doubling> entries_;
  // EXPECT: field AssignsTheSame::names_ convert map
  std::unordered_map<int, std::string> names_;
};

// How much room a value has is not copied.
class Room {
public:
  void make(int k, std::size_t n) {
    std::lock_guard<std::mutex> lock(mu_);
    entries_[k].reserve(n);
  }
  bool push(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = entries_.find(k);
    if (it == entries_.end() || it->second.size() == it->second.capacity())
      return false;
    it->second.push_back(v);
    return true;
  }

private:
  std::mutex mu_;
  // EXPECT: field Room::entries_ keep unsupported-operation
  std::unordered_map<int, std::vector<int>> entries_;
};

// Nor is the name of the function that a value names.
class NamesItself {
public:
  void note(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &entry = entries_[k];
    entry += __func__;
    entry += ' ';
  }

private:
  std::mutex mu_;
  // EXPECT: field NamesItself::entries_ keep unsupported-operation
  std::unordered_map<int, std::string> entries_;
};

struct Counted {
  explicit Counted(int n) : n(n) {}
  Counted(const Counted &other) : n(other.n + 100) {}
  int n;
};
class Elided {
public:
  Counted next(int k, int by) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &entry = entries_[k];
    entry += by;
    return Counted(entry);
  }

private:
  std::mutex mu_;
  // EXPECT: field Elided::entries_ keep unsafe-value-type
  std::unordered_map<int, int> entries_;
};
