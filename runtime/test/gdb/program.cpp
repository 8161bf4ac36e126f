// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Something of each kind for a debugger to look at. `printers.py` knows what it should see.

#include <cstddef>
#include <cstdint>
#include <thread>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

namespace {

enum class color : std::uint8_t { red, green, blue };

struct point {
  long x, y, z;
};

struct alignas(32) aligned_point {
  int x;
};

// Not plain memory: an entry that has one needs a destructor.
struct label {
  label(int its_number) : number(its_number) {}
  label(const label &) = default;
  label &operator=(const label &) = default;
  ~label() { number = 0; }
  friend bool operator==(const label &left, const label &right) {
    return left.number == right.number;
  }
  int number;
};

struct label_hash {
  std::size_t operator()(const label &its) const { return static_cast<std::size_t>(its.number); }
};

struct same_hash {
  std::size_t operator()(int) const { return 7; }
};

} // namespace

// Small enough for a slot: in words of 32 bits, of 64 bits, and of 64 bits with a key of 32.
unlatch::map<int, int> small;
unlatch::map<std::int64_t, std::uint64_t> wide;
unlatch::map<short, double> mixed;
unlatch::map<color, bool> colors;
// Not small enough.
unlatch::map<label, label, label_hash> labels;
unlatch::map<int, point> points;
unlatch::map<char, aligned_point> aligned_points;
unlatch::map<int, point, same_hash> collisions;
unlatch::map<label, int, label_hash> empty_map;

unlatch::snapshot<label> name(1);
unlatch::snapshot<point> place(point{1, 2, 3});
unlatch::counter<> up;
unlatch::counter<int> down;

// Tells gdb which printers this program wants, as docs/runtime.md has it.
__asm__(".pushsection \".debug_gdb_scripts\", \"MS\", %progbits, 1\n"
        ".byte 1\n" // a Python file
        ".asciz \"unlatch_printers.py\"\n"
        ".popsection\n");

/// Here the debugger stops.
__attribute__((noinline)) void is_set(int *entries) { __asm__ __volatile__("" : : "r"(entries)); }

int main() {
  for (int i = -500; i < 500; ++i) { // grows, and leaves slots whose entries are gone
    small.store(i, 3 * i);
    wide.store(INT64_MAX / 500 * i, UINT64_MAX - static_cast<std::uint64_t>(i + 500));
    mixed.store(static_cast<short>(i), i / 4.0);
    points.store(i, {i, 2 * i, 3 * i});
    labels.store(i, 2 * i);
  }
  small.erase_if([](int key, int) { return key % 100 != 0; });
  wide.erase_if([](std::int64_t key, std::uint64_t) { return key % (INT64_MAX / 500 * 100) != 0; });
  mixed.erase_if([](short key, double) { return key % 100 != 0; });
  points.erase_if([](int key, const point &) { return key % 100 != 0; });
  labels.erase_if([](const label &key, const label &) { return key.number % 100 != 0; });
  colors.store(color::red, true);
  colors.store(color::blue, false);
  aligned_points.store('a', {1});
  for (int i = 0; i < 6; ++i)
    collisions.store(i, {i, 0, 0});
  collisions.erase(3);
  name.replace(2);
  place.modify([](point &its) { its.y = -2; });
  up.add(20);
  ++up;
  for (int i = 0; i < 20; ++i) // in all the cells
    std::thread([] { ++up; }).join();
  down.add(5);
  down.add(-47);
  int entries = 0;
  is_set(&entries);
  // Once more, with a sweep that has not taken effect.
  small.erase_if([&](int, int) {
    if (++entries == 9)
      is_set(&entries);
    return true;
  });
  return 0;
}
