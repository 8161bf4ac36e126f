// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <string>
#include <thread>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

int main() {
  unlatch::map<std::string, int> ports;
  unlatch::snapshot<std::string> name("none");
  unlatch::counter<> changes;
  std::thread other([&] {
    ports.store("http", 80);
    name.replace("web");
    ++changes;
  });
  other.join();
  return ports.load("http") == 80 && name.load() == "web" && changes.sum() == 1 ? 0 : 1;
}
