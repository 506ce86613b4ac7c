"""A picture of the report for README.md: how many times as many instructions each Linux needs, on a logarithmic scale."""
import math
from xml.sax.saxutils import escape

from common import svg

WIDTH, LEFT, RIGHT, TOP, LINE = 820, 300, 60, 64, 30
BAR = 11
STYLES = {"linux": ("Linux as it comes", "#7a8fa6"), "lean": ("Linux, lean", "#b7c4d1")}
AHEAD, BEHIND = "#1f6f43", "#c0392b"


class Scale:
    """From ratios to pixels."""
    def __init__(self, most):
        self.low, self.high = math.log10(0.5), math.log10(max(most, 10) * 1.3)

    def x(self, ratio):
        share = (math.log10(max(ratio, 0.5)) - self.low) / (self.high - self.low)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def marks(self):
        power = 1
        while math.log10(power) < self.high:
            yield power
            power *= 10


def label(x, y, words, anchor="start", more=""):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {more}>{escape(words)}</text>'


def bar(scale, y, ratio, color):
    """From 1 to RATIO, to the right where Shisho leads and to the left where it does not."""
    one, end = scale.x(1), scale.x(ratio)
    words = f"{ratio:.2g}x" if ratio < 9.95 else f"{round(ratio):,d}x"
    place = label(end + 4, y + BAR - 2, words) if ratio >= 1 else label(end - 4, y + BAR - 2, words, "end", f'fill="{BEHIND}"')
    return f'<rect x="{min(one, end)}" y="{y}" width="{round(abs(end - one), 1)}" height="{BAR}" fill="{color}"/>{place}'


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
    parts = [label(12, 22, "Instructions of Linux for each instruction of Shisho, the same program in the same machine",
                   more='font-weight="bold" font-size="14"')]
    for n, (title, color) in enumerate(STYLES.values()):
        parts.append(f'<rect x="{LEFT + 170 * n}" y="34" width="14" height="{BAR}" fill="{color}"/>'
                     + label(LEFT + 170 * n + 20, 44, title))
    for power in scale.marks():
        color = AHEAD if power == 1 else "#ddd"
        parts.append(f'<path d="M{scale.x(power)} {TOP - 8}V{height - 20}" stroke="{color}"/>'
                     + label(scale.x(power), height - 6, f"{power:,d}x", "middle"))
    for n, (what, ratios) in enumerate(rows):
        y = TOP + LINE * n
        parts.append(label(LEFT - 8, y + BAR + 3, what, "end"))
        parts += [bar(scale, y + BAR * place, ratios[key], STYLES[key][1]) for place, key in enumerate(STYLES) if key in ratios]
    body = "\n".join(parts)
    return svg(WIDTH, height, 12, body)
