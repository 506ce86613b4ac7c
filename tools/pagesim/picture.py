"""Pictures of page faults: for one string their number over the frames, for several a row of ratios to OPT for each.

Policies often have the same value. So each has a shape and a place of its own: in curves some pixels to the side, in rows some
pixels below the one before.
"""
import math
import os
import sys
from xml.sax.saxutils import escape

import table
from simulate import ROOT

sys.path.append(os.path.join(ROOT, "tools/bench"))
import common    # pylint: disable=wrong-import-position

WIDTH, TOP, LEFT, RIGHT, BOTTOM, HEIGHT, ROW, LETTER = 760, 60, 70, 120, 45, 420, 36, 6.2
SIDE, MARK, LANE = 5, 3.3, 3
# Okabe and Ito's colours, which the colour-blind can tell apart too; then the mark's corners and its turn.
STYLES = {"opt": ("#888888", 0, 0), "lru": ("#000000", 0, 0), "fifo": ("#d55e00", 4, 45), "clock": ("#009e73", 3, 0),
          "ageing": ("#0072b2", 4, 0), "wsclock": ("#cc79a7", 3, 180), "random": ("#e69f00", 5, 0), "adaptive": ("#56b4e9", 6, 0)}
# For other names, in this order.
OTHERS = [style for corners, turn in ((4, 0), (3, 90), (5, 180), (4, 45), (3, 270), (6, 30))
          for style in ((colour, corners, turn) for colour in ("#d55e00", "#0072b2", "#cc79a7", "#009e73", "#e69f00", "#56b4e9"))
          if style not in STYLES.values()]
NAME_MOST = 14    # letters of a name in the key
RATIOS = (1, 1.1, 1.2, 1.3, 1.5, 1.7, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1000)


class Svg:
    def __init__(self, height, title, subtitle):
        self.height, self.parts, self.styles = height, [], dict(STYLES)
        self.text(12, 20, title, size=14, more='font-weight="bold"')
        self.text(12, 38, subtitle, colour="#555555")

    def add(self, text):
        self.parts.append(text)

    def line(self, x1, y1, x2, y2, colour="#dddddd"):
        self.add(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>')

    def text(self, x, y, text, anchor="start", size=11, colour="#222222", more=""):
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}" {more}>'
                 f'{escape(str(text))}</text>')

    def style(self, policy):
        """=> a colour, and the corners of a mark and its turn"""
        return self.styles.setdefault(policy, OTHERS[(len(self.styles) - len(STYLES)) % len(OTHERS)])

    def curve(self, points, policy):
        dashes = ' stroke-dasharray="6 4"' if policy == "opt" else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(f'<polyline fill="none" stroke="{self.style(policy)[0]}" stroke-width="1.5"{dashes} points="{path}"/>')

    def mark(self, x, y, policy, title):
        colour, corners, turn = self.style(policy)
        angles = [math.radians(turn - 90 + 360 * i / corners) for i in range(corners)]
        path = " ".join(f"{x + 1.2 * MARK * math.cos(a):.1f},{y + 1.2 * MARK * math.sin(a):.1f}" for a in angles)
        shape = f'polygon points="{path}"' if corners else f'circle cx="{x:.1f}" cy="{y:.1f}" r="{MARK}"'
        self.add(f'<{shape} fill="{colour}"><title>{escape(title)}</title></{shape.split()[0]}>')

    def key(self, names):
        for i, name in enumerate(names):
            self.mark(WIDTH - RIGHT + 24, TOP + 10 + i * 17, name, name)
            self.text(WIDTH - RIGHT + 34, TOP + 14 + i * 17, name if len(name) <= NAME_MOST else name[:NAME_MOST - 1] + "…")

    def __str__(self):
        return common.svg(WIDTH, round(self.height), 11, "\n".join(self.parts))


def ticks(most):
    """=> round numbers from 0 to MOST or a little less"""
    step = 10 ** max(0, math.floor(math.log10(most)))
    step = next(s for s in (max(1, step // 10), max(1, step // 5), max(1, step // 2), step, 2 * step) if most / s <= 10)
    return range(0, most + 1, step)


def apart(values, x):
    """=> those of VALUES whose texts do not touch on an axis X"""
    shown = []
    for value in values:
        if not shown or x(value) - x(shown[-1]) > LETTER * (len(f"{value:g}") + 1):
            shown.append(value)
    return shown


def curves(result, names):
    """=> an SVG: the faults of one string for each size of memory"""
    counts, frames, string = result.counts, result.frames, result.string
    svg = Svg(HEIGHT, f"{string.title()}: page faults",
              f"{table.size_of(counts)}; lower is better; opt: the fewest that are possible")
    most, low, high = max(counts.faults.values()), min(frames), max(frames)
    inside = LEFT + 30, WIDTH - RIGHT - 30
    bottom = HEIGHT - BOTTOM

    def x(n):
        return sum(inside) / 2 if low == high else inside[0] + (inside[1] - inside[0]) * (n - low) / (high - low)

    def y(faults):
        return bottom - (bottom - TOP) * faults / most

    for value in ticks(most):
        svg.line(LEFT, y(value), WIDTH - RIGHT, y(value))
        svg.text(LEFT - 6, y(value) + 4, value, "end")
    for n in apart(frames, x):
        svg.text(x(n), bottom + 16, n, "middle")
    svg.text(sum(inside) / 2, HEIGHT - 10, "frames", "middle")
    side = 14 if low == high else min(SIDE, (inside[1] - inside[0]) / len(frames) / len(names))
    for i, policy in enumerate(names):
        aside = side * (i - (len(names) - 1) / 2)
        points = [(x(n) + aside, y(counts.faults[policy, n])) for n in frames]
        svg.curve(points, policy)
        for place, n in zip(points, frames):
            svg.mark(*place, policy, f"{policy}, {n} frames: {table.plural(counts.faults[policy, n], 'fault')}")
    svg.key(names)
    return str(svg)


def rows(results, names):
    """=> an SVG with a row for each string, and one for the mean of all"""
    seeds = sorted({result.string.seed for result in results if result.string.seed is not None})
    about = "".join(f"; seed {seed}" for seed in seeds)
    lines = [(result.string.name, {p: result.mean(p) for p in names}) for result in results]
    lines.append(("mean", {p: table.mean_of_all(results, p) for p in names}))
    high = max(ROW, 12 + LANE * len(names))
    left, bottom = 24 + LETTER * max(len(name) for name, _ in lines), TOP + high * len(lines)
    svg = Svg(max(bottom, TOP + 17 * len(names)) + BOTTOM,
              "Page faults / OPT's page faults, geometric mean over the sizes of memory",
              f"{table.plural(len(results), 'string')}{about}; left is better; logarithmic scale")
    most = max(1.2, *(value for _, means in lines for value in means.values()))

    def x(ratio):
        return left + 10 + (WIDTH - left - RIGHT - 20) * math.log(ratio) / math.log(most)

    for value in apart([value for value in RATIOS if value <= most], x):
        svg.line(x(value), TOP, x(value), bottom)
        svg.text(x(value), bottom + 16, f"{value:g}", "middle")
    for i, (name, means) in enumerate(lines):
        at = TOP + high * i
        svg.line(left, at, WIDTH - RIGHT, at, "#222222" if name == "mean" else "#dddddd")
        svg.text(left - 8, at + high / 2 + 4, name, "end", more='font-weight="bold"' if name == "mean" else "")
        for lane, policy in enumerate(names):
            y = at + 6 + (high - 12) * lane / max(1, len(names) - 1)
            svg.mark(x(means[policy]), y, policy, f"{name}, {policy}: {means[policy]:.3f}")
    svg.key(names)
    return str(svg)
