// RUN: %check_rewrite --plan-only %s -std=c++17
// The lock is of one object, and what is used under it of another, under the same name.

#include <map>
#include <memory>
#include <mutex>

struct Assigned {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  Assigned *const next = nullptr;
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Assigned::m_ keep aliased
int takeOn(Assigned *t, int k) {
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  t = t->next;
  t->m_.erase(k);
  return v;
}

struct Swapped {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Swapped::m_ keep aliased
int takeOn(std::shared_ptr<Swapped> t, std::shared_ptr<Swapped> other, int k) {
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  t.swap(other);
  t->m_.erase(k);
  return v;
}

struct Lent {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Lent::m_ keep aliased
void advance(Lent *&t, Lent *to) { t = to; }
int takeOn(Lent *t, Lent *other, int k) {
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  advance(t, other);
  t->m_.erase(k);
  return v;
}

struct Referred {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Referred::m_ keep aliased
int takeOn(Referred *&t, Referred *other, int k) {
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  t = other;
  t->m_.erase(k);
  return v;
}

struct Captured {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Captured::m_ keep aliased
int takeOn(Captured *t, Captured *other, int k) {
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  [&] { t = other; }();
  t->m_.erase(k);
  return v;
}

struct Local {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Local::m_ keep aliased
int takeOn(Local *first, Local *other, int k) {
  auto t = first;
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  t = other;
  t->m_.erase(k);
  return v;
}

struct Reset {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Reset::m_ keep aliased
int takeOn(std::shared_ptr<Reset> first, Reset *other, int k) {
  auto t = first;
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  t.reset(other);
  t->m_.erase(k);
  return v;
}

struct Member {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Member::m_ keep spans-fields
// EXPECT: field Walker::t keep aliased
struct Walker {
  Member *t;
  Member *other;
  int takeOn(int k);
};
int Walker::takeOn(int k) {
  std::lock_guard<std::mutex> lock(t->mu_);
  auto it = t->m_.find(k);
  if (it == t->m_.end())
    return 0;
  int v = it->second;
  t = other;
  t->m_.erase(k);
  return v;
}

struct Element {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Element::m_ keep unsupported-operation
// EXPECT: finding unlocked-access @+7
int takeOn(Element *all, int i, int j, int k) {
  std::lock_guard<std::mutex> lock(all[i].mu_);
  auto it = all[i].m_.find(k);
  if (it == all[i].m_.end())
    return 0;
  int v = it->second;
  all[j].m_.erase(k);
  return v;
}

struct Stepped {
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void set(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::mutex mu_;
  std::map<int, int> m_;
};
// EXPECT: field Stepped::m_ keep aliased
int takeOn(Stepped *all, int i, int k) {
  std::lock_guard<std::mutex> lock(all[i].mu_);
  auto it = all[i].m_.find(k);
  if (it == all[i].m_.end())
    return 0;
  int v = it->second;
  ++i;
  all[i].m_.erase(k);
  return v;
}
