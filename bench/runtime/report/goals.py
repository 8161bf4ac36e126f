# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The goals of the runtime, each a number that can be worked out for every contender alike."""
from .figures import (BOOST, MUTEX_MAP, OURS, RECORD, SHARED_MUTEX_MAP, STRING, U64, number,
                      quotient)


class Goal:
    """`measure(contender)` has to be at most, or at least, the limit."""

    def __init__(self, suite, workload, sign, limit, unit, measure, type=None, reference=None,
                 time=None):
        self.suite, self.workload, self.type = suite, workload, type
        self.sign, self.limit, self.unit = sign, limit, unit
        self.measure, self.reference, self.time = measure, reference, time

    def is_met(self, value):
        if self.sign == "<=":
            return value <= self.limit
        return value < self.limit if self.sign == "<" else value >= self.limit

    def text(self, value):
        return f"{number(value)} {self.unit}"

    def row(self, figures):
        """Workload, goal, ours, best peer, ratio, met."""
        goal = f"{self.sign} {self.text(self.limit)}"
        ours = self.measure(OURS[self.suite])
        peers = {name: self.measure(name)
                 for name in figures.contenders(self.suite, self.type, "peer")
                 if name != self.reference}
        peers = {name: value for name, value in peers.items() if value is not None}
        if ours is None:  # nothing to compare with
            missing = self.reference if self.reference not in figures.roles else ""
            return [self.workload, goal, "", f"{missing} absent" if missing else "absent", "", "?"]
        time = f" ({number(self.time(OURS[self.suite]))} ns)" if self.time else ""
        row = [self.workload, goal, self.text(ours) + time]
        if peers:
            best = (max if self.sign == ">=" else min)(peers, key=peers.get)
            ratio = quotient(ours, peers[best])
            row += [f"{best} {self.text(peers[best])}", f"{ratio:.2f}" if ratio is not None else ""]
        else:
            row += ["absent", ""]
        return row + ["yes" if self.is_met(ours) else "no"]


def goals(figures):
    all = []

    def add(*arguments, **named):
        all.append(Goal(*arguments, **named))

    def by(time, other):
        """How many times what the other contender takes."""
        return lambda name: quotient(time(name), time(other) if other else None)

    def faster_than(time, other):
        return lambda name: quotient(time(other), time(name))

    def worst(measures):
        def measure(name):
            found = [each(name) for each in measures]
            return max(found) if found and None not in found else None
        return measure

    def time(type, workload, threads):
        return lambda name: figures.value("map", type, workload, threads, name)

    def within(sign, limit, unit, other, type, workload, threads, label):
        """A goal for one workload of a map, in times of another contender."""
        taken = time(type, workload, threads)
        measure = (faster_than if sign == ">=" else by)(taken, other)
        add("map", f"{label}, T{threads}", sign, limit, unit, measure, type=type, reference=other,
            time=taken)

    for workload, label in (("read", "u64 read"), ("read hot", "u64 read, few keys")):
        within("<=", 1.5, "x floor", figures.floor("map", U64), U64, workload, 1, label)
        within(">=", 10, "x shared_mutex", SHARED_MUTEX_MAP, U64, workload, 2, label)
        within(">=", 40, "x mutex", MUTEX_MAP, U64, workload, 2, label)
    for workload in ("90/10", "50/50"):
        within("<", 1, f"x {BOOST}", BOOST, U64, workload, 2, f"u64 {workload}")
        within(">=", 25, "x mutex", MUTEX_MAP, U64, workload, 2, f"u64 {workload}")
    within(">=", 13, "x mutex", MUTEX_MAP, U64, "churn", 2, "u64 churn")
    within("<=", 1.15, "x floor", figures.floor("map", STRING), STRING, "read", 1, "string read")
    within(">=", 12, "x mutex", MUTEX_MAP, STRING, "read", 2, "string read")
    within("<=", 1.2, f"x {BOOST}", BOOST, STRING, "50/50", 2, "string 50/50")

    pairs = [(type, workload) for type in (U64, RECORD, STRING)
             for workload in ("read", "90/10", "50/50", "update", "churn")
             if (type, workload) != (STRING, "update")]

    def regression(pair):
        return by(time(*pair, 1), MUTEX_MAP)

    def crowding(pair):
        return lambda name: quotient(time(*pair, 10)(name), time(*pair, 2)(name))

    for label, of_pair, limit, unit in (("no regression, T1", regression, 1, "x mutex"),
                                        ("10 threads", crowding, 1.5, "x 2 threads")):
        most = max(pairs, key=lambda pair: of_pair(pair)(OURS["map"]) or 0)
        add("map", f"{label} (worst: {', '.join(most)})", "<=", limit, unit,
            worst([of_pair(pair) for pair in pairs]))

    for part, limit in (("p99.9", 1), ("p99.99", 10)):
        add("tail", f"read while inserting, {part}", "<=", limit, "us",
            lambda name, part=part: quotient(figures.value("tail", U64, part, 2, name), 1000))
    for type, limit in ((U64, 45), (RECORD, 75)):
        add("memory", f"memory an entry, {type}", "<=", limit, "bytes",
            lambda name, type=type: figures.value("memory", type, "an entry", 1, name), type=type)

    def left_behind(workload):
        def measure(name):
            subject = f"reader stalled, {workload}"
            done, by_us = (figures.value("memory", RECORD, f"{subject}, operations", 2, each)
                           for each in (name, OURS["memory"]))
            # Nothing piles up where the reader keeps the writer out. That is not meant.
            if not done or done < by_us / 10:
                return None
            return figures.value("memory", RECORD, subject, 2, name)
        return measure
    # One table of 2^18 slots of 16 bytes may be waiting besides where keys come and go.
    for workload, limit in (("overwrite", 1), ("churn", 1 + 4.2)):
        add("memory", f"left behind a stalled reader, {workload}", "<=", limit, "MB",
            left_behind(workload), type=RECORD)

    def state(workload, threads):
        return lambda name: figures.value("state", "", workload, threads, name)
    for workload in ("read", "read beside a writer"):
        taken = state(workload, 1)
        add("state", f"snapshot {workload}, T1", "<=", 1.3, "x raw pointer",
            by(taken, figures.floor("state")), time=taken)
    add("state", "snapshot read, T2", ">=", 80, "x mutex",
        faster_than(state("read", 2), "mutex and copy"), time=state("read", 2))
    add("state", "snapshot read", "<=", 0, "allocations",
        lambda name: figures.value("memory", "state", "allocations, read", 1, name))
    return all


def goal_rows(figures):
    """Of what was measured."""
    return [each.row(figures) for each in goals(figures) if each.suite in figures.types_by_suite]
