// What a field may become can be said.
// RUN: %unlatch plan %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.json
// RUN: FileCheck %s --input-file %t.json --check-prefix=FREE
// RUN: %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   --strategy Table::values_=snapshot --strategy Table::hits_=snapshot \
// RUN:   --strategy=Other::count_=map -- -std=c++20 > %t.said
// RUN: FileCheck %s --input-file %t.said --check-prefix=SAID
// RUN: %unlatch plan %s --root %S --runtime-include %runtime -o %t.plan --quiet \
// RUN:   --strategy Table::values_=snapshot --strategy Table::hits_=snapshot -- -std=c++20
// RUN: %unlatch diff --plan %t.plan --accept Table::values_ %s --root %S \
// RUN:   --runtime-include %runtime -- -std=c++20 | FileCheck %s --check-prefix=DIFF
// RUN: %unlatch plan %s --root %S --runtime-include %runtime --strategy '*=atomic' \
// RUN:   --strategy Other::count_=map,atomic -- -std=c++20 | FileCheck %s --check-prefix=OTHERS
// RUN: not %unlatch plan %s --root %S --runtime-include %runtime --strategy Table::values_=set \
// RUN:   -- -std=c++20 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not %unlatch plan %s --root %S --runtime-include %runtime --strategy None::such_=map \
// RUN:   -- -std=c++20 2>&1 | FileCheck %s --check-prefix=NOSUCH
#include <map>
#include <mutex>

class Table {
public:
  void set(int key, int value) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[key] = value;
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mu_);
    return values_.count(key) != 0;
  }
  void hit() {
    std::lock_guard<std::mutex> lock(mu_);
    ++hits_;
  }

private:
  std::mutex mu_;
  std::map<int, int> values_;
  int hits_ = 0;
};

class Other {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++count_;
  }

private:
  std::mutex mu_;
  int count_ = 0;
};

// FREE-DAG: "strategy": "map"
// FREE-DAG: "strategy": "atomic"
// FREE-DAG: "keep": 0
// FREE-DAG: "review": 0

// SAID: "name": "Table::hits_"
// SAID: "strategy": "snapshot"
// SAID: "verdict": "review"
// SAID: "name": "Table::values_"
// SAID: --strategy does not allow it to become a lock-free map
// SAID: "strategy": "snapshot"
// SAID: "verdict": "review"
// SAID: "name": "Other::count_"
// SAID: --strategy does not allow it to become an atomic
// SAID: "verdict": "keep"

// DIFF: {{^}}+  unlatch::snapshot<State> state_;

// OTHERS: convert {{.*}}atomic
// OTHERS: keep Table::values_
// OTHERS: --strategy does not allow it to become a lock-free map [suppressed]

// UNKNOWN: --strategy Table::values_=set: NAME=STRATEGY, of map, atomic and snapshot
// NOSUCH: None::such_
