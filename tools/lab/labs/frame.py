"""Lab `frame`: memory is given out in blocks of 2^order frames, and joined again when it comes back. (user/test/lab/lab-frame.c)

A second machine has more memory, so that two buddies of the largest size are free. It is switched on with memory that is not all zeros:
what lies behind the frame table looks like frames that are free. There check=poison switches off the quick way of mm/frame_buddy.h to
loose frames, so that all are taken by the student's part.
"""
import struct

import counting
import frames
from lab import Lab, Part, Test, Wrong, same
from machine import KERNEL_BASE, PAGE

START, JOINED, REUSED, FULL, FREED, ROUNDS = range(1, 7)    # the stops
A_FEW = 200                                 # pages that are touched and given back
MAX_ORDER, INSIDE = 10, 0xFF
MOST = 8192                                 # frames of the table that is in memory from the beginning: more than the machine has
SIZES, MESSAGES = (3000, 6000, 8192), 8
LINK = 24                                   # place of the list's link in a struct frame


def address(stop, name):
    """=> where the kernel has NAME"""
    try:
        return counting.symbol(stop.kernel, name)
    except LookupError:
        raise Wrong(f"the kernel has {name}", "nothing of that name") from None


def members(stop, head):
    """=> the numbers of the frames in the list whose head the kernel has at the address HEAD"""
    table, length, found = stop.variable("frame_table"), stop.variable("frame_table_length"), []
    at = stop.word(head - KERNEL_BASE + 4)
    while at != head and len(found) <= length:
        number, rest = divmod(at - LINK - table, frames.LAYOUT.size)
        if rest or not 0 <= number < length:
            raise Wrong("lists of free blocks that lead from frame to frame", f"{at:#x} behind frame {found[-1:]}")
        found.append(number)
        at = stop.word(at - KERNEL_BASE + 4)
    return found


def blocks(stop):
    """=> the free blocks: {first frame: order}"""
    heads, found = address(stop, "free_lists"), {}
    for order in range(MAX_ORDER + 1):
        for number in members(stop, heads + order * 8):
            if number in found:
                raise Wrong("each free block in one list", f"frame {number} in those of orders {found[number]} and {order}")
            found[number] = order
    return found


def check_end(stop, first, order):
    last = stop.variable("frame_table_length") - 1
    if first + (1 << order) - 1 > last:
        raise Wrong(f"no free block goes on behind the last frame, which is {last}", f"{1 << order} frames from {first} on")


def check_free(stop):
    """Each free frame is in just one block, or loose. => the blocks"""
    table, found = frames.table(stop), blocks(stop)
    places = [0] * len(table)
    for first, order in found.items():
        if first % (1 << order):
            raise Wrong(f"a block of order {order} begins at a multiple of {1 << order}", f"frame {first}")
        check_end(stop, first, order)
        same(f"order in the first frame of the block at {first}", order, table[first].order)
        inside = {table[number].order for number in range(first + 1, first + (1 << order))}
        same(f"orders in the other frames of the block at {first}", [INSIDE] if order else [], sorted(inside))
        for number in range(first, first + (1 << order)):
            places[number] += 1
    for number in members(stop, address(stop, "frame_buddy_loose")):
        places[number] += 1
    for number, frame in enumerate(table):
        wanted = int(frame.state == frames.FREE)
        if places[number] != wanted:
            raise Wrong(f"frame {number}, whose state is {frame.state}, in {wanted} blocks of free frames", str(places[number]))
    return found


def check_joined(stop):
    """No two blocks of the lists could be one."""
    found = check_free(stop)
    for first, order in found.items():
        if order < MAX_ORDER and found.get(first ^ 1 << order) == order:
            raise Wrong("buddies that are both free are one block", f"two of order {order} at {first} and {first ^ 1 << order}")
    return found


def check_block(stop, first, order, state):
    """The frames from FIRST on are a block of ORDER that has been given out."""
    table = frames.table(stop)
    same(f"rest of {first} divided by the size of its block", 0, first % (1 << order))
    same(f"state and order of the block at {first}", (state, order), (table[first].state, table[first].order))
    same(f"states of the block at {first}", {state}, {frame.state for frame in table[first:first + (1 << order)]})


def every_free_frame(stops):
    check_free(stops[START])


def buddies_joined(stops):
    check_joined(stops[JOINED])


def large_blocks_kept(stops):
    largest = max(check_free(stops[START]).values(), default=0)
    if largest < 9:
        raise Wrong("a block of order 9 or 10 is still whole when the first program runs", f"none above order {largest}")


def none_given_twice(stops):
    stop, seen = stops[FULL], {}
    first, n = stop.values[:2]
    check_free(stop)
    for va in range(first, first + n * PAGE, PAGE):
        entry = stop.walk(va)
        if not entry or stop.page(va) != struct.pack("<I", stop.drawn ^ va) * (PAGE // 4):
            raise Wrong(f"page {va:#x} holds what was stored there", str(entry or "no entry"))
        if entry.frame in seen:
            raise Wrong("each page has a frame of its own", f"frame {entry.frame} at {seen[entry.frame]:#x} and {va:#x}")
        seen[entry.frame] = va
    same("frames of the pages that are page tables too", set(), set(seen) & {entry >> 12 for entry in stop.tables().values()})
    table = frames.table(stop)
    same("states of the pages' frames", {frames.ANON}, {table[number].state for number in seen})


def side_by_side(stops):
    stop = stops[FULL]
    for i in range(MESSAGES):
        size = SIZES[i % len(SIZES)]
        text = struct.pack(f"<{size // 4}I", *((stop.drawn + (i << 16) + j) & 0xFFFFFFFF for j in range(size // 4)))
        at = stop.memory.find(text)
        if at < 0:
            raise Wrong(f"a message of {size} bytes lies in memory in one piece", "it is nowhere")
        check_block(stop, at // PAGE, i % len(SIZES), frames.KERNEL)


def one_block_again(stops):
    stop = stops[FREED]
    same("swapon, which needs a block of 64 frames, after everything was freed", 0, (stop.values[0] ^ 1 << 31) - (1 << 31))
    first = (stop.variable("slots") - KERNEL_BASE) // PAGE
    check_block(stop, first, frames.table(stop)[first].order, frames.KERNEL)
    check_joined(stop)


def nothing_is_lost(stops):
    check_joined(stops[ROUNDS])


def free_frames(kernel):
    """=> the physical address at which KERNEL will put the frame table, and a table in which each frame begins a free block, the largest
    that can begin there, and is alone in its list. The kernel clears the entries of its own frames; those behind them stay."""
    start = -(-counting.symbol(kernel, "kernel_end") // PAGE) * PAGE
    links = (start + number * frames.LAYOUT.size + LINK for number in range(MOST))
    orders = (min((number & -number).bit_length() - 1, MAX_ORDER) if number else MAX_ORDER for number in range(MOST))
    return start - KERNEL_BASE, b"".join(frames.LAYOUT.pack(frames.FREE, 0, order, *[0] * 7, link, link)
                                         for order, link in zip(orders, links))


def where_blocks_end(stops):
    stop = stops[START]
    same("address of the frame table, behind which this machine's memory is not zero", free_frames(stop.kernel)[0] + KERNEL_BASE,
         stop.variable("frame_table"))
    check_free(stop)
    loose = len(members(stops[REUSED], address(stops[REUSED], "frame_buddy_loose")))
    if loose > A_FEW * 3 // 4:
        raise Wrong(f"about {A_FEW // 2} loose frames, after {A_FEW} were given back and {A_FEW // 2} taken, one by one", str(loose))


LAB = Lab("frame", "The frame allocator", ["mm/frame_buddy.c"], [Part("lab-frame", mem="6M", trace="frame", tests=[
    Test(15, "each free frame is in one block", START, every_free_frame),
    Test(10, "small requests leave large blocks whole", START, large_blocks_kept),
    Test(10, "buddies that are free are joined", JOINED, buddies_joined),
    Test(15, "no frame is given twice", FULL, none_given_twice),
    Test(10, "a block's frames lie side by side", FULL, side_by_side),
    Test(20, "all that is freed can be one block again", FREED, one_block_again),
    Test(15, "nothing is lost when blocks come and go", ROUNDS, nothing_is_lost),
]), Part("lab-frame", mem="20M", words=("check=poison",), trace="frame", memory=free_frames, tests=[
    Test(5, "where blocks end, and which frames come first", REUSED, where_blocks_end),
])], scenario="tour")
