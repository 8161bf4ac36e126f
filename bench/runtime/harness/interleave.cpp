// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "interleave.h"

#include <algorithm>
#include <utility>

namespace bench {

summary summarise(std::vector<double> samples) {
  summary result;
  result.samples = samples.size();
  if (samples.empty())
    return result;
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double part) {
    return samples[static_cast<std::size_t>(part * static_cast<double>(samples.size() - 1) + 0.5)];
  };
  result.lower_quartile = at(0.25);
  result.median = at(0.5);
  result.upper_quartile = at(0.75);
  return result;
}

namespace {
constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;
} // namespace

effort effort_for(const workers &crew, bool quick) {
  if (crew.oversubscribed())
    return {quick ? 3U : 7U,  1,           (quick ? 40 : 60) * millisecond,
            10 * millisecond, 10 * second, false};
  return {quick ? 15U : 100U, 5, millisecond, 3 * millisecond, (quick ? 3 : 6) * second, true};
}

std::vector<summary> interleave(workers &crew, const std::vector<task *> &tasks,
                                const effort &planned) {
  struct measurements {
    std::vector<double> good;
    std::vector<double> preempted;
  };
  std::vector<measurements> all(tasks.size());
  const auto complete = [&](const measurements &each) {
    return each.good.size() >= planned.windows;
  };
  const std::int64_t end = now() + planned.time;
  do {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      for (std::size_t turn = 0; turn < planned.per_turn && !complete(all[i]); ++turn) {
        // Between the windows of a turn the workers only have to get in step.
        const std::int64_t warm_up = turn == 0 ? planned.warm_up : planned.length / 10;
        const window measured = crew.run(*tasks[i], warm_up, planned.length);
        const bool bad = planned.discard_preempted && measured.preempted;
        (bad ? all[i].preempted : all[i].good).push_back(measured.ns_per_operation);
      }
      tasks[i]->settle();
    }
  } while (!std::all_of(all.begin(), all.end(), complete) && now() < end);

  std::vector<summary> result;
  for (const measurements &each : all) {
    // If hardly a window was left in peace, all there are are better than nothing. The figure says
    // so.
    constexpr std::size_t fewest = 5;
    const bool enough = each.good.size() >= std::min(fewest, planned.windows);
    std::vector<double> used = each.good;
    if (!enough)
      used.insert(used.end(), each.preempted.begin(), each.preempted.end());
    result.push_back(summarise(std::move(used)));
    result.back().discarded = enough ? each.preempted.size() : 0;
    result.back().disturbed = !enough;
  }
  return result;
}

} // namespace bench
