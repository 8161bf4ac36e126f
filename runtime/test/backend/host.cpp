// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Has a map, and loads a library whose symbols nobody else sees.

#include <cstddef>
#include <cstdio>

#include <dlfcn.h>

#include <unlatch/map.h>

int main(int argc, char **argv) {
  unlatch::map<int, int> own;
  own.store(1, 1);
  void *const library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
  if (library == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  using function = std::size_t (*)(int);
  const auto size_after_adding = reinterpret_cast<function>(dlsym(library, "size_after_adding"));
  return size_after_adding != nullptr && size_after_adding(1) == own.size() ? 0 : 1;
}
