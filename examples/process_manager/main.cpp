// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// pm_demo [COMMAND...]: runs shell commands side by side under a process manager, lists them as
// they go, and cleans up. Without commands it runs a few of its own.

#include "process_manager.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

void printList(const pm::ProcessManager &manager, const char *title) {
  std::vector<pm::ProcessInfo> infos = manager.list();
  std::sort(infos.begin(), infos.end(),
            [](const pm::ProcessInfo &a, const pm::ProcessInfo &b) { return a.id < b.id; });

  std::printf("%s: %zu registered, %zu running\n", title, manager.count(), manager.runningCount());
  for (const pm::ProcessInfo &info : infos) {
    const auto process = manager.get(info.id);
    const auto runtime = process ? process->runtime(pm::Clock::now()) : pm::Clock::duration::zero();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(runtime).count();
    std::printf("  %-8s pid %-8d %-8s code %-4d %6lld ms  %s\n", info.id.c_str(),
                static_cast<int>(info.pid), pm::toString(info.status), info.exitCode,
                static_cast<long long>(ms), info.command.back().c_str());
  }
  std::fflush(stdout);
}

int runCommands(int argc, char **argv) {
  pm::ProcessManager manager;
  std::vector<std::string> ids;
  for (int i = 1; i < argc; ++i) {
    ids.push_back("job-" + std::to_string(i));
    manager.start(ids.back(), {"/bin/sh", "-c", argv[i]});
  }
  printList(manager, "started");
  for (const std::string &id : ids) {
    while (!manager.wait(id, 1s))
      printList(manager, "waiting");
  }
  printList(manager, "done");

  const std::vector<pm::ProcessInfo> infos = manager.list();
  const bool allWell = std::all_of(infos.begin(), infos.end(), [](const pm::ProcessInfo &info) {
    return info.status == pm::Status::kExited && info.exitCode == 0;
  });
  return allWell ? 0 : 1;
}

int runDemo() {
  pm::ProcessManager manager;
  manager.start("quick", {"true"});
  manager.start("code", {"/bin/sh", "-c", "exit 3"});
  manager.start("short", {"sleep", "0.2"});
  manager.start("long", {"sleep", "60"});
  manager.start("missing", {"/no/such/program"});
  if (manager.start("quick", {"true"}) == pm::StartResult::kDuplicateId)
    std::printf("\"quick\" is taken: not started again\n");
  printList(manager, "started");

  manager.wait("short", 5s);
  printList(manager, "after a wait");

  manager.kill("long");
  manager.wait("long", 5s);
  printList(manager, "after a kill");

  std::printf("cleaned up %zu\n", manager.cleanupFinished());
  printList(manager, "at the end");
  return manager.count() == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) { return argc > 1 ? runCommands(argc, argv) : runDemo(); }
