"""Lab `malloc`: blocks are found, split, freed, merged with their neighbours, and resized. (user/test/lab/lab-malloc.c)"""
from heapwalk import HEAD, check_merged, contents, data, draw, expect, walk, words
from lab import Lab, Part, Test, same

FEW, GROUP, MANY, CALLS, GROW = 40, 128, 200, 20000, 65536
# The stops:
ALLOCATED, FREED, BEHIND, BEFORE, BETWEEN, AGAIN, ALL, TURNS, SHRUNK, GROWN, MOVED, REFUSED, EDGE, ANYTHING = range(1, 15)
EVEN = [i for i in range(FEW) if i % 2 == 0] + [FEW - 1]    # those of the first blocks that stay


def few(stop, which):
    return {i: (draw(stop, 1000 + i) % 700 + 1, i) for i in which}


def group(stop, which):
    return {GROUP + i: (draw(stop, 2000 + i) % 1000 + 1000, GROUP + i) for i in which}


def again(stop):
    size = draw(stop, 3000) % 500 + 100
    return {FEW + i: (size, FEW + i) for i in range(8)}


def ten(stop):
    return {i: (draw(stop, 9000 + i) % 500 + 1000, i) for i in range(10)}


def check(stop, live, most=None):
    """
    The heap is sound and has the blocks LIVE, {index: (size, number of its contents)}, apart from each other and unharmed.
    MOST: the bytes up to the break. => (all Blocks, the addresses of the program's)
    """
    table, bottom, top = stop.values[:3]
    addresses = words(stop, table, MANY)
    found = walk(stop, bottom, top)
    used = {block.address: block for block in found if block.used}
    same("the blocks that the program has", sorted(live), [i for i, address in enumerate(addresses) if address])
    same("blocks in use", len(live), len(used))
    for i, (size, number) in live.items():
        at = addresses[i]
        expect(at in used and at % 8 == 0, f"block {i} of the program is one of the heap", f"its address {at:#x}")
        expect(used.pop(at).size >= size + HEAD, f"{size} bytes at {at:#x}", "a smaller block, or the same one twice")
        expect(data(stop, at, size) == contents(stop, size, number), f"block {i}, {size} bytes at {at:#x}, holds what was stored", "other bytes")
    if most:
        expect(top - bottom <= most, f"a heap of at most {most} bytes", f"{top - bottom} bytes")
    return found, addresses


def some_share(stops):
    found, _ = check(stops[ALLOCATED], few(stops[ALLOCATED], range(FEW)), GROW)
    same("free blocks: the rest of 64 KiB", 1, sum(not block.used for block in found))


def freed_are_free(stops):
    found, _ = check(stops[FREED], few(stops[FREED], EVEN), GROW)
    same("free blocks: 19 and the rest", 20, sum(not block.used for block in found))


def merged(stop, gone, first, last):
    """One free block reaches from the place of FIRST to the end of that of LAST."""
    found, _ = check(stop, few(stop, EVEN) | group(stop, [i for i in range(10) if i not in gone]))
    old = words(stop, stop.values[3], MANY)
    start = old[GROUP + first]
    block = next((block for block in found if not block.used and block.address == start), None)
    end = old[GROUP + last + 1] if last < 9 else old[GROUP + last] + group(stop, [last])[GROUP + last][0]
    expect(block and block.end >= end, f"one free block from {start - HEAD:#x} to {end - HEAD:#x} or beyond", block or "none that begins there")


def with_the_one_behind(stops):
    merged(stops[BEHIND], (1, 2), 1, 2)


def with_the_one_before(stops):
    merged(stops[BEFORE], (1, 2, 4, 5), 4, 5)


def with_both(stops):
    merged(stops[BETWEEN], (1, 2, 4, 5, 7, 8, 9), 7, 9)
    stop = stops[ALL]
    found, _ = check(stop, {})
    same("blocks after all were freed, in a drawn order", 1, len(found))


def in_turn(stops):
    """
    Seven blocks fill the one free block of the stop before, but for a rest; three were freed, the middle one first. A block as large
    as they are goes to the place of that one, a smaller one to the second place, and one that is smaller still behind it, for the
    search goes on there: not to the first rest, which fits best.
    """
    stop = stops[TURNS]
    bottom, top = stops[ALL].values[1:3]
    same("blocks after all were freed", 1, len(walk(stops[ALL], bottom, top)))
    size, second = (top - bottom) // 8 // 7 * 8 - 64, (1, 5)[draw(stop, 7000) % 2]
    _, addresses = check(stop, {i: (size, i) for i in (0, 2, 4, 6)} | {7: (size, 7), 8: (size // 3, 8), 9: (100, 9)})
    old = words(stop, stop.values[3], MANY)
    same(f"the address of {size} bytes, after the block at {old[3]:#x} was freed, then that at {old[second]:#x}", hex(old[3]), hex(addresses[7]))
    same(f"the address of {size // 3} bytes after that", hex(old[second]), hex(addresses[8]))
    behind = old[second] + (size // 3 + HEAD + 7) // 8 * 8
    same("the address of 100 bytes after that: behind the last ones, whose block was split", hex(behind), hex(addresses[9]))


def are_used_again(stops):
    stop = stops[AGAIN]
    check(stop, few(stop, EVEN) | group(stop, (0, 3, 6)) | again(stop), 2 * GROW)


def shrinks(stops):
    stop = stops[SHRUNK]
    live = ten(stop) | {0: (300, 0)}
    found, addresses = check(stop, live)
    old = words(stop, stop.values[3], MANY)
    same("the address of a block that shrinks", hex(old[0]), hex(addresses[0]))
    block, following = next((pair for pair in zip(found, found[1:]) if pair[0].address == old[0]), (None, None))
    expect(block and block.size < 300 + 24 and not following.used, "300 bytes in use, and a free block behind them", f"{block}, {following}")
    check_merged(found)


def grows(stops):
    stop = stops[GROWN]
    live = ten(stop) | {0: (300, 0)}
    del live[3]
    kept = live[2][0]
    live[2] = (kept, 2)
    found, addresses = check(stop, live)
    old = words(stop, stop.values[3], MANY)
    same("the address of a block that grows into a free one", hex(old[2]), hex(addresses[2]))
    size = next(block.size for block in found if block.address == old[2])
    expect(1900 + HEAD <= size < 1900 + 24, "1900 bytes in use", f"a block of {size}")
    check_merged(found)


def moves(stops):
    stop = stops[MOVED]
    live = ten(stop) | {0: (300, 0)}
    del live[3], live[8]
    found, addresses = check(stop, live)
    old = words(stop, stop.values[3], MANY)
    for i in (5, 7):
        size = next(block.size for block in found if block.address == addresses[i])
        expect(size >= 4500 + HEAD, f"block {i} has 4500 bytes", f"{size} bytes at {addresses[i]:#x}")
        inside = next((block for block in found if block.address <= old[i] < block.end), None)
        stays = addresses[i] == old[i]    # there may be a free block behind it that is large enough, if blocks were not merged
        expect(stays or (inside and not inside.used), f"the place that block {i} left, {old[i]:#x}, is free", inside)


def refuses(stops):
    stop = stops[REFUSED]
    calls = ("malloc(0x7ffffff0)", "malloc(0xfffffffc)", "realloc() to 2 MiB, with a wall before that", "realloc() to 0xfffffffc bytes")
    same("calls that did not return NULL with ENOMEM", [], [call for i, call in enumerate(calls) if stop.values[3] >> i & 1])
    live = ten(stop) | {0: (300, 0)}
    del live[3], live[8]
    check(stop, live)


def moves_from_the_edge(stops):
    """The last block before the break has moved to the bottom. What is copied beyond its old size is read where no page is."""
    stop = stops[EDGE]
    bottom, top = stops[REFUSED].values[1:3]
    sixth = (top - bottom) // 6
    found, addresses = check(stop, {1: (sixth, 1), 2: (sixth - 64, 2)})
    same("the address of the block that moved to the free place at the bottom", hex(found[0].address), hex(addresses[2]))


def any_size(stop, n):
    r = draw(stop, n)
    return r // 16 % 8000 + 1 if r % 16 == 0 else r // 16 % 300 + 1


def anything(stop):
    """What the program does. => (the blocks in the end, with the bytes that are known; the most bytes at one time)"""
    live, bytes_now, most = {}, 0, 0
    sizes = {}
    for n in range(10000, 10000 + 3 * CALLS, 3):
        i = draw(stop, n) % MANY
        bytes_now -= sizes.pop(i, 0)
        if i not in live:
            sizes[i] = any_size(stop, n + 1)
            live[i] = (sizes[i], n)
        elif draw(stop, n + 2) % 4 == 0:
            sizes[i] = any_size(stop, n + 1)
            live[i] = (min(live[i][0], sizes[i]), live[i][1])
        else:
            del live[i]
        bytes_now += sizes.get(i, 0)
        most = max(most, bytes_now)
    return live, most


def serves_anything(stops):
    stop = stops[ANYTHING]
    live, most = anything(stop)
    found, _ = check(stop, live, 2 * most + 4 * GROW)
    check_merged(found)


LAB = Lab("malloc", "malloc", ["user/lib/malloc_first.c"], [Part("lab-malloc", disks=("root",), trace="", tests=[
    Test(10, "blocks share the memory and lie apart", ALLOCATED, some_share),
    Test(10, "what is freed is free", FREED, freed_are_free),
    Test(10, "a block merges with a free one behind it", BEHIND, with_the_one_behind),
    Test(10, "a block merges with a free one before it", BEFORE, with_the_one_before),
    Test(5, "freed memory is used again", AGAIN, are_used_again),
    Test(10, "in the end there is one free block", ALL, with_both),
    Test(5, "free blocks are used in their turn", TURNS, in_turn),
    Test(10, "realloc shrinks in place", SHRUNK, shrinks),
    Test(10, "realloc grows in place", GROWN, grows),
    Test(5, "realloc moves what cannot grow", MOVED, moves),
    Test(5, "what is too large is refused, and nothing lost", REFUSED, refuses),
    Test(5, "a block beside the break moves", EDGE, moves_from_the_edge),
    Test(5, "20,000 calls in any order", ANYTHING, serves_anything),
])], scenario="leak")
