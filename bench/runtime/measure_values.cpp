// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A state of 64 bytes that is read as a whole, a registry of a thousand processes, and counters:
// with one reader, with several, and with somebody who writes at the same time.

#include <algorithm>
#include <chrono>
#include <thread>

#include "harness/figures.h"
#include "harness/interleave.h"
#include "harness/workers.h"
#include "maps/any_map.h"
#include "values/any_value.h"
#include "values/counters.h"

namespace {

using namespace bench;

constexpr std::int64_t write_interval = 20'000; // ns

class shared_object {
public:
  virtual ~shared_object() = default;
  virtual void read(int worker, std::uint64_t count) = 0;
  virtual void write(std::uint64_t number) = 0;
  virtual void settle() = 0;
};

class shared_state final : public shared_object {
public:
  explicit shared_state(const value_kind &kind) : value_(kind.make()) {}
  void read(int, std::uint64_t count) override { value_->read(count); }
  void write(std::uint64_t number) override { value_->write(number); }
  void settle() override { value_->settle(); }

private:
  std::unique_ptr<any_value> value_;
};

class registry final : public shared_object {
public:
  explicit registry(const map_kind &kind) : map_(kind.filled(processes::entries)) {}
  void read(int worker, std::uint64_t count) override { map_->run(workload::read, worker, count); }
  void write(std::uint64_t) override { map_->run(workload::overwrite, 0, 1); }
  void settle() override { map_->settle(); }

private:
  std::unique_ptr<any_map> map_;
};

class reading final : public task {
public:
  explicit reading(shared_object &object) : object_(object) {}
  std::uint64_t run(int worker, std::uint64_t count) override {
    object_.read(worker, count);
    return count;
  }
  void settle() override { object_.settle(); }

private:
  shared_object &object_;
};

/// Worker 0 writes now and then, and only what the others do counts.
class reading_beside_a_writer final : public task {
public:
  reading_beside_a_writer(shared_object &object, bool sleeping)
      : object_(object), sleeping_(sleeping) {}
  std::uint64_t run(int worker, std::uint64_t count) override {
    if (worker != 0) {
      object_.read(worker, count);
      return count;
    }
    // Going to sleep takes longer than the interval. It is right only if others need the processor.
    if (sleeping_)
      std::this_thread::sleep_for(std::chrono::nanoseconds(write_interval));
    while (now() < next_)
      ;
    object_.write(++number_);
    next_ = now() + write_interval;
    return 0;
  }
  void settle() override { object_.settle(); }

private:
  shared_object &object_;
  const bool sleeping_;
  std::int64_t next_ = 0;
  std::uint64_t number_ = 0;
};

class writing final : public task {
public:
  explicit writing(shared_object &object) : object_(object) {}
  std::uint64_t run(int, std::uint64_t count) override {
    for (std::uint64_t i = 0; i < count; ++i)
      object_.write(++number_);
    return count;
  }
  void settle() override { object_.settle(); }

private:
  shared_object &object_;
  std::uint64_t number_ = 0;
};

struct contender {
  std::string name;
  role what;
  std::unique_ptr<shared_object> object;
};

template <class MakeTask>
void measure(const subject &measured, workers &crew, const std::vector<contender> &contenders,
             bool quick, MakeTask make_task) {
  progress(measured);
  std::vector<std::unique_ptr<task>> tasks;
  std::vector<task *> listed;
  for (const contender &each : contenders) {
    tasks.push_back(make_task(*each.object));
    listed.push_back(tasks.back().get());
  }
  const std::vector<summary> found = interleave(crew, listed, effort_for(crew, quick));
  for (std::size_t i = 0; i < found.size(); ++i)
    put(measured, contenders[i].name, contenders[i].what, "ns", found[i]);
}

void measure_all(const char *suite, const std::vector<contender> &contenders, bool quick) {
  for (const int readers : {1, 2, 10}) {
    workers crew(readers);
    measure({suite, "", "read", readers}, crew, contenders, quick,
            [](shared_object &object) { return std::make_unique<reading>(object); });
  }
  for (const int readers : {1, 10}) {
    workers crew(readers + 1);
    measure({suite, "", "read beside a writer", readers}, crew, contenders, quick,
            [&](shared_object &object) {
              return std::make_unique<reading_beside_a_writer>(object, crew.oversubscribed());
            });
  }
  workers crew(1);
  measure({suite, "", "write", 1}, crew, contenders, quick,
          [](shared_object &object) { return std::make_unique<writing>(object); });
}

template <class Counter> class counting final : public task {
public:
  std::uint64_t run(int, std::uint64_t count) override {
    for (std::uint64_t i = 0; i < count; ++i)
      counter_.add();
    return count;
  }

private:
  Counter counter_;
};

void measure_counters(bool quick) {
  counting<mutex_counter> with_mutex;
  counting<atomic_counter> with_atomic;
  counting<unlatch_counter> with_unlatch;
  for (const int threads : {1, 2, 10}) {
    const subject measured{"counter", "", "add", threads};
    progress(measured);
    workers crew(threads);
    const std::vector<summary> found =
        interleave(crew, {&with_mutex, &with_atomic, &with_unlatch}, effort_for(crew, quick));
    put(measured, "mutex", role::lock, "ns", found[0]);
    put(measured, "atomic fetch_add", role::peer, "ns", found[1]);
    put(measured, "unlatch::counter", role::ours, "ns", found[2]);
  }
}

} // namespace

int main(int count, char **arguments) {
  const options wanted(count, arguments);
  std::vector<contender> contenders;
  for (const value_kind &each : all_values())
    contenders.push_back({each.name, each.what, std::make_unique<shared_state>(each)});
  measure_all("state", contenders, wanted.quick);

  contenders.clear();
  for (const map_kind &each : maps_of_processes())
    if (each.concurrent)
      contenders.push_back({each.name, each.what, std::make_unique<registry>(each)});
  measure_all("registry", contenders, wanted.quick);

  measure_counters(wanted.quick);
}
