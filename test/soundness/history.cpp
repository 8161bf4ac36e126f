// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "history.h"

#include <algorithm>
#include <tuple>

namespace unlatch::soundness {

namespace {

auto observed(const History &history) { return std::tie(history.reads, history.values); }

} // namespace

bool History::isExplainedBy(const History &other) const {
  if (observed(*this) != observed(other))
    return false;
  for (unsigned shift = 0; shift < 64; shift += 2)
    if ((returnedBefore >> shift & 3U) > (other.returnedBefore >> shift & 3U))
      return false;
  return true;
}

void Histories::finish() {
  std::sort(all_.begin(), all_.end());
  all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
}

bool Histories::explain(const History &history) const {
  auto first = std::lower_bound(
      all_.begin(), all_.end(), history,
      [](const History &left, const History &right) { return observed(left) < observed(right); });
  for (; first != all_.end() && observed(*first) == observed(history); ++first)
    if (history.isExplainedBy(*first))
      return true;
  return false;
}

const History *Histories::unexplained(const Histories &others) const {
  for (const History &history : others.all_)
    if (!explain(history))
      return &history;
  return nullptr;
}

std::string print(const History &history) {
  std::string text;
  for (std::size_t thread = 0; thread < kMostThreads; ++thread) {
    std::string reads;
    for (std::uint64_t rest = history.reads[thread]; rest > 1; rest >>= 4)
      reads = " " + std::to_string(rest & 15U) + reads;
    text += "thread " + std::to_string(thread) + " reads" + reads + "; its calls are made after";
    for (unsigned call = 0; call < kMostCalls; ++call) {
      text += call ? ", (" : " (";
      for (unsigned other = 0; other < kMostThreads; ++other)
        text += (other ? " " : "") +
                std::to_string(history.returnedBefore >> (shiftOf(thread, call) + 2 * other) & 3U);
      text += ")";
    }
    text += " calls of each thread\n";
  }
  text += "in the end:";
  for (std::size_t variable = 0; variable < kVariables; ++variable)
    text += " " + std::to_string(history.values >> (4 * variable) & 15U);
  return text + "\n";
}

} // namespace unlatch::soundness
