"""Where the page at a virtual address is, and what its next use will do: the truth behind the page table.

The questions are asked in the order of mm/fault.c: the region, the private page, the page of the object, nothing.
"""
from .machine import Trouble
from .structures import EXEC, GROWSDOWN, READ, SHARED, USER_END, WIRED, WRITE

USER_START = 0x00010000
STACK_GAP = 0x00100000    # kept free below a stack
KSTACK_BASE, KSTACK_SLOT, KSTACK_END = 0xF8000000, 3 * 4096, 0xF9000000
BEYOND = "beyond the end of the file"
ROWS = {    # of the table atop mm/fault.c
    "private": "the page is made resident and mapped",
    "copy": "the page is copied, since others refer to it too",
    "object": "the object's page is mapped",
    "promote": "the object's page is copied to a private page",
    "zero_read": "the frame of zeros is mapped, read-only",
    "zero_fill": "a new page of zeros is made",
}


def region_line(s, region):
    """=> "08048000-08058000 r-xp /bin/sh" """
    bits = "".join(c if region.prot & bit else "-" for c, bit in (("r", READ), ("w", WRITE), ("x", EXEC)))
    return (f"{region.start:08x}-{region.end:08x} {bits}{'s' if region.flags & SHARED else 'p'} {s.region_name(region)}"
            + (" (locked)" if region.flags & WIRED else ""))


def row_of(region, private, write):
    """=> the row of mm/fault.c that resolves an access which REGION permits; PRIVATE: the page there, or None"""
    if private:
        return "copy" if write and private.refs > 1 else "private"
    if region.obj:
        return "promote" if write and not region.flags & SHARED else "object"
    return "zero_fill" if write else "zero_read"


def cannot_grow(s, space, va):
    """=> why no stack grows down to VA, where no region is, as in mm/stack.c; None: the one above does"""
    regions, page = list(s.regions(space)), va & ~0xfff
    above = next((r for r in regions if r.start > va), None)
    if not above or not above.flags & GROWSDOWN:
        return "no region is there"
    if above.end - page > space.stack_limit:
        return "no region is there, and the stack above would exceed its limit"
    if any(page - STACK_GAP < r.end <= page for r in regions):
        return "no region is there, and 1 MiB between the stack above and the region below is kept free"
    return None


def refusal(s, space, va, write):
    """=> why mm/fault.c refuses an access to VA, or None"""
    if va >= USER_END:
        return "that is the kernel's memory"
    if va < USER_START:
        return "below 0x00010000 nothing is ever mapped, so that a null pointer faults"
    region = s.region_at(space, va)
    if not region:
        return cannot_grow(s, space, va)
    if not (region.prot & WRITE if write else region.prot):
        return "its region permits no access: a guard" if not region.prot else "its region does not permit stores"
    return f"the page is {BEYOND}" if is_beyond_end(s, space, region, va) else None


def frame_state(s, number):
    """=> "frame 358", with what is special about it"""
    flags = s.machine.flags("frame_flag", s.frame(number).flags)
    special = [w for w in ("busy", "writeback", "failed") if w in flags]
    return f"frame {number}" + (f" ({', '.join(special)})" if special else "")


def anon_place(s, page):
    """=> where the anonymous page is, in words"""
    if not page.frame:
        return f"in slot {page.slot}"
    return f"in {frame_state(s, s.number_of(page.frame))}" + (f", with a copy in slot {page.slot}" if page.slot else "")


def is_beyond_end(s, space, region, va):
    """=> is there no page at VA, since REGION reaches beyond the end of its file?"""
    return bool(region.obj) and not s.private(space, va) and s.object_index(region, va) >= s.object(region.obj).npages


def object_place(s, region, va):
    obj = s.object(region.obj)
    index = s.object_index(region, va)
    name = f"page {index} of {s.object_name(obj)}"
    found = s.in_map(obj.pages, index)
    if s.is_anonymous(obj):
        return f"{name}, " + (anon_place(s, s.anon(found)) if found else "untouched: it was never stored to, so it exists nowhere")
    if found:
        return f"{name}, in {frame_state(s, s.number_of(found))}"
    return f"{name}, " + (BEYOND if index >= obj.npages else "on the disk")


def kernel_place(s, va):
    if KSTACK_BASE <= va < KSTACK_END:
        number, offset = divmod(va - KSTACK_BASE, KSTACK_SLOT)
        return f"kernel stack {number}: " + ("the guard page below it" if offset < 4096 else "not in use")
    if va < KSTACK_BASE:
        return f"the direct map: the machine has no memory at physical {va - 0xC0000000:#010x}"
    return "above the kernel's stacks nothing is ever mapped"


def where(s, space, va):
    """=> lines: where the page at VA is, whether it is mapped or not"""
    if va >= USER_END:
        return [kernel_place(s, va)]
    region = s.region_at(space, va)
    if not region:
        why = refusal(s, space, va, False)
        return [why or "no region is there yet, but the stack above may grow down to it"]
    lines = [f"region {region_line(s, region)}"]
    page = s.private(space, va)
    if page:
        shared = f"; {page.refs} places refer to it: a store copies it first" if page.refs > 1 else ""
        lines.append(f"a private page, {anon_place(s, page)}{shared}")
    elif region.obj:
        lines.append(object_place(s, region, va))
    else:
        lines.append("untouched: the page was never stored to, so it exists nowhere")
    if not region.prot:
        lines.append("guarded: the region permits no access")
    return lines


def next_use(s, space, va):
    """=> lines: what a read and a store at VA do now"""
    region = s.region_at(space, va) if va < USER_END else None
    refused = refusal(s, space, va, False)
    if refused:
        return [f"an access is refused: {refused}"]
    lines = []
    for access, write in (("read", False), ("store", True)):
        why = refusal(s, space, va, write)
        if why:
            lines.append(f"a {access} is refused: {why}")
        elif region:
            row = row_of(region, s.private(space, va), write)
            lines.append(f"a {access} faults, row {row}: {ROWS[row]}")
        else:
            lines.append(f"a {access} faults: the stack grows, and then has the page")
    return lines


def explain(s, space, va):
    """=> lines for an address whose entry is not present"""
    if va < USER_END and not s.region_at(space, va):
        return next_use(s, space, va)
    lines = where(s, space, va)
    if va < USER_END:
        page = s.private(space, va)
        if not space.pagetable.directory:
            return lines + ["its address space is swapped out as a whole: it has no page table until it is brought back, "
                            "before its task runs"]
        if page and page.frame:
            lines.append("it has no entry: page tables are a cache, and the next use sets it")
        lines += next_use(s, space, va)
    return lines


def user_page(s, space, va):
    """=> the physical address of VA, whether it is mapped or only in memory; raises Trouble: it is elsewhere"""
    found = s.walk(space, va)
    if found and found.physical is not None:
        return found.physical
    page, region = s.private(space, va), s.region_at(space, va)
    frame = page.frame if page else s.in_map(s.object(region.obj).pages, s.object_index(region, va)) if region and region.obj else 0
    if frame and not page and s.is_anonymous(s.object(region.obj)):
        frame = s.anon(frame).frame
    if not frame:
        raise Trouble(f"{va:#010x} is not in memory: {where(s, space, va)[-1]}")
    return s.number_of(frame) << 12 | va & 0xfff
