// RUN: %check_rewrite %s -std=c++20
// Functions that are called with elements, and keep the way to one: none of the forms may convert,
// not even as a snapshot, whose states end.
#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

using Names = std::unordered_map<int, std::string>;
using Entry = std::pair<const int, std::string>;

struct Keeper {
  const std::string **out;
  bool operator()(const Entry &entry) const {
    *out = &entry.second;
    return false;
  }
};
struct Remembers {
  const std::string *last = nullptr;
  bool operator()(const Entry &entry) {
    last = &entry.second;
    return false;
  }
};

class Erasing {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::erase_if(names_, [&](const Entry &entry) {
        last = &entry.second;
        return false;
      });
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Erasing::names_ keep escapes-reference

class ErasingByName {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::erase_if(names_, Keeper{&last});
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field ErasingByName::names_ keep escapes-reference

class ErasingByState {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      Remembers remembers;
      std::erase_if(names_, std::ref(remembers));
      last = remembers.last;
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field ErasingByState::names_ keep escapes-reference

class ErasingGenerically {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::erase_if(names_, [&](const auto &entry) {
        last = &entry.second;
        return false;
      });
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field ErasingGenerically::names_ keep escapes-reference

class ErasingDeeper {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::erase_if(names_, [&](const Entry &entry) {
        const auto keep = [&] { last = &entry.second; };
        keep();
        return false;
      });
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field ErasingDeeper::names_ keep escapes-reference

class Each {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::for_each(names_.begin(), names_.end(), Keeper{&last});
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Each::names_ keep unsupported-operation

class Any {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      (void)std::any_of(names_.begin(), names_.end(), [&](const Entry &entry) {
        last = &entry.second;
        return false;
      });
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Any::names_ keep unsupported-operation

class Greatest {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      (void)std::max_element(names_.begin(), names_.end(), [&](const Entry &a, const Entry &b) {
        last = &a.second;
        return a.second < b.second;
      });
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Greatest::names_ keep unsupported-operation

class Called {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto found = names_.find(key);
      const auto keep = [&](const std::string &name) { last = &name; };
      if (found != names_.end())
        keep(found->second);
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Called::names_ keep escapes-reference

class Invoked {
public:
  std::size_t last(int key) {
    const std::string *last = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      const auto found = names_.find(key);
      if (found != names_.end())
        std::invoke([&](const std::string &name) { last = &name; }, found->second);
    }
    return last ? last->size() + static_cast<std::size_t>(key) : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Invoked::names_ keep calls-out

