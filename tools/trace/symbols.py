"""What the ELF files that a build leaves, build/user/*/PROGRAM and build/shisho.elf, say about functions and places in the source."""
import bisect
import glob
import os
import re
import struct

KERNEL = 0xc0000000
FUNCTION = 2
HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
SECTION = struct.Struct("<10I")
SYMBOL = struct.Struct("<IIIBBH")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DECIDED = re.compile(r"(?:VMTRACE_([A-Z]+)_([A-Z]+)|RECLAIM)_(\w+) (\S+):(\d+)")


def sections_of(image):
    """=> the headers of the sections of an ELF file's IMAGE, the number of the section with their names"""
    header = HEADER.unpack_from(image)
    return [SECTION.unpack_from(image, header[6] + i * header[11]) for i in range(header[12])], header[13]


def read_section(path, wanted):
    """=> the bytes of the section WANTED of the ELF file at PATH, none if it has no such section"""
    with open(path, "rb") as file:
        image = file.read()
    sections, names = sections_of(image)
    names = sections[names][4]
    for name, _, _, _, offset, size, *_ in sections:
        if image[names + name:].startswith(wanted.encode() + b"\0"):
            return image[offset:offset + size]
    return b""


def functions(path):
    """=> [(address, name)] of the 32-bit ELF file at PATH, sorted"""
    with open(path, "rb") as file:
        image = file.read()
    sections, found = sections_of(image)[0], []
    for section in (s for s in sections if s[1] == 2):       # SHT_SYMTAB
        names = sections[section[6]][4]
        for offset in range(section[4], section[4] + section[5], SYMBOL.size):
            name, value, _, info, _, place = SYMBOL.unpack_from(image, offset)
            if place and info & 15 in (0, FUNCTION) and name:
                end = image.index(b"\0", names + name)
                found.append((value, image[names + name:end].decode(errors="replace")))
    return sorted(found)


def programs(build, wanted):
    """WANTED: a program's name, or its path on the disk, which tells two programs of the same name apart.
    => the files in the folder BUILD that may have its symbols"""
    path = os.path.normpath("/" + wanted).lstrip("/")    # a recording may hold any: none leads out of the folder
    exact = os.path.join(build, "user", path)
    if "/" in path and os.path.isfile(exact):
        return [exact]
    named = glob.glob(os.path.join(glob.escape(build), "user", "*", glob.escape(os.path.basename(path)))) if path else []
    return sorted(path for path in named if os.path.isfile(path))


def function_around(path, line):
    """=> the name of the function of the C source PATH that has LINE, as far as it can be found"""
    try:
        with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
            above = file.read().splitlines()[:line]
    except OSError:
        return ""
    heads = (re.match(r"[a-z][^;=]*?\b(\w+)\(", text) for text in reversed(above))
    return next((head[1] for head in heads if head), "")


def decided_places(path):
    """=> {EVENT.FIELD.WORD: (function, file, line)} of the kernel at PATH: where in the source it decides on that word"""
    found = {}
    for text in read_section(path, ".trace_decided").decode(errors="replace").split("\0"):
        shape = DECIDED.fullmatch(text)
        if shape:
            event, field, word, file, line = shape.groups()
            key = f"{event or 'victim'}.{field or 'why'}.{word}".lower()
            found.setdefault(key, (function_around(file, int(line)), file, int(line)))
    return found


class Symbols:
    def __init__(self, build):
        self.build = build
        self.tables = {}    # program, or its path on the disk -> [(address, name)]
        try:
            self.decided = decided_places(self.kernel)    # {EVENT.FIELD.WORD: (function, file, line)}
        except (OSError, struct.error, IndexError):
            self.decided = {}

    @property
    def kernel(self):
        return os.path.join(self.build, "shisho.elf")

    def table(self, program):
        if program not in self.tables:
            paths = [self.kernel] if program == "shisho.elf" else programs(self.build, program or "")
            try:
                self.tables[program] = functions(paths[0]) if paths else []
            except (OSError, struct.error, ValueError, IndexError):
                self.tables[program] = []
        return self.tables[program]

    def find(self, program, address):
        """PROGRAM: its name, or its path on the disk. => (function, offset, the program's name or the kernel's), or None: not known"""
        program = "shisho.elf" if address >= KERNEL else program
        table = self.table(program)
        at = bisect.bisect(table, (address, "\x7f")) - 1
        return (table[at][1], address - table[at][0], os.path.basename(program)) if at >= 0 else None
