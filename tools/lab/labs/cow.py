"""Lab `cow`: fork copies no page, a store copies one, and the last owner's store none. (user/test/lab/lab-cow.c,
lab-cow-swap.c)"""
from lab import Lab, Part, Test, Wrong, same
from machine import PAGE

SWAPPED = 96    # pages of lab-cow-swap
PARENT, CHILD, STORED, WAITED, LAST, FORKED = range(1, 7)    # the stops


def pages(stop):
    """=> the addresses of the pages, and which one is stored to"""
    first, n, stored = stop.values[:3]
    return [first + i * PAGE for i in range(n)], stored


def frames(stop, cr3=0):
    return [entry and entry.frame for entry in (stop.walk(va, cr3) for va in pages(stop)[0])]


def text(i, first=None):
    """=> what page I holds, with another FIRST byte"""
    fill = bytes([ord("a") + i])
    return (first or fill) + fill * (PAGE - 1)


def fork_shares(stops):
    same("the child's frames after fork are its parent's", frames(stops[PARENT]), frames(stops[CHILD]))


def both_read_only(stops):
    for whose, cr3 in (("child", 0), ("parent", stops[PARENT].cr3)):
        entries = [stops[CHILD].walk(va, cr3) for va in pages(stops[CHILD])[0]]
        writable = [i for i, entry in enumerate(entries) if entry and entry.writable]
        same(f"pages that the {whose} can store to without a fault, after fork", [], writable)


def store_copies_one(stops):
    _, stored = pages(stops[STORED])
    before, after = frames(stops[CHILD]), frames(stops[STORED])
    same("the pages that have another frame after the child's store", [stored], [i for i, f in enumerate(after) if f != before[i]])
    va = pages(stops[STORED])[0][stored]
    if not stops[STORED].walk(va).writable:
        raise Wrong("the copy is writable", str(stops[STORED].walk(va)))
    if stops[STORED].page(va) != text(stored, b"!"):
        raise Wrong("the copy holds the page's bytes and the store", repr(stops[STORED].page(va)[:8]) + "...")


def parent_keeps_its_own(stops):
    cr3 = stops[PARENT].cr3
    same("the parent's frames after the child's store", frames(stops[PARENT]), frames(stops[STORED], cr3))
    for i, va in enumerate(pages(stops[STORED])[0]):
        if stops[STORED].page(va, cr3) != text(i):
            raise Wrong(f"page {i} of the parent is as before the child's store", repr(stops[STORED].page(va, cr3)[:8]) + "...")


def last_owner_keeps(stops):
    _, stored = pages(stops[LAST])
    va = pages(stops[LAST])[0][stored]
    same("the frame of the page that its last owner has stored to", frames(stops[WAITED])[stored], frames(stops[LAST])[stored])
    if not stops[LAST].walk(va).writable or stops[LAST].page(va) != text(stored, b"*"):
        raise Wrong("the page is writable, and holds the store", f"{stops[LAST].walk(va)}, {stops[LAST].page(va)[:8]!r}...")


def pages_are_its_own(stops):
    same("the parent's frames after 200 children and then itself have stored to all pages", frames(stops[LAST]), frames(stops[FORKED]))


def contents(stop, whose, added):
    """All pages hold what the program stored, where ADDED is what the child has added to the first word of each."""
    same(f"pages of the {whose} that are not as it left them", 0, stop.values[0])
    total = sum(stop.drawn * (page + 1) + word for page in range(SWAPPED) for word in range(PAGE // 4)) + SWAPPED * added
    same(f"the sum of all words of the {whose}", total & 0xFFFFFFFF, stop.values[1])


def child_of_swapped(stops):
    contents(stops[1], "child", 1 << 16)


def parent_of_swapped(stops):
    contents(stops[2], "parent", 0)


LAB = Lab("cow", "Copy on write", ["mm/addrspace_fork.c", "mm/fault.c"], [Part("lab-cow", disks=("root",), mem="6M", tests=[
    Test(15, "fork shares the frames", CHILD, fork_shares),
    Test(10, "neither can store without a fault", CHILD, both_read_only),
    Test(20, "a store copies one page", STORED, store_copies_one),
    Test(10, "the parent keeps its pages", STORED, parent_keeps_its_own),
    Test(15, "the last owner's store copies nothing", LAST, last_owner_keeps),
    Test(10, "after 200 children the pages are the parent's alone", FORKED, pages_are_its_own),
]), Part("lab-cow-swap", mem="6M", words=("exact", "frames=64", "fail=frame:5"), tests=[
    Test(10, "pages in swap, and few frames: the child's stores", 1, child_of_swapped),
    Test(10, "and its parent's pages", 2, parent_of_swapped),
])], scenario="cow")
