"""Lab `mmap`: a page of a file is read when it is touched, and what was stored in it comes to the disk.
(user/test/lab/lab-mmap-read.c, lab-mmap-write.c, lab-mmap-wait.c)"""
import struct

import ext2
from lab import Lab, Part, Test, Wrong, same, total
from machine import PAGE, rise

PAGES, MORE, HOLES, MANY = 11, 100, 6, 256    # of /data/file, the last one of MORE bytes; of /data/hole, /data/big
SIZE = (PAGES - 1) * PAGE + MORE
INODE = 1                                     # page written beside a file's own: the one that has its inode, with the time of its change
SIGBUS = 7


def root(word, read_only=False):
    files = {"file": ext2.drawn(word, "file", SIZE), "hole": HOLES}
    return ext2.Root(files if read_only else files | {"big": ext2.drawn(word, "big", MANY * PAGE)}, read_only)


def read_only_root(word):
    return root(word, True)


def original(stop, name="file", size=SIZE):
    """=> the pages of a file as they were made"""
    data = ext2.drawn(stop.drawn, name, size)
    return [data[at:at + PAGE].ljust(PAGE, b"\0") for at in range(0, size, PAGE)]


def on_disk(stop, name="file"):
    return ext2.Files(stop.disks["root"]).file(name)


def pages_moved(stops, number, what):
    return rise(stops, number, "root", what) // PAGE


def changed(stop, name="file", size=SIZE):
    """=> {page: what the program should have stored, as far as it stands there on the disk: the places}; Wrong: anything else"""
    found, pages = {}, on_disk(stop, name)
    before = original(stop, name, size)
    same(f"pages of {name} on the disk", len(before), len(pages))
    for i, page in enumerate(pages):
        if page == before[i]:
            continue
        word = struct.pack("<I", stop.drawn ^ i + 1)
        found[i] = tuple(place for place in STORES if page and page[place:place + 4] == word)
        wanted = bytearray(before[i])
        for place in found[i]:
            wanted[place:place + 4] = word
        if page != wanted:
            raise Wrong(f"page {i} of {name} on the disk has what was stored in it, and else what it had", "other bytes")
    return found


# --- reading ---------------------------------------------------------------------------------------------------------------

MAPPED, TOUCHED, PRIVATE, TWO, END, ZEROS = range(1, 7)    # the stops
FIRST, SECOND, THIRD, LAST, HOLE = 3, 7, 5, 10, 2


def mapping(stop, number=0, cr3=0):
    """=> {page: its Entry} of the mapping whose address is value NUMBER of the report"""
    entries = {i: stop.walk(stop.values[number] + i * PAGE, cr3) for i in range(PAGES + 1)}
    return {i: entry for i, entry in entries.items() if entry}


def frames(stop, number=0, cr3=0):
    return {i: entry.frame for i, entry in mapping(stop, number, cr3).items()}


def touch_reads(stops):
    same("pages that are mapped before one is touched", [], list(mapping(stops[MAPPED])))
    same("pages that are mapped after two were touched", [FIRST, SECOND], list(mapping(stops[TOUCHED])))
    for i in (FIRST, SECOND):
        if stops[TOUCHED].page(stops[TOUCHED].values[0] + i * PAGE) != original(stops[TOUCHED])[i]:
            raise Wrong(f"page {i} in memory has the bytes that the file has on the disk", "other bytes")
    same("pages that were read from the disk when two were touched", 2, pages_moved(stops, TOUCHED, "rd_bytes"))


def hole_is_zeros(stops):
    at = stops[ZEROS]
    same("pages of the hole that are mapped after one was read", [HOLE], list(mapping(at)))
    if any(at.page(at.values[0] + HOLE * PAGE)):
        raise Wrong("the page of a hole is all zeros", "other bytes")


def private_stays(stops):
    at = stops[PRIVATE]
    shared, private = frames(at), frames(at, 1)
    same("pages of the private mapping after three were touched", [FIRST, THIRD, SECOND], list(private))
    same("the frame of a page that the private mapping only reads is the shared one", shared.get(SECOND), private[SECOND])
    if private[FIRST] == shared.get(FIRST):
        raise Wrong("a private store goes to a frame of its own", f"frame {private[FIRST]} in both")
    for i in (FIRST, THIRD):
        wanted = original(at)[i]
        wanted = bytes([wanted[0] ^ 1]) + wanted[1:]
        if at.page(at.values[1] + i * PAGE) != wanted:
            raise Wrong(f"page {i} of the private mapping has the file's bytes, and the store", "other bytes")
    if at.page(at.values[0] + FIRST * PAGE) != original(at)[FIRST]:
        raise Wrong("the shared mapping does not see the private store", "other bytes")


def two_tasks_share(stops):
    """The child's mapping is one of its own; its parent's stands below the parent's CR3."""
    own, parents = frames(stops[TWO], 1), frames(stops[TWO], 0, stops[PRIVATE].cr3)
    same("frames of two pages that another task has mapped too", {i: parents.get(i) for i in (FIRST, SECOND)}, own)
    same("pages read from the disk for the other task", 0, pages_moved(stops, TWO, "rd_bytes"))


def end_of_file(stops):
    at = stops[END]
    if at.page(at.values[0] + LAST * PAGE) != original(at)[LAST]:
        raise Wrong("the last page has the file's bytes, and zeros after them", "other bytes")
    same("signal of the task that goes beyond the file's last page", SIGBUS, at.values[1])


# --- writing ---------------------------------------------------------------------------------------------------------------

STORED, SAVED, SAVED_AGAIN, BOTH, WRITTEN, BEYOND, MUCH, FILLED = range(1, 9)    # the stops
PLACE, AGAIN, INSIDE = STORES = (8, 16, 96)    # where a word is stored in a page


def msync_saves(stops):
    same("pages changed on the disk before msync", {}, changed(stops[STORED]))
    same("pages changed on the disk after msync, and where", {i: (PLACE,) for i in (2, 3, 4, 8)}, changed(stops[SAVED]))


def nothing_else(stops):
    same("pages written by msync after stores to four", 4 + INODE, pages_moved(stops, SAVED, "wr_bytes"))
    same("pages written by the next msync, after no store", 0, pages_moved(stops, SAVED_AGAIN, "wr_bytes"))


def next_store_is_noticed(stops):
    for number in (SAVED, SAVED_AGAIN):
        entries = mapping(stops[number])
        same("pages that can be stored to without a fault, or are marked as stored to, after msync", [],
             [i for i, entry in entries.items() if entry.writable or entry.dirty])
    wanted = {2: (PLACE, AGAIN), 3: (PLACE,), 4: (PLACE, AGAIN), 8: (PLACE,)}
    same("pages changed on the disk after stores of two tasks", wanted, changed(stops[BOTH]))
    same("pages written after stores of two tasks to two pages", 2 + INODE, pages_moved(stops, BOTH, "wr_bytes"))
    same("page 9 on the disk after write() and fsync()", (PLACE,), changed(stops[WRITTEN]).get(9))


def neighbours_together(stops):
    same("requests to the disk for pages 2, 3, 4, page 8, and the inode's", 3, rise(stops, SAVED, "root", "wr_operations"))


def hole_gets_block(stops):
    pages = on_disk(stops[FILLED], "hole")
    same("pages of the hole that have a block after one was read and one stored to", [3], [i for i, page in enumerate(pages) if page])
    if pages[3] != bytes(PLACE) + struct.pack("<I", stops[FILLED].drawn ^ 4) + bytes(PAGE - PLACE - 4):
        raise Wrong("the new block has zeros, and what was stored", "other bytes")


def end_is_zeros(stops):
    same("where the last page was changed on the disk: only before the file's end", (INSIDE,), changed(stops[BEYOND]).get(PAGES - 1))


def large_file(stops):
    same("pages of a file larger than memory that were stored to, and stand on the disk", {i: (PLACE,) for i in range(MANY)},
         changed(stops[MUCH], "big", MANY * PAGE))


# --- waiting ---------------------------------------------------------------------------------------------------------------

(AT_ONCE, READ, FAILED, LEAVING, BACK, BUSY, RENEWED, INODES, RESIZED, SCATTERED) = range(1, 11)    # the stops
COMMON, BROKEN, LEAVES, RENEWS, LONGEST, SCATTER = 4, 6, 9, (1, 2), 9, range(0, 128, 2)    # pages; of /data/hole, later; of /data/big


def read_once(stops):
    at = stops[READ]
    same("sums of a page's bytes, with which two tasks ended that had touched it at once", [total(original(at)[COMMON])] * 2,
         list(at.values[:2]))
    same("pages read from the disk for both", 1, pages_moved(stops, READ, "rd_bytes"))


def cannot_be_read(stops):
    at = stops[FAILED]
    same("the signal that ends a task when the disk cannot read its page", SIGBUS, at.values[1])
    if at.page(at.values[0] + BROKEN * PAGE) != original(at)[BROKEN]:
        raise Wrong("the same page has the file's bytes when the disk can read it again", "other bytes")


def leaves_and_stays(stops):
    at, page = stops[BACK], bytearray(original(stops[BACK])[LEAVES])
    page[PLACE:PLACE + 4] = struct.pack("<I", at.drawn ^ LEAVES + 1)
    same("the sum of a page's bytes, with which a task ended that had touched it while it was leaving", total(page), at.values[0])
    same("pages read from the disk for it", 0, pages_moved(stops, BACK, "rd_bytes"))


def newest_state(stops):
    wanted = {RENEWS[0]: (PLACE,), RENEWS[1]: (PLACE, AGAIN), LEAVES: (PLACE,)}
    same("pages changed on the disk after one was stored to while it was written, and where", wanted, changed(stops[RENEWED]))
    same("requests to the disk, none of which has a page that is still being written, nor another page with it",
         pages_moved(stops, RENEWED, "wr_bytes"), rise(stops, RENEWED, "root", "wr_operations"))
    same("pages of a file on the disk that was made longer while its inode's page was written", LONGEST, len(on_disk(stops[RESIZED], "hole")))


def no_request_free(stops):
    saved = changed(stops[SCATTERED], "big", MANY * PAGE)
    same("pages that msync has not saved, of more than there are requests", [], [i for i in SCATTER if saved.get(i) != (PLACE,)])


LAB = Lab("mmap", "Files in memory", ["mm/memobj_file.c", "mm/writeback.c"], [
    Part("lab-mmap-read", disks=("root",), read=("root",), root=read_only_root, words=("exact",), tests=[
        Test(10, "an access reads its page, and no other", TOUCHED, touch_reads),
        Test(5, "private stores stay private", PRIVATE, private_stays),
        Test(5, "two tasks have one frame", TWO, two_tasks_share),
        Test(5, "beyond the end there is nothing", END, end_of_file),
        Test(5, "a hole is read as zeros", ZEROS, hole_is_zeros),
    ]),
    Part("lab-mmap-write", disks=("root",), read=("root",), root=root, words=("exact", "frames=160"), tests=[
        Test(10, "msync saves what was stored", SAVED, msync_saves),
        Test(10, "what was not stored to is not written", SAVED_AGAIN, nothing_else),
        Test(5, "the next store is noticed, whoever makes it", WRITTEN, next_store_is_noticed),
        Test(5, "neighbours go in one request", SAVED, neighbours_together),
        Test(5, "nothing is saved beyond the end", BEYOND, end_is_zeros),
        Test(5, "a file larger than memory", MUCH, large_file),
        Test(5, "a hole gets a block for a store only", FILLED, hole_gets_block),
    ]),
    Part("lab-mmap-wait", disks=("root",), read=("root",), root=root, words=("exact",),
         holds={AT_ONCE: ("root", "read"), LEAVING: ("root", "write"), BUSY: ("root", "written"), INODES: ("root", "written")}, tests=[
             Test(5, "two tasks wait for the same page", READ, read_once),
             Test(5, "a page that cannot be read is an error", FAILED, cannot_be_read),
             Test(5, "a page that leaves is waited for, and stays", BACK, leaves_and_stays),
             Test(5, "a store while the page is written is saved too", RESIZED, newest_state),
             Test(5, "a request is waited for", SCATTERED, no_request_free),
         ]),
], scenario="mmap")
