// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Drives the classes of a generated program. The same main is linked into the program as it was
// written and as it was rewritten:
//
//   sequential SEED     random calls on fresh objects, and what they returned; both have to agree
//   record SEED ROUNDS  calls from three threads on fresh objects: histories
//   check               reads histories, and says which no order of the calls can explain, as one
//                       thread alone would see them (Herlihy and Wing, "Linearizability", 1990)
#pragma once

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace harness {

struct call {
  int method = 0;
  long key = 0;
  long value = 0;
  long result = 0;
  long begun = 0;
  long ended = 0; // 0: before all the threads were let go
};

/// One generated class, seen from here.
struct subject {
  const char *name;
  int methods;
  std::shared_ptr<void> (*make)();
  long (*run)(void *object, const call &what);
};

inline constexpr int threads = 3;
inline constexpr int calls_each = 3;

inline call random_call(const subject &one, std::mt19937 &random) {
  call what;
  what.method = static_cast<int>(random() % static_cast<unsigned>(one.methods));
  what.key = static_cast<long>(random() % 3);
  what.value = static_cast<long>(random() % 10);
  return what;
}

// ---------------------------------------------------------------- threads that get in each other's
// way

inline thread_local unsigned disturbance = 0; // 0: none

__attribute__((no_instrument_function)) inline void disturb() {
  if (disturbance == 0)
    return;
  disturbance = disturbance * 1664525U + 1013904223U;
  if (disturbance == 0)
    disturbance = 1;
  const unsigned drawn = disturbance >> 16;
  if (drawn % 64 == 0)
    sched_yield();
  else if (drawn % 64 < 3)
    for (volatile unsigned i = 0; i < (drawn >> 7) % 256; i = i + 1)
      ;
}

/// Threads that wait for rounds, each of which they begin at once.
class crew {
public:
  template <class F> void round(F each) {
    std::vector<std::thread> team;
    arrived_ = 0;
    for (int index = 0; index < threads; ++index)
      team.emplace_back([this, index, &each] {
        arrived_.fetch_add(1);
        while (arrived_.load() < threads)
          sched_yield();
        each(index);
      });
    for (std::thread &one : team)
      one.join();
  }

private:
  std::atomic<int> arrived_{0};
};

// ---------------------------------------------------------------- the three things it does

inline void sequential(const subject &one, unsigned seed) {
  std::mt19937 random(seed);
  for (int object = 0; object < 40; ++object) {
    const std::shared_ptr<void> fresh = one.make();
    std::printf("%s", one.name);
    for (int i = 0; i < 40; ++i) {
      const call what = random_call(one, random);
      std::printf(" %d(%ld,%ld)=%ld", what.method, what.key, what.value,
                  one.run(fresh.get(), what));
    }
    std::printf("\n");
  }
}

inline void record(const subject &one, unsigned seed, int rounds) {
  constexpr int objects = 64; // a thread's start is dear
  std::mt19937 random(seed);
  crew team;
  for (int done = 0; done < rounds; done += objects) {
    std::atomic<long> clock{1};
    std::vector<std::shared_ptr<void>> fresh;
    std::vector<std::vector<call>> before(objects);
    std::vector<std::vector<call>> inside(static_cast<std::size_t>(objects * threads));
    for (int object = 0; object < objects; ++object) {
      fresh.push_back(one.make());
      for (unsigned i = random() % 4; i > 0; --i) {
        call what = random_call(one, random);
        what.result = one.run(fresh.back().get(), what);
        before[static_cast<std::size_t>(object)].push_back(what);
      }
      for (int index = 0; index < threads; ++index)
        for (int i = 0; i < calls_each; ++i)
          inside[static_cast<std::size_t>(object * threads + index)].push_back(
              random_call(one, random));
    }
    std::vector<std::atomic<int>> arrived(objects);
    team.round([&](int index) {
      disturbance = seed * 977U + static_cast<unsigned>(done * threads + index) + 1U;
      for (std::size_t object = 0; object < objects; ++object) {
        arrived[object].fetch_add(1);
        for (int patience = 0; arrived[object].load() < threads; ++patience)
          if (patience > 200)
            sched_yield();
        for (call &what : inside[object * threads + static_cast<std::size_t>(index)]) {
          what.begun = clock.fetch_add(1);
          what.result = one.run(fresh[object].get(), what);
          what.ended = clock.fetch_add(1);
        }
      }
      disturbance = 0;
    });
    for (std::size_t object = 0; object < objects; ++object) {
      std::printf("%s", one.name);
      const auto print = [](const call &what) {
        std::printf(" %d,%ld,%ld=%ld@%ld-%ld", what.method, what.key, what.value, what.result,
                    what.begun, what.ended);
      };
      std::for_each(before[object].begin(), before[object].end(), print);
      for (std::size_t index = 0; index < threads; ++index)
        std::for_each(inside[object * threads + index].begin(),
                      inside[object * threads + index].end(), print);
      std::printf("\n");
    }
  }
}

/// Looks for an order of the calls, in accord with real time, in which a fresh object returns
/// what was returned.
class explanation {
public:
  explanation(const subject &one, const std::vector<call> &calls) : one_(one), calls_(calls) {}

  bool exists() {
    for (const call &what : calls_)
      if (what.ended == 0)
        order_.push_back(&what);
    used_.assign(calls_.size(), false);
    for (std::size_t i = 0; i < order_.size(); ++i)
      used_[i] = true; // they come first
    return holds() && extend();
  }

private:
  bool holds() const {
    const std::shared_ptr<void> fresh = one_.make();
    for (const call *what : order_)
      if (one_.run(fresh.get(), *what) != what->result)
        return false;
    return true;
  }

  bool extend() {
    if (order_.size() == calls_.size())
      return true;
    long first_end = 0;
    for (std::size_t i = 0; i < calls_.size(); ++i)
      if (!used_[i] && (first_end == 0 || calls_[i].ended < first_end))
        first_end = calls_[i].ended;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (used_[i] || calls_[i].begun > first_end)
        continue;
      used_[i] = true;
      order_.push_back(&calls_[i]);
      if (holds() && extend())
        return true;
      order_.pop_back();
      used_[i] = false;
    }
    return false;
  }

  const subject &one_;
  const std::vector<call> &calls_;
  std::vector<const call *> order_;
  std::vector<bool> used_;
};

inline int check(const std::vector<subject> &subjects) {
  int unexplained = 0;
  long histories = 0;
  std::vector<char> line(1 << 16);
  while (std::fgets(line.data(), static_cast<int>(line.size()), stdin) != nullptr) {
    const std::string text(line.data(), std::strcspn(line.data(), "\n"));
    char *rest = line.data();
    const char *name = strsep(&rest, " \n");
    const auto one = std::find_if(subjects.begin(), subjects.end(), [&](const subject &each) {
      return std::strcmp(each.name, name) == 0;
    });
    if (one == subjects.end()) {
      std::printf("no class %s\n", name);
      return 1;
    }
    std::vector<call> calls;
    while (const char *word = strsep(&rest, " \n")) {
      call what;
      if (std::sscanf(word, "%d,%ld,%ld=%ld@%ld-%ld", &what.method, &what.key, &what.value,
                      &what.result, &what.begun, &what.ended) == 6)
        calls.push_back(what);
    }
    ++histories;
    if (!explanation(*one, calls).exists() && ++unexplained <= 3)
      std::printf("no order explains: %s\n", text.c_str());
  }
  std::printf("%ld histories, %d unexplained\n", histories, unexplained);
  return unexplained != 0 || histories == 0;
}

inline int main(int argc, char **argv, const std::vector<subject> &subjects) {
  const char *const mode = argc > 1 ? argv[1] : "";
  const auto number = [&](int index) {
    return argc > index ? static_cast<unsigned>(std::strtoul(argv[index], nullptr, 10)) : 0U;
  };
  if (std::strcmp(mode, "check") == 0)
    return check(subjects);
  for (const subject &one : subjects) {
    if (std::strcmp(mode, "sequential") == 0)
      sequential(one, number(2));
    else if (std::strcmp(mode, "record") == 0)
      record(one, number(2), static_cast<int>(number(3)));
    else
      return 1;
  }
  return 0;
}

} // namespace harness

// Called at the beginning and the end of every function, with -finstrument-functions.
extern "C" {
__attribute__((no_instrument_function, weak)) void __cyg_profile_func_enter(void *, void *) {
  harness::disturb();
}
__attribute__((no_instrument_function, weak)) void __cyg_profile_func_exit(void *, void *) {
  harness::disturb();
}
}
