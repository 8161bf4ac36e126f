// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What several tests of the runtime share.

#ifndef UNLATCH_RUNTIME_TEST_SUPPORT_H
#define UNLATCH_RUNTIME_TEST_SUPPORT_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define UNLATCH_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define UNLATCH_TEST_SANITIZED 1
#endif
#endif
#ifndef UNLATCH_TEST_SANITIZED
#define UNLATCH_TEST_SANITIZED 0
#endif

namespace unlatch_test {

#if UNLATCH_TEST_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// A number of rounds that takes about as long with a sanitizer as without.
constexpr int rounds(int plain) { return sanitized ? plain / 8 + 1 : plain; }

/// Runs `body(index)` in that many threads, which start together, and waits for them.
template <class Body> void in_threads(int count, Body body) {
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int index = 0; index < count; ++index)
    threads.emplace_back([&, index] {
      ready.fetch_add(1);
      while (ready.load() < count)
        std::this_thread::yield();
      body(index);
    });
  for (std::thread &each : threads)
    each.join();
}

/// A small generator with a state of its own for each thread (G. Marsaglia, "Xorshift RNGs", 2003).
class generator {
public:
  explicit generator(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  int below(int limit) { return static_cast<int>((*this)() >> 33) % limit; }

private:
  std::uint64_t state_;
};

/// A value that counts how many of its kind are alive.
struct counted {
  static inline std::atomic<long> alive{0};

  counted(int its_number = 0) : number(its_number) { alive.fetch_add(1); }
  counted(const counted &other) : number(other.number) { alive.fetch_add(1); }
  counted(counted &&other) noexcept : number(other.number) { alive.fetch_add(1); }
  counted &operator=(const counted &) = default;
  ~counted() { alive.fetch_sub(1); }
  friend bool operator==(const counted &left, const counted &right) {
    return left.number == right.number;
  }

  int number;
};

/// A hash that puts everything into a few equal values.
struct colliding_hash {
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key % 3); }
};

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_SUPPORT_H
