// RUN: %check_alone %s -std=c++20
// What load_or_store() gives back ends with the statement: nothing may lead into it after that.
#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

class Element {
public:
  int first(int id, const std::vector<int> &all) {
    std::lock_guard<std::mutex> lock(mu_);
    const int &first = entries_.emplace(id, all).first->second[0];
    return first;
  }

private:
  std::mutex mu_;
  // EXPECT: field Element::entries_ keep
  std::map<int, std::vector<int>> entries_;
};

class Viewed {
public:
  char first(int id, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    std::string_view view = entries_.emplace(id, text).first->second;
    return view[0];
  }

private:
  std::mutex mu_;
  // EXPECT: field Viewed::entries_ keep
  std::map<int, std::string> entries_;
};

class Begun {
public:
  int first(int id, const std::vector<int> &all) {
    std::lock_guard<std::mutex> lock(mu_);
    auto begin = entries_.emplace(id, all).first->second.begin();
    return *begin;
  }

private:
  std::mutex mu_;
  // EXPECT: field Begun::entries_ keep
  std::map<int, std::vector<int>> entries_;
};

class Larger {
public:
  std::string larger(int id, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    const std::string &larger = std::max(entries_.insert({id, text}).first->second, text);
    return larger;
  }

private:
  std::mutex mu_;
  // EXPECT: field Larger::entries_ keep
  std::map<int, std::string> entries_;
};

class Used {
public:
  int first(int id, const std::vector<int> &all) {
    std::lock_guard<std::mutex> lock(mu_);
    return entries_.emplace(id, all).first->second[0];
  }

private:
  std::mutex mu_;
  // EXPECT: field Used::entries_ convert map
  std::map<int, std::vector<int>> entries_;
};
