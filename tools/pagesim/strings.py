"""Reference strings: of textbooks, from files, and generated ones, which are the same for the same seed everywhere."""
import gzip
import itertools
import lzma
import os
import random
import re
import textwrap
from dataclasses import dataclass, field

import patterns
from simulate import Error

WORDS_MAX = 100000

TEXTBOOKS = {
    "belady": ("1 2 3 4 1 2 5 1 2 3 4 5", "Belady, Nelson and Shedler 1969: more frames, more faults under FIFO"),
    "tanenbaum": ("0 1 2 3 0 1 4 0 1 2 3 4", "Modern Operating Systems"),
    "silberschatz": ("7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1", "Operating System Concepts"),
    "stallings": ("2 3 2 1 5 2 4 5 3 2 5 2", "Operating Systems: Internals and Design Principles"),
}


@dataclass
class String:
    """A reference string. Strings that differ only in the names of their pages have the same data, if they were given as words."""
    name: str
    data: bytes                                  # in the form that main.c takes
    about: list = field(default_factory=list)    # lines that say more
    words: list = field(default_factory=list)    # the references as they were given, if they were words
    seed: int = None                             # if the references depend on it

    def title(self):
        return self.name if self.seed is None else f"{self.name}, seed {self.seed}"

    def references(self):
        """=> each as a word"""
        return self.words or re.findall(r"(?m)^(?!#).+?$", self.data.decode().replace("w", "!"))

    def window(self):
        """=> the WINDOW of record.c that has recorded it; 0: all references are there"""
        found = re.match(rb"# window (\d+)\n", self.data)
        return int(found[1]) if found else 0

    def is_cut(self):
        """=> has record.c written only the first part of it?"""
        return self.data.rpartition(b"\n# ")[2].startswith(b"cut after ")


def of_words(text, name=None, about=()):
    """TEXT: pages as words; a page whose word ends with `!` is stored to. => String"""
    words = text.replace(",", " ").split()
    if len(words) > WORDS_MAX:
        raise Error(f"a string of {len(words)} words; above {WORDS_MAX} use --file")
    numbers, lines = {}, []
    for word in words:
        if not re.fullmatch(r"\w+!?", word):
            raise Error(f"{word!r} names no page (letters and digits, and ! behind them for a store)")
        lines.append(f"{numbers.setdefault(word.rstrip('!'), len(numbers)):x}{'w' if word.endswith('!') else ''}\n")
    return String(name or (text if len(text) < 30 else text[:27] + "..."), "".join(lines).encode(), list(about), words)


def textbook(name):
    text, source = TEXTBOOKS[name]
    return of_words(text, name, [text, source])


def of_file(path):
    """=> String: what the file holds, unpacked if it is packed by gzip or xz"""
    try:
        with open(path, "rb") as file:
            data = file.read()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        elif data.startswith(b"\xfd7zXZ\0"):
            data = lzma.decompress(data)
        return String(os.path.basename(path), data)
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise Error(f"{path}: {getattr(error, 'strerror', None) or error}") from error


# --- generators: chance => page numbers, negative (-1 - page) for a store --------------------------------------------------

def loop(chance):
    """Round and round over 300 pages."""
    del chance
    for _ in range(60):
        yield from range(300)


def hot_and_scan(chance):
    """Eight of ten references go to 60 hot pages, the others go through 2000 pages in order, again and again."""
    scan = itertools.cycle(range(100, 2100))
    for _ in range(60000):
        yield chance.randrange(60) if chance.random() < 0.8 else next(scan)


def phases(chance):
    """The working set stays for a while, then moves to other pages, some of which it had before."""
    for _ in range(80):
        base = chance.randrange(20) * 25
        for _ in range(600):
            yield base + int(chance.random() ** 2 * 80)


def zipf(chance):
    """Independent references; the n-th page is referenced in proportion to 1/n."""
    weights = list(itertools.accumulate(1 / (n + 1) for n in range(800)))
    yield from chance.choices(range(800), cum_weights=weights, k=60000)


def matrix(chance):
    """C = A B of 48 rows, 16 elements in a page: A is read along its rows, B along its columns."""
    del chance
    n, per = 48, 16
    size = n * n // per
    for i, j in itertools.product(range(n), repeat=2):
        for k in range(n):
            yield (i * n + k) // per
            yield size + (k * n + j) // per
        yield -1 - (2 * size + (i * n + j) // per)


def tree(chance):
    """Look-ups in a search tree, then a step in a file of results."""
    for n in range(9000):
        node = 0
        for level in range(4):
            yield (0, 1, 9, 73)[level] + node
            node = node * 8 + int(chance.betavariate(1, 2) * 8)
        yield -1 - (600 + n // 100)


def merge_sort(chance):
    """Runs are merged from one array into another and back, until one run is left."""
    pages, run, here, there = 256, 4, 0, 256
    while run < pages:
        for start in range(0, pages, 2 * run):
            left, right = [start, start + run], [start + run, start + 2 * run]
            for step in range(4 * 2 * run):
                side = left if right[0] == right[1] or (left[0] < left[1] and chance.random() < 0.5) else right
                yield here + side[0]
                yield -1 - (there + start + step // 4)
                side[0] += step % 4 == 3 and side[0] < side[1] - 1
        here, there, run = there, here, run * 2


def queue(chance):
    """Pages are filled at one end of a queue and read once at the other; a few tables are used all the time."""
    backlog = 150
    for n in range(12000):
        yield -1 - (50 + n // 4)
        yield chance.randrange(40)
        if n // 4 >= backlog:
            yield 50 + n // 4 - backlog


def copy_collector(chance):
    """A heap of two halves: allocation in order, use of young objects, then the live ones are copied to the other half."""
    here, there, half = 0, 200, 200
    for _ in range(10):
        for n in range(half * 10):
            yield -1 - (here + n // 10)
            yield here + max(0, n // 10 - int(chance.expovariate(0.15)))
        for n in range(40):
            yield here + chance.randrange(half)
            yield -1 - (there + n)
        here, there = there, here


def two_loops(chance):
    """A short loop that is always useful, and a long one that never fits."""
    for n in range(700):
        yield from range(40)
        start = n * 50 % 1000
        yield from range(100 + start, 150 + start)
        yield chance.randrange(40)


GENERATORS = {f.__name__: f for f in (loop, hot_and_scan, phases, zipf, matrix, tree, merge_sort, queue, copy_collector, two_loops)}
GENERATORS.update(patterns.PATTERNS)
WITHOUT_SEED = ("loop", "matrix")


def references(name, seed):
    """=> what the generator yields"""
    return GENERATORS[name](random.Random(f"{name} {seed}"))


def generated(name, seed):
    """=> String"""
    data = "".join(f"{n:x}\n" if n >= 0 else f"{-1 - n:x}w\n" for n in references(name, seed)).encode()
    return String(name, data, [GENERATORS[name].__doc__], seed=None if name in WITHOUT_SEED else seed)


def listed():
    """=> a line for each textbook string and each family of generated ones"""
    yield "--textbook"
    for name, (text, source) in TEXTBOOKS.items():
        yield f"  {name:<20}{text}"
        yield f"  {'':<20}{source}"
    yield "--generate (these are the same for every seed: " + ", ".join(WITHOUT_SEED) + ")"
    for name, function in GENERATORS.items():
        yield from textwrap.wrap(function.__doc__, 100, initial_indent=f"  {name:<20}", subsequent_indent=" " * 22)
