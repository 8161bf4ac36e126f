#include "store.h"

bool use(Store &store) {
  store.put(1, 2);
  return store.has(1);
}

// Weaker than the default: fences are needed, too.
int done = 0;
void finish() { __atomic_store_n(&done, 1, __ATOMIC_RELEASE); }
