// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The library in a program without exceptions and run-time type information.

#include <map>
#include <string>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

int main() {
  unlatch::map<std::string, int> m{{"a", 1}};
  m.store("b", 2);
  m.load_or_store("c", 3);
  m.load_or_emplace("d", [] { return 4; });
  m.update("a", [](std::optional<int> &entry) { entry.reset(); });
  m.swap("b", 5);
  if (m.at("b") != 5 || m.size() != 3 ||
      m.erase_if([](auto &each) { return each.second == 3; }) != 1)
    return 1;
  unlatch::snapshot<std::string> s("x");
  s.modify([](std::string &text) { text += "y"; });
  unlatch::counter<> c;
  ++c;
  return m.take_all<std::map<std::string, int>>().size() == 2 && s.load() == "xy" && c.sum() == 1
             ? 0
             : 1;
}
