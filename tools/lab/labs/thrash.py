"""Lab `thrash`: a whole task leaves memory, in order, and comes back with the pages that it had.
(user/test/lab/lab-thrash.c, user/test/lab/lab-thrash-wait.c)"""
import struct

import frames
from lab import Lab, Part, Test, Wrong, same
from machine import PAGE

HAS, OUT, BESIDE, IN, BACK, LOADED, LOST, LOST_MORE = range(1, 9)    # the stops
SLOW, SAID, HELD, WRITTEN, TAKEN, LEFT, ALL_KILLED = 1, 2, 4, 5, 7, 8, 20    # those of lab-thrash-wait; three for each case
HOLDS = {SLOW: ("swap", "most"), **{stop: ("swap", "all") for stop in range(SAID + 1, ALL_KILLED, 3)}}
MANY = 1000                                                         # pages of a task that are more than all requests carry
WAITING = 40                                                        # pages of its task
OWN, READ, UNTOUCHED, COW, SHARED, LOCKED, FILED = 80, 4, 4, 8, 8, 4, 8    # as in the program
IN_SWAP = range(24, 36)                                             # those of its own that the child had in swap already
AREAS = [("own", OWN + READ + UNTOUCHED), ("cow", COW), ("shared", SHARED), ("locked", LOCKED), ("filed", FILED)]
FEW = 8    # requests; the child's pages need three or four, one by one more than sixty
SPARE = 20    # frames by which two counts may differ: of kernel memory that is kept for later


def content(stop, step):
    """=> the page that the program has filled with this step"""
    return struct.pack("<1024I", *(stop.drawn + step * (i + 1) & 0xFFFFFFFF for i in range(1024)))


def pages(stop, area):
    """=> the addresses of the pages of an area"""
    place = [name for name, _ in AREAS].index(area)
    return [stop.values[place] + i * PAGE for i in range(AREAS[place][1])]


def frames_of(stop, area, cr3=0):
    return [entry and entry.frame for entry in (stop.walk(va, cr3) for va in pages(stop, area))]


def ranges(numbers):
    """=> [0, 1, 2, 7] as "0-2 7" """
    begins = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(begins, ends)) or "none"


def present(stop):
    return {area: ranges([i for i, frame in enumerate(frames_of(stop, area)) if frame is not None]) for area, _ in AREAS}


def in_memory(stop, contents):
    """=> the numbers of those CONTENTS that a frame holds which is not free"""
    used = {stop.memory[n * PAGE:][:PAGE] for n, frame in enumerate(frames.table(stop)) if frame.state != frames.FREE}
    return [i for i, page in contents.items() if page in used]


def ordered(stop, what):
    same(f"the result of writing `{what}` to /proc/PID/procswap", 0, stop.values[5])


def swap_requests(before, after):
    """=> (reads, writes) of the swap disk between two stops"""
    return tuple(after.traffic["swap"][what] - before.traffic["swap"][what] for what in ("rd_operations", "wr_operations"))


def own_pages(stop, numbers, step=0x100):
    """=> {number: what the child's own page holds}"""
    return {i: content(stop, step + i) for i in numbers}


def frames_are_given_back(stops):
    ordered(stops[OUT], "out")
    stop, n = stops[OUT], sum(frame is not None for frame in frames_of(stops[HAS], "own")[:OWN] + frames_of(stops[HAS], "filed"))
    same("its own pages that are in memory while it is out", "none", ranges(in_memory(stop, own_pages(stop, range(OWN)))))
    contents = {i: stop.file("data/text.txt", i) for i in range(FILED)}
    same("pages of its file that are in memory while it is out", "none", ranges(in_memory(stop, contents)))
    more = frames.count(stop, frames.FREE) - frames.count(stops[HAS], frames.FREE)
    if more < n:
        raise Wrong(f"at least the {n} frames of these pages are free now", f"{more} more than before")


def slots(stop):
    """=> of each of the child's own pages: the slot that holds it; None: none does"""
    where = {block: slot for slot, block in stop.disks["swap"].items()}
    return [where.get(page) for page in own_pages(stop, range(OWN)).values()]


def pages_are_on_the_disk(stops):
    missing = [i for i, slot in enumerate(slots(stops[OUT])) if slot is None]
    same("the child's own pages that are in no slot of the swap disk", "none", ranges(missing))


def in_large_requests(stops):
    pages_are_on_the_disk(stops)
    where = slots(stops[OUT])
    beside = sum(b == a + 1 for a, b in zip(where, where[1:]))
    if beside < OWN - FEW:
        raise Wrong(f"at least {OWN - FEW} of the pages are in the slot after that of the page before", str(beside))
    _, writes = swap_requests(stops[HAS], stops[OUT])
    if writes > FEW:
        raise Wrong(f"no more than {FEW} writes to the swap disk", str(writes))


def others_keep_theirs(stops):
    for area in ("cow", "shared"):
        same(f"the parent's frames of `{area}` while the child is out", frames_of(stops[HAS], area), frames_of(stops[OUT], area))
    for i, va in enumerate(pages(stops[BESIDE], "shared")):
        if stops[BESIDE].page(va) != content(stops[BESIDE], 0x500 + i):
            raise Wrong(f"the parent has stored to page {i} of `shared`", "other bytes")
    table = frames.table(stops[BESIDE])
    for i, frame in enumerate(frames_of(stops[HAS], "locked")):
        if table[frame].state != frames.ANON or stops[BESIDE].memory[frame * PAGE:][:PAGE] != content(stops[BESIDE], 0x400 + i):
            raise Wrong(f"locked page {i} stays in its frame {frame}", "the frame is free, or holds something else")


def it_comes_back_with_what_it_had(stops):
    ordered(stops[IN], "in")
    same("pages in the child's page table before it touches them", present(stops[HAS]), present(stops[BACK]))
    more = in_memory(stops[BACK], own_pages(stops[BACK], IN_SWAP))
    same("pages in memory that were in swap before the child was taken out", "none", ranges(more))
    if not swap_requests(stops[BESIDE], stops[IN])[0]:
        raise Wrong("the swap disk is read before the child runs", "no request")


def read_in_large_requests(stops):
    it_comes_back_with_what_it_had(stops)
    reads, _ = swap_requests(stops[BESIDE], stops[IN])
    if reads > FEW:
        raise Wrong(f"no more than {FEW} reads of the swap disk", str(reads))


def contents_are_the_same(stops):
    stop = stops[LOADED]
    for area, n, step in (("own", OWN, 0x100), ("cow", COW, 0x200), ("locked", LOCKED, 0x400), ("shared", SHARED, 0x500)):
        wrong = [i for i in range(n) if stop.page(pages(stop, area)[i]) != content(stop, step + i)]
        same(f"pages of `{area}` with other contents than they should have", "none", ranges(wrong))
    wrong = [i for i, va in enumerate(pages(stop, "filed")) if stop.page(va) != stop.file("data/text.txt", i)]
    same("pages of the file with other contents than they should have", "none", ranges(wrong))


def nothing_is_lost(stops):
    before, after = (frames.count(stops[n], frames.FREE) for n in (LOST, LOST_MORE))
    if after < before - SPARE:
        raise Wrong(f"about {before} frames are free after 40 more children", str(after))


def out_when_all_is_written(stops):
    stop = stops[SAID]
    same("the result of writing `out` for a task with many pages, while the disk is slow", 0, stop.values[1])
    there = in_memory(stop, own_pages(stop, range(MANY), 0x1000))
    same("its own pages that are in memory when that is done", "none", ranges(there))
    for what, held, done in (("its pages are being written", HELD, WRITTEN), ("all requests are taken", TAKEN, LEFT)):
        early, result = stops[done].values[:2]
        same(f"orders `out` that were done while {what} and the disk does nothing", 0, stops[held].values[0] or early)
        same(f"the result of that order, when the disk works again, after {what}", 0, result)
        there = in_memory(stops[done], own_pages(stops[done], range(WAITING)))
        same("its own pages that are in memory then", "none", ranges(there))


def nothing_is_touched(stops):    # pylint: disable=unused-argument
    """What is freed is poisoned, so a kernel that goes on with a dead task's space does not come that far."""


LAB = Lab("thrash", "Swapping whole tasks", ["mm/procswap.c"], [
    Part("lab-thrash", read=("swap",), words=("exact",), trace="procswap,swap", tests=[
        Test(10, "a task that is out gives its frames back", OUT, frames_are_given_back),
        Test(10, "its pages are on the swap disk", OUT, pages_are_on_the_disk),
        Test(10, "side by side, in large requests", OUT, in_large_requests),
        Test(10, "others keep their pages, and locked ones stay", BESIDE, others_keep_theirs),
        Test(15, "it comes back with the pages that it had", BACK, it_comes_back_with_what_it_had),
        Test(5, "they are read in large requests", BACK, read_in_large_requests),
        Test(10, "their contents are the same", LOADED, contents_are_the_same),
        Test(10, "nothing is lost, whenever a task is killed", LOST_MORE, nothing_is_lost),
    ]),
    Part("lab-thrash-wait", words=("exact", "check=poison"), holds=HOLDS, trace="procswap,swap,wait", tests=[
        Test(10, "however slow the disk, it is out only when all is written", LEFT, out_when_all_is_written),
        Test(10, "a task that is killed meanwhile is not touched any more", ALL_KILLED, nothing_is_touched),
    ]),
], scenario="procswap")
