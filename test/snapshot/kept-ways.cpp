// RUN: %check_rewrite %s -std=c++20
// Objects of the library that are given an element, and keep a way to it or do not.
// The elements of an old state end with it.
#include <algorithm>
#include <any>
#include <cstdio>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class ViewsOfRange {
public:
  void put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.insert(value);
  }
  std::vector<std::string_view> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return {names_.begin(), names_.end()};
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field ViewsOfRange::names_ keep escapes-reference

class ViewsPushed {
public:
  void put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.insert(value);
  }
  std::vector<std::string_view> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string_view> result;
    for (const auto &each : names_)
      result.push_back(each);
    return result;
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field ViewsPushed::names_ keep escapes-reference

class AddressesByAlgorithm {
public:
  void put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.insert(value);
  }
  std::vector<const std::string *> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<const std::string *> result(names_.size());
    std::transform(names_.begin(), names_.end(), result.begin(),
                   [](const std::string &each) { return &each; });
    return result;
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field AddressesByAlgorithm::names_ keep escapes-reference

class Wrapped {
public:
  void put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.insert(value);
  }
  std::vector<std::reference_wrapper<const std::string>> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::reference_wrapper<const std::string>> result;
    for (const auto &each : names_)
      result.emplace_back(each);
    return result;
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field Wrapped::names_ keep escapes-reference

// The answer of insert() has an iterator.
class Inserted {
public:
  std::pair<std::set<std::string>::iterator, bool> put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.insert(value);
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field Inserted::names_ keep escapes-reference

class Opaque {
public:
  void put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.insert(value);
  }
  std::any first() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::any result;
    if (!names_.empty())
      result = names_.begin();
    return result;
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field Opaque::names_ keep escapes-reference

class CopiesOfSet {
public:
  void put(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.insert(value);
  }
  bool add(const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.insert(value).second;
  }
  std::vector<std::string> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return {names_.begin(), names_.end()};
  }
  std::size_t letters() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::size_t sum = 0;
    std::for_each(names_.begin(), names_.end(),
                  [&](const std::string &each) { sum += each.size(); });
    return sum;
  }
  bool has(const std::string &value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(value) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::set<std::string> names_;
};
// EXPECT: field CopiesOfSet::names_ convert snapshot

int main() {
  const std::string text = "a text that is too long to stand in the object itself";
  ViewsOfRange viewsOfRange;
  viewsOfRange.put(text);
  ViewsPushed viewsPushed;
  viewsPushed.put(text);
  AddressesByAlgorithm addresses;
  addresses.put(text);
  Wrapped wrapped;
  wrapped.put(text);
  std::printf("%zu %zu %zu %zu\n", viewsOfRange.all().size(), viewsPushed.all().size(),
              addresses.all().size(), wrapped.all().size());
  std::printf("%d %d %d %d\n", viewsOfRange.has(text), viewsPushed.has(text), addresses.has(text),
              wrapped.has(text));
  Inserted inserted;
  std::printf("%d %d\n", inserted.put(text).second, inserted.has("b"));
  Opaque opaque;
  opaque.put(text);
  std::printf("%d %d\n", opaque.first().has_value(), opaque.has("b"));
  CopiesOfSet ofSet;
  ofSet.put(text);
  ofSet.put("a");
  std::printf("%d %zu %zu %d\n", ofSet.add("b"), ofSet.all().size(), ofSet.letters(),
              ofSet.has("b"));
}
