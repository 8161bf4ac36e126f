#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

class Registry {
public:
  std::optional<int> find(const std::string &name) const;
  bool has(const std::string &name) const;
  void put(const std::string &name, int value);
  int intern(const std::string &name, const std::string &other, int value);
  std::optional<int> take(const std::string &name);
  bool drop(const std::string &name, const std::string &other);
  unsigned long nextId();

private:
  mutable std::mutex mu_;
  std::map<std::string, int> entries_;
  std::mutex idMu_;
  unsigned long id_ = 0;
};
