// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: small helpers of `unlatch::map` that depend on types only.

#ifndef UNLATCH_DETAIL_MAP_SUPPORT_H
#define UNLATCH_DETAIL_MAP_SUPPORT_H

#include <functional>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "unlatch/detail/config.h"

namespace unlatch {
namespace detail {

template <class T, class = void> struct is_transparent : std::false_type {};
template <class T>
struct is_transparent<T, std::void_t<typename T::is_transparent>> : std::true_type {};

/// Whether keys that compare equal cannot be told apart by other means. Then a replacement may
/// bring its own key; otherwise it has to take over the key that is there, as `m[k] = v` leaves
/// that alone.
template <class K, class Eq>
struct equal_keys_are_identical
    : std::bool_constant<
          (std::is_integral<K>::value || std::is_enum<K>::value || std::is_pointer<K>::value) &&
          (std::is_same<Eq, std::equal_to<K>>::value || std::is_same<Eq, std::equal_to<>>::value)> {
};
template <class Character, class Allocator, class Eq>
struct equal_keys_are_identical<
    std::basic_string<Character, std::char_traits<Character>, Allocator>, Eq>
    : std::bool_constant<
          std::is_same<Eq, std::equal_to<std::basic_string<Character, std::char_traits<Character>,
                                                           Allocator>>>::value ||
          std::is_same<Eq, std::equal_to<>>::value> {};

/// Whether a T can be moved into an entry and, should the entry not be needed, back again without
/// fail.
template <class T>
inline constexpr bool moves_there_and_back =
    std::is_nothrow_move_constructible<T>::value && std::is_nothrow_destructible<T>::value;

/// An argument as it should be passed on into an entry that may have to be given up again: moved
/// only if it can be moved back, or if there is no other way.
template <class T> constexpr const T &lend(const T &argument) noexcept { return argument; }
template <class T,
          class = std::enable_if_t<!std::is_lvalue_reference<T>::value && !std::is_const<T>::value>>
constexpr std::conditional_t<moves_there_and_back<T> || !std::is_copy_constructible<T>::value, T &&,
                             const T &>
lend(T &&argument) noexcept {
  return static_cast<std::conditional_t<
      moves_there_and_back<T> || !std::is_copy_constructible<T>::value, T &&, const T &>>(argument);
}

/// Undoes `lend`.
template <class T> void give_back(const T &, T &) noexcept {} // was copied
template <class T,
          class = std::enable_if_t<!std::is_lvalue_reference<T>::value && !std::is_const<T>::value>>
void give_back(T &&argument, T &lent) noexcept {
  if constexpr (moves_there_and_back<T>) {
    if constexpr (std::is_nothrow_move_assignable<T>::value) {
      argument = std::move(lent);
    } else {
      argument.~T();
      ::new (static_cast<void *>(std::addressof(argument))) T(std::move(lent));
    }
  }
}

/// What a callback returned, be it nothing or a reference, until it is known whether that counts.
template <class R> class kept_result {
public:
  template <class F, class Argument>
  UNLATCH_ALWAYS_INLINE kept_result(F &f, Argument &argument) : value_(f(argument)) {}
  UNLATCH_ALWAYS_INLINE R get() { return std::forward<R>(value_); }

private:
  R value_;
};
template <> class kept_result<void> {
public:
  template <class F, class Argument> UNLATCH_ALWAYS_INLINE kept_result(F &f, Argument &argument) {
    f(argument);
  }
  UNLATCH_ALWAYS_INLINE void get() {}
};

template <class Container, class K, class V>
void append(Container &container, const K &key, const V &value) {
  container.insert(container.end(), typename Container::value_type(key, value));
}

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_MAP_SUPPORT_H
