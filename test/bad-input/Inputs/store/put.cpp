#include "store.h"

void Store::put(const std::string &key, int value) {
  std::lock_guard<std::mutex> lock(mu_);
  entries_[key] = value;
}
