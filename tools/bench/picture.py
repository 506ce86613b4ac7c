"""A picture of the report for README.md: how many times as many instructions each Linux needs."""
import math
from xml.sax.saxutils import escape

from common import svg

WIDTH, LEFT, RIGHT, TOP, LINE = 820, 300, 30, 72, 30
BAR = 11
STYLES = {"linux": ("Linux as it comes", "#7a8fa6"), "lean": ("Linux, lean", "#b7c4d1")}
AHEAD, BEHIND = "#1f6f43", "#c0392b"


class Scale:
    """From ratios to pixels."""
    def __init__(self, most):
        self.most = math.ceil(most * 1.1)

    def x(self, ratio):
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ratio / self.most, 1)

    def marks(self):
        step = next(step for step in (1, 2, 5, 10, 50, 1000) if self.most / step <= 15)
        return range(0, self.most + 1, step)


def label(x, y, words, anchor="start", more=""):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {more}>{escape(words)}</text>'


def bar(scale, y, ratio, color):
    """A ratio below 1 is marked: there Linux leads."""
    words = f"{ratio:.2g}x" if ratio < 9.95 else f"{round(ratio):,d}x"
    place = label(scale.x(ratio) + 4, y + BAR - 2, words, more="" if ratio >= 1 else f'fill="{BEHIND}"')
    return f'<rect x="{LEFT}" y="{y}" width="{round(scale.x(ratio) - LEFT, 1)}" height="{BAR}" fill="{color}"/>{place}'


def rows_of(report):
    """=> [(what, {kernel: ratio})]"""
    return [(row.what, {key: row.ahead(key) for key in STYLES if row.ahead(key)}) for row in report.compared()]


def draw(report):
    """=> the SVG; None: there is nothing to compare"""
    rows = rows_of(report)
    if not rows:
        return None
    scale = Scale(max(max(ratios.values()) for _, ratios in rows))
    height = TOP + LINE * len(rows) + 20
    parts = [label(12, 22, "How many times Shisho's instructions Linux needs for the same (longer: Linux needs more)",
                   more='font-weight="bold" font-size="14"')]
    for n, (title, color) in enumerate(STYLES.values()):
        parts.append(f'<rect x="{LEFT + 170 * n}" y="34" width="14" height="{BAR}" fill="{color}"/>'
                     + label(LEFT + 170 * n + 20, 44, title))
    for mark in scale.marks():
        parts.append(f'<path d="M{scale.x(mark)} {TOP - 8}V{height - 20}" stroke="#ddd"/>'
                     + label(scale.x(mark), height - 6, f"{mark:,d}x", "middle"))
    parts.append(f'<path d="M{scale.x(1)} {TOP - 8}V{height - 20}" stroke="{AHEAD}"/>' + label(scale.x(1) + 3, TOP - 4, "1x: equal", more=f'fill="{AHEAD}"'))
    for n, (what, ratios) in enumerate(rows):
        y = TOP + LINE * n
        parts.append(label(LEFT - 8, y + BAR + 3, what, "end"))
        parts += [bar(scale, y + BAR * place, ratios[key], STYLES[key][1]) for place, key in enumerate(STYLES) if key in ratios]
    body = "\n".join(parts)
    return svg(WIDTH, height, 12, body)
