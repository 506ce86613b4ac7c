"""Lab `swap`: pages go to the disk and come back as they were, and what is there already is not written again. (user/test/lab/lab-swap.c)"""
import struct

import frames
from lab import Lab, Part, Test, Wrong, same
from machine import PAGE, rise

MAPPED, FILLED, OUT, BACK, OUT_AGAIN, ONE_STORED, HURRIED, UNMAPPED, FULL, READ = range(1, 11)    # the stops
FIRST, FREE, WRONG = range(3)    # of the report: the address of the first page, free slots in KiB, pages with wrong contents
PAGES, STORED, HURRIES, MANY, EACH = 8, 5, 40, 3000, 50
SMALL = 12    # pages of a small swap area


def contents(stop, number):
    """=> what the program has stored in a page"""
    x, words = (stop.drawn + number * 2654435761) % 2 ** 32, []
    for _ in range(PAGE // 4):
        words.append(x)
        x = (x * 1664525 + 1013904223) % 2 ** 32
    return struct.pack(f"<{PAGE // 4}I", *words)


def address(stop, page):
    return stop.values[FIRST] + page * PAGE


def pages_moved(stops, number, what):
    return rise(stops, number, "swap", what) // PAGE


def slots_used(stops, number):
    return (stops[MAPPED].values[FREE] - stops[number].values[FREE]) * 1024 // PAGE


def slots(stop, numbers):
    """=> the slot that has the contents of each page; None: none has"""
    found = {data: slot for slot, data in stop.disks["swap"].items()}
    return [found.get(contents(stop, number)) for number in numbers]


def on_disk(stop, numbers):
    missing = [number for number, slot in zip(numbers, slots(stop, numbers)) if not slot]
    same("pages whose contents are in no slot of the disk", [], missing)


def out_of_memory(stop, numbers):
    """No page has an entry, and no frame has its contents any more."""
    same("pages that have an entry", [], [i for i in range(PAGES) if stop.walk(address(stop, i))])
    kept = frames.contents(stop, frames.ANON)
    same("pages that still have a frame", [], [number for number in numbers if contents(stop, number) in kept])


def in_memory(stop, page):
    """The page has an entry, and holds what was stored."""
    if stop.page(address(stop, page)) != contents(stop, page):
        raise Wrong(f"page {page} holds what was stored in it", f"{(stop.page(address(stop, page)) or b'no page')[:8]!r}...")


def written_side_by_side(stops):
    on_disk(stops[OUT], range(PAGES))
    found = slots(stops[OUT], range(PAGES))
    same("slots of the pages", list(range(found[0], found[0] + PAGES)), found)
    same("pages written", PAGES, pages_moved(stops, OUT, "wr_bytes"))
    same("requests that wrote them", 1, rise(stops, OUT, "swap", "wr_operations"))


def frames_are_free(stops):
    on_disk(stops[OUT], range(PAGES))
    out_of_memory(stops[OUT], range(PAGES))


def loads_bring_back(stops):
    for page in range(PAGES):
        in_memory(stops[BACK], page)
    same("pages read", PAGES, pages_moved(stops, BACK, "rd_bytes"))
    same("requests that read them", 1, rise(stops, BACK, "swap", "rd_operations"))


def clean_is_not_written(stops):
    same("slots in use after the pages have come back", PAGES, slots_used(stops, BACK))
    out_of_memory(stops[OUT_AGAIN], range(PAGES))
    same("pages written the second time", 0, pages_moved(stops, OUT_AGAIN, "wr_bytes"))


def stored_is_written(stops):
    now = [i + PAGES * (i == STORED) for i in range(PAGES)]
    out_of_memory(stops[ONE_STORED], now)
    on_disk(stops[ONE_STORED], now)
    same("pages written the third time", 1, pages_moved(stops, ONE_STORED, "wr_bytes"))
    same("slots in use", PAGES, slots_used(stops, ONE_STORED))


def needed_while_written(stops):
    written = pages_moved(stops, HURRIED, "wr_bytes")
    if written < PAGES * HURRIES // 2:
        raise Wrong(f"up to {PAGES * HURRIES} pages written", str(written))
    same("pages that do not hold what was stored", 0, stops[HURRIED].values[WRONG])
    for page in range(PAGES):
        in_memory(stops[HURRIED], page)


def all_come_back(stops):
    same("slots in use after the first page-out, and after munmap", [PAGES, 0], [slots_used(stops, n) for n in (OUT, UNMAPPED)])
    before, after = (frames.count(stops[number], frames.ANON) for number in (FILLED, UNMAPPED))
    same("frames with anonymous pages after munmap", before - PAGES, after)


def exists(stop, page, known):
    """The page has an entry and holds what was stored; or the disk or a frame without an entry, as one under way, has it."""
    if stop.walk(address(stop, page)):
        in_memory(stop, page)
    elif contents(stop, page) not in known:
        raise Wrong(f"the contents of page {page} are in memory or on the disk", "they are lost")


def more_than_memory(stops):
    same("pages that do not hold what was stored", 0, stops[READ].values[WRONG])
    for stop in (stops[FULL], stops[READ]):
        known = frames.contents(stop, frames.ANON) | set(stop.disks["swap"].values())
        for page in range(0, MANY, EACH):
            exists(stop, page, known)


def scarce_slots_come_back(stops):
    for page in range(PAGES):
        in_memory(stops[BACK], page)
    same(f"slots in use, of {SMALL - 1}, after the pages have come back", (SMALL - 1) // 2, slots_used(stops, BACK))
    on_disk(stops[OUT_AGAIN], range(PAGES))


LAB = Lab("swap", "Page out and page in", ["mm/anon_swap_out.c", "mm/anon_swap_in.c"], [
    Part("lab-swap", mem="6M", read=("swap",), tests=[
        Test(20, "pages that leave are written side by side", OUT, written_side_by_side),
        Test(15, "their frames are free", OUT, frames_are_free),
        Test(20, "loads bring them back", BACK, loads_bring_back),
        Test(10, "what the disk has already is not written", OUT_AGAIN, clean_is_not_written),
        Test(10, "what was stored to is written", ONE_STORED, stored_is_written),
        Test(10, "pages may be needed while they are written", HURRIED, needed_while_written),
        Test(5, "slots and frames come back", UNMAPPED, all_come_back),
        Test(5, "more pages than memory", READ, more_than_memory),
    ]),
    Part("lab-swap", mem="6M", read=("swap",), swap=SMALL, tests=[
        Test(5, "scarce slots come back", OUT_AGAIN, scarce_slots_come_back),
    ]),
], scenario="swap")
