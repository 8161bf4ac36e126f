// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which object a lock belongs to, and which object is used under it.

#include <map>
#include <memory>
#include <mutex>
#include <vector>

struct Account {
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }
  std::mutex mu_;
  int n_ = 0;
};
void right(Account &to) {
  std::lock_guard<std::mutex> lock(to.mu_);
  to.n_ = 1;
}
void rightOfBoth(Account &from, Account &to) {
  std::scoped_lock lock(from.mu_, to.mu_);
  to.n_ = 1;
  from.n_ = 2;
}
void wrongOne(Account &from, Account &to) {
  std::scoped_lock lock(from.mu_);
  to.n_ = 1;
}

struct Hand {
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }
  void reset() {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = 0;
  }
  Hand *const next = nullptr;
  std::mutex mu_;
  int n_ = 0;
};
void handOverHand(Hand *hand) {
  hand->mu_.lock();
  Hand *next = hand->next;
  next->mu_.lock();
  hand->mu_.unlock();
  next->n_ = 1;
  next->mu_.unlock();
}
void handTooFar(Hand *hand) {
  hand->mu_.lock();
  Hand *next = hand->next;
  next->mu_.lock();
  hand->mu_.unlock();
  hand->n_ = 1;
  next->mu_.unlock();
}

struct Stripe {
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }
  std::mutex mu_;
  int n_ = 0;
};
class Stripes {
public:
  void same(int i) {
    std::lock_guard<std::mutex> lock(stripes_[i].mu_);
    stripes_[i].n_ = 1;
  }
  void another(int i, int j) {
    std::lock_guard<std::mutex> lock(stripes_[i].mu_);
    stripes_[j].n_ = 1;
  }

private:
  Stripe stripes_[4];
};

struct Shard {
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
int takeFromOther(Shard *shards, int i, int j, int k) {
  std::lock_guard<std::mutex> lock(shards[i].mu_);
  auto it = shards[i].m_.find(k);
  if (it == shards[i].m_.end())
    return 0;
  int v = it->second;
  shards[j].m_.erase(k);
  return v;
}

std::mutex tableMutex;
std::map<int, int> table;
void put(int k) {
  std::lock_guard<std::mutex> lock(tableMutex);
  table[k] = 1;
}
bool has(int k) {
  std::lock_guard<std::mutex> lock(tableMutex);
  return table.count(k) != 0;
}
void hidden(int k) {
  std::mutex tableMutex;
  std::lock_guard<std::mutex> lock(tableMutex);
  table.erase(k);
}
