"""The machine that GDB debugs, as mm/machine.py wants it: physical memory, debug information, registers.

Physical memory is read with a packet of QEMU's. Symbols and types are those of one ELF file only: a program's symbols, loaded
beside the kernel's, may have other structs of the same name.
"""
import os

import gdb

from mm.machine import PAGE, Machine, Trouble, Type
from mm.structures import Structures

POINTER = 4


class PhysicalMemory:
    """Whole pages are kept: an object of this class is for one command, while the machine stands still."""

    def __init__(self):
        self.pages = {}

    def read(self, physical, n):
        data = b""
        while n > 0:
            offset = physical % PAGE
            data += self.page(physical // PAGE)[offset:offset + n]
            physical, n = physical + PAGE - offset, n - (PAGE - offset)
        return data

    def page(self, number):
        if number not in self.pages:
            self.mode(1)
            try:
                self.pages[number] = bytes(gdb.selected_inferior().read_memory(number * PAGE, PAGE))
            except gdb.MemoryError:
                raise Trouble(f"there is no memory at physical {number * PAGE:#010x}") from None
            finally:
                self.mode(0)
        return self.pages[number]

    @staticmethod
    def mode(physical):
        gdb.execute(f"maintenance packet Qqemu.PhyMemMode:{physical}", to_string=True)
        gdb.execute("maintenance flush dcache", to_string=True)


class Program:
    """Symbols and types of one ELF file that GDB has read."""
    INTEGERS = {gdb.TYPE_CODE_INT, gdb.TYPE_CODE_ENUM, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR}

    def __init__(self, objfile):
        self.objfile, self.structs, self.enums = objfile, {}, {}

    def variable(self, name):
        file, _, name = name.rpartition(":")
        if file:
            symbol = next((s for s in gdb.lookup_static_symbols(name) if s.symtab.filename == file), None)
        else:
            symbol = self.objfile.lookup_global_symbol(name) or self.objfile.lookup_static_symbol(name)
        if not symbol:
            raise Trouble(f"{os.path.relpath(self.objfile.filename)} has no symbol {name}")
        value = symbol.value()
        return int(value.address), self.type(value.type)

    def tagged(self, name):
        symbol = self.objfile.lookup_static_symbol(name, gdb.SYMBOL_STRUCT_DOMAIN)
        if not symbol:
            raise Trouble(f"{os.path.relpath(self.objfile.filename)} has no type {name}")
        return symbol.type

    def struct(self, name):
        if name not in self.structs:
            self.structs[name] = self.type(self.tagged(name))
        return self.structs[name]

    def constants(self, enum):
        if enum not in self.enums:
            self.enums[enum] = {f.enumval: f.name for f in self.tagged(enum).fields()}
        return self.enums[enum]

    def type(self, kind):
        kind = kind.strip_typedefs()
        if kind.code in self.INTEGERS:
            return Type("int", kind.sizeof, bool(kind.is_signed), name="char" if kind.name == "char" else "")
        if kind.code == gdb.TYPE_CODE_PTR:
            return Type("pointer", POINTER)
        if kind.code == gdb.TYPE_CODE_ARRAY:
            target = self.type(kind.target())
            return Type("array", kind.sizeof, target=target, count=kind.sizeof // max(1, target.size))
        if kind.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            return Type("struct", kind.sizeof, name=kind.tag or "", fields=dict(self.fields(kind)))
        return Type("int", kind.sizeof)    # a function, or a kind that no structure of mm/ has

    def fields(self, kind):
        for f in kind.fields():
            member = self.type(f.type)
            if f.name:
                yield f.name, (f.bitpos // 8, member)
            else:
                yield from ((name, (f.bitpos // 8 + offset, t)) for name, (offset, t) in member.fields.items())


def register(name):
    need_machine()
    return int(gdb.parse_and_eval("$" + name)) & 0xffffffff


def kernel_objfile():
    """=> the kernel's: the file that GDB was started with"""
    name = gdb.current_progspace().filename
    found = next((o for o in gdb.objfiles() if o.filename == name), None)
    if not found:
        raise Trouble("GDB has no symbols of the kernel: start it as make gdb does")
    return found


_programs = {}    # the types of a file do not change while GDB runs


def program_of(objfile):
    key = objfile.filename
    if key not in _programs or not _programs[key].objfile.is_valid():
        _programs[key] = Program(objfile)
    return _programs[key]


def need_machine():
    if not gdb.selected_thread():
        raise Trouble("there is no machine: make debug first, in another terminal")


def machine():
    """=> the Machine as it is now; for one command"""
    need_machine()
    return Machine(PhysicalMemory(), program_of(kernel_objfile()), register)


def structures():
    return Structures(machine())
