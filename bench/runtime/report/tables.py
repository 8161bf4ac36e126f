# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tables in Markdown, aligned so that they can be read on a terminal too."""
from .figures import MUTEX_MAP, PROCESS, number, quotient
from .goals import goal_rows


def table(heading, rows):
    rows = [heading] + rows
    widths = [max(len(row[i]) for row in rows) for i in range(len(heading))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
             for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"


def with_spread(figure):
    """The median, and half the distance between the quartiles as a part of it."""
    if figure is None or not figure["samples"]:
        return ""
    text = ("~" if figure["disturbed"] else "") + number(figure["value"])
    spread = quotient(figure["upper_quartile"] - figure["lower_quartile"], 2 * figure["value"])
    return f"{text} ±{spread:.0%}" if spread else text


def goals_table(figures):
    text = table(["workload", "goal", "ours", "best peer", "ours / peer", "met"],
                 goal_rows(figures))
    absent = figures.absent()
    if absent:
        text += f"\nAbsent, since they were not found on this machine: {', '.join(absent)}.\n"
    disturbed = sum(each["disturbed"] for each in figures.all)
    if disturbed:
        text += (f"\n{disturbed} of {len(figures.all)} figures were measured while the machine was "
                 "busy (marked ~ below). What depends on them means little: measure again.\n")
    return text


def columns(figures, suite, type, chosen):
    """All contenders of a suite, one workload a column."""
    rows = [[name] + [with_spread(figures.find(suite, type, *each, name)) for each in chosen]
            for name in figures.contenders(suite, type)]
    rows = [row for row in rows if any(row[1:])]
    return table([type or suite] + [workload for workload, _ in chosen], rows)


def full_tables(figures):
    parts = []

    def add(title, suite, type, chosen):
        if chosen:
            parts.append(f"### {title}\n\n{columns(figures, suite, type, chosen)}")

    for suite, title in (("map", "Map of {}, ns an operation"),
                         ("state", "A state of 64 bytes, ns an operation"),
                         ("registry", "A registry of 1,000 processes, ns an operation"),
                         ("counter", "Counters, ns an addition")):
        for type in figures.types(suite):
            all = figures.workloads(suite, type)
            for threads in sorted({threads for _, threads in all}):
                add(f"{title.format(type)}, {threads} thread{'s' if threads > 1 else ''}",
                    suite, type, [pair for pair in all if pair[1] == threads])
    for type in figures.types("tail"):
        add(f"{type}, a single read while another thread inserts, ns", "tail", type,
            figures.workloads("tail", type))
    for type in figures.types("memory"):
        all = figures.workloads("memory", type)
        for title, beginnings in (
                ("bytes of heap", ("an entry",)),
                ("allocations and bytes an operation", ("allocations, ", "bytes, ")),
                ("one reader stalls for a second: MB that pile up, and operations done meanwhile",
                 ("reader stalled",))):
            add(f"{type}, {title}", "memory", type,
                [pair for pair in all if pair[0].startswith(beginnings)])
    return "\n".join(parts)


def assumptions_table(figures):
    """Lock, channel, snapshot and map side by side, next to what was reported of a Go program."""
    def state(workload, threads, name):
        return figures.value("state", "", workload, threads, name)

    def beside(ratio, reported):
        return [number(ratio), reported]

    names = ("mutex and copy", "channel to an owner thread", "unlatch::snapshot")
    rows = []
    for title, workload, threads, faster, slower in (
            ("single reader", "read", 1, "30 to 58", "52 to 102"),
            ("10 readers", "read", 10, "289", "15"),
            ("10 readers and a writer", "read beside a writer", 10, "44", "67")):
        mutex, channel, snapshot = (state(workload, threads, name) for name in names)
        rows.append([title, number(mutex), number(channel), number(snapshot)]
                    + beside(quotient(mutex, snapshot), faster)
                    + beside(quotient(channel, mutex), slower))
    mutex, channel, snapshot = (state("write", 1, name) for name in names)
    rows.append(["single update", number(mutex), number(channel), number(snapshot)]
                + beside(quotient(mutex, snapshot), "1/6")
                + beside(quotient(channel, mutex), ""))
    first = table(["state, ns", "mutex", "channel", "snapshot", "mutex / snapshot", "in Go",
                   "channel / mutex", "in Go"], rows)

    rows = []
    for title, suite, type, workload, threads, reported in (
            ("look-up, single reader", "registry", "", "read", 1, ""),
            ("look-up, 10 readers", "registry", "", "read", 10, "3.2"),
            ("look-up, 10 readers and a writer", "registry", "", "read beside a writer", 10, ""),
            ("mixed 90/10, 10 threads", "map", PROCESS, "90/10", 10, "1.7")):
        mutex, ours = (figures.value(suite, type, workload, threads, name)
                       for name in (MUTEX_MAP, "unlatch::map"))
        rows.append([title, number(mutex), number(ours)] + beside(quotient(mutex, ours), reported))
    second = table(["registry, ns", MUTEX_MAP, "unlatch::map", "mutex / unlatch", "in Go"], rows)

    rows = []
    for title, type, name, reported in (
            ("mutex", "state", names[0], ""),
            ("channel", "state", names[1], "144 bytes, 3 allocations"),
            ("snapshot", "state", names[2], "none"),
            ("map", PROCESS, "unlatch::map", "")):
        def memory(what, workload, type=type, name=name):
            return number(figures.value("memory", type, f"{what}, {workload}", 1, name))
        write = "write" if type == "state" else "overwrite"
        rows.append([title, memory("bytes", "read"), memory("allocations", "read"), reported,
                     memory("bytes", write), memory("allocations", write)])
    third = table(["an operation", "bytes, read", "allocations, read", "in Go", "bytes, write",
                   "allocations, write"], rows)
    return "\n".join((first, second, third))
