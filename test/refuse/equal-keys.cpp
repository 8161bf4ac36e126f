// RUN: %check_alone %s -std=c++20
// An element's key is read: it can be another one than was asked for.
#include <cstdio>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

struct Hash {
  std::size_t operator()(const std::string &s) const { return s.size(); }
};
struct SameSize {
  bool operator()(const std::string &a, const std::string &b) const { return a.size() == b.size(); }
};

class Names {
public:
  void add(const std::string &name, int id) {
    std::lock_guard<std::mutex> lock(mu_);
    ids_[name] = id;
  }
  std::string spelling(const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = ids_.find(name);
    if (it == ids_.end())
      return "";
    // EXPECT: field Names::ids_ keep unsupported-operation @+1
    return it->first;
  }

private:
  std::mutex mu_;
  std::unordered_map<std::string, int, Hash, SameSize> ids_;
};

struct Person {
  int id = 0;
  std::string name;
  bool operator==(const Person &other) const { return id == other.id; }
};
template <> struct std::hash<Person> {
  std::size_t operator()(const Person &p) const { return static_cast<std::size_t>(p.id); }
};
class People {
public:
  void add(const Person &p) {
    std::lock_guard<std::mutex> lock(mu_);
    ages_.emplace(p, 3);
  }
  std::string nameOf(const Person &p) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = ages_.find(p);
    // EXPECT: field People::ages_ keep unsupported-operation @+1
    return it == ages_.end() ? "" : it->first.name;
  }

private:
  std::mutex mu_;
  std::unordered_map<Person, int> ages_;
};

class Zeros {
public:
  void add(double d) {
    std::lock_guard<std::mutex> lock(mu_);
    all_[d] = 1;
  }
  double find(double d) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = all_.find(d);
    if (it == all_.end())
      return 7;
    // EXPECT: field Zeros::all_ keep unsupported-operation @+1
    return it->first;
  }

private:
  std::mutex mu_;
  std::unordered_map<double, int> all_;
};

// Equal is the same.
struct Place {
  int x = 0;
  int y = 0;
  bool operator==(const Place &) const = default;
};
template <> struct std::hash<Place> {
  std::size_t operator()(const Place &p) const { return static_cast<std::size_t>(p.x + p.y); }
};
class Places {
public:
  void add(const Place &p) {
    std::lock_guard<std::mutex> lock(mu_);
    all_[p] = 1;
  }
  int find(const Place &p) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = all_.find(p);
    if (it == all_.end())
      return 7;
    const Place found = it->first;
    return found.x;
  }

private:
  std::mutex mu_;
  // EXPECT: field Places::all_ convert map
  std::unordered_map<Place, int> all_;
};

class Words {
public:
  void add(const std::string &w) {
    std::lock_guard<std::mutex> lock(mu_);
    all_[w] = 1;
  }
  std::string find(const std::string &w) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = all_.find(w);
    if (it == all_.end())
      return "none";
    return it->first;
  }

private:
  std::mutex mu_;
  // EXPECT: field Words::all_ convert map
  std::unordered_map<std::string, int> all_;
};

int main() {
  Names names;
  names.add("Alice", 1);
  People people;
  people.add({1, "anna"});
  Zeros zeros;
  zeros.add(-0.0);
  Places places;
  places.add({1, 2});
  Words words;
  words.add("a");
  std::printf("%s %s %g %d %d %s %s\n", names.spelling("ALICE").c_str(),
              people.nameOf({1, "ANNA"}).c_str(), zeros.find(0.0), places.find({1, 2}),
              places.find({2, 2}), words.find("a").c_str(), words.find("b").c_str());
}
