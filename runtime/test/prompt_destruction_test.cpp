// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where and when values die: in the call that removed them, before it returns, or with the reader
// that is inside at that moment, when it leaves. Never later, never elsewhere.

// Before the library's headers: threads change over at its delicate places, now and then.
#include "interleave.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "support.h"

namespace {

struct obituary {
  std::atomic<int> deaths{0};
  std::atomic<std::thread::id> where{std::thread::id()};
};

// Only the owner of the last copy reports, as the last shared_ptr to a connection would close it.
struct witness {
  explicit witness(obituary &to)
      : to_(&to, [](obituary *book) {
          book->where.store(std::this_thread::get_id());
          book->deaths.fetch_add(1);
        }) {}

private:
  std::shared_ptr<obituary> to_;
};
using witness_map = unlatch::map<int, witness>;

// A thread that stands inside `visit` until it is told to leave.
class visitor {
public:
  visitor(const witness_map &m, int key)
      : thread_([this, &m, key] {
          m.visit(key, [this](const witness &) {
            inside_.store(true);
            while (!leave_.load())
              std::this_thread::yield();
          });
          left_.store(true);
          while (!end_.load())
            std::this_thread::yield();
        }) {
    while (!inside_.load())
      std::this_thread::yield();
  }
  ~visitor() {
    leave();
    end_.store(true);
    thread_.join();
  }
  void leave() {
    leave_.store(true);
    while (!left_.load())
      std::this_thread::yield();
  }
  std::thread::id id() const { return thread_.get_id(); }

private:
  std::atomic<bool> inside_{false};
  std::atomic<bool> leave_{false};
  std::atomic<bool> left_{false};
  std::atomic<bool> end_{false};
  std::thread thread_;
};

template <class Remove> void check(Remove remove) {
  {
    obituary old;
    witness_map m;
    m.store(1, witness(old));
    ASSERT_EQ(old.deaths.load(), 0);
    remove(m);
    EXPECT_EQ(old.deaths.load(), 1) << "in the call";
    EXPECT_EQ(old.where.load(), std::this_thread::get_id());
  }
  {
    obituary old;
    witness_map m;
    m.store(1, witness(old));
    visitor first(m, 1), second(m, 1), third(m, 1);
    remove(m);
    EXPECT_EQ(old.deaths.load(), 0) << "readers are inside";
    second.leave();
    EXPECT_EQ(old.deaths.load(), 0);
    first.leave();
    EXPECT_EQ(old.deaths.load(), 0);
    third.leave();
    EXPECT_EQ(old.deaths.load(), 1) << "with the last reader";
    EXPECT_EQ(old.where.load(), third.id());
  }
}

TEST(PromptDestruction, Erase) {
  check([](witness_map &m) { EXPECT_EQ(m.erase(1), 1U); });
}
TEST(PromptDestruction, LoadAndDelete) {
  check([](witness_map &m) { EXPECT_TRUE(m.load_and_delete(1)); });
}
TEST(PromptDestruction, EraseIf) {
  check([](witness_map &m) { m.erase_if([](int, const witness &) { return true; }); });
}
TEST(PromptDestruction, Clear) {
  check([](witness_map &m) { m.clear(); });
}
TEST(PromptDestruction, TakeAll) {
  check([](witness_map &m) { m.take_all(); });
}
TEST(PromptDestruction, Update) {
  check([](witness_map &m) { m.update(1, [](std::optional<witness> &entry) { entry.reset(); }); });
}

obituary nobody; // for values that take another's place

TEST(PromptDestruction, Store) {
  check([](witness_map &m) { EXPECT_FALSE(m.store(1, witness(nobody))); });
}
TEST(PromptDestruction, Swap) {
  check([](witness_map &m) { EXPECT_TRUE(m.swap(1, witness(nobody))); });
}
TEST(PromptDestruction, UpdateToAnother) {
  check([](witness_map &m) {
    m.update(1, [](std::optional<witness> &entry) { entry = witness(nobody); });
  });
}

TEST(PromptDestruction, InsideOnesOwnVisit) {
  obituary old;
  witness_map m;
  m.store(1, witness(old));
  m.visit(1, [&](const witness &) {
    m.erase(1);
    EXPECT_EQ(old.deaths.load(), 0);
  });
  EXPECT_EQ(old.deaths.load(), 1);
}

TEST(PromptDestruction, Snapshot) {
  obituary first, second, third;
  unlatch::snapshot<witness> s{witness(first)};
  s.replace(witness(second));
  EXPECT_EQ(first.deaths.load(), 1);
  {
    const auto inside = s.read();
    const auto again = s.read();
    s.modify([&](witness &now) { now = witness(third); });
    EXPECT_EQ(second.deaths.load(), 0);
  }
  EXPECT_EQ(second.deaths.load(), 1);
  std::thread other;
  {
    std::atomic<bool> inside{false}, leave{false};
    std::thread reader([&] {
      const auto guard = s.read();
      inside.store(true);
      while (!leave.load())
        std::this_thread::yield();
    });
    while (!inside.load())
      std::this_thread::yield();
    s.replace(witness(nobody));
    EXPECT_EQ(third.deaths.load(), 0);
    const std::thread::id reader_id = reader.get_id();
    leave.store(true);
    reader.join();
    EXPECT_EQ(third.deaths.load(), 1);
    EXPECT_EQ(third.where.load(), reader_id);
  }
}

// A destructor that uses the map it was in: no lock is held when it runs.
struct leaving {
  leaving(unlatch::map<int, std::shared_ptr<leaving>> &from, int other)
      : from_(from), other_(other) {}
  ~leaving() {
    from_.erase(other_);
    static_cast<void>(from_.size());
    from_.erase_if([](int key, const std::shared_ptr<leaving> &) { return key > 100; });
  }

private:
  unlatch::map<int, std::shared_ptr<leaving>> &from_;
  int other_;
};

TEST(PromptDestruction, ADestructorMayUseTheMap) {
  unlatch::map<int, std::shared_ptr<leaving>> m;
  for (int i = 0; i < 50; ++i)
    m.store(i, std::make_shared<leaving>(m, i + 1));
  m.store(200, nullptr);
  m.erase(0); // each takes the next one with it
  EXPECT_TRUE(m.empty());
  for (int i = 0; i < 50; ++i)
    m.store(i, std::make_shared<leaving>(m, i + 1));
  m.clear();
  EXPECT_TRUE(m.empty());
  for (int i = 0; i < 50; ++i)
    m.store(i, std::make_shared<leaving>(m, i + 1));
  m.erase_if([](int key, const std::shared_ptr<leaving> &) { return key % 2 == 0; });
  EXPECT_TRUE(m.empty());
}

// Under stress: when a removing call has returned, and everyone who was inside any operation at
// that moment has left it, the value has been destroyed.
TEST(PromptDestruction, UnderStress) {
  struct alignas(64) progress {
    std::atomic<unsigned> operations{0}; // odd: inside one
  };
  struct flagged {
    explicit flagged(std::atomic<bool> &its_flag)
        : flag(&its_flag, [](std::atomic<bool> *dead) { dead->store(true); }) {}
    std::shared_ptr<std::atomic<bool>> flag;
  };
  constexpr int threads = 8;
  progress done[threads];
  unlatch::map<int, flagged, unlatch_test::colliding_hash> m;
  std::atomic<int> late{0}, handed_over{0};
  std::atomic<int> removers{threads / 2};
  unlatch_test::in_threads(threads, [&](int index) {
    const auto step = [&](auto operation) {
      progress &mine = done[index];
      mine.operations.fetch_add(1);
      operation();
      mine.operations.fetch_add(1);
    };
    unlatch_test::generator random(static_cast<std::uint64_t>(index) + 1);
    if (index % 2 == 1) {
      while (removers.load() > 0)
        step([&] { m.visit(random.below(threads), [](const flagged &) {}); });
      return;
    }
    for (int i = 0; i < unlatch_test::rounds(2000); ++i) {
      std::atomic<bool> dead{false};
      std::atomic<bool> second{false};
      step([&] { m.store(index, flagged(dead)); });
      if (i % 2 == 0)
        step([&] { m.store(index, flagged(second)); });
      else
        step([&] { m.erase(index); });
      const auto wait_for = [&](std::atomic<bool> &flag) {
        if (flag.load())
          return;
        handed_over.fetch_add(1);
        for (int other = 0; other < threads; ++other) {
          const unsigned then = done[other].operations.load();
          while (other != index && then % 2 == 1 && done[other].operations.load() == then)
            std::this_thread::yield();
        }
        if (!flag.load()) {
          late.fetch_add(1);
          while (!flag.load()) // the flag is about to go out of scope
            std::this_thread::yield();
        }
      };
      wait_for(dead);
      if (i % 2 == 0) {
        step([&] { m.erase(index); });
        wait_for(second);
      }
    }
    removers.fetch_sub(1);
  });
  EXPECT_EQ(late.load(), 0);
  RecordProperty("handed_over", handed_over.load());
}

} // namespace
