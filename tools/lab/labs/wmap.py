"""Lab `wmap`: lazy mappings of memory and of a file, inherited by fork, and what the page table says. (user/test/lab/lab-wmap.c)"""
import errno
import struct

from lab import Lab, Part, Test, Wrong, same
from machine import PAGE

REFUSED, STORED, FILE, CHILD, CHILD_UNMAPPED, PARENT, UNMAPPED, MANY, WALKED, TOLD, KERNEL, RANGES = range(1, 13)    # the stops
FAILED = 0xFFFFFFFF
FILE_LENGTH = 5 * PAGE + 100
WRONG_CALLS = (    # of the program's wrong_calls and replaced()
    "wmap without MAP_FIXED", "wmap with MAP_PRIVATE", "wmap with MAP_POPULATE", "wmap(inside a page)", "wmap(WMAP_START - PAGE, a page)",
    "wmap(WMAP_END, a page)", "wmap(WMAP_END - PAGE, 2 pages)", "wmap(length 0)", "wmap(length -PAGE)", "wmap(no MAP_ANONYMOUS, file -1)",
    "wmap(2 pages, the first one in use by wmap)", "wmap(2 pages, the second one in use by mmap)",
    "a refused wmap that changes what mmap's page holds")
MEMORY = {0: 1, 3: 3, 7: 7}    # pages that are stored to, and by what their words go up


def page(stop, step):
    """=> the page that the program has filled with this step"""
    return struct.pack("<1024I", *(stop.drawn + step * (i + 1) & 0xFFFFFFFF for i in range(1024)))


def pages(stop):
    first, n = stop.values[:2]
    return [first + i * PAGE for i in range(n)]


def frames(stop, cr3=0):
    return [entry and entry.frame for entry in (stop.walk(va, cr3) for va in pages(stop))]


def present(stop, cr3=0):
    return [i for i, frame in enumerate(frames(stop, cr3)) if frame is not None]


def holds(stop, number, wanted, cr3=0):
    got = stop.page(pages(stop)[number], cr3)
    if got != wanted:
        raise Wrong(f"page {number} begins with {wanted[:8].hex(' ')}", got[:8].hex(" ") if got else "no page")


def wrong_calls(stops):
    *_, wrong, at = stops[REFUSED].values[:4]
    if wrong == FAILED:
        raise Wrong("that the child that makes the wrong calls returns from them", "it ended in between")
    same("calls that should be refused and are not", [], [call for i, call in enumerate(WRONG_CALLS) if wrong >> i & 1])
    same("the address that wmap returns", hex(stops[REFUSED].values[0]), hex(at))


def memory_appears(stops):
    same("pages in the page table before the first use", [], present(stops[REFUSED]))
    same("pages in the page table after stores", sorted(MEMORY), present(stops[STORED]))
    for number, step in MEMORY.items():
        holds(stops[STORED], number, page(stops[STORED], step))


def file_appears(stops):
    same("the address that wmap returns", hex(stops[FILE].values[0]), hex(stops[FILE].values[2]))
    same("pages in the page table after a load and stores", [1, 4], present(stops[FILE]))
    holds(stops[FILE], 1, page(stops[FILE], 0x101))
    holds(stops[FILE], 4, page(stops[FILE], 0x200))


def child_has_the_same(stops):
    before, after = frames(stops[STORED]), frames(stops[CHILD])
    same("the child's frames of the pages that its parent has stored to", [before[i] for i in MEMORY], [after[i] for i in MEMORY])
    holds(stops[PARENT], 5, page(stops[PARENT], 5))


def child_unmaps_its_own(stops):
    same("what wunmap returns in the child", 0, stops[CHILD_UNMAPPED].values[2])
    same("the child's pages after wunmap", [], present(stops[CHILD_UNMAPPED]))
    for number, step in MEMORY.items():
        holds(stops[PARENT], number, page(stops[PARENT], step))


def stores_reach_the_disk(stops):
    same("what wunmap returns inside the mapping, at its beginning, and again", [FAILED, 0, FAILED], list(stops[UNMAPPED].values[2:5]))
    same("pages in the page table after wunmap", [], present(stops[UNMAPPED]))
    blocks = stops[UNMAPPED].disks["root"].values()
    if page(stops[UNMAPPED], 0x200) not in blocks:
        raise Wrong("the page that was stored to is on the disk", "no block of the disk holds it")


def sixteen(stops):
    same("of three times 16 mappings: granted, a 17th refused, removed", [48, 3, 48], list(stops[MANY].values[:3]))


def walks(stop):
    """=> the physical addresses of what the program asked va2pa for"""
    return [entry.frame * PAGE + offset for entry, offset in ((stop.walk(pages(stop)[1]), 0), (stop.walk(pages(stop)[6]), 0x123))]


def physical_addresses(stops):
    same("what va2pa returns for two pages with an entry and one without",
         [hex(address) for address in [*walks(stops[WALKED]), FAILED]], [hex(address) for address in stops[WALKED].values[2:5]])


def told(stops):
    stop = stops[TOLD]
    file_at, memory_at, result, total, *rest = stop.values[:10]
    loaded = {start: sum(stop.walk(start + i * PAGE) is not None for i in range(n)) for start, n in ((file_at, 6), (memory_at, 8))}
    same("result and total_mmaps", (0, 2), (result, total))
    same("address, length and loaded pages of each", sorted([(file_at, FILE_LENGTH, loaded[file_at]), (memory_at, 8 * PAGE, loaded[memory_at])]),
         sorted([tuple(rest[:3]), tuple(rest[3:])]))


def kernel_is_not_told(stops):
    physical_addresses(stops)
    same("what va2pa returns for two addresses of the kernel and for 0", [FAILED] * 3, list(stops[KERNEL].values[:3]))


def ranges(stops):
    stop = stops[RANGES]
    there = [stop.walk(va) is not None for va in pages(stop)]
    same("what pages_loaded returns for 8 pages, for a page and a byte, for a page",
         [sum(there), sum(there[:2]), sum(there[:1])], list(stop.values[2:5]))
    same("what it returns inside a page, behind user space, across its end, for a length that overflows; or -errno",
         [-errno.EINVAL] + [-errno.ENOMEM] * 3, list(struct.unpack("<4i", struct.pack("<4I", *stop.values[5:9]))))


FILES = ["user/lib/wmap.c", "kernel/sys_walk.c"]
LAB = Lab("wmap", "Mappings of one's own: wmap", FILES, [Part("lab-wmap", disks=("root",), read=("root",), words=("exact",), tests=[
    Test(10, "wrong calls are refused", REFUSED, wrong_calls),
    Test(15, "memory appears when it is used", STORED, memory_appears),
    Test(10, "pages of a file appear", FILE, file_appears),
    Test(10, "a child has the same pages", PARENT, child_has_the_same),
    Test(5, "a child's wunmap is its own", PARENT, child_unmaps_its_own),
    Test(15, "wunmap leaves the stores on the disk", UNMAPPED, stores_reach_the_disk),
    Test(5, "sixteen mappings at a time", MANY, sixteen),
    Test(10, "va2pa is what the page table says", WALKED, physical_addresses),
    Test(10, "getwmapinfo counts what the page table has", TOLD, told),
    Test(5, "va2pa keeps the kernel's addresses", KERNEL, kernel_is_not_told),
    Test(5, "pages_loaded refuses what is no range", RANGES, ranges),
])], scenario="mmap")
