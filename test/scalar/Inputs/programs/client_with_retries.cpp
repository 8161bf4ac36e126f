#include <mutex>

class Client {
public:
  int &retries() {
    std::lock_guard<std::mutex> lock(mutex_);
    return count_;
  }
  void retry() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }

private:
  std::mutex mutex_;
  int count_ = 3;
};

int main() { Client().retry(); }
