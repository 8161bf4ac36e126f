// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One workload on one contender, a given number of times, by one thread: for `profile`, which
// counts what the processor does for it.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "maps/any_map.h"
#include "values/any_value.h"

/// `profile` knows it by its name, and counts what happens inside.
template <class Operations> [[gnu::noinline]] void counted(const Operations &operations) {
  operations();
}

namespace {

using namespace bench;

constexpr workload workloads[] = {workload::read,        workload::read_hot, workload::mixed_90_10,
                                  workload::mixed_50_50, workload::update,   workload::churn};
constexpr int no_such_contender = 2;

[[noreturn]] void usage() {
  std::fputs("usage: unlatch_repeat_operations TYPE WORKLOAD CONTENDER COUNT\n"
             "with the names of the tables; TYPE is `state` for a shared state, which is read.\n"
             "Ends with 2 if there is no such contender.\n",
             stderr);
  std::exit(1);
}

/// In a thread of its own, for locks and counts of references are cheaper in a program that has
/// never had a second one.
template <class Operations> void repeat(std::uint64_t times, const Operations &operations) {
  std::thread([&] {
    operations(times / 10); // what is done once, and what fills the caches
    counted([&] { operations(times); });
  }).join();
}

int repeat_on_map(const std::vector<map_kind> &kinds, std::size_t entries,
                  const std::string &wanted, const std::string &contender, std::uint64_t times) {
  for (const workload what : workloads)
    for (const map_kind &each : kinds)
      if (each.name == contender && name_of(what) == wanted) {
        const std::unique_ptr<any_map> map = each.filled(entries);
        if (!map->offers(what))
          return no_such_contender;
        repeat(times, [&](std::uint64_t count) { map->run(what, 0, count); });
        return 0;
      }
  return no_such_contender;
}

int repeat_reads(const std::string &contender, std::uint64_t times) {
  for (const value_kind &each : all_values())
    if (each.name == contender) {
      const std::unique_ptr<any_value> value = each.make();
      value->write(1);
      repeat(times, [&](std::uint64_t count) { value->read(count); });
      return 0;
    }
  return no_such_contender;
}

} // namespace

int main(int count, char **arguments) {
  if (count != 5)
    usage();
  const std::string type = arguments[1];
  const std::string what = arguments[2];
  const std::string contender = arguments[3];
  const std::uint64_t times = std::strtoull(arguments[4], nullptr, 10);
  if (type == "state")
    return repeat_reads(contender, times);
  if (type == numbers::name)
    return repeat_on_map(maps_of_numbers(), numbers::entries, what, contender, times);
  if (type == records::name)
    return repeat_on_map(maps_of_records(), records::entries, what, contender, times);
  if (type == names::name)
    return repeat_on_map(maps_of_names(), names::entries, what, contender, times);
  usage();
}
