// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Fields that belong together become one snapshot.
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include <cstdio>

enum class Status { fresh, running, exited, failed };

struct Info {
  Status status;
  long started;
  long ended;
  int code;
};

// Fields that are changed and read together.
class Process {
public:
  void start(long now) {
    std::lock_guard<std::mutex> lock(mutex_);
    status_ = Status::running;
    started_ = now;
    ended_ = 0;
    code_ = -1;
  }

  void finish(long now, int code) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (status_ != Status::running)
      return;
    status_ = code == 0 ? Status::exited : Status::failed;
    ended_ = now;
    code_ = code;
  }

  Info info() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return Info{status_, started_, ended_, code_};
  }

  Status status() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return status_;
  }

  long runtime(long now) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (status_ == Status::fresh)
      return 0;
    return (ended_ != 0 ? ended_ : now) - started_;
  }

private:
  mutable std::mutex mutex_;
  Status status_ = Status::fresh;
  long started_ = 0;
  long ended_ = 0;
  int code_ = -1;
};
// EXPECT: field Process::status_ convert snapshot
// EXPECT: field Process::started_ convert snapshot
// EXPECT: field Process::ended_ convert snapshot
// EXPECT: field Process::code_ convert snapshot
// EXPECT: mutex Process::mutex_ remove
// EXPECT: operation Process::start modify
// EXPECT: operation Process::finish modify
// EXPECT: operation Process::info read
// EXPECT: operation Process::status read
// EXPECT: operation Process::runtime read

// A name and a number, under a shared lock; what changes answers with what was there.
class Label {
public:
  int rename(const std::string &name) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    name_ = name;
    const int before = changes_;
    changes_ += 1;
    return before;
  }

  std::string text() const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return name_ + "/" + std::to_string(changes_);
  }

  bool renamed() const {
    std::shared_lock lock(mutex_);
    return changes_ > 0 && !name_.empty();
  }

private:
  mutable std::shared_mutex mutex_;
  std::string name_;
  int changes_ = 0;
};
// EXPECT: field Label::name_ convert snapshot
// EXPECT: field Label::changes_ convert snapshot
// EXPECT: mutex Label::mutex_ remove
// EXPECT: operation Label::rename modify
// EXPECT: operation Label::text read
// EXPECT: operation Label::renamed read

// The fields are those of a struct, and go out as a whole.
struct Limits {
  int low = 0;
  int high = 10;
};

class Settings {
public:
  void widen(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    limits_.low -= by;
    limits_.high += by;
  }

  Limits limits() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return limits_;
  }

  void replace(const Limits &limits) {
    std::lock_guard<std::mutex> lock(mutex_);
    limits_ = limits;
  }

private:
  mutable std::mutex mutex_;
  Limits limits_;
};
// EXPECT: field Settings::limits_ convert snapshot
// EXPECT: mutex Settings::mutex_ remove
// EXPECT: operation Settings::widen modify
// EXPECT: operation Settings::limits read
// EXPECT: operation Settings::replace modify

// The fields and their mutex are those of a base class.
class MeterState {
protected:
  mutable std::mutex mutex_;
  int lowest_ = 0;
  int highest_ = 0;
};
class Meter : MeterState {
public:
  void see(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    lowest_ = value < lowest_ ? value : lowest_;
    highest_ = value > highest_ ? value : highest_;
  }
  int span() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return highest_ - lowest_;
  }
};
// EXPECT: field MeterState::lowest_ convert snapshot
// EXPECT: field MeterState::highest_ convert snapshot
// EXPECT: mutex MeterState::mutex_ remove
// EXPECT: operation Meter::see modify
// EXPECT: operation Meter::span read

// Beside a map: no section has to do with both.
class Named {
public:
  void set(int low, int high) {
    std::lock_guard<std::mutex> lock(mutex_);
    limits_.low = low;
    limits_.high = high;
  }
  int span() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return limits_.high - limits_.low;
  }
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  Limits limits_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Named::limits_ convert snapshot
// EXPECT: field Named::values_ convert map
// EXPECT: mutex Named::mutex_ remove

// Two states in a class, each named after its mutex.
class Engine {
public:
  void hit() {
    std::lock_guard<std::mutex> lock(statsMutex_);
    ++hits_;
    last_ = hits_;
  }
  int ratio() const {
    std::lock_guard<std::mutex> lock(statsMutex_);
    return hits_ * 10 + last_;
  }
  void limit(int low, int high) {
    std::lock_guard<std::mutex> lock(mu_);
    low_ = low;
    high_ = high;
  }
  int span() const {
    std::lock_guard<std::mutex> lock(mu_);
    return high_ - low_;
  }

private:
  mutable std::mutex statsMutex_;
  int hits_ = 0;
  int last_ = 0;
  mutable std::mutex mu_;
  int low_ = 0;
  int high_ = 0;
};
// EXPECT: field Engine::hits_ convert snapshot
// EXPECT: field Engine::last_ convert snapshot
// EXPECT: field Engine::low_ convert snapshot
// EXPECT: field Engine::high_ convert snapshot
// EXPECT: mutex Engine::statsMutex_ remove
// EXPECT: mutex Engine::mu_ remove

int main() {
  Engine engine;
  engine.hit();
  engine.hit();
  engine.limit(3, 9);
  std::printf("%d %d\n", engine.ratio(), engine.span());

  Process process;
  process.start(5);
  process.finish(9, 3);
  process.finish(12, 0);
  const Info info = process.info();
  std::printf("%d %ld %ld %d %ld\n", static_cast<int>(process.status()), info.started, info.ended,
              info.code, process.runtime(20));

  Label label;
  const int first = label.rename("one"), second = label.rename("two");
  std::printf("%d %d %s %d\n", first, second, label.text().c_str(), label.renamed());

  Settings settings;
  settings.widen(5);
  std::printf("%d %d\n", settings.limits().low, settings.limits().high);
  settings.replace(Limits{1, 2});
  std::printf("%d %d\n", settings.limits().low, settings.limits().high);

  Named named;
  named.set(3, 9);
  named.put(1, 2);
  std::printf("%d %d %d\n", named.span(), named.has(1), named.has(2));

  Meter meter;
  meter.see(-3);
  meter.see(4);
  std::printf("%d\n", meter.span());
}

// clang-format off
// Sections on one line stay there.
// EXPECT: field OnOneLine::name_ convert snapshot
class OnOneLine {
public:
  void set(std::string s) { std::lock_guard<std::mutex> lock(mu_); name_ = std::move(s); }
  std::string get() const { std::lock_guard<std::mutex> lock(mu_); return name_; }
  std::string swapped(std::string s) { std::lock_guard<std::mutex> lock(mu_); name_.swap(s); return s; }
  void twice(const std::string &s) { { std::lock_guard<std::mutex> lock(mu_); name_ = s; } { std::lock_guard<std::mutex> lock(mu_); name_ += s; } }
  void odd(const std::string &s) {
    std::lock_guard<std::mutex> lock(mu_); name_ = s;
    name_ += s; }
  bool clear(bool now) { std::lock_guard<std::mutex> lock(mu_); if (!now) return false; name_.clear(); return true; }

private:
  mutable std::mutex mu_;
  std::string name_;
};
// clang-format on
