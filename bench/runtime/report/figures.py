# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the measuring programs printed, to be looked up."""
import json

OURS = {"map": "unlatch::map", "tail": "unlatch::map", "registry": "unlatch::map",
        "state": "unlatch::snapshot", "counter": "unlatch::counter", "memory": "unlatch::map"}
MUTEX_MAP = "mutex + unordered_map"
SHARED_MUTEX_MAP = "shared_mutex + unordered_map"
BOOST = "boost::concurrent_flat_map"

U64 = "u64 -> u64"
RECORD = "u64 -> 32 bytes"
STRING = "string -> shared_ptr"
PROCESS = "u64 -> process"

# Other libraries that can be measured.
PEERS = {"map": (BOOST, "libcuckoo", "liburcu lfht", "tbb::concurrent_hash_map",
                 "libcds FeldmanHashSet"),
         "state": ("atomic<shared_ptr>", "liburcu read section")}


class Figures:
    def __init__(self, lines):
        self.all = [json.loads(line) for line in lines if line.strip()]
        self.by_subject = {}
        self.roles = {}
        for each in self.all:
            subject = (each["suite"], each["type"], each["workload"], each["threads"])
            self.by_subject.setdefault(subject, {})[each["contender"]] = each
            self.roles[each["contender"]] = each["role"]
        self.types_by_suite = {}
        for suite, type, _, _ in self.by_subject:
            self.types_by_suite.setdefault(suite, {})[type] = True

    def find(self, suite, type, workload, threads, contender):
        """The whole figure, or None if it was not measured."""
        return self.by_subject.get((suite, type, workload, threads), {}).get(contender)

    def value(self, suite, type, workload, threads, contender):
        found = self.find(suite, type, workload, threads, contender)
        return found["value"] if found and found["samples"] else None

    def contenders(self, suite, type=None, role=None):
        """Names in the order in which they were measured."""
        names = {}
        for each in self.all:
            if (each["suite"] == suite and type in (None, each["type"])
                    and role in (None, each["role"])):
                names[each["contender"]] = True
        return list(names)

    def floor(self, suite, type=None):
        found = self.contenders(suite, type, "floor")
        return found[0] if found else None

    def absent(self):
        """Libraries that were not found when the measuring programs were built."""
        return [name for suite, names in PEERS.items() if suite in self.types_by_suite
                for name in names if name not in self.roles]

    def workloads(self, suite, type):
        return list({(each["workload"], each["threads"]): True for each in self.all
                     if each["suite"] == suite and each["type"] == type})

    def types(self, suite):
        return list(self.types_by_suite.get(suite, ()))


def quotient(numerator, denominator):
    if numerator is None or not denominator:
        return None
    return numerator / denominator


def number(value):
    """Three digits, and none for what is next to nothing."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) >= 0.0005 else "0"
