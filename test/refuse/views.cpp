// RUN: %check_rewrite %s -std=c++20
// A copy of a view, or of a pointer to text, is no copy of the text.
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

class Compared {
public:
  void enter(int id, std::string_view name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_[id] = name;
  }
  void leave(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.erase(id);
  }
  bool is(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = names_.find(id);
    return it != names_.end() && it->second == name;
  }

private:
  std::mutex mu_;
  // EXPECT: field Compared::names_ keep unsafe-value-type @+1
  std::unordered_map<int, std::string_view> names_;
};

class Keys {
public:
  void enter(std::string_view name) {
    std::lock_guard<std::mutex> lock(mu_);
    ++names_[name];
  }
  void leave(std::string_view name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.erase(name);
  }

private:
  std::mutex mu_;
  // EXPECT: field Keys::names_ keep unsafe-value-type @+1
  std::unordered_map<std::string_view, int> names_;
};

class OrderedKeys {
public:
  void enter(std::string_view name) {
    std::lock_guard<std::mutex> lock(mu_);
    ++names_[name];
  }

private:
  std::mutex mu_;
  // EXPECT: field OrderedKeys::names_ keep unsafe-value-type @+1
  std::map<std::string_view, int> names_;
};

struct Named {
  std::string_view name;
  int size = 0;
};
class InStruct {
public:
  void enter(int id, Named named) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.insert_or_assign(id, named);
  }
  void leave(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.erase(id);
  }

private:
  std::mutex mu_;
  // EXPECT: field InStruct::names_ keep unsafe-value-type @+1
  std::unordered_map<int, Named> names_;
};

class Spans {
public:
  void enter(int id, std::span<const int> values) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[id] = values;
  }

private:
  std::mutex mu_;
  // EXPECT: field Spans::values_ keep unsafe-value-type @+1
  std::unordered_map<int, std::span<const int>> values_;
};

class OptionalText {
public:
  void enter(int id, const char *name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_[id] = name;
  }
  void leave(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.erase(id);
  }
  std::optional<std::string> name(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = names_.find(id);
    if (it == names_.end())
      return std::nullopt;
    std::optional<std::string> copy = it->second;
    return copy;
  }

private:
  std::mutex mu_;
  // EXPECT: field OptionalText::names_ keep spans-fields @-6
  std::unordered_map<int, const char *> names_;
};

class PairOfText {
public:
  void enter(int id, const char *name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_[id] = name;
  }
  void leave(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.erase(id);
  }
  std::string name(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = names_.find(id);
    if (it == names_.end())
      return "";
    std::pair<std::string, int> copy(it->second, 1);
    return copy.first;
  }

private:
  std::mutex mu_;
  // EXPECT: field PairOfText::names_ keep spans-fields @-6
  std::unordered_map<int, const char *> names_;
};
