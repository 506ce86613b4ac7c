"""The convenience functions $pid(), $pte(ADDR), $pfn(ADDR), for expressions and conditions of breakpoints."""
import gdb

from attach import machine, register, structures
from command import in_range, one_line
from mm.entry import walk
from mm.machine import Trouble


class Function(gdb.Function):
    """A function $NAME(...). A subclass has value(arguments)."""
    NAME, ARGUMENTS = "", 1

    def __init__(self):
        super().__init__(self.NAME)

    def invoke(self, *arguments):
        try:
            if len(arguments) != self.ARGUMENTS:
                raise Trouble(f"it takes {'one argument' if self.ARGUMENTS else 'no argument'}")
            return self.value(*arguments)
        except (Trouble, gdb.error) as error:
            raise gdb.GdbError(f"${self.NAME}: {one_line(error)}") from None


class Pid(Function):
    """$pid(): the number of the task that runs; 0: the kernel itself. For conditions: break fault_resolve if $pid() == 6"""
    NAME, ARGUMENTS = "pid", 0

    def value(self):
        try:
            task = structures().running()
        except Trouble:    # too early
            task = None
        return task.pid if task else 0


def found(address):
    if not register("cr0") >> 31:
        raise Trouble("paging is off")
    return walk(machine().memory, register("cr3"), in_range(address))


class Pte(Function):
    """$pte(ADDR): the entry that maps ADDR by the loaded directory, of 4 KiB or 4 MiB; 0: there is no table."""
    NAME = "pte"

    def value(self, address):
        return gdb.Value(found(address).leaf).cast(gdb.lookup_type("pte_t"))


class Pfn(Function):
    """$pfn(ADDR): the frame that ADDR is mapped to by the loaded directory; -1: none."""
    NAME = "pfn"

    def value(self, address):
        physical = found(address).physical
        return -1 if physical is None else physical >> 12


def register_all():
    for kind in (Pid, Pte, Pfn):
        kind()
