// RUN: %check_rewrite --exit-code=3 %s -std=c++20

#include <mutex>
#include <unordered_map>

class Table {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
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

// Who knows what this does to a table.
// EXPECT: field Table::m_ keep tu-not-parsed @+1
void forget(Table &table) { table.forgetAll(undeclared); }
