// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From where to where a lock is held.

#include <condition_variable>
#include <map>
#include <mutex>


class Statements {
public:
  void inIf(int k) {
    if (std::lock_guard<std::mutex> lock(mu_); m_.count(k))
      m_[k] = 3;
    else
      m_[k] = 4;
  }
  void behindIf(int k) {
    if (std::lock_guard<std::mutex> lock(mu_); m_.count(k))
      m_[k] = 3;
    m_[k] = 5;
  }
  void behindSwitch(int k) {
    switch (std::lock_guard<std::mutex> lock(mu_); k) {
    case 1:
      m_[k] = 1;
      break;
    default:
      m_[k] = 2;
    }
    m_.erase(7);
  }
  void behindFor(int k) {
    for (std::lock_guard<std::mutex> lock(mu_); k; --k)
      m_[k] = 3;
    m_.erase(7);
  }
  void behindBlock(int k) {
    {
      std::lock_guard<std::mutex> lock(mu_);
      m_[k] = 3;
    }
    m_.erase(7);
  }
  void withoutBraces(bool b, int k) {
    if (b)
      std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }
  void unnamed(int k) {
    (void)std::unique_lock<std::mutex>{mu_};
    m_[k] = 2;
  }
  void looksUnnamed(int k) {
    std::unique_lock<std::mutex>(mu_);
    m_[k] = 2;
  }
  int returned() {
    mu_.lock();
    auto n = m_.size();
    mu_.unlock();
    return static_cast<int>(n + m_.size());
  }
  void one(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }
  void two(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 2;
  }
  void three(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 3;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

class Loops {
public:
  void untilFound(int k) {
    std::unique_lock<std::mutex> lock(mu_, std::defer_lock);
    while (true) {
      lock.lock();
      if (m_.count(k))
        break;
      lock.unlock();
    }
    m_.erase(k);
  }
  void firstRoundOnly(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    for (int i = 0; i < k; ++i) {
      m_[i] = 1;
      lock.unlock();
    }
  }
  void continues(int k) {
    mu_.lock();
    for (int i = 0; i < k; ++i) {
      if (i == 3) {
        mu_.unlock();
        continue;
      }
      m_[i] = 2;
    }
    mu_.unlock();
  }
  void goesBack(int k) {
    mu_.lock();
  again:
    m_[k] = 1;
    mu_.unlock();
    if (--k)
      goto again;
  }
  void shortCut(int k) {
    mu_.lock();
    bool left = k && (mu_.unlock(), true);
    m_[k] = left;
    if (!left)
      mu_.unlock();
  }
  void one(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }
  void two(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 2;
  }
  void three(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  void four() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

class Handlers {
public:
  void around(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    try {
      m_.at(k) = 1;
    } catch (...) {
      m_.erase(k);
    }
  }
  void inside(int k) {
    try {
      std::lock_guard<std::mutex> lock(mu_);
      m_.at(k) = 1;
    } catch (...) {
      m_.erase(k);
    }
  }
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

class Waits {
public:
  void put(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    ready_.wait(lock, [&] { return m_.count(k) != 0; });
    m_[k] = 3;
    lock.unlock();
    m_[k] = 4;
    ready_.notify_all();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::condition_variable ready_;
  std::map<int, int> m_;
};
