"""Families of reference strings for comparing policies: the seed chooses the sizes of each as well as its references.

Each function is given a random.Random and yields page numbers.
"""
import itertools


def weighted(chance, pages, count, exponent):
    """Independent references; the n-th page, anywhere among the others, is referenced in proportion to n ** -exponent."""
    places = list(range(pages))
    chance.shuffle(places)
    weights = list(itertools.accumulate((n + 1) ** -exponent for n in range(pages)))
    return (places[n] for n in chance.choices(range(pages), cum_weights=weights, k=count))


def loop_forever(chance):
    """One loop, longer than most memories."""
    pages = chance.randrange(150, 700)
    for _ in range(30000 // pages):
        yield from range(pages)


def loops(chance):
    """Loops of several lengths over parts of the same pages, each a few times."""
    lengths = [chance.randrange(30, 350) for _ in range(4)]
    for _ in range(40):
        start, length = chance.randrange(0, 500, 50), chance.choice(lengths)
        for _ in range(chance.randrange(3, 10)):
            yield from range(start, start + length)


def there_and_back(chance):
    """All pages upwards, then downwards."""
    pages = chance.randrange(150, 500)
    for _ in range(15000 // pages):
        yield from range(pages)
        yield from reversed(range(pages))


def hot_set_and_scan(chance):
    """A hot set; between its uses a scan over many pages, each used three times in a row."""
    hot, scan, share = chance.randrange(50, 300), chance.randrange(300, 1200), chance.uniform(0.4, 0.9)
    for n in range(60000):
        yield chance.randrange(hot) if chance.random() < share else hot + n // 3 % scan


def hot_set_and_loop(chance):
    """A loop, and a hot set beside it."""
    hot, pages = chance.randrange(30, 200), chance.randrange(200, 600)
    for _ in range(30000 // pages):
        for n in range(pages):
            yield hot + n
            if chance.random() < 0.5:
                yield chance.randrange(hot)


def phases_overlapping(chance):
    """Working sets that follow each other, share pages, and come back."""
    sets, size, length = chance.randrange(5, 25), chance.randrange(40, 150), chance.randrange(800, 4000)
    for _ in range(60000 // length):
        base = chance.randrange(sets) * size // 2
        for _ in range(length):
            yield base + int(chance.random() ** 2 * size)


def two_sets_by_turns(chance):
    """Two working sets of different sizes, by turns."""
    sizes, length = (chance.randrange(60, 250), chance.randrange(100, 400)), chance.randrange(3000, 15000)
    for turn in range(60000 // length):
        for _ in range(length):
            yield turn % 2 * sizes[0] + chance.randrange(sizes[turn % 2])


def stack_distances(chance):
    """The page that was used d other pages ago, d by a power law: what LRU is made for."""
    pages, shape = chance.randrange(400, 1200), chance.uniform(0.3, 0.8)
    stack = list(range(pages))
    for _ in range(40000):
        stack.insert(0, stack.pop(min(int(chance.paretovariate(shape)) - 1, pages - 1)))
        yield stack[0]


def skewed(chance):
    """Independent references with weights by a power law."""
    return weighted(chance, chance.randrange(400, 1500), 60000, chance.uniform(0.5, 1.2))


def uniform(chance):
    """Independent references to pages that are all alike: no policy can do better than another."""
    pages = chance.randrange(200, 600)
    return (chance.randrange(pages) for _ in range(30000))


def walk(chance):
    """A random walk."""
    pages, step = chance.randrange(200, 900), chance.uniform(1, 6)
    place = pages / 2
    for _ in range(50000):
        place = min(max(place + chance.gauss(0, step), 0), pages - 1)
        yield int(place)


def window(chance):
    """A window that slides over the pages once."""
    pages, width = chance.randrange(500, 1000), chance.randrange(40, 200)
    for n in range(50000):
        yield n * pages // 50000 + chance.randrange(width)


def multiply(chance):
    """C = A B by the definition."""
    n, per = chance.choice((32, 40, 48)), chance.choice((8, 16))
    size = n * n // per + 1
    for i, j in itertools.product(range(n), repeat=2):
        for k in range(n):
            yield (i * n + k) // per
            yield size + (k * n + j) // per
        yield 2 * size + (i * n + j) // per


def multiply_in_blocks(chance):
    """C = A B by blocks."""
    block, per = chance.choice((8, 12, 16)), 8
    n = 48
    size = n * n // per
    for i0, j0, k0 in itertools.product(range(0, n, block), repeat=3):
        for i, j in itertools.product(range(i0, i0 + block), range(j0, j0 + block)):
            for k in range(k0, k0 + block):
                yield (i * n + k) // per
                yield size + (k * n + j) // per
            yield 2 * size + (i * n + j) // per


def stencil(chance):
    """Each row of a grid is computed from three rows of another, and back."""
    rows, width = chance.randrange(20, 60), chance.randrange(3, 10)
    for step in range(30000 // (rows * width)):
        here, there = (0, rows * width) if step % 2 else (rows * width, 0)
        for row, column in itertools.product(range(1, rows - 1), range(width)):
            for near in (-1, 0, 1):
                yield here + (row + near) * width + column
            yield there + row * width + column


def merge_runs(chance):
    """Merge sort by runs that double."""
    pages = 1 << chance.randrange(7, 11)
    here, there, run = 0, pages, 1
    while run < pages:
        for start in range(0, pages, 2 * run):
            left, right = start, start + run
            for out in range(start, start + 2 * run):
                if right == start + 2 * run or (left < start + run and chance.random() < 0.5):
                    yield here + left
                    left += 1
                else:
                    yield here + right
                    right += 1
                yield there + out
        here, there, run = there, here, run * 2


def quick_sort(chance):
    """Two ends that meet, then the same in each part."""
    parts = [(0, chance.randrange(400, 1500))]
    while parts:
        low, high = parts.pop()
        left, right = low, high - 1
        while left < right:
            if chance.random() < 0.5:
                yield left
                left += 1
            else:
                yield right
                right -= 1
        if high - low > 1:
            middle = chance.randrange(low + 1, high)
            parts += [(middle, high), (low, middle)]


def heap_sort(chance):
    """The last goes to the root and sinks, in a heap of 16 elements in a page."""
    elements = chance.randrange(4000, 12000)
    for end in range(elements - 1, elements // 2, -1):
        place = 0
        yield end // 16
        while 2 * place + 1 < end:
            place = 2 * place + 1 + chance.randrange(2)
            yield place // 16


def tree_lookups(chance):
    """Look-ups in a B-tree of four levels, of keys that are skewed or not; now and then a range of leaves is read."""
    keys, scans = chance.randrange(2000, 8000), chance.choice((0, 25, 100))
    for n, key in enumerate(weighted(chance, keys, 15000, chance.choice((0, 0.6, 0.9)))):
        yield from (0, 1 + key // 512, 20 + key // 64, 200 + key // 8)
        if scans and n % scans == 0:
            start = 200 + chance.randrange(keys // 8 - 40)
            yield from range(start, start + 40)


def hash_join(chance):
    """A table is built from one file, then another file is read and looked up in it."""
    table, other = chance.randrange(150, 500), chance.randrange(200, 900)
    for _ in range(4):
        for n in range(table * 4):
            yield 1000 + n // 4
            yield chance.randrange(table)
        for n in range(other * 8):
            yield 5000 + n // 8
            yield chance.randrange(table)


def records_and_reports(chance):
    """Skewed look-ups of records; from time to time a report reads a file from end to end."""
    records, every = chance.randrange(400, 1000), chance.randrange(5000, 15000)
    for n, record in enumerate(weighted(chance, records, 50000, 0.8)):
        yield record
        if n % every < every // 4:
            yield 10000 + n % every // 2


def graph_search(chance):
    """Breadth-first searches in a graph whose edges are mostly short."""
    nodes = chance.randrange(2000, 6000)
    edges = [[(node + int(chance.gauss(0, 30))) % nodes if chance.random() < 0.8 else chance.randrange(nodes) for _ in range(5)]
             for node in range(nodes)]
    for _ in range(4):
        queue = [chance.randrange(nodes)]
        seen = set(queue)
        for node in queue:
            yield node // 8
            for other in edges[node]:
                yield nodes // 8 + 1 + other // 64
                if other not in seen:
                    seen.add(other)
                    queue.append(other)


def mark_and_sweep(chance):
    """Allocation and use of young objects, marking in no order, sweeping in order."""
    pages = chance.randrange(150, 400)
    for _ in range(30000 // (10 * pages)):
        for n in range(pages * 6):
            yield n // 6
            if n % 3 == 0:
                yield max(0, n // 6 - int(chance.expovariate(0.05)))
        for _ in range(pages * 3):
            yield chance.randrange(pages)
        yield from range(pages)


def generations(chance):
    """A nursery that is filled again and again, old objects, and sometimes a look at all of them."""
    nursery, old = chance.randrange(50, 200), chance.randrange(300, 800)
    for n in range(50000):
        yield n // 8 % nursery
        if chance.random() < 0.3:
            yield nursery + int(old * chance.random() ** 3)
        if n % (nursery * 32) == 0:
            yield from (nursery + chance.randrange(old) for _ in range(old))


def compiler(chance):
    """Passes over one unit after the other: the unit in order, the pass's own code, a table of symbols."""
    for unit in range(20):
        size = chance.randrange(40, 200)
        for code, place in itertools.product(range(4), range(size)):
            yield 1000 + unit % 3 * 200 + place
            for _ in range(6):
                yield 500 + code * 40 + int(40 * chance.random() ** 2)
            for _ in range(2):
                yield int(300 * chance.random() ** 2)


def several_programs(chance):
    """Three of the others by turns, in slices of some hundred references."""
    chosen = chance.sample([pattern for pattern in PATTERNS.values() if pattern is not several_programs], 3)
    running = [(n * 100000, pattern(chance)) for n, pattern in enumerate(chosen)]
    for _ in range(150):
        for base, program in running:
            yield from (base + page for page in itertools.islice(program, chance.randrange(1, 800)))


PATTERNS = {f.__name__: f for f in (
    loop_forever, loops, there_and_back, hot_set_and_scan, hot_set_and_loop, phases_overlapping, two_sets_by_turns,
    stack_distances, skewed, uniform, walk, window, multiply, multiply_in_blocks, stencil, merge_runs, quick_sort, heap_sort,
    tree_lookups, hash_join, records_and_reports, graph_search, mark_and_sweep, generations, compiler, several_programs)}
