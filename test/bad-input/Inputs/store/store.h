#pragma once

#include <map>
#include <mutex>
#include <string>

class Store {
public:
  bool has(const std::string &key) const;
  void put(const std::string &key, int value);

private:
  mutable std::mutex mu_;
  std::map<std::string, int> entries_;
};
