"""Run by GDB: reads files that hold physical memory as the commands `mm` read a machine. Prints a line of JSON for each: the address
spaces as the processor sees them, that is the present entries of all tables below their CR3, and who owns the slots.

    gdb -batch -nx -ex "python import sys; sys.argv = ['a', 'b']" -x tools/test/walk_dumps.py build/shisho.elf
"""
import json
import sys

sys.path.insert(0, "tools/gdb")
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import attach
from mm.entry import WRITABLE
from mm.machine import Machine
from mm.structures import Structures

PAGING = 1 << 31    # in CR0


class Dump:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()

    def read(self, physical, n):
        return self.bytes[physical:physical + n]


def walked(s, space):
    """=> {address: [frame, writable]}"""
    return {va: [entry >> 12, int(bool(entry & WRITABLE))] for va, entry in s.entries(space)}


def described(path):
    s = Structures(Machine(Dump(path), attach.program_of(attach.kernel_objfile()), {"cr0": PAGING}.get))
    spaces = list(s.spaces())
    of_task = {task.pid: (s.space(task).label, task.thread.cr3) for task in s.tasks() if getattr(task, "as")}
    return {"spaces": {space.label: {"cr3": space.pagetable.cr3, "entries": walked(s, space)} for space in spaces},
            "tasks": of_task, "kernel": s.machine.variable("pagetable_kernel").cr3, "slots": {slot: owner for slot, owner in s.slots() if owner is not None}}


for dump in sys.argv:
    print(json.dumps(described(dump)))
