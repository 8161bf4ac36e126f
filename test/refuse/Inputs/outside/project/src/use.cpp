#include "cache.h"
#include "own.h"

void Own::clear() {
  std::lock_guard<std::mutex> lock(mu_);
  entries_.clear();
}

// Uses what the library declares, and puts something of its own behind the library's mutex.
class Hooks : LibraryBase {
public:
  void add(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    hooks_[k] = v;
  }
  void name(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    names_[k] = v;
  }

private:
  std::unordered_map<int, int> names_;
};

int main() {
  LibraryCache cache;
  cache.put(1, 2);
  Own own;
  own.put(1, 2);
  Hooks hooks;
  hooks.add(1, 2);
  hooks.name(1, 3);
  return cache.get(1);
}
