"""The bits of the entries of directories and tables in words, and the walk that the processor does with them.

Source: Intel SDM volume 3, "32-Bit Paging", tables "Format of a 32-Bit Page-Directory Entry ..." and the rest.
"""
from dataclasses import dataclass

PRESENT, WRITABLE, USER, WRITE_THROUGH, UNCACHED, ACCESSED, DIRTY, LARGE, GLOBAL = (1 << bit for bit in range(9))
ADDRESS = 0xfffff000


def in_words(entry, leaf):
    """=> the bits of the entry in words: those that are set, and those that matter when clear. LEAF: the entry maps memory, so its
    dirty and global bits have a meaning."""
    words = ["writable" if entry & WRITABLE else "read-only", "user" if entry & USER else "kernel only"]
    words.append("accessed" if entry & ACCESSED else "not accessed")
    if leaf:
        words.append("dirty" if entry & DIRTY else "not dirty")
    words += [word for bit, word in ((GLOBAL, "global"), (WRITE_THROUGH, "write-through"), (UNCACHED, "not cached"))
              if entry & bit and (leaf or bit != GLOBAL)]
    return ", ".join(words)


@dataclass
class Walk:
    """What the processor finds for an address. PHYSICAL None: it faults."""
    address: int
    directory: int              # physical
    pde: int
    pte: object = None          # None: there is no table, or the directory entry maps 4 MiB
    physical: object = None

    @property
    def leaf(self):
        """The entry that maps the page; 0: none does."""
        return self.pte if self.pte is not None else self.pde if self.physical is not None else 0

    def lines(self):
        lines = [f"directory: physical {self.directory:#010x} (CR3)"]
        head = f"directory entry {self.address >> 22} = {self.pde:#010x}: "
        if not self.pde & PRESENT:
            return lines + [head + "not present: no table for these 4 MiB"]
        if self.pde & LARGE:
            return lines + [head + f"4 MiB page at physical {self.pde & 0xffc00000:#010x}; {in_words(self.pde, True)}"]
        lines.append(head + f"table at physical {self.pde & ADDRESS:#010x}; {in_words(self.pde, False)}")
        head = f"table entry {self.address >> 12 & 1023} = {self.pte:#010x}: "
        if not self.pte & PRESENT:
            return lines + [head + "not present: the next use is a page fault"]
        return lines + [head + f"frame {self.pte >> 12} at physical {self.pte & ADDRESS:#010x}; {in_words(self.pte, True)}"]


def walk(memory, cr3, address):
    """=> the Walk of ADDRESS from the directory CR3, read from physical memory"""
    def word(physical):
        return int.from_bytes(memory.read(physical, 4), "little")
    directory = cr3 & ADDRESS
    pde = word(directory + (address >> 22) * 4)
    if not pde & PRESENT:
        return Walk(address, directory, pde)
    if pde & LARGE:
        return Walk(address, directory, pde, physical=pde & 0xffc00000 | address & 0x3fffff)
    pte = word((pde & ADDRESS) + (address >> 12 & 1023) * 4)
    return Walk(address, directory, pde, pte, pte & ADDRESS | address & 0xfff if pte & PRESENT else None)
