# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The mutants for mutants.py: what is edited, why that is wrong, and which proofs should show it."""
import collections

Mutant = collections.namedtuple("Mutant", "name reason edits proofs is_quick")
MUTANTS = []


def mutant(name, reason, *edits, by, quick=False):
    MUTANTS.append(Mutant(name, reason, edits, by, quick))


# ------------------------------------------------------------ readers of nodes

mutant("announced-only",
       "an entry is read without a second look at its slot after it was announced",
       ("detail/node_storage.h", "const typename slot::words now = here.both();",
        "const typename slot::words now = before;"),
       by=["stalls mortal_nodes address"], quick=True)
mutant("pointer-and-state-apart",
       "the state of a slot is another moment's than its pointer",
       ("detail/node_storage.h", "first = now.first();\n", "first = here.first();\n"),
       by=["stalls mortal_nodes"])
mutant("announced-only-nearby",
       "an entry is read although its slot has changed since the announcement, where most are found",
       ("detail/node_storage.h", "where.both() == before && before.first() == live(hash)",
        "before.first() == live(hash)"),
       by=["stalls mortal_nodes address"])
mutant("not-at-rest-nearby",
       "an entry is read that is being copied or swept, where most are found",
       ("detail/node_storage.h", "where.both() == before && before.first() == live(hash)",
        "where.both() == before && kind_of(before.first()) == slot_state::live"),
       by=["stalls mortal_nodes", "histories mortal_nodes"])
mutant("outdated-entry",
       "an entry in a frozen slot is read although its table is outdated",
       ("detail/node_storage.h",
        "const bool is_outdated = has(first, slot_state::frozen) && !tables_.is_current(&all);",
        "const bool is_outdated = false;"),
       by=["stalls mortal_nodes address"])
mutant("outdated-miss",
       "a reader takes an entry that it may not read for one that is not there",
       ("detail/node_storage.h", "if (!tables_.is_current(all))\n          continue;", ""),
       by=["stalls mortal_nodes", "histories mortal_nodes"])
mutant("early-clear",
       "the announcement ends before the value is visited",
       ("detail/node_storage.h", "table_guard.drop(); // f may be long, and the table large",
        "table_guard.drop(); entry_guard.drop();"),
       by=["stalls mortal_nodes address", "stalled_reader_test address"])
mutant("condemned-node",
       "a node that was condemned is read without a second look",
       ("detail/node_storage.h", "if (!std::exchange(was_condemned, true))\n            continue;", ""),
       by=["stalls mortal_nodes", "histories mortal_nodes"])
mutant("update-lets-go",
       "update does not keep the entry that f has seen: another may get its address",
       ("detail/node_storage.h", "op.pause(); // f may be long, and the table large",
        "op.pause(); entry_guard.drop();"),
       by=["stalls mortal_nodes", "histories mortal_nodes"])
mutant("update-lets-go-quickly",
       "the first attempt of update does not keep the entry that f has seen",
       ("detail/node_storage.h", "          kept result(f, entry);\n          if (before.entry == nullptr",
        "          entry_guard.drop();\n          kept result(f, entry);\n          if (before.entry == nullptr"),
       by=["stalls mortal_nodes", "histories mortal_nodes"])
mutant("update-overwrites-node",
       "update publishes though the entry is another one",
       ("detail/node_storage.h", "if (now.entry != before.entry)\n        return false;",
        "if ((now.entry != nullptr) != (before.entry != nullptr))\n        return false;"),
       by=["histories mortal_nodes"])
mutant("retired-while-linked",
       "an entry is retired before its slot is changed",
       ("detail/node_storage.h",
        "const hash_word mark = at.second & shared_mark<hash_word>;\n    const bool replaced =",
        "const hash_word mark = at.second & shared_mark<hash_word>;\n"
        "    guard.drop(); // a destructor may take the slot\n    retire(at.entry);\n    const bool replaced ="),
       ("detail/node_storage.h",
        "static_cast<void>(fresh.release());\n    guard.drop(); // a destructor may take the slot\n    retire(at.entry);",
        "static_cast<void>(fresh.release());"),
       by=["histories mortal_nodes address"])

# ------------------------------------------------------------ keys with equal hashes

mutant("spent-slot-revived",
       "a slot that several keys have shared is used again",
       ("detail/node_storage.h", "? slot_state::spent : slot_state::dead", "? slot_state::dead : slot_state::dead"),
       by=["histories mortal_collisions"])
mutant("second-slot-unmarked",
       "a hash gets a second slot before the first is marked as shared",
       ("detail/node_storage.h", "if (at.entry != nullptr || at.unmarked == nullptr)", "if (true)"),
       by=["histories mortal_collisions"])
mutant("copies-unmarked",
       "copying gives a hash two slots without marking the first",
       ("detail/slot_table.h", "(present & shared_mark<Word>) == 0 && root.load() == &from",
        "false"),
       by=["histories mortal_collisions", "stalls mortal_collisions"])

# ------------------------------------------------------------ slots

mutant("dead-slot-for-any",
       "the first dead slot is taken, whatever hash it belongs to",
       ("detail/slot_table.h",
        "if (kind_of(first) == slot_state::empty || (same_tag",
        "if (kind_of(first) == slot_state::empty || kind_of(first) == slot_state::dead || (same_tag"),
       by=["histories slots"])
mutant("half-a-swap",
       "a slot is replaced if its first word is as expected, whatever the second",
       ("detail/double_word.h", "std::uint64_t expected = pack(first, second);",
        "std::uint64_t expected = both_.load();\n"
        "    if (static_cast<word>(expected) != first)\n      return false;"),
       by=["histories small_slots_in_regions"])
mutant("erase-clears",
       "erasing clears the value, under a reader that has seen the slot live",
       ("detail/inline_storage.h", "dead(hash), now.second, -1)", "dead(hash), 0, -1)"),
       by=["stalls slots", "histories slots"])
mutant("update-overwrites-slot",
       "update publishes though the value is another one",
       ("detail/inline_storage.h",
        "if (now.what != before.what || (before.what == sight::present && now.second != before.second))",
        "if (now.what != before.what)"),
       by=["histories slots"])
mutant("condemned-slot",
       "a slot that was condemned is read without a second look",
       ("detail/inline_storage.h", "if (!std::exchange(was_condemned, true))\n            continue;", ""),
       by=["stalls slots", "histories slots"])

# ------------------------------------------------------------ replacing tables

mutant("frozen-written",
       "a writer changes a slot that is being copied",
       ("detail/slot_table.h",
        "return !has(first, slot_state::frozen | slot_state::condemned);",
        "return !has(first, slot_state::condemned);"),
       by=["stalls slots", "histories slots"], quick=True)
mutant("condemned-believed",
       "a writer believes what a condemned slot says",
       ("detail/slot_table.h",
        "return !has(first, slot_state::frozen | slot_state::condemned);",
        "return !has(first, slot_state::frozen);"),
       by=["histories slots"])
mutant("stale-state-copied",
       "a slot is copied as it was before it was frozen",
       ("detail/slot_table.h", "first = source.set_in_first(slot_state::frozen);",
        "source.set_in_first(slot_state::frozen);"),
       by=["stalls slots", "histories slots"], quick=True)
mutant("late-copy",
       "a thread that is late copies into a table that is in use",
       ("detail/slot_table.h", "if (root.load() != &from)\n        return outcome::overtaken;", ""),
       by=["stalls mortal_nodes address", "stalls mortal_collisions address"])
mutant("others-not-waited-for",
       "a table becomes the root although others have not copied their chunks",
       ("detail/slot_table.h", "if (chunks_[chunk].load() == 0) {", "if (false) {"),
       by=["stalls slots"])
mutant("copied-not-counted",
       "the entries that were copied are not counted",
       ("detail/slot_table.h", "copied_.store(total); // the same", "// the same"),
       by=["histories slots"])
mutant("full-is-done",
       "a table that is too small is taken for one that has everything",
       ("detail/slot_table.h", "return outcome::full;", "return outcome::done;"),
       by=["shrinking_test"])
mutant("table-unprotected",
       "a table is read that may have been given back",
       ("detail/growing_table.h", "return guard.protect(root_);",
        "static_cast<void>(guard);\n    return root_.load();"),
       by=["stalled_reader_test address", "stalls slots address"])
mutant("successor-unprotected",
       "a successor that turned out too small is given back under those who copy into it",
       ("detail/growing_table.h", "guard.protect(from.next)", "from.next.load()"),
       by=["stalls slots_in_regions address"])
mutant("protected-at-first-sight",
       "what a pointer named before it was announced is taken for what it names after that",
       ("reclaim.h", "if (!UNLATCH_LIKELY(source.load() == seen))", "if (false)"),
       by=["stalled_reader_test address"])
mutant("quickly-protected-at-first-sight",
       "the same in a short read",
       ("reclaim.h", "if (UNLATCH_LIKELY(source.load() == seen))", "if (true)"),
       by=["stalled_reader_test address", "stalls slots address"])
mutant("quickly-unprotected",
       "a short read announces nothing",
       ("reclaim.h", "    announce_lightly(mine, hazard::word_of(seen));\n", ""),
       by=["stalled_reader_test address", "stalls slots address"])

# ------------------------------------------------------------ its end

mutant("destroyed-under-writers",
       "the destructor does not wait for those who are still on their way out of a change",
       ("detail/growing_table.h", "    wait_for_leavers();\n    if (table *const last", "    if (table *const last"),
       ("detail/growing_table.h", "    wait_for_leavers();\n    if (table *const all", "    if (table *const all"),
       by=["last_change_test thread"])
mutant("absent-while-changing",
       "a patient writer can't be seen to be still there",
       ("detail/growing_table.h", "reclaim::announce_lightly(slot_, where.mark());", ""),
       by=["last_change_test thread"])
mutant("destroyed-under-a-sweep",
       "the destructor does not wait for a sweep that has taken effect",
       ("detail/growing_table.h", "    gate_.wait_for_exclusion();\n", ""),
       by=["last_change_test thread"])
mutant("absent-while-growing",
       "a quick writer that looks whether the table is full can't be seen to be still there",
       ("detail/growing_table.h", "reclaim::announce_lightly(*mine, owner_.mark());",
        "gate::leave_quickly(*mine);"),
       by=["last_change_test address"])
mutant("snapshot-destroyed-under-writers",
       "the destructor of a snapshot does not wait for the mutex of the last write",
       ("snapshot.h", "    static_cast<void>(std::lock_guard<std::mutex>(writers_));\n", ""),
       by=["last_change_test thread"])

# ------------------------------------------------------------ the whole map

mutant("gate-ignored",
       "writers do not look whether the gate is closed",
       ("detail/gate.h", "if (UNLATCH_LIKELY(gate_.closed_.load() == 0))", "if (true)"),
       by=["histories mortal_nodes"], quick=True)
mutant("gate-quickly-ignored",
       "the same for writers whose first attempt is quick",
       ("detail/gate.h", "if (UNLATCH_LIKELY(closed_.load() == 0))", "if (true)"),
       by=["histories slots"])
mutant("gate-open-for-looking",
       "operations that look at the whole map do not close the gate",
       ("detail/growing_table.h",
        "const gate::closure closed(gate_, gate::closure::shared);\n    if (table *const all",
        "if (table *const all"),
       by=["histories slots"])
mutant("sweeps-not-exclusive",
       "two sweeps run at once",
       ("detail/gate.h", "      exclusive_ = true;\n", "      ++sharers_;\n"),
       ("detail/gate.h", "if (exclusively)\n        exclusive_ = false;\n      else\n        --sharers_;",
        "--sharers_;"),
       by=["histories slots"])
mutant("sweep-one-by-one",
       "a sweep takes its entries away one by one",
       ("detail/growing_table.h", "sweeps_.fetch_add(1); // from here on readers miss all of them", ""),
       ("detail/growing_table.h", "sweeps_.fetch_add(1);\n  all->count", "all->count"),
       by=["stalls slots", "histories slots"])
mutant("not-counted",
       "what a writer has inserted or erased is not counted",
       ("detail/growing_table.h", "where.count(thread, change);", ""),
       by=["histories slots"])
mutant("counted-outside",
       "a change is counted after the gate was left",
       ("detail/growing_table.h",
        "const bool look = replaced && change != 0 && count(*table_, first, change);\n"
        "    pass_.leave(); // but present\n",
        "pass_.leave();\n"
        "    const bool look = replaced && change != 0 && count(*table_, first, change);\n"),
       ("detail/growing_table.h",
        "    if (UNLATCH_UNLIKELY(replaced && change",
        "    gate::leave_quickly(*mine);\n    if (UNLATCH_UNLIKELY(replaced && change"),
       by=["histories slots"])
mutant("condemned-for-good",
       "what a failed erase_if has condemned stays condemned",
       ("detail/growing_table.h", "marks.all = nullptr;\n", ""),
       ("detail/growing_table.h", "} marks{all};", "} marks{nullptr};\n  static_cast<void>(marks);"),
       by=["exceptions_test"])

# ------------------------------------------------------------ giving memory back

mutant("nobody-asked",
       "an entry is destroyed without a look at the announcements",
       ("reclaim.h", "while (announced.load() == object.address()) {", "while (false) {"),
       by=["stalls mortal_nodes address"])
mutant("held-back-not-compared",
       "memory that was held back is given back without a look at the announcements",
       ("reclaim.h", "if ((filter[bit / 64] >> bit % 64 & 1) == 0)", "if (true)"),
       by=["stalled_reader_test address"])
mutant("left-behind",
       "what was handed over to a reader that was just leaving stays there",
       ("reclaim.h", "if (announced.load() != place) {", "if (false) {"),
       by=["prompt_destruction_test", "histories mortal_nodes"])
mutant("not-passed-on",
       "a reader that leaves does not look for what was handed over to it",
       ("reclaim.h",
        "put(place_, 0);\n      pass_on();", "put(place_, 0);"),
       by=["histories mortal_nodes"], quick=True)
