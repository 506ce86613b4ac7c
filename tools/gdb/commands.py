"""The commands that look: mm walk, page, map, frames, slots, tasks, check, diff.."""
import gdb

from attach import machine, register, structures
from command import Command, Mm, number, space_of
from mm import check, diff, lists, page
from mm.entry import walk
from mm.machine import Trouble
from mm.place import explain
from mm.structures import STATES


class Walk(Command):
    """mm walk ADDR [TASK]: translates an address as the processor does, with every bit of the entries in words.

If nothing is mapped there: why, where the page is, and what a read and a store will do.
Without TASK the loaded directory is used."""
    NAME, ARGUMENTS = "walk", (1, 2)

    def run(self, arguments):
        address = number(arguments[0])
        m = machine()
        if not register("cr0") >> 31:
            return ["Paging is off: addresses are physical."]
        if len(arguments) == 1:
            found = walk(m.memory, register("cr3"), address)
        else:
            s = structures()
            found = s.walk(s.space(s.task(arguments[1])), address)
        if found and found.physical is not None:
            return found.lines() + [f"{address:#010x} -> physical {found.physical:#010x}"]
        return (found.lines() if found else []) + [f"{address:#010x} is not mapped"] + self.reasons(address, arguments[1:])

    @staticmethod
    def reasons(address, task):
        try:
            s = structures()
            return explain(s, space_of(s, *task), address)
        except Trouble as trouble:    # a kernel thread, or too early
            return [str(trouble)]


class Page(Command):
    """mm page X: one page under all its names: page, frame, slot, and all that refer to it and map it.

X is an address of the running task or the kernel (also of a struct frame or struct anon), `frame N`, or `slot N`."""
    NAME, ARGUMENTS = "page", (1, 2)

    def run(self, arguments):
        kind = arguments[0] if len(arguments) == 2 else "address"
        if kind not in ("address", "frame", "slot") or arguments[0] in ("frame", "slot") and len(arguments) == 1:
            raise Trouble("usage: mm page ADDR, mm page frame N, or mm page slot N")
        s = structures()
        return page.page(s, lambda: space_of(s), kind, number(arguments[-1]))


class Map(Command):
    """mm map [TASK]: the regions with their names, and the pages of each in runs of the same kind."""
    NAME, ARGUMENTS = "map", (0, 1)

    def run(self, arguments):
        s = structures()
        return lists.space_map(s, space_of(s, *arguments))


class Frames(Command):
    """mm frames [STATE]: how many frames are in each state; those in STATE with their owners.

STATE: kernel, table, anon, file, free or reserved."""
    NAME, ARGUMENTS = "frames", (0, 1)

    def run(self, arguments):
        if arguments and arguments[0] not in STATES:
            raise Trouble("a state is one of " + ", ".join(STATES))
        return lists.frames(structures(), arguments[0] if arguments else "")


class Slots(Command):
    """mm slots: the swap slots in use, with their pages and the places that refer to these."""
    NAME = "slots"

    def run(self, arguments):
        return lists.slots(structures())


class Tasks(Command):
    """mm tasks: all tasks with state, directory, pages in memory and in slots, tables, name; `*` marks the one that runs."""
    NAME = "tasks"

    def run(self, arguments):
        return lists.tasks(structures())


class Check(Command):
    """mm check: the invariants of mm/README.md over the whole state, as vmcheck() has them, without running the machine."""
    NAME = "check"

    def run(self, arguments):
        found, inside = check.check(structures()), self.inside()
        if inside and not found[0].startswith("all "):
            found.append(f"The machine stands in {inside}: what is being changed there may look wrong until that is done.")
        return found

    @staticmethod
    def inside():
        """=> "reclaim_take() of mm/reclaim.c", the function of mm/ that the machine stands in; "" if in none"""
        frame = gdb.newest_frame()
        while frame:
            place = frame.find_sal().symtab
            if place and place.filename.startswith("mm/"):
                return f"{frame.name()}() of {place.filename}"
            frame = frame.older()
        return ""


class Diff(Command):
    """mm diff: what has changed in counters, regions, entries, pages, frames and slots since the stop before this one.

The first use remembers the state; from then on each stop does."""
    NAME = "diff"
    before = now = None

    def run(self, arguments):
        if not Diff.now:
            Diff.now = diff.take(structures())
            gdb.events.stop.connect(self.stopped)
            return ["the state is remembered; after the next stop mm diff shows what has changed"]
        if not Diff.before:
            return ["the machine has not run since the state was remembered"]
        return diff.diff(structures(), Diff.before, Diff.now)

    @staticmethod
    def stopped(_event):
        try:
            Diff.before, Diff.now = Diff.now, diff.take(structures())
        except (Trouble, gdb.error) as error:
            print(f"mm diff: {error}")


def register_all():
    for kind in (Mm, Walk, Page, Map, Frames, Slots, Tasks, Check, Diff):
        kind()
