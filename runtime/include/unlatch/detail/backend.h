// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: which of its two forms the library has in this program, and that it has only one.
//
// `unlatch::map` and `unlatch::snapshot` are lock-free or, where the macro UNLATCH_FALLBACK_MUTEX
// is defined (as whatever), made of std::shared_mutex. If one part of a program took a map for the
// one and another part took it for the other, they would write wild memory. So the form is found in
// three places:
// - In the names of the types, which live in an inline namespace. A function that is declared with
//   one form and defined with the other is missing when the program is linked.
// - In a global absolute symbol of every object file, for maps that are hidden inside other types.
//   Linkers take equal definitions of one for the same, and refuse different ones. Where both meet
//   in one assembly, as they do in link-time optimisation, the assembler refuses.
// - In an ELF note of every program and shared library, for those that meet only in memory. When
//   they are loaded, at start-up and in dlopen, the notes of all modules of the process are
//   compared, and the program is ended if they differ. Notes need no symbol to be visible, so this
//   holds with RTLD_LOCAL and hidden visibility too. `readelf -n` shows them.
// Where object files are not ELF there is only the first.

#ifndef UNLATCH_DETAIL_BACKEND_H
#define UNLATCH_DETAIL_BACKEND_H

// Not zero: lld takes two equal absolute symbols for the same only if they are not.
#if defined(UNLATCH_FALLBACK_MUTEX)
#define UNLATCH_BACKEND_LOCKED 1
#define UNLATCH_BACKEND_NAMESPACE with_mutex
#define UNLATCH_BACKEND_NUMBER 2
#else
#define UNLATCH_BACKEND_LOCKED 0
#define UNLATCH_BACKEND_NAMESPACE lock_free
#define UNLATCH_BACKEND_NUMBER 1
#endif

#if defined(__ELF__) && defined(__unix__) && defined(__GNUC__)

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// As in <link.h>, which is not included: its macros are the names of enumerators elsewhere.
struct dl_phdr_info;
extern "C" int dl_iterate_phdr(int (*)(struct dl_phdr_info *, std::size_t, void *), void *);

namespace unlatch {
namespace detail {
inline namespace UNLATCH_BACKEND_NAMESPACE {

/// A segment of a loaded module, as the ELF standard lays it out.
struct program_header {
  enum : std::uint32_t { loaded = 1, notes = 4 };

  std::uint32_t type;
#if __SIZEOF_POINTER__ == 8
  std::uint32_t flags;
#endif
  std::uintptr_t offset;
  std::uintptr_t address;
  std::uintptr_t physical_address;
  std::uintptr_t size_in_file;
  std::uintptr_t size;
#if __SIZEOF_POINTER__ != 8
  std::uint32_t flags;
#endif
  std::uintptr_t alignment;
};

/// How `dl_phdr_info` begins.
struct loaded_module {
  std::uintptr_t base;
  const char *path; // empty for the program itself
  const program_header *headers;
  std::uint16_t header_count;

  /// Not every file that is marked as having notes has them in memory.
  bool is_loaded(const program_header &segment) const noexcept {
    for (std::uint16_t index = 0; index < header_count; ++index) {
      const program_header &each = headers[index];
      if (each.type == program_header::loaded && segment.address >= each.address &&
          segment.address + segment.size <= each.address + each.size_in_file)
        return true;
    }
    return false;
  }
};

struct backend_note {
  std::uint32_t owner_size;
  std::uint32_t content_size;
  std::uint32_t type;
  char owner[8];
  std::uint32_t backend;
};

/// For `dl_iterate_phdr`. Ends the program if a module has a note like `expected` but for its
/// number.
inline int compare_backends(dl_phdr_info *info, std::size_t, void *expected) {
  loaded_module found;
  std::memcpy(&found, info, sizeof(found));
  for (std::uint16_t index = 0; index < found.header_count; ++index) {
    const program_header &segment = found.headers[index];
    if (segment.type != program_header::notes || !found.is_loaded(segment))
      continue;
    // Notes begin at multiples of four. No other one contains the likeness of ours.
    for (std::uintptr_t at = 0; at + sizeof(backend_note) <= segment.size; at += 4) {
      const void *const note = reinterpret_cast<const void *>(found.base + segment.address + at);
      if (std::memcmp(note, expected, offsetof(backend_note, backend)) != 0 ||
          std::memcmp(note, expected, sizeof(backend_note)) == 0)
        continue;
      std::fprintf(stderr,
                   "unlatch: one program, two forms of unlatch::map: %s is built %s "
                   "UNLATCH_FALLBACK_MUTEX, another part of it %s. Build all parts alike.\n",
                   *found.path != '\0' ? found.path : "the program itself",
                   UNLATCH_BACKEND_LOCKED ? "without" : "with",
                   UNLATCH_BACKEND_LOCKED ? "with it" : "without it");
      std::abort();
    }
  }
  return 0;
}

inline bool declare_backend() {
  // In a function: link-time optimisation sees the symbols of assembly at file scope, but not their
  // values, and takes equal ones for two definitions.
  __asm__ volatile(".ifdef unlatch_backend_of_this_program\n"
                   ".if unlatch_backend_of_this_program - %c0\n"
                   ".error \"unlatch_backend_of_this_program: "
                   "some parts are built with UNLATCH_FALLBACK_MUTEX, some without\"\n"
                   ".endif\n"
                   ".endif\n"
                   ".globl unlatch_backend_of_this_program\n"
                   ".hidden unlatch_backend_of_this_program\n"
                   ".set unlatch_backend_of_this_program, %c0\n"
                   ".pushsection .note.unlatch, \"a\", %%note\n"
                   ".balign 4\n"
                   ".long 8, 4, 1\n"
                   ".asciz \"unlatch\"\n"
                   ".long %c0\n"
                   ".popsection"
                   :
                   : "i"(UNLATCH_BACKEND_NUMBER));
  backend_note expected = {8, 4, 1, "unlatch", UNLATCH_BACKEND_NUMBER};
  dl_iterate_phdr(&compare_backends, &expected);
  return true;
}

/// Its initialisation is the check. Hidden, so that each shared library does it.
__attribute__((visibility("hidden"))) inline const bool backend_is_declared = declare_backend();

} // namespace UNLATCH_BACKEND_NAMESPACE
} // namespace detail
} // namespace unlatch

#endif

#endif // UNLATCH_DETAIL_BACKEND_H
