// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A library that has containers of its own while one of its functions runs, with types of its own.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

namespace {

struct noted {
  explicit noted(int number) : value(std::make_unique<int>(number)) {}
  noted(const noted &other) : value(std::make_unique<int>(*other.value)) {}
  noted(noted &&) noexcept = default;
  ~noted() {} // code of this library

  std::unique_ptr<int> value;
};

} // namespace

extern "C" __attribute__((visibility("default"))) bool use_containers() {
  unlatch::map<std::uint64_t, std::uint64_t> slots;
  unlatch::map<std::uint64_t, std::array<std::uint64_t, 4>> plain;
  unlatch::map<std::string, noted> entries;
  unlatch::snapshot<std::array<int, 4>> picture;
  unlatch::snapshot<noted> noted_picture(noted(0));
  unlatch::counter<> count;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    slots.store(i, i);
    plain.store(i % 100, {{i, i, i, i}}); // leaves memory that is held back
    entries.store(std::to_string(i % 100), noted(static_cast<int>(i)));
    picture.replace({{static_cast<int>(i), 0, 0, 0}});
    noted_picture.replace(noted(static_cast<int>(i)));
    count.add(1);
  }
  return slots.size() == 1000 && plain.size() == 100 && entries.size() == 100 &&
         picture.load()[0] == 999 && *noted_picture.load().value == 999 && count.sum() == 1000;
}
