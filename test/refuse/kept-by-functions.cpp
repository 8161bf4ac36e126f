// RUN: %check_alone %s -std=c++17
// What a function is given a reference to may be kept by it in ways that its signature does not
// tell.
#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

using Names = std::unordered_map<int, std::string>;

struct Holder {
  const char *first = nullptr;
};
inline void toView(const std::string &name, std::string_view &out) { out = name; }
inline void toPointer(const std::string &name, const char *&out) { out = &name[0]; }
inline void toHolder(const std::string &name, Holder &out) { out.first = name.data(); }
inline void toVector(const std::string &name, std::vector<std::string_view> &out) {
  out.push_back(name);
}
inline Holder held(const std::string &name) {
  Holder holder;
  holder.first = name.data();
  return holder;
}
inline const std::string &same(const std::string &name) { return name; }
inline void byLocal(const std::string &name, std::string_view &out) {
  const std::string &other = same(name);
  std::string_view view = other;
  out = view;
}
inline void deeper(const std::string &name, std::string_view &out) { toView(name, out); }
/// These only look, and copy.
inline std::size_t lengthOf(const std::string &name) { return name.size(); }
inline std::string copyOf(const std::string &name) {
  std::string copy = name;
  copy += '!';
  return copy;
}
inline void append(const std::string &name, std::string &out) {
  const std::string &other = same(name);
  std::string_view view = other;
  out.append(view);
  out += other;
}
inline bool has(const std::string &name, char wanted) {
  for (const char each : name)
    if (each == wanted)
      return true;
  return name.find(wanted) != std::string::npos ||
         std::any_of(name.begin(), name.end(), [wanted](char each) { return each == wanted; });
}
struct Length {
  std::size_t value;
  explicit Length(const std::string &name) : value(name.size()) {}
};
inline std::size_t deepLength(const std::string &name) { return Length(name).value + lengthOf(name); }
inline void byLambda(const std::string &name, std::string_view &out) {
  const auto keep = [&] { out = name; };
  keep();
}

class View {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string_view view;
    // EXPECT: field View::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      toView(it->second, view);
    return view.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Pointer {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    const char *first = nullptr;
    // EXPECT: field Pointer::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      toPointer(it->second, first);
    return first ? 1 : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Held {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    Holder holder;
    // EXPECT: field Held::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      toHolder(it->second, holder);
    return holder.first ? 1 : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Vector {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string_view> views;
    // EXPECT: field Vector::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      toVector(it->second, views);
    return views.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Result {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    Holder holder;
    // EXPECT: field Result::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      holder = held(it->second);
    return holder.first ? 1 : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Local {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string_view view;
    // EXPECT: field Local::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      byLocal(it->second, view);
    return view.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Deeper {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string_view view;
    // EXPECT: field Deeper::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      deeper(it->second, view);
    return view.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Lambda {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string_view view;
    // EXPECT: field Lambda::names_ keep escapes-reference @+2
    if (auto it = names_.find(key); it != names_.end())
      byLambda(it->second, view);
    return view.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Loop {
public:
  std::size_t length() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string_view view;
    // EXPECT: field Loop::names_ keep escapes-reference @+2
    for (const auto &entry : names_)
      toView(entry.second, view);
    return view.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};

class Looks {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::size_t length = 0;
    if (auto it = names_.find(key); it != names_.end())
      length = lengthOf(it->second) + deepLength(it->second);
    return length;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Looks::names_ convert map

class Copies {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string copy;
    if (auto it = names_.find(key); it != names_.end())
      copy = copyOf(it->second);
    return copy.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Copies::names_ convert map

class Appends {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    if (auto it = names_.find(key); it != names_.end())
      append(it->second, all);
    return all.size();
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Appends::names_ convert map

class Searches {
public:
  std::size_t length(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    bool found = false;
    if (auto it = names_.find(key); it != names_.end())
      found = has(it->second, 'x');
    return found ? 1 : 0;
  }
  void put(int key, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[key] = std::move(name);
  }

private:
  std::mutex mutex_;
  Names names_;
};
// EXPECT: field Searches::names_ convert map

