#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "missing.h"

// Behind a header that is missing, the library's templates are not instantiated: what holds them has
// no layout.
struct Part {
  std::vector<std::string> names;
  std::map<int, std::string> texts;
};

class Whole {
public:
  void set() {
    std::lock_guard<std::mutex> lock(mutex_);
    part_ = Part();
    parts_[1] = nullptr;
    text_ = "a";
  }

private:
  std::mutex mutex_;
  Part part_;
  std::vector<std::pair<int, Part>> pairs_;
  std::map<int, std::shared_ptr<Part>> parts_;
  std::function<void(int)> function_;
  std::string text_;
};
