"""Names of functions from the symbol tables of the ELF files that a build leaves: build/user/*/PROGRAM and build/shisho.elf."""
import bisect
import glob
import os
import struct

KERNEL = 0xc0000000
FUNCTION = 2
HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
SECTION = struct.Struct("<10I")
SYMBOL = struct.Struct("<IIIBBH")


def functions(path):
    """=> [(address, name)] of the 32-bit ELF file at PATH, sorted"""
    with open(path, "rb") as file:
        image = file.read()
    header = HEADER.unpack_from(image)
    at, size, count = header[6], header[11], header[12]
    sections = [SECTION.unpack_from(image, at + i * size) for i in range(count)]
    found = []
    for section in (s for s in sections if s[1] == 2):       # SHT_SYMTAB
        names = sections[section[6]][4]
        for offset in range(section[4], section[4] + section[5], SYMBOL.size):
            name, value, _, info, _, place = SYMBOL.unpack_from(image, offset)
            if place and info & 15 in (0, FUNCTION) and name:
                end = image.index(b"\0", names + name)
                found.append((value, image[names + name:end].decode(errors="replace")))
    return sorted(found)


class Symbols:
    def __init__(self, build):
        self.build = build
        self.tables = {}    # program -> [(address, name)]

    def table(self, program):
        if program not in self.tables:
            paths = [os.path.join(self.build, "shisho.elf")] if program == "shisho.elf" else \
                sorted(glob.glob(os.path.join(glob.escape(self.build), "user", "*", glob.escape(program or "?"))))
            try:
                self.tables[program] = functions(paths[0]) if paths else []
            except (OSError, struct.error, ValueError, IndexError):
                self.tables[program] = []
        return self.tables[program]

    def find(self, program, address):
        """=> (function, offset, program), or None: not known. PROGRAM: its name, or the kernel's for its addresses"""
        program = "shisho.elf" if address >= KERNEL else program
        table = self.table(program)
        at = bisect.bisect(table, (address, "\x7f")) - 1
        return (table[at][1], address - table[at][0], program) if at >= 0 else None
