// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: what differs between compilers and build options, in one place.

#ifndef UNLATCH_DETAIL_CONFIG_H
#define UNLATCH_DETAIL_CONFIG_H

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <system_error>

// Exceptions are used where they exist; without them the same conditions end the program.
#if defined(__cpp_exceptions)
#define UNLATCH_HAS_EXCEPTIONS 1
#else
#define UNLATCH_HAS_EXCEPTIONS 0
#endif

// What is shared by the whole process has to be one object even in shared libraries that are built
// with hidden visibility: two lists of hazard pointers would each miss the other's readers.
#if defined(__GNUC__) && !defined(_WIN32)
#define UNLATCH_SHARED_ACROSS_LIBRARIES __attribute__((visibility("default")))
#else
#define UNLATCH_SHARED_ACROSS_LIBRARIES
#endif

#if defined(__SANITIZE_THREAD__)
#define UNLATCH_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNLATCH_THREAD_SANITIZER 1
#endif
#endif
#ifndef UNLATCH_THREAD_SANITIZER
#define UNLATCH_THREAD_SANITIZER 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define UNLATCH_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNLATCH_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef UNLATCH_ADDRESS_SANITIZER
#define UNLATCH_ADDRESS_SANITIZER 0
#endif

// Memory that is used again behind the allocator's back hides from checkers what is read too late.
// And how it is to be used is noted in the lowest bits of its address, of which 64-bit systems have
// four to spare.
#if UNLATCH_ADDRESS_SANITIZER || defined(UNLATCH_MODEL_HEADER) || UINTPTR_MAX <= 0xffffffff
#define UNLATCH_REUSES_MEMORY 0
#else
#define UNLATCH_REUSES_MEMORY 1
#endif

// Small functions on the path of every read, and rare ones that should stay out of it.
#if defined(__GNUC__)
#define UNLATCH_ALWAYS_INLINE inline __attribute__((always_inline))
#define UNLATCH_NEVER_INLINE __attribute__((noinline, cold))
#define UNLATCH_LIKELY(condition) __builtin_expect(static_cast<bool>(condition), true)
#define UNLATCH_UNLIKELY(condition) __builtin_expect(static_cast<bool>(condition), false)
#define UNLATCH_UNREACHABLE() __builtin_unreachable()
#define UNLATCH_PREFETCH(address) __builtin_prefetch(address)
#else
#define UNLATCH_ALWAYS_INLINE inline
#define UNLATCH_NEVER_INLINE
#define UNLATCH_LIKELY(condition) static_cast<bool>(condition)
#define UNLATCH_UNLIKELY(condition) static_cast<bool>(condition)
#define UNLATCH_UNREACHABLE() static_cast<void>(0)
#define UNLATCH_PREFETCH(address) static_cast<void>(0)
#endif

// A place where a thread that is stopped makes a race that is otherwise rare. Tests define it, for
// the whole program, as something that lets other threads run now and then.
#ifndef UNLATCH_INTERLEAVE
#define UNLATCH_INTERLEAVE() static_cast<void>(0)
#endif

namespace unlatch {
namespace detail {

// std::hardware_destructive_interference_size is missing in libc++ and warned about by GCC, because
// it may differ between translation units. A constant cannot.
inline constexpr std::size_t cache_line = 64;

[[noreturn]] inline void fail_key_not_found() {
#if UNLATCH_HAS_EXCEPTIONS
  throw std::out_of_range("unlatch::map::at: key not found");
#else
  std::abort();
#endif
}

[[noreturn]] inline void fail_no_memory() {
#if UNLATCH_HAS_EXCEPTIONS
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

[[noreturn]] inline void fail_deadlock() {
#if UNLATCH_HAS_EXCEPTIONS
  throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur),
                          "unlatch::map: written to from inside its own range or erase_if");
#else
  std::abort();
#endif
}

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_CONFIG_H
