# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shows unlatch::map, unlatch::snapshot and unlatch::counter in gdb as what they hold.

    (gdb) source /usr/local/share/unlatch/gdb/unlatch_printers.py
    (gdb) print ports
    $1 = unlatch::map with 2 entries = {["http"] = 80, ["ssh"] = 22}

Everything is read from memory: no function of the program is called, so it works for a core file
as well. A thread that was stopped inside an operation has either made its change or not.
"""
import gdb
import gdb.printing

# The state of a slot, in its lowest bits: unlatch/detail/slot_table.h.
LIVE, KIND_MASK, CONDEMNED, STATE_MASK = 1, 3, 8, 15
SECOND_FACTOR = 0xD6E8FEB86659FD93  # unlatch/detail/scramble.h


def loaded(atomic):
    """What a std::atomic holds. All libraries put it at the beginning."""
    held = atomic.type.strip_typedefs().template_argument(0)
    return atomic.address.cast(held.pointer()).dereference()


def unscrambled(word, bits, scramble):
    """The word that scramble<Word> has made this one of."""
    modulus = 1 << bits
    word = word * pow(SECOND_FACTOR, -1, modulus) % modulus
    word ^= word >> bits // 2
    return word * pow(int(scramble["factor_"]), -1, modulus) % modulus ^ int(scramble["offset_"])


def value_from(word, kind):
    """The object whose bytes are the lowest of the word."""
    return gdb.Value(word.to_bytes(8, "little")[:kind.sizeof], kind)


class Table:
    """The current table of a map: which slots are live, and what stands in them."""

    def __init__(self, tables, region_bits):
        condemned = CONDEMNED if int(loaded(tables["sweeps_"])) % 2 == 1 else 0
        # For the lowest byte of a slot.
        self.is_live = bytes(byte & KIND_MASK == LIVE and byte & condemned == 0
                             for byte in range(256))
        root = loaded(tables["root_"])
        if int(root) == 0:
            self.start = self.slot_bytes = self.slots_of_a_region = self.slots = 0
            return
        self.start = int(root["slots_"])
        self.slot_bytes = root["slots_"].type.target().sizeof
        self.slots_of_a_region = int(root["region_mask_"]) + 1
        self.slots = self.slots_of_a_region << region_bits

    def parts(self):
        """Index of the first slot, the bytes of the slots, and for each whether it is live.

        Not all at once, so that the first entries of a large table need not wait for the others.
        """
        for first in range(0, self.slots, 4096):
            number = min(4096, self.slots - first)
            memory = gdb.selected_inferior().read_memory(self.start + first * self.slot_bytes,
                                                         number * self.slot_bytes)
            memory = bytes(memory)
            yield first, memory, memory[::self.slot_bytes].translate(self.is_live)

    def size(self):
        return sum(live.count(1) for _, _, live in self.parts())

    def live_slots(self):
        """Index and bits of each."""
        for first, memory, live in self.parts():
            place = live.find(1)
            while place != -1:
                at = place * self.slot_bytes
                yield first + place, int.from_bytes(memory[at:at + self.slot_bytes], "little")
                place = live.find(1, place + 1)


class InlineEntries:
    """Key and value stand in the slot, the key scrambled: unlatch/detail/inline_storage.h."""

    def __init__(self, storage, key, value):
        layout = storage["tables_"].type.strip_typedefs().template_argument(0)
        self.region_bits = int(layout.template_argument(1))
        self.table = Table(storage["tables_"], self.region_bits)
        self.scramble = storage["scramble_"]
        self.key, self.value = key, value

    def __iter__(self):
        word_bits = self.table.slot_bytes * 8 // 2
        key_bits = 32 if self.key.sizeof <= 4 else 64
        for index, bits in self.table.live_slots():
            first, second = bits % (1 << word_bits), bits >> word_bits
            region = index // self.table.slots_of_a_region
            hashed = (first & ~STATE_MASK) >> self.region_bits
            hashed |= region << word_bits - self.region_bits
            key = unscrambled(hashed >> word_bits - key_bits, key_bits, self.scramble)
            yield value_from(key, self.key), value_from(second, self.value)


class NodeEntries:
    """A slot has the address of an entry: unlatch/detail/packed_slot.h."""

    POINTER_MASK = (1 << 52) - 16

    def __init__(self, storage, _key, _value):
        self.table = Table(storage["tables_"], 0)
        self.entry = gdb.lookup_type(storage.type.strip_typedefs().name + "::node")

    def __iter__(self):
        pointer = self.entry.pointer()
        shift = 0 if pointer.sizeof == 8 else 4
        for _, bits in self.table.live_slots():
            entry = gdb.Value((bits & self.POINTER_MASK) >> shift).cast(pointer).dereference()
            yield entry["key"], entry["value"]


class MapPrinter:
    def __init__(self, value):
        kind = value.type.strip_typedefs()
        storage = value["storage_"]
        layouts = {"inline_storage": InlineEntries, "node_storage": NodeEntries}
        layout = storage.type.strip_typedefs().name.split("<")[0].split("::")[-1]
        self.entries = layouts[layout](storage, kind.template_argument(0),
                                       kind.template_argument(1))

    def to_string(self):
        number = self.entries.table.size()
        return "unlatch::map with %d entr%s" % (number, "y" if number == 1 else "ies")

    def children(self):
        for index, (key, value) in enumerate(self.entries):
            yield "key %d" % index, key
            yield "value %d" % index, value

    @staticmethod
    def display_hint():
        return "map"


class SnapshotPrinter:
    def __init__(self, value):
        self.box = loaded(value["current_"])

    @staticmethod
    def to_string():
        return "unlatch::snapshot"

    def children(self):
        yield "current", self.box["value"]


class CounterPrinter:
    def __init__(self, value):
        self.kind = value.type.strip_typedefs().template_argument(0)
        self.cells = value["cells_"]

    def to_string(self):
        first, last = self.cells.type.range()
        total = sum(int(loaded(self.cells[i]["value"])) for i in range(first, last + 1))
        wrapped = total % (1 << self.kind.sizeof * 8)
        sum_as_declared = gdb.Value(wrapped.to_bytes(self.kind.sizeof, "little"), self.kind)
        return "unlatch::counter of %d" % int(sum_as_declared)


def register(objfile):
    printers = gdb.printing.RegexpCollectionPrettyPrinter("unlatch")
    for name, printer in (("map", MapPrinter), ("snapshot", SnapshotPrinter),
                          ("counter", CounterPrinter)):
        printers.add_printer(name, "^unlatch::(lock_free::)?%s<.*>$" % name, printer)
    gdb.printing.register_pretty_printer(objfile, printers, replace=True)


register(gdb.current_objfile())
