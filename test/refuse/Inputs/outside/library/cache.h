#pragma once
#include <mutex>
#include <unordered_map>

// A library's, whose next version would undo any edit.
class LibraryCache {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    entries_[k] = v;
  }
  int get(int k) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = entries_.find(k);
    return it == entries_.end() ? 0 : it->second;
  }

private:
  mutable std::mutex mu_;
  std::unordered_map<int, int> entries_;
};

class LibraryBase {
protected:
  std::mutex mu_;
  std::unordered_map<int, int> hooks_;
};
