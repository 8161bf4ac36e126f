// RUN: %check_alone %s -std=c++20
// Loops that erase from a std::map, and what else depends on the order of the keys.

#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

// Each element decides for itself.
class Expiring {
public:
  void put(int id, long until) {
    std::lock_guard<std::mutex> lock(mutex_);
    until_[id] = until;
  }
  int expire(long now) {
    std::lock_guard<std::mutex> lock(mutex_);
    int gone = 0;
    for (auto it = until_.begin(); it != until_.end();) {
      if (it->second < now) {
        it = until_.erase(it);
        ++gone;
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  std::mutex mutex_;
  std::map<int, long> until_;
};
// EXPECT: field Expiring::until_ convert map
// EXPECT: operation Expiring::expire erase_if

// The same as a function, and a method of the element that only looks.
struct Lease {
  long until = 0;
  bool isOver(long now) const { return until < now; }
};

class Leases {
public:
  void put(int id, Lease lease) {
    std::lock_guard<std::mutex> lock(mutex_);
    leases_[id] = lease;
  }
  std::size_t expire(long now) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::erase_if(leases_, [now](const std::pair<const int, Lease> &entry) {
      return entry.second.isOver(now);
    });
  }

private:
  std::mutex mutex_;
  std::map<int, Lease> leases_;
};
// EXPECT: field Leases::leases_ convert map
// EXPECT: operation Leases::expire erase_if

// What has gone is listed in order.
class Listed {
public:
  void put(int id, long until) {
    std::lock_guard<std::mutex> lock(mutex_);
    until_[id] = until;
  }
  std::vector<int> expire(long now) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<int> gone;
    // EXPECT: field Listed::until_ keep ordered @+1
    for (auto it = until_.begin(); it != until_.end();) {
      if (it->second < now) {
        gone.push_back(it->first);
        it = until_.erase(it);
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  std::mutex mutex_;
  std::map<int, long> until_;
};

// The same in the function given to erase_if.
class ListedByFunction {
public:
  void put(int id, long until) {
    std::lock_guard<std::mutex> lock(mutex_);
    until_[id] = until;
  }
  std::vector<int> expire(long now) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<int> gone;
    // EXPECT: field ListedByFunction::until_ keep ordered @+1
    std::erase_if(until_, [&](const std::pair<const int, long> &entry) {
      if (entry.second >= now)
        return false;
      gone.push_back(entry.first);
      return true;
    });
    return gone;
  }

private:
  std::mutex mutex_;
  std::map<int, long> until_;
};

// The first three.
class FirstThree {
public:
  void put(int id, long until) {
    std::lock_guard<std::mutex> lock(mutex_);
    until_[id] = until;
  }
  void drop() {
    std::lock_guard<std::mutex> lock(mutex_);
    int gone = 0;
    // EXPECT: field FirstThree::until_ keep ordered @+1
    std::erase_if(until_, [&](const std::pair<const int, long> &) { return gone++ < 3; });
  }

private:
  std::mutex mutex_;
  std::map<int, long> until_;
};

// The first, by a flag.
class First {
public:
  void put(int id, long until) {
    std::lock_guard<std::mutex> lock(mutex_);
    until_[id] = until;
  }
  void drop() {
    std::lock_guard<std::mutex> lock(mutex_);
    bool done = false;
    // EXPECT: field First::until_ keep ordered @+1
    for (auto it = until_.begin(); it != until_.end();) {
      if (!done) {
        done = true;
        it = until_.erase(it);
      } else {
        ++it;
      }
    }
  }

private:
  std::mutex mutex_;
  std::map<int, long> until_;
};

// Neighbours in order: what is like the one before goes.
class Doubled {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void thin() {
    std::lock_guard<std::mutex> lock(mutex_);
    int before = -1;
    // EXPECT: field Doubled::values_ keep ordered @+1
    for (auto it = values_.begin(); it != values_.end();) {
      const bool same = it->second == before;
      before = it->second;
      if (same)
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  std::mutex mutex_;
  std::map<int, int> values_;
};

// A function that is not seen.
class Asked {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void thin(const std::function<bool(int)> &goes) {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Asked::values_ keep ordered @+1
    std::erase_if(values_,
                  [&](const std::pair<const int, int> &entry) { return goes(entry.second); });
  }

private:
  std::mutex mutex_;
  std::map<int, int> values_;
};

// A method that can't change the element, but what that points to.
struct Tally {
  int *number = nullptr;
  bool odd() const { return (*number)++ % 2 == 1; }
};

class Tallies {
public:
  void thin() {
    int number = 0;
    std::map<int, Tally> mine;
    mine[1] = Tally{&number};
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Tallies::values_ keep ordered @+1
    std::erase_if(values_, [&](const std::pair<const int, int> &) { return mine.at(1).odd(); });
  }
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

private:
  std::mutex mutex_;
  std::map<int, int> values_;
};
