// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "registry.h"

bool registry::add(int key) { return entries_.store(key, key); }
std::size_t registry::size() const { return entries_.size(); }

std::size_t size_after_adding(int key) {
  static registry entries;
  entries.add(key);
  return entries.size();
}
