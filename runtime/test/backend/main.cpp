// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "registry.h"

unsigned long hit();

int main() {
  registry entries;
  const bool works = entries.add(1) && !entries.add(1) && entries.size() == 1 &&
                     size_after_adding(2) == 1 && hit() == 1;
  return works ? 0 : 1;
}
