// RUN: %unlatch plan --root=%S --runtime-include=%runtime %s -- -std=c++20 | FileCheck %s
// What a section calls is named also where the source does not spell it.

#include <compare>
#include <map>
#include <mutex>
#include <string>
#include <vector>

void report(const char *text);
#define CHECK(x)                                                                                   \
  do {                                                                                             \
    if (!(x))                                                                                      \
      report(#x);                                                                                     \
  } while (0)

struct Text {
  Text();
  Text(const char *text);
};
void print(const Text &text);

struct Version {
  std::strong_ordering operator<=>(const Version &other) const;
};

// CHECK: keep Checked::m_
// CHECK-NEXT: described.cpp:[[#@LINE+4]]:{{.*}} calls report, in a macro {{.*}}[calls-out]
struct Checked {
  void add(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    CHECK(key > 0);
    m_[key] = 1;
  }
  std::mutex mutex_;
  std::map<int, int> m_;
};

// CHECK: keep Compared::m_
// CHECK-NEXT: described.cpp:[[#@LINE+4]]:{{.*}} calls left >= right {{.*}}[calls-out]
struct Compared {
  void add(int key, const Version &left, const Version &right) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (left >= right)
      m_[key] = 1;
  }
  std::mutex mutex_;
  std::map<int, int> m_;
};

// CHECK: keep Declared::m_
// CHECK-NEXT: described.cpp:[[#@LINE+4]]:{{.*}} calls a constructor of Text {{.*}}[calls-out]
struct Declared {
  void add(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    Text text;
    m_[key] = 1;
  }
  std::mutex mutex_;
  std::map<int, int> m_;
};

// CHECK: keep Whole::names_
// CHECK-NEXT: described.cpp:[[#@LINE+6]]:{{.*}}calls tidy(names_) [calls-out]
// CHECK-NEXT: described.cpp:[[#@LINE+5]]:{{.*}} a reference to the field is passed on [escapes-reference]
struct Whole {
  static void tidy(std::vector<std::string> &names);
  void add(const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    tidy(names_);
    names_.push_back(name);
  }
  std::mutex mutex_;
  std::vector<std::string> names_;
};

void use(Checked &a, Compared &b, Declared &c, Whole &d, const Version &v) {
  a.add(1);
  b.add(1, v, v);
  c.add(1);
  d.add("");
}
