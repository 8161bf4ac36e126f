// RUN: %check_rewrite %s -std=c++20
// State that no snapshot can hold.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

struct Settings {
  int level = 0;
  std::string name;
};

class TextOut {
public:
  const char *name() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field TextOut::name_ keep escapes-reference @+1
    return name_.c_str();
  }
  void rename(const std::string &s) {
    std::lock_guard<std::mutex> lock(mu_);
    name_ = s;
    ++changes_;
  }
  int changes() {
    // EXPECT: field TextOut::changes_ keep escapes-reference @-8
    std::lock_guard<std::mutex> lock(mu_);
    return name_.empty() ? 0 : changes_;
  }

private:
  std::mutex mu_;
  std::string name_;
  int changes_ = 0;
};

class ReferenceOutOf {
public:
  const std::string &name() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ReferenceOutOf::name_ keep escapes-reference @+1
    return name_;
  }
  void rename(const std::string &s) {
    std::lock_guard<std::mutex> lock(mu_);
    name_ = s;
  }

private:
  std::mutex mu_;
  std::string name_;
};

class ViewOutOf {
public:
  std::string_view name() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ViewOutOf::name_ keep escapes-reference @+1
    return name_;
  }
  void rename(const std::string &s) {
    std::lock_guard<std::mutex> lock(mu_);
    name_ = s;
  }

private:
  std::mutex mu_;
  std::string name_;
};

class ElementOut {
public:
  int &at(std::size_t i) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ElementOut::list_ keep escapes-reference @+1
    return list_[i];
  }
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(v);
  }

private:
  std::mutex mu_;
  std::vector<int> list_;
};

class IteratorOut {
public:
  auto first() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field IteratorOut::list_ keep escapes-reference @+1
    return list_.begin();
  }
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(v);
  }

private:
  std::mutex mu_;
  std::vector<int> list_;
};

class CountsCalls {
public:
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(v);
    ++calls_;
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(mu_);
    return list_.size();
  }
  int calls() const { return calls_; }

private:
  std::mutex mu_;
  // EXPECT: field CountsCalls::list_ review snapshot
  std::vector<int> list_;
  std::atomic<int> calls_{0};
};

class Listeners {
public:
  void fire() {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto &f : list_)
      // EXPECT: field Listeners::list_ keep calls-out @+1
      f();
  }
  void add(std::function<void()> f) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(std::move(f));
  }

private:
  std::mutex mu_;
  std::vector<std::function<void()>> list_;
};

class HandlerCalled {
public:
  void fire() {
    std::lock_guard<std::mutex> lock(mu_);
    if (handler_)
      // EXPECT: field HandlerCalled::handler_ keep calls-out @+1
      handler_();
  }
  void set(std::function<void()> f) {
    std::lock_guard<std::mutex> lock(mu_);
    handler_ = std::move(f);
  }

private:
  std::mutex mu_;
  std::function<void()> handler_;
};

// What it points to is changed under the lock.
class PointerTo {
public:
  void raise() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field PointerTo::settings_ keep spans-fields @+1
    ++settings_->level;
  }
  void replace(std::shared_ptr<Settings> s) {
    std::lock_guard<std::mutex> lock(mu_);
    settings_ = std::move(s);
  }

private:
  std::mutex mu_;
  std::shared_ptr<Settings> settings_ = std::make_shared<Settings>();
};

class PointersTo {
public:
  void raise() {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto &s : list_)
      // EXPECT: field PointersTo::list_ keep spans-fields @+1
      ++s->level;
  }
  void add(std::shared_ptr<Settings> s) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(std::move(s));
  }

private:
  std::mutex mu_;
  std::vector<std::shared_ptr<Settings>> list_;
};

class RawPointersTo {
public:
  void raise() {
    std::lock_guard<std::mutex> lock(mu_);
    for (Settings *s : list_)
      // EXPECT: field RawPointersTo::list_ keep spans-fields @+1
      ++s->level;
  }
  void add(Settings *s) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(s);
  }

private:
  std::mutex mu_;
  std::vector<Settings *> list_;
};

class UseCountOf {
public:
  bool idle() {
    // EXPECT: field UseCountOf::settings_ keep calls-out @+2
    std::lock_guard<std::mutex> lock(mu_);
    return settings_.use_count() == 1;
  }
  std::shared_ptr<Settings> get() {
    std::lock_guard<std::mutex> lock(mu_);
    return settings_;
  }
  void replace(std::shared_ptr<Settings> s) {
    std::lock_guard<std::mutex> lock(mu_);
    settings_ = std::move(s);
  }

private:
  std::mutex mu_;
  std::shared_ptr<Settings> settings_ = std::make_shared<Settings>();
};

extern void handle(int);
class Queue {
public:
  void drain() {
    std::lock_guard<std::mutex> lock(mu_);
    while (!queue_.empty()) {
      // EXPECT: field Queue::queue_ keep calls-out @+1
      handle(queue_.front());
      queue_.pop();
    }
  }
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    queue_.push(v);
  }

private:
  std::mutex mu_;
  std::queue<int> queue_;
};

// A reference kept over the unlock.
class KeptOver {
public:
  int last() {
    // EXPECT: field KeptOver::list_ keep unsupported-operation @+1
    std::unique_lock<std::mutex> lock(mu_);
    const int &v = list_.back();
    lock.unlock();
    return v;
  }
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(v);
  }

private:
  std::mutex mu_;
  std::vector<int> list_;
};

class PointerKept {
public:
  int level() {
    mu_.lock();
    // EXPECT: field PointerKept::settings_ keep escapes-reference @+1
    const Settings *s = &settings_;
    mu_.unlock();
    return s->level;
  }
  void set(const Settings &s) {
    std::lock_guard<std::mutex> lock(mu_);
    settings_ = s;
  }
  Settings get() {
    std::lock_guard<std::mutex> lock(mu_);
    return settings_;
  }

private:
  std::mutex mu_;
  Settings settings_;
};

// The mutex is a base class's, the fields are not: the state could not be found through it.
class Locked {
protected:
  mutable std::mutex mu_;
};
class FieldsOfDerived : Locked {
public:
  void see(int value) {
    std::lock_guard<std::mutex> lock(mu_);
    lowest_ = value < lowest_ ? value : lowest_;
    highest_ = value > highest_ ? value : highest_;
  }
  int span() const {
    std::lock_guard<std::mutex> lock(mu_);
    return highest_ - lowest_;
  }

private:
  // EXPECT: field FieldsOfDerived::lowest_ keep unsupported-operation @+1
  int lowest_ = 0;
  // EXPECT: field FieldsOfDerived::highest_ keep unsupported-operation @+1
  int highest_ = 0;
};

// A struct beside a map, read by a function that is called with the lock held.
class HelperBesideMap {
public:
  void set(int level) {
    std::lock_guard<std::mutex> lock(mu_);
    now_.level = level;
    now_.name = "set";
  }
  int weight() {
    std::lock_guard<std::mutex> lock(mu_);
    return weightLocked();
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  int weightLocked() {
    // EXPECT: field HelperBesideMap::now_ keep unsupported-operation @+1
    return now_.level * static_cast<int>(now_.name.size());
  }

  std::mutex mu_;
  Settings now_;
  // EXPECT: field HelperBesideMap::m_ convert map
  std::unordered_map<int, int> m_;
};

// Whose state a constructor reads is not known where a class has several mutexes.
class ReadWhenMade {
public:
  // EXPECT: field ReadWhenMade::low_ keep unsupported-operation @+1
  explicit ReadWhenMade(int step) { first_ = low_ + step; }
  void limit(int low, int high) {
    std::lock_guard<std::mutex> lock(limitsMutex_);
    low_ = low;
    high_ = high;
  }
  int span() const {
    std::lock_guard<std::mutex> lock(limitsMutex_);
    return high_ - low_;
  }
  int first() const { return first_; }

private:
  mutable std::mutex limitsMutex_;
  int low_ = 0;
  // EXPECT: field ReadWhenMade::high_ keep unsupported-operation @-15
  int high_ = 0;
  int first_ = 0;
  // EXPECT: finding dead-mutex @+1
  std::mutex otherMutex_;
};
