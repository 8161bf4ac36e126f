// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an entry takes, what an operation allocates, and what piles up while one reader stalls.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "harness/allocations.h"
#include "harness/figures.h"
#include "maps/any_map.h"
#include "values/any_value.h"

namespace {

using namespace bench;

/// Bytes of heap an entry, in a map that grew from nothing: at 100,000 entries, and the most at any
/// size from there to twice as many, since tables grow by leaps.
void measure_entries(const char *type, const std::vector<map_kind> &kinds) {
  const subject at_size{"memory", type, "an entry", 1};
  const subject at_worst{"memory", type, "an entry, at worst", 1};
  progress(at_size);
  for (const map_kind &each : kinds) {
    constexpr std::uint64_t entries = 100'000;
    static_assert(2 * entries <= most_strings);
    each.make(0)->store(0, 0); // what the library itself allocates once
    names::key(0);             // and these
    const std::int64_t before = heap_in_use();
    const std::unique_ptr<any_map> map = each.make(0);
    double worst = 0;
    for (std::uint64_t i = 0; i < 2 * entries; ++i) {
      map->store(i, i);
      if (i + 1 < entries || (i + 1) % 1'000 != 0)
        continue;
      map->settle();
      const double taken = static_cast<double>(heap_in_use() - before) / static_cast<double>(i + 1);
      if (i + 1 == entries)
        put(at_size, each.name, each.what, "bytes", taken);
      worst = std::max(worst, taken);
    }
    put(at_worst, each.name, each.what, "bytes", worst);
  }
}

/// Allocations and bytes an operation.
template <class Run>
void measure_operations(const std::string &suite, const char *type, const char *workload,
                        const std::string &name, role what, std::uint64_t operations, Run run) {
  run(operations / 10); // the first time may be special
  const allocations before = allocated_so_far();
  run(operations);
  const allocations after = allocated_so_far();
  const auto each = [&](std::uint64_t last, std::uint64_t first) {
    return static_cast<double>(last - first) / static_cast<double>(operations);
  };
  put({suite, type, std::string("allocations, ") + workload, 1}, name, what, "allocations",
      each(after.count, before.count));
  put({suite, type, std::string("bytes, ") + workload, 1}, name, what, "bytes",
      each(after.bytes, before.bytes));
}

void measure_map_operations(const char *type, const std::vector<map_kind> &kinds,
                            std::size_t entries) {
  progress({"memory", type, "an operation", 1});
  for (const map_kind &each : kinds) {
    const std::unique_ptr<any_map> map = each.filled(entries);
    for (const workload what : {workload::read, workload::overwrite, workload::churn})
      measure_operations("memory", type, name_of(what), each.name, each.what, 200'000,
                         [&](std::uint64_t count) { map->run(what, 0, count); });
    map->settle();
  }
}

void measure_value_operations() {
  progress({"memory", "state", "an operation", 1});
  for (const value_kind &each : all_values()) {
    const std::unique_ptr<any_value> value = each.make();
    measure_operations("memory", "state", "read", each.name, each.what, 20'000,
                       [&](std::uint64_t count) { value->read(count); });
    measure_operations("memory", "state", "write", each.name, each.what, 20'000,
                       [&](std::uint64_t count) {
                         for (std::uint64_t i = 0; i < count; ++i)
                           value->write(i);
                       });
    value->settle();
  }
}

constexpr std::chrono::milliseconds stall{1'000};

/// One reader stalls where it is; another thread writes. What heap is in use at the end of that,
/// and was not before?
template <class Hold, class Write>
void measure_stall(const subject &measured, const std::string &name, role what, Hold hold,
                   Write write) {
  std::atomic<bool> stalled{false};
  std::atomic<bool> over{false};
  std::int64_t growth = 0;
  std::uint64_t writes = 0;
  std::thread reader([&] {
    hold([&] {
      const std::int64_t before = heap_in_use();
      stalled.store(true);
      std::this_thread::sleep_for(stall);
      growth = heap_in_use() - before;
      over.store(true);
    });
  });
  while (!stalled.load())
    std::this_thread::yield();
  while (!over.load())
    writes += write();
  reader.join();
  subject written = measured;
  written.workload += ", operations";
  put(measured, name, what, "MB", static_cast<double>(std::max<std::int64_t>(growth, 0)) / 1e6);
  put(written, name, what, "1/s", static_cast<double>(writes));
}

void measure_map_stalls(const char *type, const std::vector<map_kind> &kinds, std::size_t entries,
                        bool quick) {
  for (const workload does : {workload::overwrite, workload::churn}) {
    const subject measured{"memory", type, std::string("reader stalled, ") + name_of(does), 2};
    progress(measured);
    for (const map_kind &each : kinds) {
      // What happens behind a lock is known: nothing.
      if (!each.concurrent || (quick && each.what == role::lock))
        continue;
      const std::unique_ptr<any_map> map = each.filled(entries);
      map->run(does, 1, 1'000);
      measure_stall(
          measured, each.name, each.what,
          [&](const std::function<void()> &inside) { map->hold(7, inside); },
          [&] { return map->run(does, 1, 16); });
      map->settle();
    }
  }
}

void measure_value_stalls() {
  const subject measured{"memory", "state", "reader stalled, write", 2};
  progress(measured);
  for (const value_kind &each : all_values()) {
    const std::unique_ptr<any_value> value = each.make();
    if (!value->hold([] {}))
      continue;
    measure_stall(
        measured, each.name, each.what,
        [&](const std::function<void()> &inside) { value->hold(inside); },
        [&] {
          value->write(1);
          return 1U;
        });
    value->settle();
  }
}

} // namespace

int main(int count, char **arguments) {
  const options wanted(count, arguments);
  measure_entries(numbers::name, maps_of_numbers());
  measure_entries(records::name, maps_of_records());
  measure_map_operations(numbers::name, maps_of_numbers(), numbers::entries);
  measure_map_operations(records::name, maps_of_records(), records::entries);
  measure_map_operations(names::name, maps_of_names(), names::entries);
  measure_map_operations(processes::name, maps_of_processes(), processes::entries);
  measure_value_operations();
  measure_map_stalls(records::name, maps_of_records(), records::entries, wanted.quick);
  if (!wanted.quick)
    measure_map_stalls(names::name, maps_of_names(), names::entries, false);
  measure_value_stalls();
}
