// RUN: %check_rewrite %s -std=c++20
// calls-out: a call under the lock whose effects are unknown.

#include <atomic>
#include <algorithm>
#include <coroutine>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

using Names = std::unordered_map<int, std::string>;

inline std::atomic<int> generation{0};

struct Listener {
  virtual ~Listener() = default;
  virtual void changed(int) = 0;
};

struct Fixed {
  explicit Fixed(int n) : n(n) {}
  const int n;
};

using Counts = std::unordered_map<int, int>;

class SendsUnderLock {
public:
  void put(int fd, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field SendsUnderLock::m_ keep calls-out @+1
    ::send(fd, v.data(), v.size(), 0);
    m_[fd] = v;
  }
  void drop(int fd) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(fd);
  }

private:
  std::mutex mu_;
  Names m_;
};

class WritesUnderLock {
public:
  bool put(int fd, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[fd] = v;
    // EXPECT: field WritesUnderLock::m_ keep calls-out @+1
    return ::write(fd, v.data(), v.size()) > 0;
  }
  void drop(int fd) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(fd);
  }

private:
  std::mutex mu_;
  Names m_;
};

class ClosesUnderLock {
public:
  void put(int fd, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[fd] = v;
  }
  void drop(int fd) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(fd);
    // EXPECT: field ClosesUnderLock::m_ keep calls-out @+1
    ::close(fd);
  }

private:
  std::mutex mu_;
  Names m_;
};

class ReadsInput {
public:
  void next(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    // EXPECT: field ReadsInput::m_ keep calls-out @+1
    std::cin >> n;
    m_[k] = n;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The lock keeps the folder and the map together.
class MakesFolder {
public:
  void put(int k, const std::string &path) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field MakesFolder::m_ keep calls-out @+1
    std::filesystem::create_directories(path);
    m_[k] = path;
  }
  void drop(int k, const std::string &path) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
    std::filesystem::remove_all(path);
  }

private:
  std::mutex mu_;
  Names m_;
};

class LooksForFile {
public:
  void put(int k, const std::string &path) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field LooksForFile::m_ keep calls-out @+1
    if (std::filesystem::exists(path))
      m_[k] = path;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class WritesFile {
public:
  void put(int k, const std::string &path) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field WritesFile::m_ keep calls-out @+1
    std::ofstream(path) << k;
    m_[k] = path;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class StartsThread {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field StartsThread::m_ keep calls-out @+1
    std::thread([] {}).detach();
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class FulfilsPromise {
public:
  void put(int k, const std::string &v, std::promise<void> &done) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field FulfilsPromise::m_ keep calls-out @+1
    done.set_value();
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class Callback {
public:
  void put(int k, const std::string &v, const std::function<void()> &then) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    // EXPECT: field Callback::m_ keep calls-out @+1
    then();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class FunctionPointer {
public:
  void put(int k, const std::string &v, void (*then)(int)) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    // EXPECT: field FunctionPointer::m_ keep calls-out @+1
    then(k);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class VirtualCall {
public:
  void put(int k, const std::string &v, Listener &l) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    // EXPECT: field VirtualCall::m_ keep calls-out @+1
    l.changed(k);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class TemplateCallback {
public:
  template <class F> void put(int k, const std::string &v, F then) {
    // EXPECT: field TemplateCallback::m_ keep template-dependent @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    then(k);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class Invoked {
public:
  void put(int k, const std::string &v, void (*then)(int)) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Invoked::m_ keep calls-out @+1
    std::invoke(then, k);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

// An algorithm calls what it is given.
class Algorithm {
public:
  void put(int k, const std::string &v, std::vector<int> list, void (*then)(int)) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Algorithm::m_ keep calls-out @+1
    std::for_each(list.begin(), list.end(), then);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class Forks {
public:
  int put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    // EXPECT: field Forks::m_ keep calls-out @+1
    return ::fork();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Names m_;
};

class OnceUnderLock {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field OnceUnderLock::m_ keep calls-out @+1
    std::call_once(once_, [] { ++generation; });
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field OnceUnderLock::once_ keep unsupported-operation @+1
  std::once_flag once_;
  Names m_;
};

class UseCount {
public:
  void prune(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field UseCount::m_ keep calls-out @+1
    if (it != m_.end() && it->second.use_count() == 1)
      m_.erase(it);
  }
  std::shared_ptr<Fixed> get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? nullptr : it->second;
  }
  void put(int k, std::shared_ptr<Fixed> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Fixed>> m_;
};

class WeakLock {
public:
  std::shared_ptr<Fixed> get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &slot = m_[k];
    // EXPECT: field WeakLock::m_ keep calls-out @+1
    if (auto p = slot.lock())
      return p;
    auto made = std::make_shared<Fixed>(k);
    slot = made;
    return made;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::weak_ptr<Fixed>> m_;
};

// A coroutine keeps the lock while it sleeps.
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
class Coroutine {
public:
  Task put(int k, int v) {
    // EXPECT: field Coroutine::m_ keep calls-out @+1
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    co_await std::suspend_always();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class LoopCallsBack {
public:
  void each(const std::function<void(int, int)> &f) {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto &[k, v] : m_)
      // EXPECT: field LoopCallsBack::m_ keep calls-out @+1
      f(k, v);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
