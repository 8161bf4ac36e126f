// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: one generation of a hash table with linear probing. `growing_table` replaces it by the
// next one when it is full.
//
// A slot has a tag (a hash, or what there is room for) with four bits of state, and a payload (a
// value, or a pointer to an entry). Both change together. A slot that a tag has claimed belongs to
// it until the table is replaced: an entry that is erased leaves the tag behind, and comes back in
// the same place. So of two threads that insert the same key, one finds what the other has put
// there; nothing else is needed to keep keys unique. (C. Click's non-blocking hash table, 2007,
// claims keys in this way; J. Maier, P. Sanders, R. Dementiev, "Concurrent Hash Tables: Fast and
// General(?)!", PPoPP 2016, has the two-word slot.)
//
//   empty  --insert-->  live  --erase-->  dead  --insert-->  live
//
// Different keys may have equal hashes, if the slot does not hold the key itself. Then the first
// slot of that hash can no longer be taken by whoever comes first when it is dead: two threads
// could put the same key into two places. So before a second slot is claimed for a hash, the first
// is marked as shared; a shared slot whose entry is erased is spent, and not used again.
//
// A frozen slot does not change any more: it is being copied to the next table. All operations take
// place in the root table of the map, and the next one becomes the root when everything has been
// copied. So what a frozen slot says is true as long as its table is the root.
//
// Probing is linear. It begins at an even slot, so that the first two are in one cache line.
//
// To keep all bits of a 64-bit key beside the state, the table is divided into regions, by the
// upper bits of the hash, which are then not stored. Probing comes round within the region.

#ifndef UNLATCH_DETAIL_SLOT_TABLE_H
#define UNLATCH_DETAIL_SLOT_TABLE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"
#include "unlatch/detail/double_word.h"
#include "unlatch/detail/table_memory.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

namespace slot_state {
enum : unsigned {
  empty = 0,
  live = 1,
  dead = 2,
  spent = 3,
  kind_mask = 3,
  frozen = 4,    // is being copied, or has been
  condemned = 8, // goes away when the sweep takes effect, see growing_table.h
  mask = 15
};
}

template <class Word> constexpr unsigned kind_of(Word first) noexcept {
  return static_cast<unsigned>(first) & slot_state::kind_mask;
}
template <class Word> constexpr Word tag_of(Word first) noexcept {
  return first & ~static_cast<Word>(slot_state::mask);
}
template <class Word> constexpr bool has(Word first, unsigned bits) noexcept {
  return (first & bits) != 0;
}
/// A slot that is neither being copied nor going away: what it says is so, and may be changed.
template <class Word> constexpr bool is_at_rest(Word first) noexcept {
  return !has(first, slot_state::frozen | slot_state::condemned);
}
/// Whether a slot with this first word belongs to the tag, or is empty.
template <class Word> constexpr bool same_tag(Word first, Word tag) noexcept {
  return (first ^ tag) <= slot_state::mask;
}

/// In the payload of an entry whose hash has, or had, other slots too.
template <class Word> inline constexpr Word shared_mark = 1;

/// The layout of slots that hold key and value themselves: all of a hash, less the bits that number
/// the region.
template <class Word, unsigned RegionBits> struct inline_layout {
  using word = Word;
  using slot = double_word<Word>;
  static constexpr unsigned region_bits = RegionBits;
  static constexpr bool holds_pointers = false;
  static constexpr Word tag_for(Word hash) noexcept {
    return tag_of(static_cast<Word>(hash << RegionBits));
  }
};

/// `Layout` is `inline_layout`, or has pointers to entries as payloads, which can be protected and
/// asked for their hash (see node_storage.h).
template <class Layout> class slot_table {
  static constexpr unsigned RegionBits = Layout::region_bits;
  static constexpr bool HoldsPointers = Layout::holds_pointers;

public:
  using Word = typename Layout::word;
  using slot = typename Layout::slot;
  static constexpr unsigned word_bits = sizeof(Word) * 8;
  static constexpr std::size_t line_slots = cache_line / sizeof(slot);
  /// A cache line a region, or two in all.
  static constexpr std::size_t least_slots =
      line_slots * (RegionBits == 0 ? 2 : std::size_t{1} << RegionBits);
  static constexpr std::size_t chunk_slots = 256;

  /// A hash as it stands in a slot.
  static constexpr Word tag_for(Word hash) noexcept { return Layout::tag_for(hash); }
  /// The hash of a slot that is not empty, in an inline layout.
  Word hash_of(std::size_t index, Word first) const noexcept {
    if constexpr (RegionBits == 0)
      return tag_of(first);
    else
      return static_cast<Word>(tag_of(first) >> RegionBits) |
             static_cast<Word>(static_cast<Word>(index / region_slots())
                               << (word_bits - RegionBits));
  }

  /// A table of that many slots, a power of two, that can take over from one with `source_slots`.
  /// Throws std::bad_alloc.
  static slot_table *make(std::size_t slots, std::size_t source_slots) {
    return construct(allocate_table(bytes_for(slots, source_slots)), slots, source_slots);
  }
  /// Null if there is no memory.
  static slot_table *try_to_make(std::size_t slots, std::size_t source_slots) noexcept {
    void *const memory = try_to_allocate_table(bytes_for(slots, source_slots));
    return memory == nullptr ? nullptr : construct(memory, slots, source_slots);
  }
  /// Everything in here is trivial, so that memory is all there is to give back.
  static void destroy(slot_table *self) noexcept { ::operator delete(self); }

  slot_table(const slot_table &) = delete;
  slot_table &operator=(const slot_table &) = delete;

  std::size_t slots() const noexcept { return region_slots() << RegionBits; }
  std::size_t bytes() const noexcept { return bytes_for(slots(), source_slots_); }
  slot &at(std::size_t index) noexcept { return slots_[index]; }

  /// The slot of a hash that stands for one key, if it is live and near where the search begins;
  /// otherwise null. Most look-ups end here.
  UNLATCH_ALWAYS_INLINE slot *find_nearby(Word hash) noexcept {
    const Word sought = tag_for(hash) | slot_state::live;
    std::size_t index = home_of(hash);
    // Which of the two it is cannot be predicted, so there is no branch for it.
    slot *const home = slots_ + index;
    slot *const where = home + static_cast<std::size_t>(home->first() != sought);
    if (UNLATCH_LIKELY(where->first() == sought))
      return where;
    ++index;
    for (int left = 6; left != 0; --left) {
      index = after(index);
      const Word first = slots_[index].first();
      if (first == sought)
        return slots_ + index;
      if (kind_of(first) == slot_state::empty)
        break;
    }
    return nullptr;
  }

  /// Walks over the slots that the hash may be in, until `stop(slot, first word)` or an empty slot.
  /// Returns where it has stopped, and the first word found there; null if it has come round.
  struct found {
    slot *where;
    Word first;
  };
  template <class Stop> UNLATCH_ALWAYS_INLINE found walk(Word hash, Stop stop) {
    const Word tag = tag_for(hash);
    std::size_t index = home_of(hash);
    for (std::size_t left = region_slots(); left != 0; --left) {
      slot &here = slots_[index];
      const Word first = here.first();
      if (kind_of(first) == slot_state::empty || (same_tag(first, tag) && stop(here, first)))
        return {&here, first};
      index = after(index);
    }
    return {nullptr, 0};
  }

  /// The slot of a hash that stands for one key, or the empty one that it would get.
  UNLATCH_ALWAYS_INLINE found find(Word hash) noexcept {
    return walk(hash, [](slot &, Word) { return true; });
  }

  /// Calls `f(first word)` for all slots that the hash could be in.
  template <class F> void for_each_in_region(Word hash, F f) {
    const std::size_t begin = home_of(hash) & ~region_mask_;
    for (std::size_t index = 0; index < region_slots(); ++index)
      f(slots_[begin + index].first());
  }

  /// The entries of the region that has most.
  std::size_t most_in_a_region() const noexcept {
    std::size_t most = 0;
    for (std::size_t begin = 0; begin < slots(); begin += region_slots()) {
      std::size_t live = 0;
      for (std::size_t index = 0; index < region_slots(); ++index)
        live += kind_of(slots_[begin + index].first()) == slot_state::live;
      most = live > most ? live : most;
    }
    return most;
  }

  // Counting, in stripes. Those of the first half have a thread each, who counts without an atomic
  // read-modify-write; the others share those of the second half.

  /// The number of entries has changed.
  UNLATCH_ALWAYS_INLINE void count(unsigned thread, std::ptrdiff_t change) noexcept {
    atomic<std::ptrdiff_t> &entries = stripe_of(thread).entries;
    if (UNLATCH_LIKELY(thread < own_stripes_))
      entries.store(entries.load(std::memory_order_relaxed) + change, std::memory_order_release);
    else
      entries.fetch_add(change);
  }
  /// An empty slot has been claimed. True if it is time to look whether the table is full. Not
  /// exact if threads share a stripe: what is lost makes the table a little fuller.
  UNLATCH_ALWAYS_INLINE bool count_claim(unsigned thread) noexcept {
    atomic<std::size_t> &claims = stripe_of(thread).claims;
    const std::size_t now = claims.load(std::memory_order_relaxed) + 1;
    claims.store(now, std::memory_order_relaxed);
    return (now & claims_between_looks_) == 0;
  }
  bool is_full() const noexcept {
    std::size_t claims = copied_.load();
    for (std::size_t i = 0; i < stripe_count(); ++i)
      claims += stripes_[i].claims.load(std::memory_order_relaxed);
    return claims >= most_claims(slots());
  }
  /// Where entries are allocated one by one, a denser table saves memory that counts, and the
  /// longer probes are small beside the miss on the entry.
  static constexpr std::size_t most_claims(std::size_t slots) noexcept {
    return HoldsPointers ? slots / 5 * 4 : slots / 3 * 2;
  }
  /// Exact while no writer is inside.
  std::size_t entries() const noexcept {
    std::size_t total = copied_.load();
    for (std::size_t i = 0; i < stripe_count(); ++i)
      total += static_cast<std::size_t>(stripes_[i].entries.load());
    return total;
  }
  /// After a fork the writers of other threads are gone, some of them before they had counted.
  void recount() noexcept {
    std::size_t total = 0;
    for (std::size_t index = 0; index < slots(); ++index)
      total += kind_of(slots_[index].first()) == slot_state::live;
    for (std::size_t i = 0; i < stripe_count(); ++i)
      stripes_[i].entries.store(0);
    copied_.store(total);
  }

  // Taking over from the table before. Every thread that is held up helps: it takes chunk after
  // chunk, and at the end does again what others have begun and not finished. Copying twice does no
  // harm: the second one finds the entry there.

  enum class outcome { done, overtaken, full };

  /// Copies all of `from`, unless `root` changes meanwhile, which means that it has been done.
  outcome take_over(slot_table &from, const atomic<slot_table *> &root) noexcept {
    const std::size_t chunks = chunks_of(from.slots());
    for (;;) {
      const std::size_t chunk = next_chunk_.fetch_add(1);
      if (chunk >= chunks)
        break;
      const outcome result = copy_chunk(from, chunk, root);
      if (result != outcome::done)
        return result;
    }
    std::size_t total = 0;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
      UNLATCH_INTERLEAVE();
      if (chunks_[chunk].load() == 0) {
        const outcome result = copy_chunk(from, chunk, root);
        if (result != outcome::done)
          return result;
      }
      total += chunks_[chunk].load() - 1;
    }
    copied_.store(total); // the same, whoever stores it: a frozen table does not change
    return outcome::done;
  }

  /// The table that takes over from this one.
  atomic<slot_table *> next{nullptr};

  /// In a list of tables that have had their day.
  slot_table *next_outdated = nullptr;

private:
  struct alignas(cache_line) stripe {
    atomic<std::ptrdiff_t> entries{0};
    atomic<std::size_t> claims{0};
  };
  static constexpr std::size_t prefetched = 16; // entries, ahead of copying
  using chunk_result = atomic<std::uint32_t>;   // 0, or one more than the entries copied

  static constexpr std::size_t most_stripes = 32;

  static constexpr std::size_t chunks_of(std::size_t slots) noexcept {
    return (slots + chunk_slots - 1) / chunk_slots;
  }
  static constexpr std::size_t stripes_for(std::size_t slots) noexcept {
    return slots < 512 ? 1 : slots / 256 < most_stripes ? slots / 256 : most_stripes;
  }
  // This object, then stripes, slots and the results of copying; the first two on cache lines.
  static constexpr std::size_t bytes_for(std::size_t slots, std::size_t source_slots) noexcept {
    return sizeof(slot_table) + cache_line + stripes_for(slots) * sizeof(stripe) +
           slots * sizeof(slot) + chunks_of(source_slots) * sizeof(chunk_result);
  }

  static slot_table *construct(void *memory, std::size_t slots, std::size_t source_slots) noexcept {
    return ::new (memory) slot_table(slots, source_slots);
  }

  slot_table(std::size_t slots, std::size_t source_slots) noexcept
      : region_mask_((slots >> RegionBits) - 1), source_slots_(source_slots) {
    shift_ = word_bits;
    for (std::size_t homes = slots / 2; homes != 1; homes /= 2)
      --shift_;
    own_stripes_ = static_cast<unsigned>(stripes_for(slots) / 2);
    claims_between_looks_ = slots < 1024 ? 0 : slots / 1024 - 1;
    const std::uintptr_t behind = reinterpret_cast<std::uintptr_t>(this + 1);
    char *place = reinterpret_cast<char *>(this + 1) + (cache_line - behind % cache_line);
    stripes_ = reinterpret_cast<stripe *>(place);
    std::uninitialized_default_construct_n(stripes_, stripe_count());
    place += stripe_count() * sizeof(stripe);
    slots_ = reinterpret_cast<slot *>(place);
    std::uninitialized_default_construct_n(slots_, slots);
    place += slots * sizeof(slot);
    chunks_ = reinterpret_cast<chunk_result *>(place);
    for (std::size_t i = 0; i < chunks_of(source_slots); ++i)
      ::new (static_cast<void *>(chunks_ + i)) chunk_result(0);
  }

  std::size_t region_slots() const noexcept { return region_mask_ + 1; }
  /// Where the search for a hash begins: at an even slot, so that the first two are in one line.
  std::size_t home_of(Word hash) const noexcept {
    return static_cast<std::size_t>(hash >> shift_) * 2;
  }
  /// Where it goes on.
  std::size_t after(std::size_t index) const noexcept {
    return (index & ~region_mask_) | ((index + 1) & region_mask_);
  }

  std::size_t stripe_count() const noexcept { return own_stripes_ == 0 ? 1 : own_stripes_ * 2; }
  UNLATCH_ALWAYS_INLINE stripe &stripe_of(unsigned thread) noexcept {
    if (UNLATCH_LIKELY(thread < own_stripes_))
      return stripes_[thread];
    return own_stripes_ == 0 ? stripes_[0] : stripes_[own_stripes_ + thread % own_stripes_];
  }

  outcome copy_chunk(slot_table &from, std::size_t chunk,
                     const atomic<slot_table *> &root) noexcept {
    const std::size_t begin = chunk * chunk_slots;
    const std::size_t end = begin + chunk_slots < from.slots() ? begin + chunk_slots : from.slots();
    std::uint32_t live = 0;
    for (std::size_t index = begin; index < end; ++index) {
      slot &source = from.slots_[index];
      if constexpr (HoldsPointers) // its hash is in the entry, which is anywhere
        if (index + prefetched < end)
          UNLATCH_PREFETCH(Layout::entry_in(from.slots_[index + prefetched].second()));
      Word first = source.first();
      if (!has(first, slot_state::frozen))
        first = source.set_in_first(slot_state::frozen);
      UNLATCH_INTERLEAVE();
      if (kind_of(first) != slot_state::live)
        continue;
      const Word payload = source.second();
      Word hash;
      if constexpr (HoldsPointers) {
        // As long as `from` is the root, nothing can have been removed from the next table.
        reclaim::hazard guard;
        guard.take_slot();
        Layout::protect(guard, payload);
        if (root.load() != &from)
          return outcome::overtaken;
        hash = Layout::hash_in(payload);
      } else {
        hash = from.hash_of(index, first);
      }
      const outcome result = copy(hash, payload, from, root);
      if (result != outcome::done)
        return result;
      ++live;
    }
    chunks_[chunk].store(live + 1);
    return outcome::done;
  }

  /// Puts in a copy unless it is there. Other threads may be copying the same, and may have
  /// finished: then this table is in use, and the entry may have been replaced or erased here
  /// since. An entry leaves its hash behind wherever it was copied to. So if the way to the first
  /// empty slot was free of it while `from` was the root, and that slot is still empty now, then
  /// nobody has copied it.
  outcome copy(Word hash, Word payload, slot_table &from,
               const atomic<slot_table *> &root) noexcept {
    payload = HoldsPointers ? payload & ~shared_mark<Word> : payload;
    for (;;) {
      bool shares_hash = false;
      bool changed = false;
      const found at = walk(hash, [&](slot &here, Word first) {
        if (!HoldsPointers || kind_of(first) != slot_state::live)
          return true; // the entry, or what has become of it
        const Word present = here.second();
        if ((present & ~shared_mark<Word>) == payload)
          return true;
        shares_hash = true;
        if ((present & shared_mark<Word>) == 0 && root.load() == &from)
          changed = !here.replace(first, present, first, present | shared_mark<Word>);
        return changed;
      });
      if (root.load() != &from)
        return outcome::overtaken;
      if (changed)
        continue;
      if (at.where == nullptr)
        return outcome::full;
      if (kind_of(at.first) != slot_state::empty)
        return outcome::done;
      UNLATCH_INTERLEAVE();
      const Word fresh = shares_hash ? payload | shared_mark<Word> : payload;
      if (at.where->replace(0, 0, tag_for(hash) | slot_state::live, fresh))
        return outcome::done;
    }
  }

  // Read by everyone.
  slot *slots_;
  std::size_t region_mask_; // slots of a region, less one
  unsigned shift_;          // leaves those bits of a hash that number the pairs of slots
  stripe *stripes_;
  unsigned own_stripes_ = 0; // half of them, or none
  std::size_t claims_between_looks_ = 0;
  const std::size_t source_slots_;
  chunk_result *chunks_;
  atomic<std::size_t> copied_{0}; // entries at the beginning
  atomic<std::size_t> next_chunk_{0};
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_SLOT_TABLE_H
