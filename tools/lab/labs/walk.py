"""Lab `walk`: entries are found through both levels, tables are made when they are needed, and taken away. (user/test/lab/lab-walk.c)"""
import struct

import frames
from lab import Lab, Part, Test, Wrong, same
from machine import END, PAGE, PRESENT, USER, WRITABLE

BUILT, AGAIN, UNMAPPED, ROUNDS, FAILED, EMPTY = range(1, 7)   # the stops
FIRST, TABLES, PAGES = 0x10000000, 12, 33               # what the program maps, and how many pages of it it touches
PARTS = 3                                               # frames of a table: its entries, and two of their records


def pages(stop):
    return stop.values[:PAGES]


def contents(stop, va):
    """=> what the program has stored at VA"""
    return struct.pack("<1024I", *(((stop.drawn ^ va) + j) & 0xFFFFFFFF for j in range(1024)))


def check_pages(stop, addresses):
    for va in addresses:
        if not stop.walk(va):
            raise Wrong(f"page {va:#x} has an entry", "none")
        if stop.page(va) != contents(stop, va):
            raise Wrong(f"the frame of page {va:#x} holds what was stored there", f"{stop.walk(va)}: {stop.page(va)[:8].hex()}...")


def check_tables(stop, wanted):
    """The tables of the range are those at WANTED; in each the entries are those of the program's pages, and no others."""
    here = {i: entry for i, entry in stop.tables().items() if 0 <= i - (FIRST >> 22) < TABLES}
    same("directory entries in use", wanted, sorted(here))
    for i, entry in here.items():
        rights = PRESENT | WRITABLE | USER
        same(f"present, writable and user in directory entry {i}", bin(rights), bin(entry & rights))


def check_entries(stop, addresses):
    """The tables of the range have entries for ADDRESSES, and everything else in them is 0."""
    for i, entry in stop.tables().items():
        if not 0 <= i - (FIRST >> 22) < TABLES:
            continue
        same(f"entries in use in table {i}", [va >> 12 & 1023 for va in addresses if va >> 22 == i],
             [number for number in range(1024) if stop.word((entry & -PAGE) + number * 4)])


def check_parts(stop, *others):
    tables = sum(len(stop.tables(cr3)) for cr3 in (stop.cr3, *others))
    same(f"frames in state TABLE, {PARTS} for each of {tables} tables", PARTS * tables, frames.count(stop, frames.TABLE))


def every_page(stops):
    check_pages(stops[BUILT], pages(stops[BUILT]))


def no_table_more(stops):
    check_tables(stops[BUILT], sorted({va >> 22 for va in pages(stops[BUILT])}))
    check_entries(stops[BUILT], pages(stops[BUILT]))


def records(stops):
    check_parts(stops[BUILT])


def gone_from_tlb(stops):
    seen, va = stops[AGAIN].values[PAGES:PAGES + 2]
    same("the first byte of a page that was mapped again", 0, seen)
    if stops[AGAIN].page(va) != b"!" + bytes(PAGE - 1):
        raise Wrong("the new page holds the store, and zeros", repr((stops[AGAIN].page(va) or b"nothing")[:8]))
    for neighbour in (va - PAGE, va + PAGE):
        if stops[AGAIN].page(neighbour) != b"a" * PAGE:
            raise Wrong(f"page {neighbour:#x} beside it is as before", repr((stops[AGAIN].page(neighbour) or b"nothing")[:8]))


def every_entry_found(stops):
    stop = stops[UNMAPPED]
    first, *gone, last = pages(stop)
    check_pages(stop, (first, last))
    check_entries(stop, (first, last))
    same("pages that still have an entry after munmap", [], [hex(va) for va in gone if stop.walk(va)])


def empty_tables_go(stops):
    stop = stops[UNMAPPED]
    check_tables(stop, [pages(stop)[0] >> 22, pages(stop)[-1] >> 22])
    check_parts(stop)


def new_tables_are_empty(stops):
    check_pages(stops[ROUNDS], pages(stops[ROUNDS]))
    check_entries(stops[ROUNDS], pages(stops[ROUNDS]))
    check_parts(stops[ROUNDS])
    same("frames of page tables that VmPTE of /proc/self/status tells, the directory's included",
         PARTS * len(stops[ROUNDS].tables()) + 1, stops[ROUNDS].values[PAGES])


def nothing_is_left(stops):
    check_parts(stops[FAILED], stops[ROUNDS].cr3)


def empty_is_passed_over(stops):
    check_pages(stops[EMPTY], pages(stops[EMPTY]))
    check_entries(stops[EMPTY], pages(stops[EMPTY]))


def written_out(stops):
    """Each page is in memory, below its entry, or in the swap area."""
    stop = stops[ROUNDS]
    here = [va for va in pages(stop) if stop.walk(va)]
    check_pages(stop, here)
    swapped = set(stop.disks["swap"].values())
    gone = [va for va in pages(stop) if va not in here]
    if not gone:
        raise Wrong("some pages have left memory", "none")
    same("pages that are neither in memory nor in the swap area", [], [hex(va) for va in gone if contents(stop, va) not in swapped])


def kernel_ends(stops):    # pylint: disable=unused-argument
    """It has come to its end: that is all."""


LAB = Lab("walk", "Page tables", ["mm/pagetable.h", "mm/pagetable.c"], [Part("lab-walk", disks=("root",), mem="6M", tests=[
    Test(15, "every page is found through both levels", BUILT, every_page),
    Test(10, "a table where one is needed, and no more", BUILT, no_table_more),
    Test(10, "every table has its records", BUILT, records),
    Test(10, "an entry that is removed is gone from the TLB", AGAIN, gone_from_tlb),
    Test(10, "unmapping finds every entry", UNMAPPED, every_entry_found),
    Test(10, "empty tables go, those in use stay", UNMAPPED, empty_tables_go),
    Test(10, "new tables are empty, old ones give all frames back", ROUNDS, new_tables_are_empty),
    Test(5, "without memory no part of a table is left", FAILED, nothing_is_left),
    Test(5, "what is empty is passed over, and nothing beyond it found", EMPTY, empty_is_passed_over),
    Test(5, "the program ends, and the kernel with it", END, kernel_ends),
]), Part("lab-walk", mem="6M", words=("check=always", "frames=40"), read=("swap",), tests=[
    Test(5, "with few frames: pages leave through the records", ROUNDS, written_out),
    Test(5, "with few frames: every invariant holds to the end", END, kernel_ends),
])], scenario="tour")
