// RUN: %check_alone %s -std=c++17 --tsan
// Maps that are there with elements.
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

// A list.
class Listed {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Listed::names_ convert map
  std::map<int, std::string> names_{{1, "one"}, {2, "two"}, {1, "again"}};
};

// The same behind `=`.
class Assigned {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Assigned::names_ convert map
  std::unordered_map<int, std::string> names_ = {{1, "one"}, {2, "two"}};
};

// Nothing, in several ways.
class Empty {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Empty::names_ convert map
  std::map<int, std::string> names_ = {};
};

class EmptyBraces {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field EmptyBraces::names_ convert map
  std::unordered_map<int, std::string> names_{};
};

// The type is named, and would be another.
class Named {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Named::names_ keep unsupported-operation
  std::map<int, std::string> names_ = std::map<int, std::string>{{1, "one"}};
};

// A number of buckets.
class Buckets {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Buckets::names_ keep unsupported-operation
  std::unordered_map<int, std::string> names_{64};
};

// Buckets behind the list.
class ListedBuckets {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field ListedBuckets::names_ keep unsupported-operation
  std::unordered_map<int, std::string> names_{{{1, "one"}, {2, "two"}}, 10};
};

// A copy of another map.
extern const std::map<int, std::string> known;
const std::map<int, std::string> known{{3, "three"}};
class Copied {
public:
  void put(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  std::string get(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Copied::names_ keep unsupported-operation
  std::map<int, std::string> names_{known};
};

namespace {
std::mutex tableMutex;
// EXPECT: field table convert map
std::map<std::string, int> table{{"a", 1}, {"b", 2}};
} // namespace

static int look(const std::string &name) {
  std::lock_guard<std::mutex> lock(tableMutex);
  auto it = table.find(name);
  return it == table.end() ? 0 : it->second;
}

static void add(const std::string &name) {
  std::lock_guard<std::mutex> lock(tableMutex);
  table[name] = 7;
}

int main() {
  Listed listed;
  Assigned assigned;
  Empty empty;
  EmptyBraces braces;
  listed.put(3, "three");
  assigned.put(2, "deux");
  empty.put(1, "un");
  add("c");
  std::printf("%s %s %s ", listed.get(1).c_str(), listed.get(2).c_str(), listed.get(3).c_str());
  std::printf("%s %s %s%s ", assigned.get(1).c_str(), assigned.get(2).c_str(),
              empty.get(1).c_str(), braces.get(1).c_str());
  std::printf("%d %d %d %d\n", look("a"), look("b"), look("c"), look("d"));
}
