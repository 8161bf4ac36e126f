#include "store.h"

bool use(Store &store) {
  store.put(1, 2);
  return store.has(1);
}
