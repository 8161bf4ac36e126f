#pragma once
#include <mutex>
#include <unordered_map>

class Own {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    entries_[k] = v;
  }
  void clear();

private:
  std::mutex mu_;
  std::unordered_map<int, int> entries_;
};
