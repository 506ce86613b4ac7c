"""Lab `fault`: a page is made at its first touch, of zeros or from a file, and no other page is.
(user/test/lab/lab-fault.c, lab-fault-full.c, lab-fault-wait.c)"""
import struct

import frames
from lab import Lab, Part, Test, Wrong, same, total
from machine import PAGE, rise

(NEW_STORED, FILE_READ, COPIED, ZEROS_READ, FILE_STORED, COMMON_STORED, AROUND_READ, FORKED,
 HOLES, BEYOND, AGAIN) = range(1, 12)    # the stops
ZEROS, PRIVATE, SHARED, COMMON, CHANGED = range(5)    # the report: addresses of mappings, and the file's time of change
SPARSE, OWN, BEFORE, AFTER = range(4)                 # at HOLES: mappings, and blocks of the file before the store to it and after
PAGES, FILE_PAGES = 8, 64
NEW, LOADED, STORED, BLANK, IN_COMMON, AROUND, NEXT, AMONG = 2, 3, 6, 4, 1, 40, 56, 59    # pages that the program touches
WINDOW = 16           # fault-around maps pages of the same aligned window,
READ_AHEAD = 8        # of which so many were read with the first one
BLOCK = PAGE // 512    # as stat() counts
SIGBUS = 7

REFUSED, FULL = 1, 2    # the stops of lab-fault-full
FEW, FILE, MANY, BYTES, ZERO_FILL, PROMOTE, MAJOR = range(7)    # its report: mappings, bytes that were read, and how counts rose
FEW_PAGES, READ_PAGES, PROMOTED, MANY_PAGES, READ_BYTES = 64, 16, 32, 1500, 16

AT_ONCE, TOUCHED = 1, 2    # the stops of lab-fault-wait
TOUCHED_PAGE = 6           # of the file


def at(stop, mapping, page):
    """=> the address of a PAGE"""
    return stop.values[mapping] + page * PAGE


def entry(stop, mapping, page):
    return stop.walk(at(stop, mapping, page))


def frame(stop, mapping, page):
    found = entry(stop, mapping, page)
    return found and found.frame


def name(stop, mapping, page):
    return f"page {page} of the mapping at {stop.values[mapping]:#x}"


def only_these(stop, mapping, pages, wanted):
    """Of the first PAGES of MAPPING only the WANTED ones have an entry."""
    same(f"pages with an entry in the mapping at {stop.values[mapping]:#x}", wanted,
         [i for i in range(pages) if entry(stop, mapping, i)])


def is_mapped(stop, mapping, page, writable, contents):
    found, is_there = entry(stop, mapping, page), stop.page(at(stop, mapping, page))
    if not found or found.writable != writable:
        raise Wrong(f"{name(stop, mapping, page)} is mapped {'writable' if writable else 'read-only'}", str(found or "no entry"))
    if is_there != contents:
        i = next(i for i in range(PAGE) if is_there[i] != contents[i])
        raise Wrong(f"{name(stop, mapping, page)} holds {contents[i:i + 8]!r} from byte {i} on", repr(is_there[i:i + 8]))


def share(stop, one, other):
    """ONE and OTHER, pairs of mapping and page, have the same frame."""
    if frame(stop, *one) != frame(stop, *other):
        raise Wrong(f"{name(stop, *one)} and {name(stop, *other)} have the same frame", f"{frame(stop, *one)}, {frame(stop, *other)}")


def differ(stop, one, other):
    if frame(stop, *one) == frame(stop, *other):
        raise Wrong(f"{name(stop, *one)} and {name(stop, *other)} have frames of their own", f"both have {frame(stop, *one)}")


def zeros(first="\0"):
    """=> a page of zeros with another FIRST byte"""
    return first.encode() + bytes(PAGE - 1)


def text(stop, page, first=""):
    """=> a page of the file with another FIRST byte"""
    return (first.encode() + stop.file("data/text.txt", page)[len(first):])


def store_makes_zeros(stops):
    only_these(stops[NEW_STORED], ZEROS, PAGES, [NEW])
    is_mapped(stops[NEW_STORED], ZEROS, NEW, True, zeros("z"))


def load_maps_the_file(stops):
    stop = stops[FILE_READ]
    for mapping in (PRIVATE, SHARED):
        only_these(stop, mapping, FILE_PAGES, [LOADED])
        is_mapped(stop, mapping, LOADED, False, text(stop, LOADED))
    share(stop, (PRIVATE, LOADED), (SHARED, LOADED))


def private_store_copies(stops):
    stop = stops[COPIED]
    only_these(stop, PRIVATE, FILE_PAGES, [LOADED, STORED])
    for page in (LOADED, STORED):
        is_mapped(stop, PRIVATE, page, True, text(stop, page, "!"))
        is_mapped(stop, SHARED, page, False, text(stop, page))


def load_maps_zeros(stops):
    stop = stops[ZEROS_READ]
    only_these(stop, ZEROS, PAGES, [0, 1, 2, 3, 4])
    for page in (1, 3):
        share(stop, (ZEROS, 0), (ZEROS, page))
        is_mapped(stop, ZEROS, page, False, zeros())
    differ(stop, (ZEROS, 0), (ZEROS, BLANK))
    is_mapped(stop, ZEROS, BLANK, True, zeros("b"))


def store_reaches_all(stops):
    stop = stops[FILE_STORED]
    is_mapped(stop, SHARED, STORED, True, text(stop, STORED, "s"))
    same("the file's frame after the store", frame(stops[COPIED], SHARED, STORED), frame(stop, SHARED, STORED))
    if stop.values[CHANGED] == stops[COPIED].values[CHANGED]:
        raise Wrong("the file's time of change is that of the store", "it is as before")
    stop = stops[COMMON_STORED]
    is_mapped(stop, COMMON, IN_COMMON, True, zeros("c"))
    is_mapped(stop, COMMON, 0, True, zeros())
    after = stops[AROUND_READ]
    same("the parent's frame of the page that its child has stored to", frame(stop, COMMON, IN_COMMON), frame(after, COMMON, IN_COMMON))


def neighbours_are_mapped(stops):
    stop = stops[AROUND_READ]
    is_mapped(stop, SHARED, AROUND, False, text(stop, AROUND))
    window = range(AROUND + 1, AROUND // WINDOW * WINDOW + WINDOW)
    same(f"pages from {window[0]} to {window[-1]} without an entry", [], [i for i in window if not entry(stop, SHARED, i)])
    for page in window:
        is_mapped(stop, SHARED, page, False, text(stop, page))
        if entry(stop, SHARED, page).accessed:
            raise Wrong(f"the accessed bit of page {page} is clear, as nobody has read it", "it is set")
    pages = range(NEXT, NEXT + READ_AHEAD)
    same("pages with an entry where one was loaded, and all are in memory", [*pages], [i for i in pages if entry(stop, PRIVATE, i)])
    same("pages with an entry where one of them was stored to", [AMONG], [i for i in pages if entry(stop, SHARED, i)])


def frames_come_back(stops):
    same("frames with anonymous pages after 30 children", *(frames.count(stops[at], frames.ANON) for at in (AROUND_READ, FORKED)))


def holes_stay(stops):
    stop = stops[HOLES]
    same("blocks of a sparse file after a load, and a store to a private mapping", 0, stop.values[BEFORE])
    same("blocks of a sparse file after a store", BLOCK, stop.values[AFTER])
    is_mapped(stop, SPARSE, 0, False, zeros())
    is_mapped(stop, OWN, 1, True, zeros("p"))
    is_mapped(stop, SPARSE, 2, True, zeros("s"))


def file_ends(stops):
    for number, access in enumerate(("loads from", "stores to a private mapping of")):
        same(f"signal that kills a child which {access} a page beyond the file's end", SIGBUS, stops[BEYOND].values[number])


def asked_for_again(stops):
    stop = stops[AGAIN]
    only_these(stop, ZEROS, PAGES, [*range(PAGES)])
    for page in (1, 3, PAGES - 1):
        share(stop, (ZEROS, 0), (ZEROS, page))
        is_mapped(stop, ZEROS, page, False, zeros())
    is_mapped(stop, ZEROS, BLANK, True, zeros("b"))


def numbered(page):
    return struct.pack("<I", page + 1) + bytes(PAGE - 4)


def tried_again(stops):
    stop = stops[REFUSED]
    for page in range(FEW_PAGES):
        is_mapped(stop, FEW, page, True, numbered(page))
    for page in range(READ_PAGES):
        is_mapped(stop, FEW, FEW_PAGES + page, True, text(stop, page)[:READ_BYTES] + bytes(PAGE - READ_BYTES))
    for page in range(PROMOTED):
        is_mapped(stop, FILE, page, True, text(stop, page, "!"))
    same("bytes read into new pages", READ_PAGES * READ_BYTES, stop.values[BYTES])
    same("rise of zero_fill in /proc/vmstat", FEW_PAGES + READ_PAGES, stop.values[ZERO_FILL])
    same("rise of promote in /proc/vmstat", PROMOTED, stop.values[PROMOTE])
    same("faults that have waited for a disk, although there was nothing to read", 0, stop.values[MAJOR])


def full_memory(stops):
    """A page that is being written at that moment has no entry, and is not on the disk yet; its frame is there."""
    stop = stops[FULL]
    left = set(stop.disks["swap"].values()) | frames.contents(stop, frames.ANON)
    for mapping, pages, wanted in ((MANY, MANY_PAGES, numbered), (FILE, FILE_PAGES, lambda i: text(stop, i, "!"))):
        for page in range(pages):
            if entry(stop, mapping, page):
                is_mapped(stop, mapping, page, True, wanted(page))
            elif wanted(page) not in left:
                raise Wrong(f"{name(stop, mapping, page)} is in memory or on the swap disk, with what was stored", "it is not")


def restarted(stops):
    stop = stops[TOUCHED]
    same("sums of the page's bytes, with which two tasks ended that had touched it at once: a load, a private store",
         [total(text(stop, TOUCHED_PAGE)), total(text(stop, TOUCHED_PAGE, "!"))], list(stop.values[:2]))
    same("faults of the two that have waited for a disk", [1, 1], list(stop.values[2:4]))
    same("pages read from the disk for both", 1, rise(stops, TOUCHED, "root", "rd_bytes") // PAGE)


LAB = Lab("fault", "The page fault: demand zero and demand loading", ["mm/fault.c"], [Part("lab-fault", disks=("root",), mem="6M", tests=[
    Test(10, "a store makes one page of zeros", NEW_STORED, store_makes_zeros),
    Test(15, "a load maps the file's own page, read-only", FILE_READ, load_maps_the_file),
    Test(15, "a private store copies the file's page", COPIED, private_store_copies),
    Test(10, "loads share one frame of zeros", ZEROS_READ, load_maps_zeros),
    Test(10, "a shared store reaches all", AROUND_READ, store_reaches_all),
    Test(5, "the neighbours in memory are mapped too", AROUND_READ, neighbours_are_mapped),
    Test(5, "30 children give their frames back", FORKED, frames_come_back),
    Test(5, "a hole of a file stays one until it is stored to", HOLES, holes_stay),
    Test(5, "beyond the file's end there is no page", BEYOND, file_ends),
    Test(5, "a page of zeros that is there is asked for again", AGAIN, asked_for_again),
]), Part("lab-fault-full", mem="6M", read=("swap",), words=("fail=frame:5",), tests=[
    Test(5, "a fault that is refused a frame is tried again", REFUSED, tried_again),
    Test(5, "and when memory is full, too", FULL, full_memory),
]), Part("lab-fault-wait", disks=("root",), read=("root",), words=("exact",), trace="wait", holds={AT_ONCE: ("root", "read")}, tests=[
    Test(5, "a fault that has waited begins anew", TOUCHED, restarted),
])])
