#include "table.h"

bool use(Table &table) {
  table.put(1, 2);
  return table.has(1);
}
