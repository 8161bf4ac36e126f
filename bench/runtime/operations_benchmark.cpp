// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Single operations of the runtime under Google Benchmark, for those who know its options. For
// comparisons see the measuring programs: what they print is robust against a busy machine, and
// this is not.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <benchmark/benchmark.h>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "harness/random.h"
#include "maps/contents.h"
#include "values/any_value.h"

namespace {

using namespace bench;

template <class Contents>
using map_of_contents = unlatch::map<typename Contents::key_type, typename Contents::value_type>;

/// One map for all threads of all benchmarks of a type.
template <class Contents> map_of_contents<Contents> &filled_map() {
  static map_of_contents<Contents> map(Contents::entries);
  static const bool filled = [] {
    for (std::uint64_t i = 0; i < Contents::entries; ++i)
      map.store(Contents::key(i), Contents::value(i));
    return true;
  }();
  static_cast<void>(filled);
  return map;
}

generator random_of(const benchmark::State &state) {
  return generator(static_cast<std::uint64_t>(state.thread_index()) + 1);
}

template <class Contents> void load_hit(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  generator random = random_of(state);
  for (auto _ : state)
    benchmark::DoNotOptimize(map.load(Contents::key(random.below(Contents::entries))));
}

template <class Contents> void visit_hit(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  generator random = random_of(state);
  for (auto _ : state)
    map.visit(Contents::key(random.below(Contents::entries)),
              [](const auto &value) { benchmark::DoNotOptimize(Contents::weight(value)); });
}

template <class Contents> void load_miss(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  typename Contents::fresh_keys fresh(state.thread_index());
  for (auto _ : state)
    benchmark::DoNotOptimize(map.load(fresh.next()));
}

template <class Contents> void store(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  generator random = random_of(state);
  for (auto _ : state)
    map.store(Contents::key(random.below(Contents::entries)), Contents::value(1));
}

template <class Contents> void load_or_store(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  generator random = random_of(state);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        map.load_or_store(Contents::key(random.below(Contents::entries)), Contents::value(1)));
}

template <class Contents> void store_and_erase(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  typename Contents::fresh_keys fresh(state.thread_index());
  for (auto _ : state) {
    const auto &key = fresh.next();
    map.store(key, Contents::value(1));
    map.erase(key);
  }
}

template <class Contents> void update(benchmark::State &state) {
  auto &map = filled_map<Contents>();
  generator random = random_of(state);
  using value_type = typename Contents::value_type;
  for (auto _ : state)
    map.update(Contents::key(random.below(Contents::entries)),
               [](std::optional<value_type> &entry) { entry = Contents::value(2); });
}

void snapshot_read(benchmark::State &state) {
  static unlatch::snapshot<bench::state> shared;
  for (auto _ : state)
    benchmark::DoNotOptimize(shared.read()->weight());
}

void snapshot_replace(benchmark::State &state) {
  static unlatch::snapshot<bench::state> shared;
  for (auto _ : state)
    shared.replace(bench::state{});
}

unlatch::counter<> shared_counter;

void counter_add(benchmark::State &state) {
  for (auto _ : state)
    shared_counter.add(1);
}

void counter_sum(benchmark::State &state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(shared_counter.sum());
}

void add(const std::string &name, void (*operation)(benchmark::State &)) {
  benchmark::RegisterBenchmark(name.c_str(), operation)->ThreadRange(1, 2)->UseRealTime();
}

template <class Contents> void add_map_operations() {
  const std::string type = std::string(" ") + Contents::name;
  add("load, hit," + type, load_hit<Contents>);
  add("visit, hit," + type, visit_hit<Contents>);
  add("load, miss," + type, load_miss<Contents>);
  add("store," + type, store<Contents>);
  add("load_or_store, hit," + type, load_or_store<Contents>);
  add("store and erase," + type, store_and_erase<Contents>);
  add("update," + type, update<Contents>);
}

} // namespace

int main(int count, char **arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments))
    return 1;
  add_map_operations<numbers>();
  add_map_operations<records>();
  add_map_operations<names>();
  add("snapshot read", snapshot_read);
  add("snapshot replace", snapshot_replace);
  add("counter add", counter_add);
  add("counter sum", counter_sum);
  benchmark::RunSpecifiedBenchmarks();
}
