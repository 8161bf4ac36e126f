// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef UNLATCH_BENCH_LATENCIES_H
#define UNLATCH_BENCH_LATENCIES_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// How long each of many operations took, in ns: exact, and small for as long as few are slow.
class latencies {
public:
  void add(std::int64_t time) {
    ++count_;
    if (time < fast_limit)
      ++fast_[static_cast<std::size_t>(std::max<std::int64_t>(time, 0))];
    else
      slow_.push_back(time);
  }

  std::uint64_t count() const { return count_; }

  /// The time that this part of all operations did not exceed.
  std::int64_t percentile(double part) {
    std::uint64_t rank = static_cast<std::uint64_t>(part * static_cast<double>(count_));
    for (std::size_t time = 0; time < fast_.size(); ++time) {
      if (rank < fast_[time])
        return static_cast<std::int64_t>(time);
      rank -= fast_[time];
    }
    if (slow_.empty())
      return 0;
    std::sort(slow_.begin(), slow_.end());
    return slow_[std::min<std::size_t>(rank, slow_.size() - 1)];
  }

private:
  static constexpr std::int64_t fast_limit = 4096;
  std::vector<std::uint64_t> fast_ = std::vector<std::uint64_t>(fast_limit);
  std::vector<std::int64_t> slow_;
  std::uint64_t count_ = 0;
};

} // namespace bench

#endif // UNLATCH_BENCH_LATENCIES_H
