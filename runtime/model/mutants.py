#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Headers with one step of a protocol broken, which the model has to find.

    mutants.py list                     names and models
    mutants.py write NAME FOLDER        writes the broken headers, if the edits still fit
    mutants.py run NAME PROGRAM         runs the model that was built with them; it has to fail

A mutant is an edit of a copy of the headers. Memory orders are what this model is for: those mutants
behave on an x86 machine, and tests cannot find them.
"""
import collections
import os
import subprocess
import sys

HEADERS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "include")

Mutant = collections.namedtuple("Mutant", "name model programs edits")
MUTANTS = []


def mutant(name, model, programs, *edits):
    """`programs` is a part of the names of those that are run."""
    MUTANTS.append(Mutant(name, model, programs, edits))


# ------------------------------------------------------------ hazard pointers

mutant("announced_only", "hazards", "one reader, fenced (asymmetric",  # no second look
       ("reclaim.h", "if (!UNLATCH_LIKELY(source.load() == seen))", "if (false)"))
mutant("quickly_announced_only", "hazards", "one reader, quick (asymmetric",
       ("reclaim.h", "if (UNLATCH_LIKELY(source.load() == seen))", "if (true)"))
mutant("patiently_announced_only", "hazards", "one reader, fenced (sequential",
       ("reclaim.h", "if (again == seen)", "if (true)"))
mutant("light_without_fences", "hazards", "one reader, fenced (sequential",
       ("reclaim.h", "if (detail::fences_are_asymmetric())\n    self.light", "self.light"))
mutant("light_slot_taken_twice", "hazards", "nested readers, fenced (asymmetric",
       ("reclaim.h",
        "if (!UNLATCH_LIKELY(mine.load(std::memory_order_relaxed) == 0))\n"
        "      return protect_patiently(free_place(), source);", ""))
mutant("quick_slot_taken_twice", "hazards", "nested readers, quick (asymmetric",
       ("reclaim.h",
        "if (!UNLATCH_LIKELY(mine.load(std::memory_order_relaxed) == 0))\n      return nullptr;",
        "if (&mine == &never_free)\n      return nullptr;"))
mutant("relaxed_announcement", "hazards", "one reader, fenced (sequential",
       ("reclaim.h", "slot_at(place).store(word);",
        "slot_at(place).store(word, std::memory_order_release);"))
mutant("relaxed_strong_announcement", "hazards", "one reader, strong",
       ("reclaim.h", "slot_at(place_).store(word_of(address));",
        "slot_at(place_).store(word_of(address), std::memory_order_release);"))
mutant("relaxed_leaving", "hazards", "fenced (asymmetric",
       ("reclaim.h", "where.store(word, std::memory_order_release);",
        "where.store(word, std::memory_order_relaxed);"))
mutant("relaxed_look", "hazards", "one reader, strong",
       ("reclaim.h", "while (announced.load() == object.address())",
        "while (announced.load(std::memory_order_relaxed) == object.address())"))
mutant("relaxed_handing_over", "hazards", "two readers",
       ("reclaim.h", "exchange(object.word()));",
        "exchange(object.word(), std::memory_order_relaxed));"))
mutant("no_fence", "hazards", "one reader, fenced (asymmetric",
       ("detail/asymmetric_fence.h", "if (!membarrier(private_expedited))", "if (false)"))
mutant("no_fence_before_retiring_memory", "hazards", "held back memory (asymmetric",
       ("reclaim.h", "retire_held_back(record &mine) noexcept {\n  detail::heavy_fence();",
        "retire_held_back(record &mine) noexcept {"))
mutant("no_second_look_after_handing_over", "hazards", "one reader, strong",
       ("reclaim.h", "if (announced.load() != place)", "if (false && place != 0)"))
mutant("no_fence_after_handing_over", "hazards", "one reader, fenced (asymmetric",
       ("reclaim.h", "exchange(object.word()));\n        detail::heavy_fence();",
        "exchange(object.word()));"))
mutant("reader_leaves_without_a_look", "hazards", "one reader, strong",
       ("reclaim.h", "put(place_, 0);\n      pass_on();", "put(place_, 0);"))
mutant("quick_reader_leaves_without_a_look", "hazards", "one reader, quick (asymmetric",
       ("reclaim.h", "hazard::pass_on_from(*slot_);", ""))
mutant("vacant_with_a_guard", "hazards", "guard outlives thread, fenced",
       ("reclaim.h", "mine->state.store(in_use ? record::orphaned : record::vacant);",
        "mine->state.store(record::vacant);"))

# ------------------------------------------------------------ slots and migration

mutant("dead_slot_passed_over", "slots", "stale_helper",
       ("detail/slot_table.h", "(same_tag(first, tag) && stop(here, first))",
        "(first == (tag | slot_state::live) && stop(here, first))"))
mutant("dead_slot_of_another_key_taken", "slots", "same_size",
       ("detail/slot_table.h", "kind_of(first) == slot_state::empty || (same_tag(first, tag)",
        "kind_of(first) == slot_state::empty || kind_of(first) == slot_state::dead ||\n"
        "          (same_tag(first, tag)"))
mutant("frozen_slot_changed", "slots", "grow",
       ("detail/growing_table.h", "UNLATCH_LIKELY(is_at_rest(first))",
        "!has(first, slot_state::condemned)"))
mutant("frozen_slot_changed_quickly", "slots", "grow, eight_slots, near_keys (asymmetric",
       ("detail/growing_table.h", "{ return is_at_rest(first); }",
        "{ return !has(first, slot_state::condemned); }"))
mutant("others_chunks_not_finished", "slots", "two_parts",
       ("detail/slot_table.h", "if (chunks_[chunk].load() == 0)", "if (false)"))
mutant("copied_before_frozen", "slots", "grow",
       ("detail/slot_table.h", "first = source.set_in_first(slot_state::frozen);", ""))
mutant("hash_not_left_behind", "slots", "grow",
       ("detail/inline_storage.h", "return table::tag_for(hash) | slot_state::dead;",
        "return hash & 0;"))
mutant("successor_not_protected", "slots", "two_generations",
       ("detail/growing_table.h", "table *const successor = guard.protect(from.next);",
        "table *const successor = from.next.load();"))
mutant("table_published_relaxed", "slots", "same_size",
       ("detail/growing_table.h", "if (root_.compare_exchange_strong(expected, successor))",
        "if (root_.compare_exchange_strong(expected, successor, std::memory_order_relaxed))"))
mutant("table_left_behind", "slots", "same_size",
       ("detail/growing_table.h",
        "if (root_.compare_exchange_strong(expected, successor))\n          outdated.add(from);",
        "root_.compare_exchange_strong(expected, successor);"))
mutant("counted_after_leaving", "slots", "count_while_growing",
       ("detail/growing_table.h", "    const bool look = replaced",
        "    pass_.leave();\n    const bool look = replaced"))
mutant("counted_after_leaving_quickly", "slots", "count_in_stripes, eight_slots, near_keys (asym",
       ("detail/growing_table.h", "    if (UNLATCH_UNLIKELY(replaced && change",
        "    gate::leave_quickly(*mine);\n    if (UNLATCH_UNLIKELY(replaced && change"))
mutant("stripes_of_others", "slots", "count_in_stripes",
       ("detail/slot_table.h", "if (UNLATCH_LIKELY(thread < own_stripes_))\n      entries.store(",
        "if (true)\n      entries.store("))
mutant("relaxed_leaving_of_the_gate", "slots", "count_in_stripes, eight_slots, near_keys (asym",
       ("reclaim.h", "where.store(word, std::memory_order_release);",
        "where.store(word, std::memory_order_relaxed);"))

# ------------------------------------------------------------ entries

mutant("entry_published_relaxed", "nodes", "insert_both",
       ("detail/packed_slot.h", "pack(new_first, new_second));",
        "pack(new_first, new_second), std::memory_order_relaxed);"))
mutant("entry_announced_only", "nodes", "visit_and_remove",
       ("detail/node_storage.h", "const typename slot::words now = here.both();",
        "const typename slot::words now = before;"))
mutant("entry_announced_only_nearby", "nodes", "visit_and_remove",
       ("detail/node_storage.h", "where.both() == before && before.first() == live(hash)",
        "before.first() == live(hash)"))
mutant("entry_of_outdated_table_nearby", "nodes", "stale_helper_of_pair",
       ("detail/node_storage.h", "where.both() == before && before.first() == live(hash)",
        "where.both() == before && kind_of(before.first()) == slot_state::live"))
mutant("entry_of_outdated_table", "nodes", "stale_helper_of_pair",
       ("detail/node_storage.h", "has(first, slot_state::frozen) && !tables_.is_current(&all)",
        "has(first, slot_state::frozen) && &all == nullptr"))
mutant("shared_slot_revived", "nodes", "revive",
       ("detail/node_storage.h", "!= 0 ? slot_state::spent : slot_state::dead",
        "!= 0 ? slot_state::dead : slot_state::dead"))
mutant("shared_hash_not_marked", "nodes", "revive",
       ("detail/node_storage.h", "if (at.entry != nullptr || at.unmarked == nullptr)", "if (true)"))
mutant("copied_after_the_root_has_changed", "nodes", "stale_helper_of_pair",
       ("detail/slot_table.h",
        "      if (root.load() != &from)\n        return outcome::overtaken;", ""))

# ------------------------------------------------------------ the gate, and sweeps

mutant("writer_passes_a_closed_gate", "sweeps", "look_while_moving, entries",
       ("detail/gate.h", "if (UNLATCH_LIKELY(gate_.closed_.load() == 0))", "if (true)"))
mutant("quick_writer_passes_a_closed_gate", "sweeps", "look_while_moving, slots (asymmetric",
       ("detail/gate.h", "if (UNLATCH_LIKELY(closed_.load() == 0))", "if (true)"))
mutant("gate_closed_without_fence", "sweeps", "sweep_and_write, entries (asymmetric",
       ("detail/gate.h", "    choose_fences();\n    heavy_fence();\n", ""))
mutant("condemned_is_gone", "sweeps", "clear_and_read",
       ("detail/inline_storage.h", "if (tables_.sweep_is_in_effect())", "if (true)"))
mutant("condemned_is_there", "sweeps", "clear",
       ("detail/inline_storage.h", "if (tables_.sweep_is_in_effect())", "if (false)"))
mutant("condemned_is_there_nearby", "sweeps", "clear_and_read, slots (asymmetric",
       ("detail/slot_table.h", "UNLATCH_LIKELY(where->first() == sought)",
        "(where->first() & ~Word{slot_state::condemned}) == sought"))
mutant("condemned_seen_once", "sweeps", "clear",
       ("detail/inline_storage.h", "if (!std::exchange(was_condemned, true))", "if (false)"))
mutant("condemned_entry_seen_once", "sweeps", "clear_and_read, entries",
       ("detail/node_storage.h", "if (!std::exchange(was_condemned, true))", "if (false)"))

# ------------------------------------------------------------ snapshots

mutant("snapshot_published_relaxed", "snapshots", "readers",
       ("snapshot.h", "current_.exchange(fresh.release());",
        "current_.exchange(fresh.release(), std::memory_order_relaxed);"))
mutant("snapshot_swapped_blindly", "snapshots", "compare and swap",
       ("snapshot.h", "if (current_.load() != expected.box_)", "if (false)"))
mutant("snapshot_retired_unfenced", "snapshots", "readers, destroyed pictures (asymmetric",
       ("snapshot.h", "reclaim::retire_fenced(old);", "reclaim::retire(old);"))
mutant("quick_writer_takes_the_slot_of_a_guard", "snapshots", "beside a map (asymmetric",
       ("reclaim.h", "UNLATCH_LIKELY(other->load(std::memory_order_relaxed) == 0)", "true"))

# ------------------------------------------------------------ sequential consistency

# Two loads, one before and one after the announcement; and the same of a quick hazard.
TAKEN = ("T *const seen = source.load();\n    announce_lightly(mine, word_of(seen));\n"
         "    if (!UNLATCH_LIKELY(source.load() == seen))")
TAKEN_QUICKLY = ("T *const seen = source.load();\n"
                 "    announce_lightly(mine, hazard::word_of(seen));\n    slot_ = &mine;\n"
                 "    if (UNLATCH_LIKELY(source.load() == seen))")


def acquiring(loads):
    return ("reclaim.h", loads, loads.replace("load()", "load(std::memory_order_acquire)"))


mutant("root_read_acquiring", "store_buffering", "missing_key<slots> (asymmetric",
       acquiring(TAKEN), acquiring(TAKEN_QUICKLY))
mutant("snapshot_read_acquiring", "store_buffering", "snapshot_of_plain_number (asymmetric",
       acquiring(TAKEN))
mutant("slot_read_acquiring", "store_buffering", "small_slots",
       ("detail/double_word.h", "static_cast<word>(both_.load());",
        "static_cast<word>(both_.load(std::memory_order_acquire));"))
mutant("slot_of_entry_read_acquiring", "store_buffering", "entries",
       ("detail/packed_slot.h", "return words(word_.load());",
        "return words(word_.load(std::memory_order_acquire));"))
mutant("no_fence_before_a_section", "store_buffering", "weak_number",
       ("fence.h", "fenced_section() noexcept { full_fence(); }", "fenced_section() noexcept {}"))
mutant("no_fence_behind_a_section", "store_buffering", "weak_number",
       ("fence.h", "~fenced_section() { full_fence(); }", "~fenced_section() {}"))
mutant("effect_of_a_sweep_read_acquiring", "sweeps", "clear_and_compare, slots",
       ("detail/growing_table.h", "(sweeps_.load() & 1)",
        "(sweeps_.load(std::memory_order_acquire) & 1)"))


def edited(one):
    """The headers that change, as pairs of name and text; or nothing if an edit does not fit."""
    texts = {}
    for name, old, new in one.edits:
        if name not in texts:
            with open(os.path.join(HEADERS, "unlatch", name)) as file:
                texts[name] = file.read()
        if texts[name].count(old) != 1:
            print("mutant %s: %s has %d times\n%s" % (one.name, name, texts[name].count(old), old))
            return None
        texts[name] = texts[name].replace(old, new)
    return texts


def write(one, folder):
    # An edit that does not fit is the test's to report, and no reason not to build the rest.
    texts = edited(one) or {}
    top = os.path.join(HEADERS, "unlatch")
    for parent, _, names in os.walk(top):
        for name in names:
            path = os.path.join(parent, name)
            inside = os.path.relpath(path, top)
            with open(path) as file:
                text = texts.get(inside, file.read())
            replace(os.path.join(folder, "unlatch", inside), text)


def replace(path, text):
    """Leaves the time of a file that has not changed, so that nothing is built again for it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        with open(path) as file:
            if file.read() == text:
                return
    with open(path, "w") as file:
        file.write(text)


def run(one, program):
    if edited(one) is None:
        return 1
    # They end when the error is found, so it costs nothing to let them try for longer.
    patience = 10 * float(os.environ.get("UNLATCH_MODEL_FACTOR", "1"))
    environment = dict(os.environ, UNLATCH_MODEL_FACTOR=str(patience))
    done = subprocess.run([program, "--must-fail", one.programs], env=environment)
    return done.returncode


def main():
    if sys.argv[1] == "list":
        for each in MUTANTS:
            print("%s %s" % (each.name, each.model))
        return 0
    one = next(each for each in MUTANTS if each.name == sys.argv[2])
    if sys.argv[1] == "write":
        write(one, sys.argv[3])
        return 0
    return run(one, sys.argv[3])


if __name__ == "__main__":
    sys.exit(main())
