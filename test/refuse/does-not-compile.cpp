// What the runtime can't be instantiated for, though the standard library can: the check of the result
// finds it, and the field stays.
// RUN: %check_alone %s -std=c++17
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

// Values that are not complete where the map is declared.
struct Node;
class Tree {
public:
  void add(int id, const std::shared_ptr<const Node> &node);
  bool has(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    return nodes_.count(id) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Tree::nodes_ keep does-not-compile @+1
  std::map<int, Node> nodes_;
};
struct Node {
  int size = 0;
  std::string name;
};
void Tree::add(int id, const std::shared_ptr<const Node> &node) {
  std::lock_guard<std::mutex> lock(mu_);
  nodes_[id] = *node;
}

class Nested {
  struct Entry;

public:
  void add(int id);
  bool has(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    return entries_.count(id) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Nested::entries_ keep does-not-compile @+1
  std::map<int, Entry> entries_;
  struct Entry {
    int count = 0;
  };
};
void Nested::add(int id) {
  std::lock_guard<std::mutex> lock(mu_);
  entries_[id] = Entry{};
}

class Keyed {
  struct Key;

public:
  void add(int id);

private:
  std::mutex mu_;
  // EXPECT: field Keyed::pairs_ keep does-not-compile @+1
  std::map<int, std::pair<int, Key>> pairs_;
  struct Key {
    int value = 0;
  };
};
void Keyed::add(int id) {
  std::lock_guard<std::mutex> lock(mu_);
  pairs_.erase(id);
}
