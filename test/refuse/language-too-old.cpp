// The runtime needs C++17, and the program is built as something older.
// RUN: %check_rewrite %s -std=c++14
// RUN: %check_rewrite %s -std=c++11
// RUN: %check_rewrite %s -std=gnu++14

#include <mutex>
#include <unordered_map>

class Table {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Table::m_ keep language-too-old @+1
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
