// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "memory.h"

namespace unlatch {
namespace model {
namespace {

arena<block> all_blocks;
rl::map<std::uintptr_t, block *>::type
    by_address; // with the freed ones, until their memory is used again

} // namespace

block *block_of(const void *address) {
  const auto sought = reinterpret_cast<std::uintptr_t>(address);
  auto after = by_address.upper_bound(sought);
  if (after == by_address.begin())
    return nullptr;
  --after;
  return sought - after->first < after->second->size() ? after->second : nullptr;
}

void allocated(void *start, std::size_t size) {
  const auto begin = reinterpret_cast<std::uintptr_t>(start);
  auto overlapping = by_address.lower_bound(begin);
  if (overlapping != by_address.begin()) {
    const auto before = std::prev(overlapping);
    if (before->first + before->second->size() > begin)
      overlapping = before;
  }
  while (overlapping != by_address.end() && overlapping->first < begin + size)
    overlapping = by_address.erase(overlapping);
  by_address.emplace(begin, all_blocks.make(start, size));
}

void freed(void *start) {
  const auto found = by_address.find(reinterpret_cast<std::uintptr_t>(start));
  if (found != by_address.end())
    found->second->free({"", 0, "operator delete"});
}

void forget_blocks() {
  by_address.clear();
  all_blocks.forget_all();
}

void destroy_blocks() {
  by_address.clear();
  all_blocks.destroy_all();
}

} // namespace model
} // namespace unlatch
