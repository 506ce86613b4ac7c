"""Lab `gc`: what the program can reach stays, and the rest is freed. (user/test/lab/lab-gc.c)"""
import struct

from heapwalk import data, draw, expect, walk, words
from lab import Lab, Part, Test
from machine import PAGE

DIRECT, GRAPH, RINGS, POINTERS, LIST, CHURN = range(1, 7)    # the stops
HEADER = 8       # of an object, in front of its bytes
OTHERS = 8       # blocks that are no objects: the array of all
STALE = 3        # so many dead objects may be kept by a word that looks like an address
STACK = 0xC0000000
NODES, ELEMENTS, LIVE, REPLACED = 400, 30000, 100, 30000
KINDS = ("its start", "a byte in it", "its last byte", "the address behind it", "the address before it", "its inverted address",
         "an address that is not aligned", "its start in an atomic object", "its start in the last word of another")
INVERTED = 5
KEEPS = (True, True, True, False, False, False, False, False, True)


def number(stop, n):
    return draw(stop, n) | 0xC0000000


def find(stop):
    """=> (the addresses of the objects, the blocks in use by address)"""
    table, bottom, top = stop.values[:3]
    return ([address ^ 0xFFFFFFFF for address in words(stop, table, NODES)],
            {block.address: block for block in walk(stop, bottom, top) if block.used})


def check(stop, live, dead, holds, what):
    """The objects LIVE are in use and hold HOLDS(i), (size, its first words, the number of the others); those in DEAD are free."""
    addresses, used = find(stop)
    for i in live:
        size, first, n = holds(i)
        at = addresses[i]
        block = used.get(at - HEADER)
        expect(block and block.size >= size + HEADER, f"object {i} at {at:#x}, to which {what}, is in use",
               block or "its memory was freed")
        wanted = struct.pack(f"<{len(first)}I", *first) + struct.pack("<I", number(stop, n)) * ((size - 4 * len(first)) // 4)
        expect(data(stop, at, len(wanted)) == wanted, f"object {i} at {at:#x} holds what was stored", "other bytes")
    kept = [i for i in dead if addresses[i] - HEADER in used]
    expect(len(kept) <= STALE, f"{len(dead)} objects that nothing refers to are free", f"{len(kept)} are not, the first is object "
           f"{kept[0]} at {addresses[kept[0]]:#x}" if kept else "")
    return addresses


def split(count, is_live):
    """=> (the numbers below COUNT for which IS_LIVE holds, the others)"""
    return [i for i in range(count) if is_live(i)], [i for i in range(count) if not is_live(i)]


def direct(stops):
    stop = stops[DIRECT]
    live, dead = split(100, lambda i: draw(stop, 1200 + i) % 2)
    check(stop, live, dead, lambda i: (draw(stop, 1000 + i) % 25 * 4 + 4, (), 1000 + i), "a static variable points")


def edges(stop, i):
    """=> the numbers of the objects to which object I of the graph points"""
    return [draw(stop, 3000 + i) % NODES] + ([draw(stop, 5000 + i) % NODES] if draw(stop, 4000 + i) % 2 else [])


def reachable(stop):
    found, ahead = set(), [draw(stop, 6000 + i) % NODES for i in range(10)]
    while ahead:
        i = ahead.pop()
        if i not in found:
            found.add(i)
            ahead += edges(stop, i)
    return found


def graph(stops):
    stop = stops[GRAPH]
    found = reachable(stop)
    addresses, _ = find(stop)

    def holds(i):
        targets = [addresses[target] for target in edges(stop, i)]
        return draw(stop, 2000 + i) % 25 * 4 + 8, targets + [0] * (2 - len(targets)), 2000 + i
    check(stop, *split(NODES, found.__contains__), holds, "others lead")
    expect(abs(stop.values[3] - len(found)) <= STALE, f"gc_stats() tells of {len(found)} live objects", str(stop.values[3]))


def rings(stops):
    stop = stops[RINGS]
    addresses, _ = find(stop)
    live, dead = split(100, lambda i: draw(stop, 6200 + i // 5) % 2)
    check(stop, live, dead, lambda i: (16, [addresses[i - 4 if i % 5 == 4 else i + 1]], 6100 + i), "its ring leads")


def check_kinds(stop, kinds):
    """Also those of the first kind are kept, and the inverted ones are not."""
    addresses, used = find(stop)
    for kind in (0, INVERTED, *kinds):
        members = range(kind * 8, kind * 8 + 8)
        if KEEPS[kind]:
            check(stop, members, (), lambda i: (draw(stop, 7000 + i) % 100 + 5, (), 7000 + i), f"there is a pointer: {KINDS[kind]}")
        else:
            kept = sum(addresses[i] - HEADER in used for i in members)
            expect(kept <= STALE, f"objects are free of which there is only {KINDS[kind]}", f"{kept} of 8 are not")


def what_points(stops):
    check_kinds(stops[POINTERS], [kind for kind, keeps in enumerate(KEEPS) if keeps])


def what_does_not(stops):
    check_kinds(stops[POINTERS], [kind for kind, keeps in enumerate(KEEPS) if not keeps])


def stack_pages(stop):
    return sum(stop.walk(va) is not None for va in range(STACK - (4 << 20), STACK, PAGE))


def long_list(stops):
    stop = stops[LIST]
    step = ELEMENTS // NODES
    addresses, used = find(stop)
    gone = [i * step for i, at in enumerate(addresses) if at - HEADER not in used]
    expect(not gone, f"{ELEMENTS} elements of a list are in use", f"{len(gone)} of {NODES} that were looked for are free")
    expect(ELEMENTS <= len(used) <= ELEMENTS + OTHERS, f"{ELEMENTS} elements of a list are in use, and no other object",
           f"{len(used)} blocks")
    at = addresses[-1]
    for i in range((NODES - 1) * step, -1, -1):
        following, value = words(stop, at, 2)
        expect(value == number(stop, 10000 + i), f"element {i} at {at:#x} holds what was stored", hex(value))
        at = following
    before, now = stack_pages(stops[POINTERS]), stack_pages(stop)
    expect(now <= before + 1, f"a stack of {before} pages, as before the list", f"{now} pages")


def churn(stops):
    stop = stops[CHURN]
    last = {}
    for i in range(REPLACED):
        last[i if i < LIVE else draw(stop, 100000 + i) % LIVE] = i
    check(stop, range(LIVE), (), lambda i: (draw(stop, 200000 + last[i]) % 50 * 4 + 4, (), 200000 + last[i]),
          "a static variable points")
    _, used = find(stop)
    expect(len(used) <= LIVE + OTHERS, f"{LIVE} objects in use, and an array or two", f"{len(used)} blocks")
    size = stop.values[2] - stop.values[1]
    expect(size <= 2 << 20, "a heap of at most 2 MiB", f"{size} bytes")


LAB = Lab("gc", "A garbage collector", ["user/gc/first.c"], [Part("lab-gc", disks=("root",), trace="", tests=[
    Test(20, "what static variables point to stays", DIRECT, direct),
    Test(20, "what live objects point to stays", GRAPH, graph),
    Test(15, "rings that nothing leads to are freed", RINGS, rings),
    Test(10, "an address anywhere in an object keeps it", POINTERS, what_points),
    Test(10, "a word that is no address in an object keeps nothing", POINTERS, what_does_not),
    Test(15, "a list of 30,000 does not use up the stack", LIST, long_list),
    Test(10, "30,000 objects come and go", CHURN, churn),
])], scenario="gc")
