"""Lab `leak`: pages that must not be accessed find uses after free, and blocks that nothing leads to are leaks.
(user/test/lab/lab-fence.c, user/test/lab/lab-leak.c)"""
import os
import re
import struct

import counting
import frames
from heapwalk import contents, data, draw, expect, words
from lab import Lab, Part, Test, same
from machine import PAGE

FENCED, BEHIND, FREED, ALIGNED, BEFORE, BOTH, MESSAGE, CROWDED, MANY = range(1, 10)    # the stops of lab-fence
DIRECT, GRAPH, KINDS, CHAIN, FENCES = range(1, 6)    # those of lab-leak
BLOCKS, NODES, LENGTH = 24, 200, 20000
KEPT = 10     # blocks that stay while others come and go
SPARE = 40    # pages of addresses that smaller blocks may need
ALIGNMENTS = [PAGE << i for i in range(4)] + [16 << 2 * i for i in range(4)]    # as in lab-fence
RECORD = struct.Struct("<9I2H2?2x")    # struct record of user/lib/heap_debug.h
MODE, START, IS_FREED, IS_REACHED = 0, 3, 11, 12
STALE = 2                              # so many lost blocks may be reached by a word that looks like an address
WAYS = (("its first byte", True), ("its last byte", True), ("the address behind it", False), ("the address before it", False),
        ("its inverted address", False), ("an address that is not aligned", False), ("an address in a freed block", False),
        ("an address in a lost block", False), ("an address in a lost block", False))


def size_of(stop, i):
    return draw(stop, 1000 + i) % 9000 + 1


def freed(stop):
    return [i for i in range(BLOCKS) if draw(stop, 2000 + i) % 2]


def pages(at, size):
    return range(at // PAGE * PAGE, at + size, PAGE)


def pages_behind(stop, addresses):
    """=> the address behind the last page of each block, of which ADDRESSES has the first so many"""
    return [pages(at, size_of(stop, i))[-1] + PAGE for i, at in enumerate(addresses)]


def check(stop, live, alignment=8, at_start=False):
    """The blocks LIVE have pages of their own, in which they lie at the end (AT_START: at the start), and are unharmed. => addresses"""
    addresses = words(stop, stop.values[0], BLOCKS)
    taken = {}
    for i in live:
        at, size = addresses[i], size_of(stop, i)
        name = f"block {i}, {size} bytes at {at:#x},"
        expect(data(stop, at, size) == contents(stop, size, i), f"{name} holds what was stored", "other bytes")
        if at_start:
            expect(at % PAGE == 0, f"{name} begins where its pages begin", f"byte {at % PAGE} of a page")
        else:
            behind = -(at + size) % PAGE
            expect(behind < alignment and at % 8 == 0, f"{name} ends where its pages end", f"{behind} bytes behind it")
        for page in pages(at, size):
            entry = stop.walk(page)
            expect(entry and entry.writable, f"{name} can be stored to", entry or f"no entry for {page:#x}")
            expect(page not in taken, f"{name} has pages of its own", f"block {taken.get(page)} is there too")
            taken[page] = i
    return addresses


def check_closed(stop, what, addresses):
    """At these ADDRESSES no page is present, although they were accessed."""
    there = [hex(at) for at in addresses if stop.walk(at)]
    expect(not there, f"{what} cannot be accessed", f"{len(there)} of {len(addresses)} were, the first at {there and there[0]}")


def pages_of_their_own(stops):
    stop = stops[FENCED]
    addresses = check(stop, range(BLOCKS))
    taken = {page for i, at in enumerate(addresses) for page in pages(at, size_of(stop, i))}
    for at in stop.values[5:7]:
        entry = stop.walk(at - 1)
        expect(at % PAGE == 0 and entry and entry.writable and at - PAGE not in taken, "a block of no bytes is where its page ends", hex(at))
        taken.add(at - PAGE)


def in_use(stop):
    """=> what the program's variable of that name holds; 0: a compiler leaves out one that never changes"""
    try:
        at = counting.symbol(os.path.join(os.path.dirname(stop.kernel), "user/test/lab-fence"), "in_use")
    except LookupError:
        return 0
    return words(stop, at, 1)[0]


def counted(stops):
    """Before some blocks are freed, and after it. A block of no bytes has a page."""
    gone = freed(stops[FREED])
    for number, left in ((BEHIND, range(BLOCKS)), (FREED, [i for i in range(BLOCKS) if i not in gone])):
        bytes_left = sum(-(-size_of(stops[number], i) // PAGE) * PAGE for i in left) + 2 * PAGE
        same(f"in_use with {len(left) + 2} blocks, {'before' if number == BEHIND else 'after'} some were freed", bytes_left, in_use(stops[number]))


def refused(stops):
    fenced, grown = stops[CROWDED].values[7:9]
    expect(fenced, "blocks have pages of their own as long as there may be more regions", "none has")
    expect(grown <= 2 * fenced + SPARE, f"{fenced} blocks with pages of their own, when no more regions may be, take "
           f"{2 * fenced} pages of addresses, and those that got none hardly any", f"{grown} pages")
    mine = -(-size_of(stops[CROWDED], 0) // PAGE) * PAGE + fenced * PAGE
    same(f"in_use with {fenced + 1} blocks that have pages of their own, after others got none", mine, in_use(stops[CROWDED]))


def nothing_behind(stops):
    stop = stops[BEHIND]
    addresses = check(stop, range(BLOCKS))
    check_closed(stop, "the page behind a block", pages_behind(stop, addresses))
    same("accesses behind blocks that were stopped", 2 * BLOCKS + 2, stop.values[2])


def nothing_before(stops):
    stop = stops[BEFORE]
    addresses = check(stop, range(BLOCKS), at_start=True)
    check_closed(stop, "the page before a block", [at - PAGE for at in addresses])
    same("accesses before blocks that were stopped", 2 * BLOCKS, stop.values[2])


def freed_is_closed(stops):
    stop = stops[FREED]
    gone = freed(stop)
    check(stop, [i for i in range(BLOCKS) if i not in gone])
    old = words(stop, stop.values[1], BLOCKS)
    check_closed(stop, "a freed block", [page for i in gone for page in pages(old[i], size_of(stop, i))])
    same("accesses to freed blocks that were stopped", 2 * len(gone), stop.values[2])


def freed_costs_nothing(stops):
    stop = stops[FREED]
    old = words(stop, stop.values[1], BLOCKS)
    count = sum(len(pages(old[i], size_of(stop, i))) for i in freed(stop))
    less = frames.count(stops[BEHIND], frames.ANON) - frames.count(stop, frames.ANON)
    expect(less >= count - 2, f"{count} frames are free again", str(less))
    stop = stops[MANY]
    addresses = check(stop, range(KEPT))
    same("of 500 new blocks those that lie where the one freed before was", 0, stop.values[4])
    check_closed(stop, "when 90 MB have come and gone, the page behind a block that stayed", pages_behind(stop, addresses[:KEPT]))


def check_aligned(stop, **how):
    addresses = check(stop, range(len(ALIGNMENTS)), **how)
    for i, alignment in enumerate(ALIGNMENTS):
        expect(addresses[i] % alignment == 0, f"an address that is a multiple of {alignment}", hex(addresses[i]))
    return addresses


def aligned(stops):
    stop = stops[ALIGNED]
    addresses = check_aligned(stop, alignment=PAGE)
    check_closed(stop, "the page behind an aligned block", pages_behind(stop, addresses[:len(ALIGNMENTS)]))


def aligned_before(stops):
    addresses = check_aligned(stops[BOTH], at_start=True)
    check_closed(stops[BOTH], "the page before an aligned block", [at - PAGE for at in addresses])


def says_so(stops):
    stop = stops[MESSAGE]
    at, size = words(stop, stop.values[1], 1)[0], size_of(stop, 0)
    told = data(stop, stop.values[3], 2048).rstrip(b"\0").decode("ascii", "replace")
    block = f"the block of {size} bytes at {at:#x}"
    wanted = [f"heap: write byte {draw(stop, 3000) % size} of {block} that was freed", f"heap: write byte {-(at + size) % 8} behind {block}"]
    same("what is said of a use after free, and of one behind a block", wanted, re.findall(r"(?m)^heap: .*", told))


def reached(stop):
    """=> {address of a block in use: was it reached?}"""
    records = RECORD.iter_unpack(data(stop, stop.values[1], 24000 * RECORD.size))
    return {record[START]: record[IS_REACHED] for record in records if record[MODE] and not record[IS_FREED]}


def check_reached(stop, count, is_live, what, led_to_by=lambda i: {i}):
    """Of the first COUNT blocks those are reached for which IS_LIVE holds, and no others, but for a few stale words and the blocks
    LED_TO_BY the block at which such a word points."""
    found = reached(stop)
    addresses = [address ^ 0xFFFFFFFF for address in words(stop, stop.values[0], count)]
    wrong = [i for i in range(count) if is_live(i) and not found.get(addresses[i])]
    expect(not wrong, f"blocks to which {what} are not lost", f"{len(wrong)} are, the first is block {wrong and wrong[0]}")
    wrong = {i for i in range(count) if not is_live(i) and found.get(addresses[i], True)}
    unexplained = set(wrong)
    for _ in range(STALE):
        unexplained -= max((led_to_by(i) for i in unexplained), key=lambda led_to: len(unexplained & led_to), default=set())
    expect(not unexplained, "blocks to which nothing leads are lost", f"{len(wrong)} are not, the first is block {min(wrong, default=None)}")


def direct(stops):
    stop = stops[DIRECT]
    check_reached(stop, 60, lambda i: draw(stop, 1200 + i) % 2, "a static variable, the stack or a mapping points")


def led_to(edges, first):
    """EDGES: of each node the nodes to which it points. => those to which the nodes FIRST lead, and these themselves"""
    found, ahead = set(), list(first)
    while ahead:
        i = ahead.pop()
        if i not in found:
            found.add(i)
            ahead += edges[i]
    return found


def check_graph(stop):
    edges = [[draw(stop, 3000 + i) % NODES] + ([draw(stop, 4000 + i) % NODES] if draw(stop, 6000 + i) % 2 else []) for i in range(NODES)]
    live = led_to(edges, (draw(stop, 7000 + i) % NODES for i in range(8)))
    check_reached(stop, NODES, live.__contains__, "others lead", lambda i: led_to(edges, [i]))


def graph(stops):
    check_graph(stops[GRAPH])


def fences(stops):
    check_graph(stops[FENCES])


def ways(stops):
    stop = stops[KINDS]
    found = reached(stop)
    addresses = [address ^ 0xFFFFFFFF for address in words(stop, stop.values[0], 8 * len(WAYS))]
    for kind, (what, keeps) in enumerate(WAYS):
        members = addresses[kind * 8:kind * 8 + 8]
        number = sum(found.get(at, not keeps) for at in members)
        expect(number == 8 if keeps else number <= STALE, f"of 8 blocks of which there is only {what} {8 if keeps else 0} are reached", number)


def chain(stops):
    check_reached(stops[CHAIN], LENGTH, lambda i: True, "the one before leads, in a list")


LAB = Lab("leak", "Leaks and uses after free", ["user/lib/heap_fence.c", "user/lib/heap_leaks.c"], [
    Part("lab-fence", disks=("root",), trace="space", tests=[
        Test(10, "a block has pages of its own, and ends where they end", FENCED, pages_of_their_own),
        Test(10, "the page behind it cannot be accessed", BEHIND, nothing_behind),
        Test(10, "a freed block cannot be accessed", FREED, freed_is_closed),
        Test(5, "what is in use is counted", FREED, counted),
        Test(5, "a block may be aligned, also to several pages", ALIGNED, aligned),
        Test(5, "with fence:before the page before it cannot be accessed", BEFORE, nothing_before),
        Test(5, "with fence:before a block may be aligned, too", BOTH, aligned_before),
        Test(5, "a use after free, and one behind a block, are reported", MESSAGE, says_so),
        Test(5, "when a call fails, nothing is reserved", CROWDED, refused),
        Test(10, "a freed block costs addresses, but no memory", MANY, freed_costs_nothing),
    ]),
    Part("lab-leak", disks=("root",), trace="space", tests=[
        Test(10, "what a pointer leads to is not lost", DIRECT, direct),
        Test(5, "what that leads to is not lost", GRAPH, graph),
        Test(5, "only addresses of bytes of a block lead to it", KINDS, ways),
        Test(5, "a list may be longer than the stack is deep", CHAIN, chain),
        Test(5, "blocks with pages of their own are searched, too", FENCES, fences),
    ]),
], scenario="leak")
