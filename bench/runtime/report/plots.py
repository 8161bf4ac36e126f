# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Curves as SVG. Readable on light and on dark ground, and without colours."""
import math
from html import escape

from .figures import OURS, U64

# M. Okabe and K. Ito, "Color Universal Design", 2008: told apart by everybody.
OUR_COLOUR = "#d55e00"
COLOURS = ("#808080", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#a6761d",
           "#1b9e77")
DASHES = ("6 3", "2 3", "8 3 2 3")
STYLE = """<style>
  text { font: 13px sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: bold; }
  .axis { stroke: #1f2328; }
  .grid { stroke: #d0d7de; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .axis { stroke: #e6edf3; }
    .grid { stroke: #3d444d; }
  }
</style>"""
LEFT, TOP, WIDTH, HEIGHT, LEGEND = 70, 45, 460, 320, 310


def powers_between(low, high):
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]


def short(value):
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


def plot(title, x_label, y_label, ticks, curves):
    """`ticks` are the labels along x, evenly spaced; a curve is a name and a value, or None, for
    each. The y axis is logarithmic."""
    values = [value for _, points in curves for value in points if value]
    levels = powers_between(min(values), max(values))
    span = math.log10(levels[-1] / levels[0])

    def x_of(index):
        return LEFT + WIDTH * index / max(len(ticks) - 1, 1)

    def y_of(value):
        return TOP + HEIGHT * (1 - math.log10(value / levels[0]) / span)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + LEGEND} '
           f'{TOP + HEIGHT + 60}" role="img" aria-label="{escape(title)}">', STYLE,
           f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>']
    for level in levels:
        y = y_of(level)
        out.append(f'<line class="grid" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{short(level)}</text>')
    for index, label in enumerate(ticks):
        out.append(f'<text x="{x_of(index):.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">'
                   f'{escape(str(label))}</text>')
    bottom, middle = TOP + HEIGHT, TOP + HEIGHT / 2
    out += [f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{bottom}H{LEFT + WIDTH}"/>',
            f'<text x="{LEFT + WIDTH / 2}" y="{bottom + 45}" text-anchor="middle">'
            f'{escape(x_label)}</text>',
            f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">'
            f'{escape(y_label)}</text>']
    # The legend in the order in which the curves end, so that it can be read across.
    others = [name for name, _ in curves if name not in OURS.values()]
    order = sorted(range(len(curves)), key=lambda i: -(curves[i][1][-1] or 0))
    for place, i in enumerate(order):
        name, points = curves[i]
        if name in OURS.values():
            colour, stroke = OUR_COLOUR, 'stroke-width="3.5"'
        else:
            number = others.index(name)
            colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
            stroke = f'stroke-width="2" stroke-dasharray="{dash}"'
        line = f'stroke="{colour}" {stroke} fill="none"'
        path = " ".join(f"{x_of(n):.1f},{y_of(value):.1f}" for n, value in enumerate(points)
                        if value)
        out.append(f'<polyline points="{path}" {line}/>')
        out += [f'<circle cx="{x_of(n):.1f}" cy="{y_of(value):.1f}" r="3" fill="{colour}"/>'
                for n, value in enumerate(points) if value]
        x, y = LEFT + WIDTH + 20, TOP + 10 + 22 * place
        out.append(f'<path d="M{x} {y}h26" {line}/><text x="{x + 34}" y="{y + 4}">{escape(name)}'
                   '</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def plots(figures):
    """File names and their contents."""
    result = {}
    for workload, name in (("read", "read"), ("90/10", "mixed")):
        threads = sorted({count for kind, count in figures.workloads("map", U64)
                          if kind == workload})
        curves = []
        for contender in figures.contenders("map", U64):
            times = [figures.value("map", U64, workload, count, contender) for count in threads]
            if len([each for each in times if each]) > 1:
                curves.append((contender, [1000 / each if each else None for each in times]))
        if curves:
            what = "Reads" if workload == "read" else "90 % reads, 10 % overwrites"
            result[f"throughput-{name}.svg"] = plot(
                f"{what}, 100,000 entries of u64", "threads", "million operations a second",
                threads, curves)
    parts = [part for part, _ in figures.workloads("tail", U64)]
    curves = [(name, [figures.value("tail", U64, part, 2, name) for part in parts])
              for name in figures.contenders("tail", U64)]
    if curves:
        result["read-latency.svg"] = plot(
            "One read while another thread inserts and the map grows", "percentile of all reads",
            "ns", parts, curves)
    return result
