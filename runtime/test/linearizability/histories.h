// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that use a map at once, and record what they see. Now and then they all stop, and what
// they have recorded since is checked, together with what the map then contains.
//
// Between the operations that are recorded, keys that no history speaks of are put in and taken
// out: so tables fill up, with living entries or with dead ones, and larger tables, smaller ones,
// and others of the same size take their place all the time.

#ifndef UNLATCH_RUNTIME_TEST_LINEARIZABILITY_HISTORIES_H
#define UNLATCH_RUNTIME_TEST_LINEARIZABILITY_HISTORIES_H

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "../support.h"
#include "checker.h"
#include "perform.h"
#include "specification.h"

namespace unlatch_test {

struct plan {
  int histories = 0;
  int histories_per_map = 1;
  int threads = 3;
  int operations = 8;      // of each thread in a history
  int keys = key_count;    // fewer make more contention
  int whole_map_share = 0; // of 100 operations, how many concern the whole map
  int noise_share = 0;     // before how many of 100 operations other keys are written
};

/// UNLATCH_HISTORIES multiplies how many there are.
inline int history_count(int plain) {
  const char *const factor = std::getenv("UNLATCH_HISTORIES");
  return rounds(plain) * (factor != nullptr ? std::atoi(factor) : 1);
}

/// Writes to keys of its own that never come again, of which it keeps some alive, sometimes many.
template <class Map> class noise {
public:
  noise(int index, int threads) : next_(key_count + index), step_(threads) {}

  void make(Map &m, generator &random) {
    if (random.below(40) == 0)
      wanted_ = static_cast<std::size_t>(random.below(2) == 0 ? random.below(4) : random.below(80));
    if (present_.size() >= wanted_ && !present_.empty()) {
      m.erase(key(present_.back()));
      present_.pop_back();
    }
    if (present_.size() < wanted_ || wanted_ == 0) {
      m.store(key(next_), value_of<typename Map::mapped_type>(1));
      present_.push_back(next_);
      next_ += step_;
    }
  }
  void forget() { present_.clear(); }

private:
  static typename Map::key_type key(int number) {
    return static_cast<typename Map::key_type>(number);
  }

  int next_;
  const int step_;
  std::size_t wanted_ = 2;
  std::vector<int> present_;
};

template <class Map> class course {
  using value_type = typename Map::mapped_type;

public:
  course(const plan &how, int number) : plan_(how), map_(std::make_unique<Map>()) {
    for (int index = 0; index < plan_.threads; ++index)
      players_.push_back(std::make_unique<player>(index, number, plan_.threads));
  }
  course(const course &) = delete;
  course &operator=(const course &) = delete;
  ~course() {
    map_.reset();
    EXPECT_EQ(alive_.load(), 0);
  }

  /// What each of the threads does.
  void run(int index) {
    mortal_value::census = &alive_;
    player &self = *players_[static_cast<std::size_t>(index)];
    for (int history = 0; history < plan_.histories && !failed_; ++history) {
      play(self, index);
      std::unique_lock<std::mutex> lock(meeting_);
      if (++arrived_ == plan_.threads) { // the last one checks, the others wait
        check();
        if ((history + 1) % plan_.histories_per_map == 0)
          start_anew(self);
        arrived_ = 0;
        ++checked_;
        all_checked_.notify_all();
      } else {
        all_checked_.wait(lock, [this, history] { return checked_ > history; });
      }
    }
  }

private:
  struct alignas(64) player {
    player(int index, int number, int threads)
        : random(static_cast<std::uint64_t>(index + 1 + 16 * number)), others(index, threads) {}

    generator random;
    noise<Map> others;
    state belief{}; // what this thread has seen last
    std::vector<operation> recorded;
  };

  void play(player &self, int index) {
    self.recorded.clear();
    for (int i = 0; i < plan_.operations; ++i) {
      if (self.random.below(100) < plan_.noise_share)
        for (int times = 1 + self.random.below(4); times > 0; --times)
          self.others.make(*map_, self.random);
      operation op = draw(self);
      op.argument = 1 + (index * plan_.operations + i) % most_value;
      op.begin = clock_.fetch_add(1);
      op.result = perform(op, *map_);
      op.end = clock_.fetch_add(1);
      self.recorded.push_back(op);
      if (op.what == kind::load || op.what == kind::visit)
        self.belief[static_cast<std::size_t>(op.key)] = op.result;
      else
        execute(op, self.belief);
    }
  }

  operation draw(player &self) const {
    operation op;
    const bool whole_map = self.random.below(100) < plan_.whole_map_share;
    const int whole_map_kinds = all_kinds - single_key_kinds - (plan_.noise_share != 0);
    op.what = static_cast<kind>(whole_map ? single_key_kinds + self.random.below(whole_map_kinds)
                                          : self.random.below(single_key_kinds));
    op.key = self.random.below(plan_.keys);
    op.expected = self.belief[static_cast<std::size_t>(op.key)];
    if (op.expected == absent)
      op.expected = 1 + self.random.below(most_value);
    return op;
  }

  // While all others stand still.
  void check() {
    std::vector<operation> all;
    for (const auto &each : players_)
      all.insert(all.end(), each->recorded.begin(), each->recorded.end());
    const auto items = map_->items();
    const state now = state_in(items);
    operation at_the_end;
    at_the_end.what = kind::items;
    at_the_end.result = encode(now);
    at_the_end.begin = clock_.fetch_add(1);
    at_the_end.end = clock_.fetch_add(1);
    all.push_back(at_the_end);
    checker search(all, initial_);
    if (!search.explains())
      fail(search.description());
    initial_ = now;
    if (map_->size() != items.size())
      fail("the size is " + std::to_string(map_->size()) + ", the entries are " +
           std::to_string(items.size()));
    for (int key = 0; key < key_count; ++key)
      if (perform({kind::load, key}, *map_) != now[static_cast<std::size_t>(key)])
        fail("a range and a load of key " + std::to_string(key) + " differ");
    if (!failed_)
      check_values(static_cast<long>(items.size()));
  }

  // No removed value waits for anything when all are quiet. `items` holds a copy of each.
  void check_values(long entries) {
    if (std::is_same_v<value_type, mortal_value> && alive_.load() != 2 * entries)
      fail(std::to_string(alive_.load() - entries) + " values are alive, of " +
           std::to_string(entries) + " entries");
  }

  void start_anew(player &self) {
    map_ = std::make_unique<Map>();
    initial_ = state{};
    for (const auto &each : players_)
      each->others.forget();
    if (plan_.noise_share != 0) // so that tables fill up at any point of a history
      for (int times = self.random.below(50); times > 0; --times)
        self.others.make(*map_, self.random);
  }

  void fail(const std::string &how) {
    failed_ = true;
    ADD_FAILURE() << how;
  }

  const plan plan_;
  std::atomic<long> alive_{0}; // values
  std::unique_ptr<Map> map_;
  std::vector<std::unique_ptr<player>> players_;
  state initial_{};
  std::atomic<long> clock_{0};
  std::mutex meeting_;
  std::condition_variable all_checked_;
  int arrived_ = 0;
  int checked_ = 0;
  bool failed_ = false; // written while all others wait
};

template <class Map> void check_histories(plan how) {
  how.histories = history_count(how.histories);
  // Several side by side, as threads sleep much of the time.
  std::vector<std::unique_ptr<course<Map>>> courses;
  for (int number = 0; number < 3; ++number)
    courses.push_back(std::make_unique<course<Map>>(how, number));
  in_threads(3 * how.threads, [&](int index) {
    courses[static_cast<std::size_t>(index / how.threads)]->run(index % how.threads);
  });
}

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_LINEARIZABILITY_HISTORIES_H
