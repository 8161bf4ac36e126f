// RUN: %check_rewrite %s -std=c++17 --tsan
// Maps that are no members, in sections that become a function which may run twice.
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>

static std::mutex squaresMutex;
// EXPECT: field squares convert map
static std::map<int, std::string> squares;
// EXPECT: mutex squaresMutex remove

static std::string square(int number) {
  std::lock_guard<std::mutex> lock(squaresMutex);
  auto it = squares.find(number);
  if (it != squares.end())
    return it->second;
  std::string text = std::to_string(number * number);
  squares.emplace(number, text);
  return text;
}
// EXPECT: operation square load_or_store

static std::string name(int number) {
  static std::mutex mutex;
  // EXPECT: field name::names convert map
  static std::map<int, std::string> names;
  std::lock_guard<std::mutex> lock(mutex);
  auto it = names.find(number);
  if (it != names.end())
    return it->second;
  std::string text = "n" + std::to_string(number);
  names.emplace(number, text);
  return text;
}

// Another static that the section changes would be changed twice.
static int made = 0;

static std::string counted(int number) {
  static std::mutex mutex;
  static std::map<int, std::string> texts;
  std::lock_guard<std::mutex> lock(mutex);
  auto it = texts.find(number);
  if (it != texts.end())
    return it->second;
  // EXPECT: field counted::texts keep side-effect-in-update @+2
  // EXPECT: field made keep
  std::string text = std::to_string(++made);
  texts.emplace(number, text);
  return text;
}

// Another map as well.
static std::string twice(int number) {
  static std::mutex mutex;
  // EXPECT: field twice::texts keep
  static std::map<int, std::string> texts;
  // EXPECT: field twice::uses keep
  static std::map<int, int> uses;
  std::lock_guard<std::mutex> lock(mutex);
  auto it = texts.find(number);
  ++uses[number];
  if (it != texts.end())
    return it->second + std::to_string(uses[number]);
  std::string text = std::to_string(number);
  texts.emplace(number, text);
  return text;
}

int main() {
  std::thread other([] {
    for (int i = 0; i < 200; ++i)
      square(i % 20);
  });
  for (int i = 0; i < 200; ++i)
    square(i % 20);
  other.join();
  std::printf("%s %s %s ", square(7).c_str(), name(3).c_str(), name(3).c_str());
  std::printf("%s %s\n", counted(5).c_str(), twice(5).c_str());
}
