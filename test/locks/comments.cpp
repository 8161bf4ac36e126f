// RUN: %check_rewrite %s -std=c++17
// With a lock goes the comment behind it, as far as that goes: it ends behind the line's backslash.
#pragma GCC diagnostic ignored "-Wcomment"
#include <cstdio>
#include <mutex>
#include <unordered_map>

class Table {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_); // the lock \
    v = 7;
    m_[k] = v;
  }
  int get(int k) {
    mu_.lock(); // see \
    k = 0; \
    k = 1;
    auto it = m_.find(k);
    const int found = it == m_.end() ? -1 : it->second;
    mu_.unlock(); // done
    return found;
  }
  int next() {
    std::lock_guard<std::mutex> lock(mu_); /* one line, \
    and another */
    return ++last_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Table::m_ convert map
  std::unordered_map<int, int> m_;
  // EXPECT: field Table::last_ convert atomic
  int last_ = 0;
};
// EXPECT: mutex Table::mu_ remove

int main() {
  Table table;
  table.put(4, 2);
  const int first = table.next();
  std::printf("%d %d %d %d\n", table.get(4), table.get(0), table.get(1), first + table.next());
}
