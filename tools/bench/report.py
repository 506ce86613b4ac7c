"""The rows of a report: what each kernel needs, how far ahead Shisho is, and what is to be reached; as text and as JSON."""
import json
import os

KERNELS = ("shisho", "linux", "lean")
WIDTHS = (50, 15, 15, 15, 10, 10, 13)


class Row:
    """FIGURE is its name. LESS: whether less is better. CLOCK: whether it is measured by the wall clock, not in instructions.
    VALUES: {kernel: number}, without those that were not measured."""
    def __init__(self, figure, what, target, values, less=True, clock=False):
        self.figure, self.what, self.target, self.values, self.less, self.clock = figure, what, target, values, less, clock

    def ahead(self, other):
        """=> how many times better Shisho is than OTHER: above 1 it leads; None: not both are known"""
        own, theirs = self.values.get("shisho"), self.values.get(other)
        if not own or not theirs:
            return None
        return theirs / own if self.less else own / theirs

    def behind(self):
        return any((self.ahead(other) or 1) < 1 for other in KERNELS[1:])

    def cells(self):
        return [self.what, *(text(self.values.get(kernel)) for kernel in KERNELS),
                *(times(self.ahead(other)) for other in KERNELS[1:]), text(self.target)]

    def as_json(self):
        return {"figure": self.figure, "what": self.what, "target": self.target, "better": "less" if self.less else "more", "unit": "clock" if self.clock else "instructions",
                **{kernel: self.values.get(kernel) for kernel in KERNELS},
                "ahead_of_linux": self.ahead("linux"), "ahead_of_lean": self.ahead("lean"), "linux_leads": self.behind()}


def text(value):
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) and value < 100 else f"{round(value):,d}"


def times(value):
    return "-" if value is None else f"{value:.2g}x" if value < 9.95 else f"{round(value):,d}x"


class Report:
    """VERSION: Linux's; None without Linux."""
    def __init__(self, version):
        self.version, self.rows, self.extras, self.failed = version, [], {}, []

    def head(self, title):
        self.line([title, "Shisho", "Linux", "lean", "ahead of", "ahead of", "to reach"])
        self.line(["", "", "", "", "Linux", "lean", ""])

    def line(self, cells, after=""):
        print((f"{cells[0]:{WIDTHS[0]}s}" + "".join(f"{c:>{w}s}" for c, w in zip(cells[1:], WIDTHS[1:])) + after).rstrip(), flush=True)

    def compared(self):
        """=> the rows of instructions that Linux has too, without the boot: it is another scale"""
        return [row for row in self.rows if row.values.get("linux") and not row.clock and row.figure != "boot"]

    def add(self, row):
        self.rows.append(row)
        self.line(row.cells(), "   Linux leads" if row.behind() else "")

    def extra(self, name, value):
        """What is compared with nothing."""
        self.extras[name] = value

    def fail(self, what):
        self.failed.append(str(what))
        print(what, flush=True)

    def write(self, out):
        everything = {"linux_version": self.version, "rows": [row.as_json() for row in self.rows], "more": self.extras,
                      "failed": self.failed}
        with open(os.path.join(out, "bench.json"), "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1)
