// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads a library, lets threads use it, unloads it, and goes on. With one list of readers for both
// the threads may go on too; if the library has a list of its own, they have to end before, or it
// stays.

#include <array>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <unlatch/map.h>

namespace {

void expect(bool holds, const char *what) {
  if (!holds) {
    std::fprintf(stderr, "not so: %s\n", what);
    std::exit(1);
  }
}

class event {
public:
  void happen() {
    const std::lock_guard<std::mutex> lock(mutex_);
    has_happened_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return has_happened_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_happened_ = false;
};

using plain_map = unlatch::map<std::uint64_t, std::array<std::uint64_t, 4>>;

/// Gives back what is held back, several times over.
void replace_often(plain_map &m) {
  for (std::uint64_t i = 0; i < 3000; ++i)
    m.store(i % 10, {{i, i, i, i}});
}

/// One thread of the library ends before it is unloaded, and one after that.
void load_and_unload(const char *path, plain_map &own, bool has_one_list) {
  void *const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    std::fprintf(stderr, "%s\n", dlerror());
  expect(library != nullptr, "the library is loaded");
  using function = bool (*)();
  const auto use_containers = reinterpret_cast<function>(dlsym(library, "use_containers"));
  expect(use_containers != nullptr, "the library has a function");

  std::thread([&] { expect(use_containers(), "containers work"); }).join();
  event used;
  event unloaded;
  std::thread lasting([&] {
    if (has_one_list)
      expect(use_containers(), "containers work");
    used.happen();
    unloaded.wait();
    replace_often(own);
  });
  used.wait();
  expect(dlclose(library) == 0, "the library is unloaded");
  expect(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == nullptr, "it is not there any more");
  unloaded.happen();
  lasting.join();
}

/// The child of a fork drops the announcements of threads that it does not have.
void fork_once(plain_map &own) {
  event inside;
  event done;
  std::thread reader([&] {
    own.visit(1, [&](const auto &) {
      inside.happen();
      done.wait();
    });
  });
  inside.wait();
  const pid_t child = fork();
  if (child == 0) {
    bool all_clear = true;
#if !UNLATCH_BACKEND_LOCKED
    unlatch::reclaim::for_each_slot([&](const unlatch::reclaim::slot &each) {
      all_clear = all_clear && each.load() <= unlatch::reclaim::record::taken;
    });
#endif
    replace_often(own);
    _exit(all_clear && own.size() == 10 ? 0 : 1);
  }
  int status = -1;
  expect(child > 0 && waitpid(child, &status, 0) == child, "the child ends");
  expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child has no readers left");
  done.happen();
  reader.join();
}

} // namespace

int main(int argc, char **argv) {
  expect(argc == 3, "two arguments: a library, and \"shared\" or \"separate\"");
  const bool has_one_list = std::strcmp(argv[2], "shared") == 0;
  plain_map own; // has not been used when the library is
  for (int round = 0; round < 3; ++round)
    load_and_unload(argv[1], own, has_one_list);
  fork_once(own);
  return 0;
}
