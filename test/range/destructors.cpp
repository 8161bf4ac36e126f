// RUN: %check_alone %s -std=c++17
// What must not throw: the elements are shown where they are.

#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

struct Message {
  virtual ~Message() = default;
};

// A destructor that gives back what is left. Nobody counts on the order of that.
class Channel {
public:
  ~Channel() {
    for (const auto &outstanding : outstanding_) {
      Call call = outstanding.second;
      delete call.response;
      if (call.done)
        delete call.done;
    }
  }
  void send(long id, Message *response, Message *done) {
    Call call = {response, done};
    std::lock_guard<std::mutex> lock(mutex_);
    outstanding_[id] = call;
  }
  Message *take(long id) {
    Call call = {nullptr, nullptr};
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::map<long, Call>::iterator it = outstanding_.find(id);
      if (it != outstanding_.end()) {
        call = it->second;
        outstanding_.erase(it);
      }
    }
    delete call.done;
    return call.response;
  }

private:
  struct Call {
    Message *response;
    Message *done;
  };
  std::mutex mutex_;
  std::map<long, Call> outstanding_;
};
// EXPECT: field Channel::outstanding_ convert map
// EXPECT: mutex Channel::mutex_ remove
// EXPECT: operation Channel::send store
// EXPECT: operation Channel::take load_and_delete

class Totals {
public:
  void add(const std::string &name, int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    totals_[name] = n;
  }
  long sum() const noexcept {
    long sum = 0;
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[name, n] : totals_)
      sum += n;
    return sum;
  }
  long weighted() const noexcept {
    long sum = 0;
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[name, n] : totals_) {
      if (n > 0)
        sum += n * static_cast<long>(name.size());
    }
    return sum;
  }
  int largest() const noexcept {
    int largest = 0;
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto &entry : totals_) {
      if (entry.second > largest)
        largest = entry.second;
    }
    return largest;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Totals::totals_ keep may-throw @-25
  std::unordered_map<std::string, int> totals_;
};

class Sums {
public:
  void add(const std::string &name, int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sums_[name] = n;
  }
  long weighted() const noexcept {
    long sum = 0;
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[name, n] : sums_) {
      if (n > 0)
        sum += n * static_cast<long>(name.size());
    }
    return sum;
  }
  int largest() const noexcept {
    int largest = 0;
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto &entry : sums_) {
      if (entry.second > largest)
        largest = entry.second;
    }
    return largest;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> sums_;
};
// EXPECT: field Sums::sums_ convert map
// EXPECT: operation Sums::weighted range
// EXPECT: operation Sums::largest range

// The loop is left in its middle.
class First {
public:
  void add(int id, int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    all_[id] = n;
  }
  bool has(int wanted) const noexcept {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field First::all_ keep may-throw @+1
    for (const auto &entry : all_) {
      if (entry.second == wanted)
        return true;
    }
    return false;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> all_;
};

// Farewells in the order of the keys.
class Guests {
public:
  ~Guests() {
    // EXPECT: field Guests::guests_ keep may-throw @+1
    for (const auto &guest : guests_) {
      std::puts(guest.second.c_str());
    }
  }
  void enter(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    guests_[id] = name;
  }
  void leave(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    guests_.erase(id);
  }

private:
  std::mutex mutex_;
  std::map<int, std::string> guests_;
};

// The first to be deleted is counted before the second.
class Counted {
public:
  ~Counted() {
    int n = 0;
    // EXPECT: field Counted::counted_ keep ordered @+1
    for (const auto &each : counted_) {
      last_ = ++n;
      delete each.second;
    }
  }
  void put(int id, Message *message) {
    std::lock_guard<std::mutex> lock(mutex_);
    counted_[id] = message;
  }

private:
  int last_ = 0;
  std::mutex mutex_;
  std::map<int, Message *> counted_;
};

// What the body calls could come back to the map, which waits for the loop.
class Listeners {
public:
  ~Listeners() {
    // EXPECT: field Listeners::listeners_ keep may-throw @+1
    for (const auto &entry : listeners_) {
      entry.second(entry.first);
    }
  }
  void add(int id, void (*listener)(int)) {
    std::lock_guard<std::mutex> lock(mutex_);
    listeners_[id] = listener;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, void (*)(int)> listeners_;
};

int main() {
  Channel channel;
  channel.send(1, new Message, nullptr);
  channel.send(2, new Message, new Message);
  delete channel.take(2);
  Sums sums;
  sums.add("ab", 3);
  sums.add("c", 5);
  std::printf("%ld %d\n", sums.weighted(), sums.largest());
}
