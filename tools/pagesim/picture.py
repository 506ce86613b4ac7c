"""Pictures of faults over OPT: curves over the frames for one string, a row for each of several."""
from xml.sax.saxutils import escape

WIDTH, LEFT, TOP, RIGHT, BOTTOM, HEIGHT, ROW = 720, 60, 30, 120, 45, 380, 22
COLOURS = {"opt": "#888888", "lru": "#000000", "fifo": "#c0392b", "clock": "#1f6f43", "ageing": "#2471a3", "wsclock": "#af7ac5",
           "random": "#d68910", "adaptive": "#e91e63"}
OTHER = "#5d6d7e"
MOST = 6.0    # a policy that is worse is drawn at the edge


class Svg:
    def __init__(self, height, title):
        self.height, self.parts = height, []
        self.text(LEFT, 18, title, size=13)

    def add(self, text):
        self.parts.append(text)

    def line(self, x1, y1, x2, y2, colour="#cccccc"):
        self.add(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>')

    def text(self, x, y, text, anchor="start", size=11, colour="#222222"):
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(str(text))}</text>')

    def dot(self, x, y, colour, title):
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"><title>{escape(title)}</title></circle>')

    def __str__(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" font-family="sans-serif">\n'
                f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


def top_of(values):
    """=> where the axis ends, at least 1.2"""
    return min(MOST, max([1.2, *values]) * 1.03)


def ticks(most):
    step = 0.1 if most < 1.8 else 0.5 if most < 4 else 1
    return [1 + i * step for i in range(int((most - 1) / step + 1e-9) + 1)]


def key(svg, names):
    for i, name in enumerate(names):
        svg.dot(WIDTH - RIGHT + 18, TOP + 10 + i * 17, COLOURS.get(name, OTHER), name)
        svg.text(WIDTH - RIGHT + 28, TOP + 14 + i * 17, name)


def curves(name, counts, names, frames):
    """=> an SVG: the faults of one string over OPT's, for each number of FRAMES"""
    svg = Svg(HEIGHT, f"{name}: page faults over OPT")
    most = top_of(counts.ratio(p, n) for p in names for n in frames)
    low, high = min(frames), max(max(frames), min(frames) + 1)

    def x(n):
        return LEFT + (WIDTH - LEFT - RIGHT) * (n - low) / (high - low)

    def y(ratio):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (min(ratio, most) - 1) / (most - 1)

    for value in ticks(most):
        svg.line(LEFT, y(value), WIDTH - RIGHT, y(value))
        svg.text(LEFT - 6, y(value) + 4, f"{value:.1f}", "end")
    for n in frames:
        svg.text(x(n), HEIGHT - BOTTOM + 16, n, "middle")
    svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "frames", "middle")
    for policy in names:
        colour, points = COLOURS.get(policy, OTHER), [(x(n), y(counts.ratio(policy, n))) for n in frames]
        svg.add(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="'
                + " ".join(f"{a:.1f},{b:.1f}" for a, b in points) + '"/>')
        for (a, b), n in zip(points, frames):
            svg.dot(a, b, colour, f"{policy}, {n} frames: {counts.faults[policy, n]} faults")
    key(svg, names)
    return str(svg)


def rows(table, names):
    """TABLE: (string, {policy: mean}). => an SVG with a row for each string"""
    height = TOP + BOTTOM + ROW * len(table)
    svg = Svg(max(height, TOP + BOTTOM + 17 * len(names)), "Page faults over OPT, geometric mean over the numbers of frames")
    left, most = LEFT + 60, top_of(means[p] for _, means in table for p in names)

    def x(ratio):
        return left + (WIDTH - left - RIGHT) * (min(ratio, most) - 1) / (most - 1)

    for value in ticks(most):
        svg.line(x(value), TOP, x(value), TOP + ROW * len(table))
        svg.text(x(value), TOP + ROW * len(table) + 16, f"{value:.1f}", "middle")
    for i, (name, means) in enumerate(table):
        at = TOP + ROW * (i + 0.5)
        svg.text(left - 8, at + 4, name, "end")
        svg.line(left, at, WIDTH - RIGHT, at)
        for policy in names:
            svg.dot(x(means[policy]), at, COLOURS.get(policy, OTHER), f"{policy}: {means[policy]:.2f}")
    key(svg, names)
    return str(svg)
