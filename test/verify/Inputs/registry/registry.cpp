#include "registry.h"

std::optional<int> Registry::find(const std::string &name) const {
  std::lock_guard<std::mutex> lock(mu_);
  auto it = entries_.find(name);
  if (it == entries_.end())
    return std::nullopt;
  return it->second;
}

bool Registry::has(const std::string &name) const {
  std::lock_guard<std::mutex> lock(mu_);
  return entries_.count(name) != 0;
}

void Registry::put(const std::string &name, int value) {
  std::lock_guard<std::mutex> lock(mu_);
  entries_[name] = value;
}

int Registry::intern(const std::string &name, const std::string &other, int value) {
  {
    std::lock_guard<std::mutex> lock(mu_);
    entries_[other] = value;
  }
  std::lock_guard<std::mutex> lock(mu_);
  auto it = entries_.find(name);
  if (it != entries_.end())
    return it->second;
  entries_.emplace(name, value);
  return value;
}

std::optional<int> Registry::take(const std::string &name) {
  std::lock_guard<std::mutex> lock(mu_);
  auto it = entries_.find(name);
  if (it == entries_.end())
    return std::nullopt;
  int value = it->second;
  entries_.erase(it);
  return value;
}

bool Registry::drop(const std::string &name, const std::string &other) {
  {
    std::lock_guard<std::mutex> lock(mu_);
    entries_.erase(other);
  }
  std::lock_guard<std::mutex> lock(mu_);
  return entries_.erase(name) > 0;
}

unsigned long Registry::nextId() {
  std::lock_guard<std::mutex> lock(idMu_);
  return ++id_;
}
