#include <mutex>

class Missing;

// Its member is of a class that is not there, whose destructor would have to be run.
class Owner {
public:
  Owner() : missing_(), count_(0) {}
  ~Owner() {}

  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++count_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return count_;
  }

private:
  std::mutex mu_;
  Missing missing_;
  int count_;
};

class Healthy {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++count_;
  }

private:
  std::mutex mu_;
  int count_ = 0;
};

void use() {
  Owner owner;
  undeclared(owner).loop();
  for (auto each : undeclared)
    each();
  auto f = [captured = missing()] { return captured; };
  f();
}
