#include "store.h"

bool Store::has(const std::string &key) const {
  std::lock_guard<std::mutex> lock(mu_);
  return entries_.count(key) != 0;
}
