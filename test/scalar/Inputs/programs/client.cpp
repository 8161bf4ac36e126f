#include <mutex>

class Client {
public:
  void connect() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }

private:
  std::mutex mutex_;
  int count_ = 0;
};

int main() { Client().connect(); }
