// RUN: %check_alone %s -std=c++20
// The library leaves a key alone that is there already, and takes a value all the same; the runtime
// does it the other way round. Who looks again could tell.
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

class Subscript {
public:
  std::string put(std::string k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Subscript::m_ keep unsupported-operation @+1
    m_[std::move(k)] = 1;
    return k;
  }
  bool has(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<std::string, int> m_;
};

class Assign {
public:
  std::string put(std::string k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Assign::m_ keep unsupported-operation @+1
    m_.insert_or_assign(std::move(k), 1);
    return k;
  }
  bool has(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<std::string, int> m_;
};

class Insert {
public:
  bool put(int k, std::shared_ptr<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Insert::m_ keep unsupported-operation @+1
    m_.insert({k, std::move(v)});
    return v == nullptr;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<int>> m_;
};

class Lent {
public:
  void put(int k, std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Lent::m_ keep unsupported-operation @+1
    m_.emplace(k, std::move(v));
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

// Nobody looks.
class Gone {
public:
  void put(std::string k, std::string v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[std::move(k)] = std::move(v);
  }
  void add(std::string k, std::string v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.emplace(std::move(k), std::move(v));
  }
  std::string get(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? "none" : it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field Gone::m_ convert map
  std::unordered_map<std::string, std::string> m_;
};

int main() {
  Subscript a;
  Assign b;
  Insert c;
  Lent d;
  Gone e;
  a.put("alice");
  b.put("alice");
  c.put(1, std::make_shared<int>(1));
  std::string text = "text";
  d.put(1, text);
  text = "again";
  d.put(1, text);
  e.put("k", "v");
  e.add("k", "w");
  std::printf("%s %s %d %s %s %d%d%d%d\n", a.put("alice").c_str(), b.put("alice").c_str(),
              c.put(1, std::make_shared<int>(2)), text.c_str(), e.get("k").c_str(), a.has("alice"),
              b.has("alice"), c.has(1), d.has(1));
}
