// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code that a map calls may take guards of a snapshot, and keep them when it returns. What the map
// itself protects, and where, must not get in their way: a picture lives as long as its guard.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

namespace {

int alive = 0;

struct picture {
  picture() { ++alive; }
  picture(const picture &) { ++alive; }
  picture(picture &&) noexcept { ++alive; }
  picture &operator=(const picture &) = default;
  ~picture() { --alive; }
};

/// As many snapshots as guards are taken. Taking and keeping them is what the map's callbacks do.
class album {
public:
  explicit album(int size) : size_(size) {
    for (int i = 0; i < size; ++i)
      pictures_.push_back(std::make_unique<unlatch::snapshot<picture>>());
  }
  void keep() {
    if (kept_.empty())
      for (const auto &each : pictures_)
        kept_.push_back(std::make_unique<guard>(each->read()));
  }
  /// Every picture is replaced, and those that were kept are still there.
  void check() {
    ASSERT_EQ(kept_.size(), pictures_.size());
    for (const auto &each : pictures_)
      each->replace(picture());
    EXPECT_EQ(alive, 2 * size_);
    kept_.clear();
    EXPECT_EQ(alive, size_);
  }

private:
  using guard = unlatch::snapshot<picture>::guard;

  const int size_;
  std::vector<std::unique_ptr<unlatch::snapshot<picture>>> pictures_;
  std::vector<std::unique_ptr<guard>> kept_;
};

album *keeper = nullptr;

/// Takes guards where it is copied or destroyed.
struct keeping {
  enum when { never, copied, destroyed } what = never;

  explicit keeping(when its) : what(its) {}
  keeping(const keeping &other) : what(other.what) {
    if (what == copied)
      keeper->keep();
  }
  keeping(keeping &&other) noexcept : what(std::exchange(other.what, never)) {}
  keeping &operator=(const keeping &) = delete;
  ~keeping() {
    if (what == destroyed)
      keeper->keep();
  }
};

template <class Act> void with_albums(Act act) {
  for (const int guards : {1, 2, 3}) {
    album all(guards);
    keeper = &all;
    act(all);
    all.check();
    keeper = nullptr;
  }
  EXPECT_EQ(alive, 0);
}

template <class K, class V> void update(const K &key, bool of_an_empty_map, const V &value) {
  with_albums([&](album &all) {
    unlatch::map<K, V> map;
    if (!of_an_empty_map)
      map.store(K(), value);
    map.update(key, [&](std::optional<V> &entry) {
      all.keep();
      entry = value;
    });
  });
}

} // namespace

TEST(EscapingGuards, UpdateOfAnEmptyMap) {
  update<int, int>(1, true, 2);
  update<std::string, std::string>("a", true, "b");
}

TEST(EscapingGuards, UpdateThatInserts) {
  update<int, int>(1, false, 2);
  update<std::string, std::string>("a", false, "b");
}

TEST(EscapingGuards, UpdateThatReplaces) {
  update<int, int>(0, false, 2);
  update<std::string, std::string>("", false, "b");
}

TEST(EscapingGuards, Visit) {
  with_albums([](album &all) {
    unlatch::map<int, std::string> map;
    map.store(1, "a");
    map.visit(1, [&](const std::string &) { all.keep(); });
  });
}

TEST(EscapingGuards, Range) {
  with_albums([](album &all) {
    unlatch::map<int, int> map;
    map.store(1, 1);
    map.range([&](int, int) {
      all.keep();
      return true;
    });
  });
}

TEST(EscapingGuards, CopyIntoAnEntry) {
  with_albums([](album &) {
    unlatch::map<int, keeping> map;
    const keeping value(keeping::copied);
    map.load_or_store(1, value);
  });
}

TEST(EscapingGuards, DestructorOfAReplacedValue) {
  with_albums([](album &) {
    unlatch::map<int, keeping> map;
    map.store(1, keeping(keeping::destroyed));
    map.store(1, keeping(keeping::never));
  });
}

TEST(EscapingGuards, DestructorOfAnErasedValue) {
  with_albums([](album &) {
    unlatch::map<int, keeping> map;
    map.store(1, keeping(keeping::destroyed));
    map.erase(1);
  });
}
