#include "table.h"

std::mutex mu;
int total = 0;

int add(int n) {
  std::lock_guard<std::mutex> lock(mu);
  return total += n;
}

bool use(Table &table) {
  table.put(1, 2);
  return table.has(1);
}
