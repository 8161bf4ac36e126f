// RUN: %check_rewrite %s -std=c++20
// What a section returns is converted where it was, and no copies are made of what may see that.
#include <array>
#include <cstdio>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

const std::vector<int> kAll = {1, 2, 3};

class Views {
public:
  std::string_view name(const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    calls_ += 1;
    length_ += name.size();
    return name;
  }
  std::span<const int> all() {
    std::lock_guard<std::mutex> lock(mu_);
    calls_ += 1;
    length_ += 3;
    return kAll;
  }
  long both() {
    std::lock_guard<std::mutex> lock(mu_);
    return calls_ * 100 + static_cast<long>(length_);
  }

private:
  std::mutex mu_;
  // EXPECT: field Views::calls_ convert snapshot
  long calls_ = 0;
  // EXPECT: field Views::length_ convert snapshot
  std::size_t length_ = 0;
};

struct Counted {
  explicit Counted(int n) : n(n) {}
  Counted(const Counted &other) : n(other.n + 100) {}
  int n;
};
class Elided {
public:
  Counted next(int by) {
    std::lock_guard<std::mutex> lock(mu_);
    at_ += by;
    ++steps_;
    return Counted(by);
  }
  int both() {
    std::lock_guard<std::mutex> lock(mu_);
    return at_ + steps_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Elided::at_ keep unsupported-operation
  int at_ = 0;
  // EXPECT: field Elided::steps_ keep unsupported-operation
  int steps_ = 0;
};

class NamesItself {
public:
  void note(int by) {
    std::lock_guard<std::mutex> lock(mu_);
    at_ += by;
    last_ = __func__;
  }
  std::string both() {
    std::lock_guard<std::mutex> lock(mu_);
    return last_ + std::to_string(at_);
  }

private:
  std::mutex mu_;
  // EXPECT: field NamesItself::at_ keep unsupported-operation
  int at_ = 0;
  // EXPECT: field NamesItself::last_ keep unsupported-operation
  std::string last_;
};

// A copy has no more room than it needs.
class Room {
public:
  void make(std::size_t n) {
    std::lock_guard<std::mutex> lock(mu_);
    all_.reserve(n);
    ++calls_;
  }
  bool push(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    ++calls_;
    if (all_.size() == all_.capacity())
      return false;
    all_.push_back(k);
    return true;
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(mu_);
    return all_.size() + calls_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Room::all_ keep unsupported-operation
  std::vector<int> all_;
  // EXPECT: field Room::calls_ keep unsupported-operation
  std::size_t calls_ = 0;
};

// There before anything runs, within something of the library's.
struct Early {
  int note(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    last_ = n;
    return ++notes_;
  }
  int both() {
    std::lock_guard<std::mutex> lock(mu_);
    return last_ * 10 + notes_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Early::last_ keep unsupported-operation
  int last_ = 0;
  // EXPECT: field Early::notes_ keep unsupported-operation
  int notes_ = 0;
};
extern std::array<Early, 2> early;
static const int first = early[0].note(4);
std::array<Early, 2> early;

// There as long as anything runs.
struct Late {
  int note(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    last_ = n;
    return ++notes_;
  }
  int both() {
    std::lock_guard<std::mutex> lock(mu_);
    return last_ * 10 + notes_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Late::last_ keep unsupported-operation
  int last_ = 0;
  // EXPECT: field Late::notes_ keep unsupported-operation
  int notes_ = 0;
};
Late &late() {
  static Late all;
  return all;
}

int main() {
  Views views;
  std::string name = "a name that is so long that it lives on the heap";
  std::printf("%.*s\n", static_cast<int>(name.size()), views.name(name).data());
  std::printf("%d %ld\n", views.all()[2], views.both());
  Elided elided;
  std::printf("%d %d\n", elided.next(3).n, elided.both());
  std::printf("%d %d %d\n", first, early[0].both(), late().note(1));
}
