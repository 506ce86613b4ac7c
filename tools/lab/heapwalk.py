"""The heap of a program as it lies in its memory: what user/test/include/lab-heap.h draws, and the blocks of user/lib/malloc_first.c."""
import struct
from dataclasses import dataclass

from lab import Wrong
from machine import PAGE

USED, PREV_USED, HEAD, SMALLEST, SLACK = 1, 2, 4, 16, 16


def draw(stop, n):
    """lab_draw()"""
    x = (stop.drawn + n * 0x9e3779b9) & 0xFFFFFFFF
    x = ((x ^ x >> 16) * 0x7feb352d) & 0xFFFFFFFF
    x = ((x ^ x >> 15) * 0x846ca68b) & 0xFFFFFFFF
    return x ^ x >> 16


def contents(stop, size, n):
    """lab_fill()"""
    return (struct.pack("<I", draw(stop, n)) * (size // 4 + 1))[:size]


def data(stop, va, size):
    """=> SIZE bytes at VA; what has no entry was never touched, and is zeros"""
    pages = range(va // PAGE * PAGE, va + size, PAGE)
    found = b"".join(stop.page(page) or bytes(PAGE) for page in pages)
    return found[va % PAGE:va % PAGE + size]


def words(stop, va, count):
    return struct.unpack(f"<{count}I", data(stop, va, count * 4))


@dataclass
class Block:
    """ADDRESS: of the memory of the program, behind the header. In words it is the header's, which links hold too."""
    address: int
    size: int          # with the header
    used: bool

    @property
    def end(self):
        return self.address + self.size

    def __str__(self):
        if not self.size:
            return f"end mark at {self.address - HEAD:#x}"
        return f"{'used' if self.used else 'free'} block of {self.size} bytes from {self.address - HEAD:#x} to {self.end - HEAD:#x}"


def bits(head):
    """=> what a header says"""
    return ", ".join([f"header {head:#x} = size {head & ~7}", *["USED"] * bool(head & USED), *["PREV_USED"] * bool(head & PREV_USED)])


def expect(condition, expected, saw):
    if not condition:
        raise Wrong(expected, str(saw))


def check_ring(memory, bottom, found):
    """The ring has all free blocks, and what begins it, which is in the program's data."""
    free = {block.address for block in found if not block.used}
    for address in free:
        following, before = struct.unpack_from("<2I", memory, address - bottom)
        for link, name in ((following, "next"), (before, "prev")):
            expect(link + HEAD in free or link < bottom, "free blocks form a ring", f"{name} of the free block at {address - HEAD:#x} is {link:#x}")
        if following + HEAD in free:
            back = struct.unpack_from("<I", memory, following + HEAD + 4 - bottom)[0]
            expect(back + HEAD == address, f"prev of the free block at {following:#x} is the one before it in the ring, {address - HEAD:#x}", f"{back:#x}")
    ends = [address for address in free if struct.unpack_from("<I", memory, address - bottom)[0] < bottom]
    expect(len(ends) == bool(free), "free blocks form one ring", f"{len(ends)} of {len(free)} free blocks are the last one")


def walk(stop, bottom, top):
    """
    Walks through the blocks between the break's first and present address, and checks all that they say of each other.
    => the Blocks, in the order of addresses
    """
    memory, found, previous = data(stop, bottom, top - bottom), [], True
    address = (bottom + SLACK - 1) // 8 * 8
    while True:
        expect(address <= top, "blocks end below the break", f"one begins at {address - HEAD:#x}, the break is {top:#x}")
        head = struct.unpack_from("<I", memory, address - HEAD - bottom)[0]
        block = Block(address, head & ~7, bool(head & USED))
        expect(bool(head & PREV_USED) == previous, f"PREV_USED is {'set' if previous else 'clear'} in the header of the {block}, because "
               f"the block before it is {'used' if previous else 'free'}", bits(head))
        if not block.size:
            expect(top - address < SLACK, f"blocks fill the memory up to the break, {top:#x}", f"the last one ends at {address - HEAD:#x}")
            break
        expect(SMALLEST <= block.size and block.end <= top, f"the block at {address - HEAD:#x} has a size that is possible there", bits(head))
        found.append(block)
        address, previous = block.end, block.used
        if not block.used:
            tail = struct.unpack_from("<I", memory, block.end - 2 * HEAD - bottom)[0]
            expect(tail == block.size, f"the {block} has its size in its last word", f"{tail:#x} = {tail} there")
    check_ring(memory, bottom, found)
    return found


def check_merged(found):
    """No free block lies before another one."""
    pairs = [(block, following) for block, following in zip(found, found[1:]) if not (block.used or following.used)]
    expect(not pairs, "no free block beside another", f"{len(pairs)} of them, first the {pairs[0][0]} and the {pairs[0][1]}" if pairs else "")
