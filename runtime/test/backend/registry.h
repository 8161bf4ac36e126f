// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A type with a map in it, made in one part of a program and used in another. Its name does not
// tell which form the map is of.

#ifndef UNLATCH_RUNTIME_TEST_REGISTRY_H
#define UNLATCH_RUNTIME_TEST_REGISTRY_H

#include <cstddef>

#include <unlatch/map.h>

class __attribute__((visibility("default"))) registry {
public:
  bool add(int key);
  std::size_t size() const;

private:
  unlatch::map<int, int> entries_;
};

extern "C" __attribute__((visibility("default"))) std::size_t size_after_adding(int key);

#endif // UNLATCH_RUNTIME_TEST_REGISTRY_H
