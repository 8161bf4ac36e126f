// RUN: %check_rewrite %s -std=c++20 --tsan
// RUN: %unlatch plan %s --root %S --runtime-include %runtime -- -std=c++20 > %t.txt
// RUN: FileCheck %s --input-file %t.txt
// Maps that can't be lock-free maps, as parts of a state.
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

// Two maps that agree at every moment, and are mostly read.
class Names {
public:
  void add(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_[id] = name;
    ids_[name] = id;
    ++changes_;
  }
  void rename(int from, int to) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = names_.find(from);
    if (it == names_.end())
      return;
    ids_[it->second] = to;
    names_[to] = it->second;
    names_.erase(from);
  }
  std::string nameOf(int id) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }
  int idOf(const std::string &name) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = ids_.find(name);
    if (it == ids_.end())
      return -1;
    return it->second;
  }
  bool agree() const {
    std::lock_guard<std::mutex> lock(mu_);
    for (const auto &[id, name] : names_)
      if (auto it = ids_.find(name); it == ids_.end() || it->second != id)
        return false;
    return names_.size() == ids_.size();
  }
  int changes() const {
    std::lock_guard<std::mutex> lock(mu_);
    return changes_;
  }

private:
  mutable std::mutex mu_;
  // EXPECT: field Names::names_ convert snapshot
  std::map<int, std::string> names_;
  // EXPECT: field Names::ids_ convert snapshot
  std::unordered_map<std::string, int> ids_;
  // EXPECT: field Names::changes_ convert snapshot
  int changes_ = 0;
};
// EXPECT: mutex Names::mu_ remove
// EXPECT: operation Names::add modify
// EXPECT: operation Names::idOf read

// One map, of which the neighbours of a key are asked for.
class Steps {
public:
  void set(int from, double price) {
    std::lock_guard<std::mutex> lock(mu_);
    prices_[from] = price;
  }
  double at(int amount) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = prices_.upper_bound(amount);
    if (it == prices_.begin())
      return 0;
    --it;
    return it->second;
  }
  std::optional<int> last() const {
    std::lock_guard<std::mutex> lock(mu_);
    if (prices_.empty())
      return std::nullopt;
    return prices_.rbegin()->first;
  }

private:
  mutable std::mutex mu_;
  // EXPECT: field Steps::prices_ convert snapshot
  std::map<int, double> prices_;
};

// The same, written as often: with its price, and with what keeps it from being a lock-free map.
// CHECK: review Queue::jobs_
// CHECK: 2 of 2 sections write
// CHECK: [ordered]
class Queue {
public:
  void put(int when, const std::string &job) {
    std::lock_guard<std::mutex> lock(mu_);
    jobs_[when] = job;
  }
  std::string take() {
    std::lock_guard<std::mutex> lock(mu_);
    if (jobs_.empty())
      return "";
    auto first = jobs_.begin();
    std::string job = first->second;
    jobs_.erase(first);
    return job;
  }

private:
  std::mutex mu_;
  // EXPECT: field Queue::jobs_ review snapshot
  std::map<int, std::string> jobs_;
};

// A map that can leave by itself does, though what is beside it stays.
class Mixed {
public:
  void set(int id, int value) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[id] = value;
  }
  bool has(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    return values_.count(id) != 0;
  }
  void move(int from, int to) {
    std::lock_guard<std::mutex> lock(mu_);
    moves_[to] = moves_[from];
  }
  int moved(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    return moves_[id];
  }

private:
  std::mutex mu_;
  // EXPECT: field Mixed::values_ convert map
  std::map<int, int> values_;
  // EXPECT: field Mixed::moves_ keep multi-key
  std::map<int, int> moves_;
};

// An iterator that is kept would lead into a state that is gone.
class Cursor {
public:
  void set(int id, int value) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[id] = value;
    next_ = values_.begin();
  }
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return next_ == values_.end() ? -1 : (next_++)->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field Cursor::values_ keep
  std::map<int, int> values_;
  // EXPECT: field Cursor::next_ keep
  std::map<int, int>::iterator next_ = values_.end();
};

// A reference to an element leaves its section.
class Handed {
public:
  void set(int id, const std::string &value) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[id] = value;
  }
  const std::string &first() const {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Handed::values_ keep ordered @+1
    return values_.begin()->second;
  }
  const std::string *find(int id) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = values_.find(id);
    // EXPECT: field Handed::values_ keep escapes-reference @+1
    return it == values_.end() ? nullptr : &it->second;
  }

private:
  mutable std::mutex mu_;
  std::map<int, std::string> values_;
};

// Nor may what an iterator or pointer was before it moved on.
class MovedOn {
public:
  void add(const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.push_back(name);
    set_.insert(name);
  }
  const std::string *first() const {
    std::lock_guard<std::mutex> lock(mu_);
    const std::string *data = names_.data();
    // EXPECT: field MovedOn::names_ keep escapes-reference @+1
    return names_.empty() ? nullptr : data++;
  }
  const std::string *least() const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = set_.begin();
    // EXPECT: field MovedOn::set_ keep escapes-reference @+1
    return set_.empty() ? nullptr : &*it++;
  }

private:
  mutable std::mutex mu_;
  std::vector<std::string> names_;
  std::set<std::string> set_;
};

// What the values point to is guarded by the same lock.
struct Account {
  // EXPECT: field Account::balance keep aliased
  int balance = 0;
};

class Accounts {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    accounts_[id] = std::make_shared<Account>();
  }
  bool pay(int from, int to, int amount) {
    std::lock_guard<std::mutex> lock(mu_);
    auto payer = accounts_.find(from), payee = accounts_.find(to);
    if (payer == accounts_.end() || payee == accounts_.end())
      return false;
    // EXPECT: field Accounts::accounts_ keep pointee-guarded
    payer->second->balance -= amount;
    payee->second->balance += amount;
    return true;
  }
  bool has(int id) const {
    std::lock_guard<std::mutex> lock(mu_);
    return accounts_.count(id) != 0;
  }
  int size() const {
    std::lock_guard<std::mutex> lock(mu_);
    return static_cast<int>(accounts_.size());
  }

private:
  mutable std::mutex mu_;
  std::map<int, std::shared_ptr<Account>> accounts_;
};

// Half of a change must not get lost with an exception.
class Halves {
public:
  void both(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[a] = 1;
    // EXPECT: field Halves::values_ keep
    values_.at(b) = 2;
  }
  int get(int id) const {
    std::lock_guard<std::mutex> lock(mu_);
    return values_.at(id);
  }
  bool has(int id) const {
    std::lock_guard<std::mutex> lock(mu_);
    return values_.count(id) != 0;
  }

private:
  mutable std::mutex mu_;
  std::map<int, int> values_;
};

int main() {
  Names names;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i)
      names.add(i, std::to_string(i));
  });
  bool agreed = true;
  for (int i = 0; i < 300; ++i)
    agreed &= names.agree();
  writer.join();
  names.rename(5, 1005);
  names.rename(6, 5);
  std::printf("%d %d %s %d\n", agreed && names.agree(), names.idOf("77"), names.nameOf(5).c_str(), names.changes());

  Steps steps;
  steps.set(10, 1.5);
  steps.set(20, 1.25);
  std::printf("%g %g %g %d\n", steps.at(5), steps.at(10), steps.at(1000), *steps.last());

  Queue queue;
  std::thread putter([&] {
    for (int i = 100; i > 0; --i)
      queue.put(i, std::to_string(i));
  });
  putter.join();
  std::printf("%s", queue.take().c_str());
  std::printf(" %s\n", queue.take().c_str());
}
