// RUN: %check_rewrite --plan-only %s -std=c++17
// A lock that is taken by hand and held where a function does not return is not held when this one is left.

#include <map>
#include <mutex>

[[noreturn]] void stop();

class Ids {
public:
  void add(int key) {
    mutex_.lock();
    ids_[key] = 1;
    mutex_.unlock();
  }
  void drop(int key) {
    mutex_.lock();
    if (key < 0)
      stop();
    ids_.erase(key);
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  // What it does first is not known, but it is the only thing on its path.
  // EXPECT: field Ids::ids_ convert map
  std::map<int, int> ids_;
};

// Here it is one thing of two.
class Checked {
public:
  void add(int key) {
    mutex_.lock();
    ids_[key] = 1;
    mutex_.unlock();
  }
  void drop(int key) {
    mutex_.lock();
    if (ids_.erase(key) == 0)
      // EXPECT: field Checked::ids_ keep calls-out @+1
      stop();
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  std::map<int, int> ids_;
};

// And here it is held in the end.
class Left {
public:
  void add(int key) {
    mutex_.lock();
    ids_[key] = 1;
    mutex_.unlock();
  }
  void drop(int key) {
    // EXPECT: field Left::ids_ keep lock-escapes @+1
    mutex_.lock();
    if (key < 0)
      return;
    ids_.erase(key);
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  std::map<int, int> ids_;
};

void use(Ids &ids, Checked &checked, Left &left) {
  ids.add(1);
  ids.drop(1);
  checked.add(1);
  checked.drop(1);
  left.add(1);
  left.drop(1);
}
