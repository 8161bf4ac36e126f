#include <mutex>

class Left {
public:
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++count_;
  }

private:
  std::mutex mu_;
  int count_ = 0;
};

class Right {
public:
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++count_;
  }

private:
  std::mutex mu_;
  int count_ = 0;
};
