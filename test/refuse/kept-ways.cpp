// RUN: %check_alone %s -std=c++20
// Objects of the library that are given an element, and keep a way to it or do not.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

using Names = std::map<int, std::string>;

// What is asked for is a view in an optional.
class ViewInOptional {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::optional<std::string_view> find(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(key);
    if (it == names_.end())
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  Names names_;
};
// EXPECT: field ViewInOptional::names_ keep escapes-reference

// A copy in an optional.
class CopyInOptional {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::optional<std::string> find(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(key);
    if (it == names_.end())
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  Names names_;
};
// EXPECT: field CopyInOptional::names_ convert map

class ViewInPair {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::pair<std::string_view, int> find(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(key);
    if (it == names_.end())
      return {"", 0};
    return {it->second, 1};
  }

private:
  mutable std::mutex mutex_;
  Names names_;
};
// EXPECT: field ViewInPair::names_ keep escapes-reference

class ReferenceInTuple {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::tuple<const std::string &, int> at(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(key);
    return std::tuple<const std::string &, int>(it->second, 1);
  }

private:
  mutable std::mutex mutex_;
  Names names_;
};
// EXPECT: field ReferenceInTuple::names_ keep escapes-reference

// The set can only be part of a state, and the elements of the old one end with it.
class ViewsByAlgorithm {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::vector<std::string_view> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string_view> result;
    std::transform(names_.begin(), names_.end(), std::back_inserter(result),
                   [](const auto &each) { return std::string_view(each.second); });
    return result;
  }

private:
  mutable std::mutex mutex_;
  Names names_;
};
// EXPECT: field ViewsByAlgorithm::names_ keep ordered

// The loop's variable is made of the element, and is none.
class ViewsByLoop {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::string_view longest() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string_view result;
    for (std::pair<int, std::string_view> each : names_)
      if (each.second.size() > result.size())
        result = each.second;
    return result;
  }

private:
  mutable std::mutex mutex_;
  Names names_;
};
// EXPECT: field ViewsByLoop::names_ keep escapes-reference

// Copies of the elements, and what is computed of them.
class Copies {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = value;
  }
  std::vector<std::pair<int, std::string>> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::pair<int, std::string>> result;
    for (const auto &each : names_)
      result.push_back(each);
    return result;
  }
  std::vector<std::string> values() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> result;
    for (const auto &each : names_)
      result.push_back(each.second);
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> names_;
};
// EXPECT: field Copies::names_ convert map


int main() {
  const std::string text = "a text that is too long to stand in the object itself";
  ViewInOptional viewInOptional;
  viewInOptional.put(1, text);
  CopyInOptional copyInOptional;
  copyInOptional.put(1, text);
  ViewInPair viewInPair;
  viewInPair.put(1, text);
  ReferenceInTuple referenceInTuple;
  referenceInTuple.put(1, text);
  std::printf("%d %s %d %d\n", viewInOptional.find(1).has_value(), copyInOptional.find(1)->c_str(),
              viewInPair.find(1).second, std::get<1>(referenceInTuple.at(1)));
  ViewsByAlgorithm viewsByAlgorithm;
  viewsByAlgorithm.put(1, text);
  ViewsByLoop viewsByLoop;
  viewsByLoop.put(1, text);
  std::printf("%zu %zu\n", viewsByAlgorithm.all().size(), viewsByLoop.longest().size());
  Copies copies;
  copies.put(1, text);
  std::printf("%zu %zu\n", copies.all().size(), copies.values().size());
}
