// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Maps of 100,000 entries: reads, mixes of reads and overwrites, changes of values, and keys that
// come and go.

#include <cstdio>
#include <cstdlib>

#include "harness/figures.h"
#include "harness/interleave.h"
#include "harness/workers.h"
#include "maps/any_map.h"

namespace {

using namespace bench;

class map_task final : public task {
public:
  map_task(any_map &map, workload what) : map_(map), what_(what) {}
  std::uint64_t run(int worker, std::uint64_t count) override {
    return map_.run(what_, worker, count);
  }
  void settle() override { map_.settle(); }

private:
  any_map &map_;
  workload what_;
};

void measure(const char *type, const std::vector<map_kind> &kinds,
             const std::vector<std::unique_ptr<any_map>> &maps, workload what, int threads,
             bool quick) {
  const subject measured{"map", type, name_of(what), threads};
  progress(measured);
  workers crew(threads);
  std::vector<map_task> tasks;
  std::vector<const map_kind *> names;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (threads > 1 && what != workload::read && what != workload::read_hot && !kinds[i].concurrent)
      continue;
    if (!maps[i]->offers(what))
      continue;
    tasks.emplace_back(*maps[i], what);
    names.push_back(&kinds[i]);
  }
  std::vector<task *> contenders;
  for (map_task &each : tasks)
    contenders.push_back(&each);
  const std::vector<summary> found = interleave(crew, contenders, effort_for(crew, quick));
  for (std::size_t i = 0; i < found.size(); ++i)
    put(measured, names[i]->name, names[i]->what, "ns", found[i]);
}

/// A map that loses entries is fast for nothing.
void check(const map_kind &kind, any_map &map, std::size_t entries) {
  for (std::size_t i = 0; i < entries; ++i) {
    if (!map.read(i)) {
      std::fprintf(stderr, "%s has lost entry %zu\n", kind.name.c_str(), i);
      std::exit(1);
    }
  }
}

template <class Contents>
void measure_all(const std::vector<map_kind> &kinds, const std::vector<workload> &workloads,
                 const std::vector<int> &more_threads, bool quick) {
  std::vector<std::unique_ptr<any_map>> maps;
  for (const map_kind &each : kinds)
    maps.push_back(each.filled(Contents::entries));
  for (const workload what : workloads) {
    for (const int threads : {1, 2, 10})
      measure(Contents::name, kinds, maps, what, threads, quick);
    if (what == workload::read || what == workload::mixed_90_10)
      for (const int threads : more_threads)
        measure(Contents::name, kinds, maps, what, threads, quick);
  }
  for (std::size_t i = 0; i < kinds.size(); ++i)
    check(kinds[i], *maps[i], Contents::entries);
}

} // namespace

int main(int count, char **arguments) {
  const options wanted(count, arguments);
  const std::vector<workload> all = {workload::read,        workload::read_hot,
                                     workload::mixed_90_10, workload::mixed_50_50,
                                     workload::update,      workload::churn};
  // For the curves over the number of threads.
  std::vector<int> more_threads;
  if (!wanted.quick)
    more_threads = {4, 8, 16, 32};
  measure_all<numbers>(maps_of_numbers(), all, more_threads, wanted.quick);
  measure_all<records>(maps_of_records(), all, {}, wanted.quick);
  measure_all<names>(maps_of_names(), all, {}, wanted.quick);
  measure_all<processes>(maps_of_processes(), {workload::mixed_90_10}, {}, wanted.quick);
}
