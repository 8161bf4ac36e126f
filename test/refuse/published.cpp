// RUN: %check_rewrite %s -std=c++17
// What was made here is others' as soon as they can find it.
#include <cstdio>
#include <memory>
#include <mutex>
#include <unordered_map>

struct Session {
  // EXPECT: field Session::x keep aliased
  int x = 0;
};

class Before {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto s = std::make_shared<Session>();
    m_[id] = s;
    // EXPECT: field Before::m_ keep spans-fields @+1
    s->x = 1;
  }
  int x(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(id);
    return it == m_.end() ? -1 : it->second->x;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Session>> m_;
};

class Numbers {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto s = std::make_shared<int>();
    m_[id] = s;
    // EXPECT: field Numbers::m_ keep spans-fields @+1
    *s = 1;
  }
  std::shared_ptr<int> get(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(id);
    return it == m_.end() ? nullptr : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<int>> m_;
};

class InALoop {
public:
  void open(int count) {
    std::lock_guard<std::mutex> lock(mu_);
    auto s = std::make_shared<int>();
    for (int i = 0; i < count; ++i) {
      *s = i;
      last_ = s;
    }
    m_[0] = 1;
  }
  bool has(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(id) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field InALoop::last_ keep spans-fields
  std::shared_ptr<int> last_;
  // EXPECT: field InALoop::m_ keep spans-fields
  std::unordered_map<int, int> m_;
};

// First filled, then shown.
class After {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto s = std::make_shared<const int>(id + 1);
    auto count = std::make_shared<int>();
    *count = 3;
    *count += 1;
    m_[id] = *count > 3 ? s : nullptr;
  }
  int get(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(id);
    return it == m_.end() ? -1 : *it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field After::m_ convert map
  std::unordered_map<int, std::shared_ptr<const int>> m_;
};

int main() {
  Before before;
  Numbers numbers;
  InALoop loop;
  After after;
  before.open(1);
  numbers.open(1);
  loop.open(2);
  after.open(1);
  std::printf("%d %d %d %d %d\n", before.x(1), *numbers.get(1), loop.has(0), after.get(1),
              after.get(2));
}
