// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long single reads take while another thread inserts and the map grows, from nothing to two
// million entries. The time of a read is that between two looks at the clock, and includes about
// one of them: the contender "clock alone" tells how much that is.

#include <atomic>
#include <thread>

#include "harness/figures.h"
#include "harness/latencies.h"
#include "harness/random.h"
#include "harness/workers.h"
#include "maps/any_map.h"

namespace {

using namespace bench;

constexpr std::uint64_t all_entries = 2'000'000;
constexpr std::uint64_t entries_before = 1'000;
constexpr std::int64_t window_length = 1'000'000;
constexpr std::int64_t longest = 10'000'000'000; // for one map: then it stays smaller

/// Reads for one window. Its times count if nobody took the processor away from the reader.
template <class Read>
void read_for_a_window(Read read, std::vector<std::int64_t> &times, latencies &all) {
  times.clear();
  const long preempted = preemptions();
  std::int64_t time = now();
  const std::int64_t end = time + window_length;
  while (time < end) {
    const std::int64_t before = now();
    read();
    time = now();
    times.push_back(time - before);
  }
  if (preemptions() != preempted)
    return;
  for (const std::int64_t each : times)
    all.add(each);
}

void read_while_growing(any_map &map, latencies &all) {
  for (std::uint64_t i = 0; i < entries_before; ++i)
    map.store(i, i);
  const std::int64_t end = now() + longest;
  alignas(128) std::atomic<std::uint64_t> inserted{entries_before};
  std::atomic<bool> complete{false};
  std::thread inserter([&] {
    const pinned place(1);
    for (std::uint64_t i = entries_before; i < all_entries && (i % 1024 != 0 || now() < end); ++i) {
      map.store(i, i);
      inserted.store(i + 1, std::memory_order_relaxed);
    }
    complete.store(true);
  });
  {
    const pinned place(0);
    generator random(1);
    std::vector<std::int64_t> times;
    times.reserve(1 << 16);
    while (!complete.load()) {
      const std::uint64_t there = inserted.load(std::memory_order_relaxed);
      read_for_a_window([&] { map.read(random.below(there)); }, times, all);
    }
  }
  inserter.join();
  map.settle();
}

void put_all(const std::string &name, role what, latencies &all) {
  const subject measured{"tail", numbers::name, "read while inserting", 2};
  constexpr std::pair<const char *, double> parts[] = {
      {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"p99.99", 0.9999}};
  for (const auto &[part, number] : parts) {
    subject each = measured;
    each.workload = part;
    const double time = static_cast<double>(all.percentile(number));
    put(each, name, what, "ns", summary{time, time, time, all.count(), 0, false});
  }
}

} // namespace

int main(int count, char **arguments) {
  const options wanted(count, arguments);
  const std::vector<map_kind> kinds = maps_of_numbers();
  std::vector<latencies> all(kinds.size());
  latencies clock_alone;
  std::vector<std::int64_t> times;
  for (int round = 0; round < (wanted.quick ? 1 : 3); ++round) {
    for (int i = 0; i < 100; ++i)
      read_for_a_window([] {}, times, clock_alone);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (!kinds[i].concurrent)
        continue;
      progress({"tail", kinds[i].name, "read while inserting", 2});
      const std::unique_ptr<any_map> map = kinds[i].make(0);
      read_while_growing(*map, all[i]);
    }
  }
  put_all("clock alone", role::floor, clock_alone);
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].concurrent)
      put_all(kinds[i].name, kinds[i].what, all[i]);
}
