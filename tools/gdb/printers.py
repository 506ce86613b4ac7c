"""How `print` shows the structures of mm/: a sentence first, then the members."""
import gdb
import gdb.printing

from attach import program_of, kernel_objfile, structures
from mm.entry import PRESENT, in_words
from mm.machine import Trouble


class WithMembers:
    """A sentence, then all members."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return self.sentence()
        except (Trouble, gdb.error, AttributeError):
            return "(not readable)"

    def children(self):
        return ((f.name or "(union)", self.value[f]) for f in self.value.type.fields())

    def word(self, enum, value):
        names = program_of(kernel_objfile()).constants(enum)
        return names.get(int(value), str(int(value))).split("_", 1)[1].lower()

    def sentence(self):
        raise NotImplementedError


def plural(n, word):
    return f"{n} {word}{'' if n == 1 else 's'}"


def frame_of(pointer):
    return f"frame {structures().number_of(int(pointer))}" if int(pointer) else "no frame"


class Frame(WithMembers):
    def sentence(self):
        number = structures().number_of(int(self.value.address)) if self.value.address else "?"
        flags = [name.split("_", 1)[1].lower() for bit, name in program_of(kernel_objfile()).constants("frame_flag").items()
                 if int(self.value["flags"]) & bit]
        return f"frame {number}: " + ", ".join([self.word("frame_state", self.value["state"]), *flags])


class Anon(WithMembers):
    def sentence(self):
        slot = int(self.value["slot"])
        return f"page in {frame_of(self.value['frame'])}{f', slot {slot}' if slot else ''}, {plural(int(self.value['refs']), 'reference')}"


class Region(WithMembers):
    def sentence(self):
        prot = int(self.value["prot"])
        bits = "".join(c if prot & bit else "-" for c, bit in (("r", 1), ("w", 2), ("x", 4)))
        pages = (int(self.value["end"]) - int(self.value["start"])) >> 12
        return f"region {int(self.value['start']):08x}-{int(self.value['end']):08x} {bits}{'s' if int(self.value['flags']) & 1 else 'p'}, " \
            + plural(pages, "page")


class Addrspace(WithMembers):
    def sentence(self):
        return (f"address space of task {int(self.value['label'])}: {plural(int(self.value['regions']['count']), 'region')}, "
                f"{plural(int(self.value['private']['count']), 'private page')}, {int(self.value['pagetable']['resident'])} mapped")


class Pagetable(WithMembers):
    def sentence(self):
        if not int(self.value["directory"]):
            return "page table: none, the space is out"
        return f"page table at physical {int(self.value['cr3']):#010x}: {plural(int(self.value['tables']), 'table')}, " \
            f"{int(self.value['resident'])} entries"


class Memobj(WithMembers):
    def sentence(self):
        s = structures()
        name = s.object_name(s.object(int(self.value.address))) if self.value.address else "memory object"
        return f"{name}: {plural(int(self.value['npages']), 'page')}, {int(self.value['pages']['count'])} exist"


class Slot(WithMembers):
    def sentence(self):
        owner = int(self.value["owner"])
        return f"slot of page {owner:#010x}" if owner else "free slot"


class Io(WithMembers):
    def sentence(self):
        first = int(self.value["page"])
        return f"{'write' if int(self.value['op']) else 'read'} of {plural(int(self.value['n']), 'page')} from page {first} of the device on"


class Pagemap(WithMembers):
    def sentence(self):
        return f"map of {plural(int(self.value['count']), 'page')} in {plural(int(self.value['nodes']), 'node')}"


class Entry:
    """pte_t"""

    def __init__(self, value):
        self.value = int(value)

    def to_string(self):
        if not self.value & PRESENT:
            return f"{self.value:#010x} (not present)"
        return f"{self.value:#010x} (frame {self.value >> 12}: {in_words(self.value, True)})"


STRUCTS = {"frame": Frame, "anon": Anon, "region": Region, "addrspace": Addrspace, "pagetable": Pagetable, "memobj": Memobj,
           "slot": Slot, "io": Io, "pagemap": Pagemap}


def printer_of(value):
    """=> the printer of a value of GDB's, or None"""
    if value.type.name == "pte_t":
        return Entry(value)
    kind = value.type.strip_typedefs()
    return STRUCTS[kind.tag](value) if kind.code == gdb.TYPE_CODE_STRUCT and kind.tag in STRUCTS else None


def register_all():
    gdb.pretty_printers.insert(0, printer_of)
