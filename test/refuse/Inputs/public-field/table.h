#pragma once

#include <mutex>
#include <unordered_map>

struct Table {
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu);
    m[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu);
    return m.count(k) != 0;
  }
  std::mutex mu;
  // EXPECT: field Table::m keep public-field @+1
  std::unordered_map<int, int> m;
};
