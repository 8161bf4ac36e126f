// RUN: %check_rewrite --plan-only %s -std=c++17
// What stands behind a pointer is what the lock is there for, however it is read: by the standard
// library, through a smart pointer, by a function that is called with the pointer.

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <unordered_map>

// Buffers that are freed under the lock that their readers take.

struct Compared {
  bool is(int key, const char *other) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = texts_.find(key);
    return it != texts_.end() && strcmp(it->second, other) == 0;
  }
  void set(int key, const char *text) {
    std::lock_guard<std::mutex> lock(mutex_);
    texts_[key] = strdup(text);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = texts_.find(key);
    if (it == texts_.end())
      return;
    free(it->second);
    texts_.erase(it);
  }
  std::mutex mutex_;
  // EXPECT: field Compared::texts_ keep spans-fields @-15
  std::map<int, char *> texts_;
};

struct Copied {
  std::string at(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = texts_.find(key);
    if (it == texts_.end())
      return "";
    return std::string(it->second);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = texts_.find(key);
    if (it == texts_.end())
      return;
    delete[] it->second;
    texts_.erase(it);
  }
  std::mutex mutex_;
  // EXPECT: field Copied::texts_ keep spans-fields @-11
  std::map<int, char *> texts_;
};

struct Summed {
  int at(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = numbers_.find(key);
    if (it == numbers_.end())
      return 0;
    return std::accumulate(it->second, it->second + 3, 0);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.erase(key);
  }
  std::mutex mutex_;
  // EXPECT: field Summed::numbers_ keep spans-fields @-7
  std::map<int, int *> numbers_;
};

struct Asked {
  std::size_t size(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(key);
    if (it == names_.end())
      return 0;
    return it->second->size();
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = names_.find(key);
    if (it == names_.end())
      return;
    delete it->second;
    names_.erase(it);
  }
  std::mutex mutex_;
  // EXPECT: field Asked::names_ keep spans-fields @-11
  std::map<int, std::string *> names_;
};

struct Shared {
  int at(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = numbers_.find(key);
    if (it == numbers_.end())
      return 0;
    return *it->second;
  }
  void set(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = numbers_.find(key);
    if (it != numbers_.end())
      *it->second = value;
    else
      numbers_[key] = std::make_shared<int>(value);
  }
  std::mutex mutex_;
  // EXPECT: field Shared::numbers_ keep spans-fields @-11
  std::unordered_map<int, std::shared_ptr<int>> numbers_;
};

// Nobody can change these, and a copy of the pointer keeps them.
struct Constant {
  int at(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = numbers_.find(key);
    if (it == numbers_.end())
      return 0;
    return *it->second;
  }
  void set(int key, std::shared_ptr<const int> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_[key] = value;
  }
  std::mutex mutex_;
  // EXPECT: field Constant::numbers_ convert map
  std::unordered_map<int, std::shared_ptr<const int>> numbers_;
};

// The pointer is a member that never changes; what it points to does.
struct Total {
  explicit Total(int *total) : total_(total) {}
  void add(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++*total_;
    seen_[key] = 1;
  }
  int total(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return seen_.count(key) ? *total_ : 0;
  }
  std::mutex mutex_;
  int *const total_;
  // EXPECT: field Total::seen_ keep spans-fields @-9
  std::map<int, int> seen_;
};

struct Last {
  void add(int key, const char *text) {
    std::lock_guard<std::mutex> lock(mutex_);
    strncpy(text_, text, 8);
    sizes_[key] = 8;
  }
  int last(int key, char *text) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = sizes_.find(key);
    if (it == sizes_.end())
      return 0;
    memcpy(text, text_, 8);
    return it->second;
  }
  std::mutex mutex_;
  char *const text_ = new char[8];
  // EXPECT: field Last::sizes_ keep spans-fields @-14
  std::map<int, int> sizes_;
};

// The same through functions.
struct Filled {
  static void fill(char *to, const char *from) { strncpy(to, from, 8); }
  static std::size_t length(const char *text) { return strlen(text); }
  void set(const char *text) {
    std::lock_guard<std::mutex> lock(mutex_);
    fill(text_, text);
  }
  void add(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    sizes_[key] = 8;
  }
  std::size_t last(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return sizes_.count(key) ? length(text_) : 0;
  }
  std::mutex mutex_;
  char *const text_ = new char[9]();
  // EXPECT: field Filled::sizes_ keep spans-fields
  std::map<int, int> sizes_;
};

struct Owned {
  void add(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    text_->append("x");
    sizes_[key] = 8;
  }
  std::size_t last(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return sizes_.count(key) ? text_->size() : 0;
  }
  std::mutex mutex_;
  const std::unique_ptr<std::string> text_ = std::make_unique<std::string>();
  // EXPECT: field Owned::sizes_ keep spans-fields @-9
  std::map<int, int> sizes_;
};

// Through a function: it reads what never changes, but may be gone.
struct Session {
  explicit Session(int id) : id_(id) {}
  int id() const { return id_; }
  const int id_;
};
inline int idOf(const Session *session) { return session->id_; }
inline char first(const char *text) { return *text; }

struct Sessions {
  int id(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = sessions_.find(key);
    return it == sessions_.end() ? 0 : it->second->id();
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = sessions_.find(key);
    if (it == sessions_.end())
      return;
    delete it->second;
    sessions_.erase(it);
  }
  std::mutex mutex_;
  // EXPECT: field Sessions::sessions_ keep pointee-guarded
  std::map<int, Session *> sessions_;
};

struct Passed {
  int id(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = sessions_.find(key);
    return it == sessions_.end() ? 0 : idOf(it->second);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    sessions_.erase(key);
  }
  std::mutex mutex_;
  // EXPECT: field Passed::sessions_ keep pointee-guarded
  std::map<int, Session *> sessions_;
};

struct Letters {
  char at(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = texts_.find(key);
    return it == texts_.end() ? 'x' : first(it->second);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    texts_.erase(key);
  }
  std::mutex mutex_;
  // EXPECT: field Letters::texts_ keep pointee-guarded
  std::map<int, const char *> texts_;
};

// A copy of what owns it keeps it.
struct Kept {
  int id(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = sessions_.find(key);
    return it == sessions_.end() ? 0 : it->second->id();
  }
  void set(int key, std::shared_ptr<const Session> session) {
    std::lock_guard<std::mutex> lock(mutex_);
    sessions_[key] = session;
  }
  std::mutex mutex_;
  // EXPECT: field Kept::sessions_ convert map
  std::unordered_map<int, std::shared_ptr<const Session>> sessions_;
};

int main() {
  char text[9] = "text";
  int numbers[3] = {1, 2, 3};
  Compared compared;
  compared.set(1, text);
  Copied copied;
  Summed summed;
  Asked asked;
  Shared shared;
  Constant constant;
  constant.set(1, std::make_shared<int>(1));
  Total total(numbers);
  total.add(1);
  Last last;
  last.add(1, text);
  Filled filled;
  filled.set(text);
  filled.add(1);
  filled.last(1);
  Owned owned;
  owned.add(1);
  Sessions sessions;
  Passed passed;
  Letters letters;
  Kept kept;
  kept.set(1, std::make_shared<Session>(1));
  shared.set(1, 2);
  compared.drop(1);
  summed.drop(1);
  asked.drop(1);
  sessions.drop(1);
  passed.drop(1);
  letters.drop(1);
  return compared.is(1, text) + static_cast<int>(copied.at(2).size()) + summed.at(2) +
         static_cast<int>(asked.size(1)) + shared.at(1) + constant.at(1) + total.total(1) +
         last.last(1, text) + static_cast<int>(owned.last(1)) + sessions.id(1) + passed.id(1) +
         letters.at(1) + kept.id(1);
}
