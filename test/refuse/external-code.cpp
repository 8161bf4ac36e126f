// RUN: %check_rewrite %s -std=c++20
// external-code: defined, or used, by code that was not read.

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

// The definition is elsewhere, and nobody knows what it says.
class Undefined {
public:
  static void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  static bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  static std::mutex mu_;
  // EXPECT: field Undefined::m_ keep external-code @+1
  static std::unordered_map<int, int> m_;
};
std::mutex Undefined::mu_;

namespace table {
extern std::mutex mu;
// EXPECT: field table::entries keep external-code @+1
extern std::map<std::string, int> entries;
// EXPECT: field table::generation keep external-code @+1
extern int generation;

void put(const std::string &k, int v) {
  std::lock_guard<std::mutex> lock(mu);
  entries[k] = v;
}
int next() {
  std::lock_guard<std::mutex> lock(mu);
  return ++generation;
}
} // namespace table

// Code in another language knows the name.
extern "C" {
std::mutex limitMutex;
// EXPECT: field limit keep external-code @+1
int limit = 0;
}
void setLimit(int to) {
  std::lock_guard<std::mutex> lock(limitMutex);
  limit = to;
}
int getLimit() {
  std::lock_guard<std::mutex> lock(limitMutex);
  return limit;
}

// The mutex is defined elsewhere: there is code that was not read, and that may use both.
// EXPECT: field Guarded::byUnknown keep external-code @+1
extern std::mutex unknownMutex;
struct Guarded {
  static std::unordered_map<int, int> byUnknown;
};
std::unordered_map<int, int> Guarded::byUnknown;
void putByUnknown(int k, int v) {
  std::lock_guard<std::mutex> lock(unknownMutex);
  Guarded::byUnknown[k] = v;
}
bool hasByUnknown(int k) {
  std::lock_guard<std::mutex> lock(unknownMutex);
  return Guarded::byUnknown.count(k) != 0;
}

extern "C" {
std::mutex tableMutex;
// EXPECT: field namedInC keep external-code @+1
std::unordered_map<int, int> namedInC;
}
void putNamedInC(int k, int v) {
  std::lock_guard<std::mutex> lock(tableMutex);
  namedInC[k] = v;
}
bool hasNamedInC(int k) {
  std::lock_guard<std::mutex> lock(tableMutex);
  return namedInC.count(k) != 0;
}
