"""`mm heap`: the heap of a program of ours, as heap_next() of user/lib/heap_look.c goes through it: blocks, the objects of slabs,
the free memory at the end.

The program's memory is read through its page tables, and where a page has no entry, in its frame. What is in a swap slot cannot be
read.
"""
from .machine import Machine, Trouble
from .place import user_page

USED, FOREIGN, FLAGS, HEAD = 1, 4, 7, 4     # user/lib/heap_block.h
GRAIN, SLAB = 8, 2048                       # user/lib/heap_map.h


class UserMachine(Machine):
    """A machine that reads memory at the virtual addresses of one address space."""

    def __init__(self, s, space, program):
        super().__init__(s.machine.memory, program, s.machine.registers)
        self.s, self.space = s, space

    def physical(self, address):
        return user_page(self.s, self.space, address)


class Heap:
    def __init__(self, user):
        self.user = user
        self.first, self.end, self.limit = (user.variable("block_" + name) for name in ("first", "end", "limit"))
        self.map = user.variable("heap_map")

    def word(self, address):
        return int.from_bytes(self.user.read(address, 4), "little")

    def has_bit(self, zero, bit):
        return bool(self.word((zero + bit // 32 * 4) % (1 << 32)) >> bit % 32 & 1)

    def in_use(self, address):
        """=> does a payload or an object in use begin there (heap_map.h)?"""
        return self.has_bit(self.map.zero, address // GRAIN)

    def blocks(self):
        """=> an iterator over (payload, bytes, kind)"""
        at = self.first
        while at != self.end:
            head = self.word(at)
            size, payload = head & ~FLAGS, at + HEAD
            if not 8 <= size <= self.end - at:
                raise Trouble(f"the heap is damaged: the header at {at:#010x} is {head:#x}")
            if not head & USED:
                kind = "free"
            elif head & FOREIGN:
                kind = "foreign: other code moved the break"
            elif self.has_bit(self.map.slabs, payload // SLAB):
                kind = self.slab(payload)
            else:
                kind = "used" if self.in_use(payload) else "free: spare"
            yield payload, size - HEAD, kind
            at += size
        if at < self.limit:
            yield at + HEAD, self.limit - at - HEAD, "free: the end"

    def slab(self, at):
        slab = self.user.at("slab", at)
        size = getattr(slab, "class") * 8
        first = at + slab._kind.size
        count = (SLAB - HEAD - slab._kind.size) // size if size else 0
        used = [first + i * size for i in range(count) if self.in_use(first + i * size)]
        shown = " ".join(f"{address:#x}" for address in used[:4]) + (" ..." if len(used) > 4 else "")
        return f"slab of {size}-byte objects, {len(used)} of {count} used{': ' + shown if used else ''}"


def show(s, space, program):
    """=> lines"""
    try:
        program.variable("heap_map")
    except Trouble as trouble:
        return [f"{s.space_name(space)}: the program has no malloc of ours ({trouble})"]
    try:
        heap = Heap(UserMachine(s, space, program))
    except Trouble as trouble:
        return [f"{s.space_name(space)}: the variables of its malloc cannot be read ({trouble})"]
    if not heap.end:
        return [f"{s.space_name(space)}: malloc was not called yet, or HEAP=first is in use"]
    lines, used, free = [], 0, 0
    try:
        for payload, size, kind in heap.blocks():
            lines.append(f"  {payload:#010x} {size:7d} bytes {kind}")
            used += size if not kind.startswith("free") else 0
            free += size if kind.startswith("free") else 0
    except Trouble as trouble:
        lines.append(f"  the rest cannot be read: {trouble}")
    return [f"{s.space_name(space)}: heap {heap.first:#010x}-{heap.limit + HEAD:#010x}, {used} bytes in use, {free} free", *lines]
