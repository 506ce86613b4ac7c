"""A stopped machine as Python objects: its physical memory, read with the kernel's own debug information.

A Machine is made of three objects:

- memory.read(physical, n) => n bytes of physical memory; raises Trouble where there is none.
- program: variable(name) => (address, Type); "file.c:name" for a static one. struct(name) => Type of struct NAME;
  constants(enum) => {value: name}. Both raise Trouble for an unknown name.
- registers(name) => the value of a register of the processor ("cr3"), without sign.

Memory is read physically, since that works in every state of the machine: before paging is on, and for address spaces other than
the loaded one.
"""
from dataclasses import dataclass, field

KERNEL_BASE, DIRECT_END = 0xC0000000, 0xF8000000
PAGE = 4096
LONGEST_LIST = 200000    # a list with more links is a circle that does not lead back to its head


class Trouble(Exception):
    """What a command was asked cannot be answered; the message is one line for the user."""


@dataclass(frozen=True)
class Type:
    """KIND int: SIZE bytes, SIGNED or not. pointer: to TARGET. array: of COUNT TARGETs. struct: NAME, with FIELDS."""
    kind: str
    size: int
    signed: bool = False
    name: str = ""
    target: object = None
    count: int = 0
    fields: dict = field(default_factory=dict, compare=False)    # name -> (offset, Type); those of anonymous members too


class Machine:
    def __init__(self, memory, program, registers):
        self.memory, self.program, self.registers = memory, program, registers

    def physical(self, address):
        """=> the physical address of a kernel address"""
        if KERNEL_BASE <= address < DIRECT_END:
            return address - KERNEL_BASE
        directory = self.registers("cr3") & ~0xfff
        for shift in (22, 12):
            entry = int.from_bytes(self.memory.read(directory + (address >> shift) % 1024 * 4, 4), "little")
            if not entry & 1:
                raise Trouble(f"{address:#010x} is not mapped")
            directory = entry & ~0xfff
        return directory | address & 0xfff

    def read(self, address, n):
        """=> N bytes at a kernel address"""
        data = b""
        while len(data) < n:
            piece = min(n - len(data), PAGE - (address + len(data)) % PAGE)
            data += self.memory.read(self.physical(address + len(data)), piece)
        return data

    def text(self, address, longest=256):
        """=> the string at a kernel address"""
        data = b""
        while len(data) < longest:
            data += self.read(address + len(data), min(longest - len(data), PAGE - (address + len(data)) % PAGE))
            if b"\0" in data:
                break
        return data.split(b"\0")[0].decode(errors="replace")

    def value(self, address, kind):
        """=> what is at ADDRESS: an int (also for a pointer), a list for an array, text for an array of char, a Struct"""
        if kind.kind == "struct":
            return Struct(self, address, kind)
        if kind.kind == "array":
            if kind.target.name == "char":
                return self.text(address, kind.count)
            return [self.value(address + i * kind.target.size, kind.target) for i in range(kind.count)]
        return int.from_bytes(self.read(address, kind.size), "little", signed=kind.signed)

    def variable(self, name):
        return self.value(*self.program.variable(name))

    def address(self, name):
        """=> the address of a variable or function"""
        return self.program.variable(name)[0]

    def at(self, struct, address):
        """=> the Struct STRUCT at ADDRESS"""
        return Struct(self, address, self.program.struct(struct))

    def containing(self, struct, member, address):
        """=> the Struct STRUCT whose MEMBER is at ADDRESS"""
        kind = self.program.struct(struct)
        return Struct(self, address - kind.fields[member][0], kind)

    def list(self, head, struct, member):
        """=> an iterator over the Structs in the list whose head is at HEAD"""
        link_type = self.program.struct("list")
        link, n = self.value(head, link_type).next, 0
        while link != head:
            if not link or n > LONGEST_LIST:
                raise Trouble(f"the list at {head:#010x} is broken")
            yield self.containing(struct, member, link)
            link, n = self.value(link, link_type).next, n + 1

    def words(self, enum, value):
        """=> the name of VALUE in ENUM, without what all its names begin with"""
        names = self.program.constants(enum)
        prefix = next(iter(names.values())).split("_")[0] + "_"
        return names.get(value, str(value)).removeprefix(prefix).lower()

    def flags(self, enum, value):
        """=> the names of the bits of VALUE, in the order of the enum"""
        return [self.words(enum, bit) for bit in self.program.constants(enum) if value & bit]


class Struct:
    """A struct in the machine: its members are attributes. Bytes are read once, when the first member is asked for.

    LOCATION is its address; no struct of the kernel has a member of that name.
    """

    def __init__(self, machine, location, kind):
        self._machine, self._kind, self._bytes = machine, kind, None
        self.location = location

    def __getattr__(self, name):
        if name.startswith("_") or name not in self._kind.fields:
            raise AttributeError(f"struct {self._kind.name} has no member {name}")
        offset, kind = self._kind.fields[name]
        if kind.kind not in ("int", "pointer"):
            return self._machine.value(self.location + offset, kind)
        if self._bytes is None:
            self._bytes = self._machine.read(self.location, self._kind.size)
        return int.from_bytes(self._bytes[offset:offset + kind.size], "little", signed=kind.signed)

    def place(self, member):
        """=> the address of MEMBER"""
        return self.location + self._kind.fields[member][0]

    def __eq__(self, other):
        return isinstance(other, Struct) and (self.location, self._kind.name) == (other.location, other._kind.name)

    def __hash__(self):
        return hash(self.location)
