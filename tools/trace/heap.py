"""The heap of a program as its own lines in the trace tell it (HEAP_TRACE=1): the twin of tools/view/src/heap.ts, which says what
each part means.

    python3 tools/trace/heap.py FILE [EVERY]

prints as JSON, one line after each EVERY events and at the end, the heap of each task.
"""
import json
import sys
from dataclasses import dataclass, replace

from reader import Malformed, Reader

BUILDING = 100000    # labels from here on: exec is building the space


@dataclass(frozen=True)
class Block:
    size: int
    kind: str                # malloc or gc
    atomic: bool = False     # holds no pointers
    marked: bool = False
    looked: bool = False     # it existed when references were last looked at


class Heap:
    def __init__(self):
        self.blocks = {}     # address -> Block
        self.strings = {}    # address of a word -> the block that it points to
        self.gone = {}       # freed blocks to which words still point -> their size; 0: unknown
        self.roots = []      # (address, size): searched by this collection, or by the last look
        self.tray = []       # (address, size): the mark stack
        self.phase = "run"
        self.robot = 0       # what is scanned or swept
        self.sweeping = None
        self.live = 0        # objects that the last collection found
        self.freed = 0       # objects, by this collection
        self.collections = 0

    def copy(self):
        other = Heap()
        vars(other).update({k: v.copy() if isinstance(v, (dict, list)) else v for k, v in vars(self).items()})
        return other

    def apply(self, name, values):
        function = getattr(self, "on_" + name.replace(" ", "_"), None)
        if function:
            function(values)

    def add(self, at, block):
        if at:
            self.blocks[at] = block
            for place in [p for p, size in self.gone.items() if p < at + block.size and at < p + size]:
                del self.gone[place]

    def on_heap_alloc(self, v):
        self.add(v["at"], Block(v["size"], "malloc"))

    def on_heap_realloc(self, v):
        if v["at"]:
            self.blocks.pop(v["from"], None)
            self.add(v["at"], Block(v["size"], "malloc"))

    def on_heap_free(self, v):
        self.blocks.pop(v["at"], None)
        if v["at"] in self.strings.values():
            self.gone[v["at"]] = v["size"]

    def on_heap_refs(self, _):
        self.strings.clear()
        self.gone.clear()
        self.roots = []
        self.blocks = {at: replace(b, looked=True) for at, b in self.blocks.items()}

    def on_heap_root(self, v):
        self.roots.append((v["at"], v["size"]))

    def on_heap_ref(self, v):
        self.strings[v["from"]] = v["at"]

    def on_heap_stale(self, v):
        self.strings[v["from"]] = v["at"]
        self.gone.setdefault(v["at"], 0)

    def on_gc_begin(self, _):
        self.blocks = {at: replace(b, marked=False) for at, b in self.blocks.items()}
        self.strings.clear()
        self.gone.clear()
        self.roots, self.tray, self.sweeping = [], [], None
        self.phase, self.robot, self.freed = "mark", 0, 0
        self.collections += 1

    def on_gc_root(self, v):
        self.roots.append((v["at"], v["size"]))
        self.tray.append((v["at"], v["size"]))

    def on_gc_mark(self, v):
        self.blocks[v["at"]] = replace(self.blocks.get(v["at"]) or Block(v["size"], "gc"), marked=True)
        self.strings[v["from"]] = v["at"]

    def on_gc_push(self, v):
        self.tray.append((v["at"], v["size"]))

    def on_gc_scan(self, v):
        top = self.tray.pop() if self.tray else None
        if top and top[0] < v["at"]:    # a large range is scanned piece by piece, from its end
            self.tray.append((top[0], v["at"] - top[0]))
        self.robot = v["at"]

    def on_gc_sweep(self, v):
        self.phase, self.tray, self.robot = "sweep", [], v["at"]
        self.sweeping = (v["at"], v["size"])

    def on_gc_free(self, v):
        self.blocks.pop(v["at"], None)
        self.freed += 1
        self.robot = v["at"]

    def on_gc_end(self, v):
        self.phase, self.tray, self.sweeping, self.robot = "run", [], None, 0
        self.live = v["live"]

    def on_gc_alloc(self, v):
        self.add(v["at"], Block(v["size"], "gc", v["atomic"] == 1))

    def digest(self):
        """=> what heap.ts must agree with"""
        blocks = [[at, b.size, b.kind, b.atomic, b.marked, b.looked] for at, b in sorted(self.blocks.items())]
        return {"blocks": blocks, "strings": sorted(self.strings.items()), "gone": sorted(self.gone.items()), "roots": self.roots,
                "tray": self.tray, "phase": self.phase, "robot": self.robot, "sweeping": self.sweeping, "live": self.live,
                "freed": self.freed, "collections": self.collections}


class Heaps:
    """The heaps of all tasks. fork copies one; exec and the end of the task forget it."""

    def __init__(self, reader):
        self.reader = reader
        self.of = {}    # label -> Heap

    def apply(self, event):
        if event.name == "fork" and event.values["parent"] in self.of:
            self.of[event.label] = self.of[event.values["parent"]].copy()
        elif event.name in ("exec", "exit"):
            self.of.pop(event.label, None)
        elif event.name == "user":
            line = self.reader.program_line(event.values["line"])
            if line:
                self.of.setdefault(event.label, Heap()).apply(*line)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    every, reader = int(sys.argv[2]) if len(sys.argv) == 3 else sys.maxsize, Reader()
    heaps, n = Heaps(reader), 0

    def tell():
        print(json.dumps({label: heap.digest() for label, heap in sorted(heaps.of.items())}))

    with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
        for n, line in enumerate(file, 1):
            try:
                heaps.apply(reader.parse(line.rstrip("\n"), n))
            except Malformed:
                continue
            finally:
                if n % every == 0:
                    tell()
    tell()


if __name__ == "__main__":
    main()
