"""`mm user` and `mm heap`: the program of a task, its symbols and its heap."""
import os

import gdb

from attach import program_of, structures
from command import Command
from mm import heap
from mm.machine import Trouble
from symbols import programs    # shisho.py has added its folder, tools/trace, to the path

_loaded = []    # the path of the program whose symbols are loaded


def find(name):
    """=> the path of the file with symbols; our programs are in the kernel's build folder"""
    out = os.path.dirname(gdb.current_progspace().filename or "build/")
    found = [name] if os.path.isfile(name) else programs(out, name)
    if not found:
        raise Trouble(f"there is no file {name}, nor {out}/user/*/{name}")
    if len(found) > 1:
        raise Trouble(f"{name} may be any of " + ", ".join(os.path.relpath(path) for path in found))
    return found[0]


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def load(name):
    """Loads the symbols of program NAME, and forgets those of the one before: all programs have the same addresses. => its path"""
    path = os.path.abspath(find(name))
    if not is_elf(path):
        raise Trouble(f"{name} is no ELF file")
    if _loaded != [path]:
        for old in _loaded:
            gdb.execute(f"remove-symbol-file '{old}'", to_string=True)
        _loaded.clear()
        gdb.execute(f"add-symbol-file '{path}'", to_string=True)
        _loaded.append(path)
    return path


def task_named(wanted):
    """=> the task with that number or name; None: there is none, or the kernel has not started"""
    try:
        s = structures()
        return s.task(wanted)
    except Trouble:
        return None


class User(Command):
    """mm user TASK: loads the symbols of the program that TASK runs, in addition to the kernel's.

Instead of a task: the name of a program of user/ (sh, demo ...), also before it runs, or a file. All programs have the same
addresses, so a breakpoint stops every task that reaches it, and the symbols of one program are loaded at a time. To stop in
one task only: break PLACE if $pid() == TASK"""
    NAME, ARGUMENTS, COMPLETE = "user", (1, 1), gdb.COMPLETE_FILENAME

    def run(self, arguments):
        task = task_named(arguments[0])
        if arguments[0].isdigit() and not task:
            raise Trouble(f"there is no task {arguments[0]} (mm tasks)")
        path = load(structures().program(task) if task else arguments[0])
        only = f"; to stop in this task only: break PLACE if $pid() == {task.pid}" if task else ""
        return [f"symbols of {os.path.relpath(path)}{only}"]


class Heap(Command):
    """mm heap [TASK]: the heap of the program that TASK runs: blocks in use and free, slabs and their objects.

Loads the program's symbols, as mm user does."""
    NAME, ARGUMENTS = "heap", (0, 1)

    def run(self, arguments):
        s = structures()
        task = s.task(*arguments or [""])
        space = s.space(task)
        path = load(s.program(task))
        objfile = next(o for o in gdb.objfiles() if o.filename == path)
        return heap.show(s, space, program_of(objfile))


def register_all():
    for kind in (User, Heap):
        kind()
