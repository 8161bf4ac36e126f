// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whoever sees another thread's last change may destroy the object, though that thread has not come
// back from the call yet: as with a mutex, which may be destroyed as soon as nobody holds it. The
// sanitizers tell whether anything is touched after that.

// Before the library's headers: threads change over at its delicate places, now and then.
#include "interleave.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "support.h"

namespace {

constexpr int kRounds = 300;

/// One thread makes a change, the other waits until it can be seen, and destroys the object.
template <class Object, class Begin, class Change, class Seen>
void destroy_when_seen(Begin begin, Change change, Seen seen, int rounds = kRounds) {
  for (int round = 0; round < rounds; ++round) {
    auto object = std::make_unique<Object>();
    begin(*object, round);
    std::thread writer([&change, here = object.get(), round] {
      for (int i = 0; i < round % 31; ++i)
        UNLATCH_INTERLEAVE(); // elsewhere each time
      change(*here, round);
    });
    while (!seen(*object, round))
      std::this_thread::yield();
    object.reset();
    writer.join();
  }
}

template <class Map> class LastChange : public testing::Test {
public:
  using value_type = typename Map::mapped_type;

  static value_type value(int round) {
    if constexpr (std::is_same_v<value_type, std::string>)
      return std::to_string(round);
    else
      return round;
  }
  /// Sometimes so many entries that the last one makes the table grow.
  static void fill(Map &map, int round) {
    for (int key = 0; key < round % 40; ++key)
      map.store(key, value(key));
  }
};
using Maps = testing::Types<unlatch::map<int, int>, unlatch::map<int, std::string>>;
TYPED_TEST_SUITE(LastChange, Maps);

TYPED_TEST(LastChange, Store) {
  destroy_when_seen<TypeParam>(
      [](TypeParam &map, int round) { TestFixture::fill(map, round); },
      [](TypeParam &map, int round) { map.store(1000, TestFixture::value(round)); },
      [](const TypeParam &map, int) { return map.contains(1000); });
}

/// The last entry of so many is now and then the one after which the table has to grow.
TYPED_TEST(LastChange, Grow) {
  destroy_when_seen<TypeParam>(
      [](TypeParam &, int) {},
      [](TypeParam &map, int round) {
        for (int key = 0; key <= round % 25; ++key)
          map.store(key, TestFixture::value(key));
      },
      [](const TypeParam &map, int round) { return map.contains(round % 25); }, 10 * kRounds);
}

TYPED_TEST(LastChange, Replace) {
  destroy_when_seen<TypeParam>(
      [](TypeParam &map, int) { map.store(1, TestFixture::value(-1)); },
      [](TypeParam &map, int round) { map.store(1, TestFixture::value(round)); },
      [](const TypeParam &map, int round) { return map.load(1) == TestFixture::value(round); });
}

TYPED_TEST(LastChange, Update) {
  destroy_when_seen<TypeParam>([](TypeParam &map, int round) { TestFixture::fill(map, round); },
                               [](TypeParam &map, int round) {
                                 map.update(
                                     1000, [&](auto &entry) { entry = TestFixture::value(round); });
                               },
                               [](const TypeParam &map, int) { return map.contains(1000); });
}

TYPED_TEST(LastChange, Remove) {
  destroy_when_seen<TypeParam>(
      [](TypeParam &map, int round) {
        TestFixture::fill(map, round);
        map.store(1000, TestFixture::value(round));
      },
      [](TypeParam &map, int) { map.load_and_delete(1000); },
      [](const TypeParam &map, int) { return !map.contains(1000); });
}

TYPED_TEST(LastChange, Sweep) {
  destroy_when_seen<TypeParam>(
      [](TypeParam &map, int round) {
        TestFixture::fill(map, round);
        map.store(1000, TestFixture::value(round));
      },
      [](TypeParam &map, int) { map.erase_if([](const auto &, const auto &) { return true; }); },
      [](const TypeParam &map, int) { return !map.contains(1000); });
}

TYPED_TEST(LastChange, Clear) {
  destroy_when_seen<TypeParam>(
      [](TypeParam &map, int round) {
        TestFixture::fill(map, round);
        map.store(1000, TestFixture::value(round));
      },
      [](TypeParam &map, int) { map.clear(); },
      [](const TypeParam &map, int) { return !map.contains(1000); });
}

/// Two writers get into each other's way, so that one of them tries again.
TYPED_TEST(LastChange, OfTwo) {
  for (int round = 0; round < kRounds; ++round) {
    auto map = std::make_unique<TypeParam>();
    TestFixture::fill(*map, round);
    const auto write = [here = map.get(), round](int key) {
      here->update(1000, [](auto &entry) { entry = TestFixture::value(7); });
      here->store(key, TestFixture::value(round));
    };
    std::thread first(write, 1001), second(write, 1002);
    while (!map->contains(1001) || !map->contains(1002))
      std::this_thread::yield();
    map.reset();
    first.join();
    second.join();
  }
}

struct picture {
  int number = 0;
  std::string text;
};

TEST(LastChangeOfSnapshot, Modify) {
  destroy_when_seen<unlatch::snapshot<picture>>(
      [](auto &, int) {},
      [](unlatch::snapshot<picture> &snapshot, int round) {
        snapshot.modify([&](picture &now) {
          now.text = "done";
          now.number = round + 1;
        });
      },
      [](const unlatch::snapshot<picture> &snapshot, int round) {
        return snapshot.read()->number == round + 1;
      });
}

TEST(LastChangeOfSnapshot, Replace) {
  destroy_when_seen<unlatch::snapshot<picture>>(
      [](auto &, int) {},
      [](unlatch::snapshot<picture> &snapshot, int round) {
        snapshot.replace(picture{round + 1, "done"});
      },
      [](const unlatch::snapshot<picture> &snapshot, int round) {
        return snapshot.read()->number == round + 1;
      });
}

} // namespace
