"""The commands that stop the machine: mm break-fault, watch-page, watch-frame, back-to-fault. And mm why, which explains a stop."""
import gdb

from attach import need_machine, structures
from command import Command, function_at, number, space_of
from mm import why
from mm.machine import Trouble
from mm.place import ROWS, row_of

HANDLERS = ("fault_resolve", "fault_resolve_pinned")


class FaultBreakpoint(gdb.Breakpoint):
    """Stops at the beginning of fault_resolve() for one task, page or row."""

    def __init__(self, task, page, row):
        super().__init__("fault_resolve", internal=False)
        self.of_task, self.of_page, self.of_row = task, page, row    # None: any

    def stop(self):
        try:
            frame = gdb.newest_frame()
            space, va, access = (int(frame.read_var(name)) for name in ("as", "va", "access"))
            s = structures()
            space = s.machine.at("addrspace", space)
            if self.of_task not in (None, space.label) or self.of_page not in (None, va & ~0xfff):
                return False
            return not self.of_row or self.of_row == self.row(s, space, va, access)
        except (Trouble, gdb.error) as error:
            print(f"mm break-fault: {error}")
            return True

    @staticmethod
    def row(s, space, va, access):
        region = s.region_at(space, va)
        return row_of(region, s.private(space, va), bool(access & 2)) if region else "refused"


class BreakFault(Command):
    """mm break-fault [task=TASK] [at=ADDR] [row=ROW]: stops at page faults: of one task, of one page, of one row.

ROW is one of the table in mm/fault.c: private, copy, object, promote, zero_read, zero_fill; or refused.
The stop is at the beginning of the fault's resolution; mm why explains it."""
    NAME, ARGUMENTS = "break-fault", (0, 3)

    def run(self, arguments):
        words = dict(a.partition("=")[::2] for a in arguments)
        if set(words) - {"task", "at", "row"} or not all(words.values()):
            raise self.misused()
        if words.get("row", "refused") not in [*ROWS, "refused"]:
            raise Trouble("a row is one of " + ", ".join([*ROWS, "refused"]))
        task = words.get("task")
        if task and not task.isdigit():
            s = structures()
            task = s.task(task).pid
        FaultBreakpoint(None if task is None else int(task), number(words["at"]) & ~0xfff if "at" in words else None,
                        words.get("row"))


class WatchPage(Command):
    """mm watch-page ADDR [TASK]: stops at each store into the page of ADDR; with TASK only while that task runs.

The address is a virtual one: other tasks have other pages there."""
    NAME, ARGUMENTS = "watch-page", (1, 2)

    def run(self, arguments):
        page, s = number(arguments[0]) & ~0xfff, structures()
        only = f"$pid() == {s.task(arguments[1]).pid}" if len(arguments) > 1 else None
        watch(page, 4096).condition = only


class WatchFrame(Command):
    """mm watch-frame N: stops at each store into frame N: by the kernel, and through each entry that maps it now."""
    NAME, ARGUMENTS = "watch-frame", (1, 1)

    def run(self, arguments):
        s = structures()
        frame = s.frame(number(arguments[0]))
        watch(0xC0000000 + (s.number_of(frame.location) << 12), 4096)
        for space, va in s.mappers(frame):
            watch(va, 4096).condition = f"$pid() == {space.label}"


def watch(address, size):
    return gdb.Breakpoint(f"*(char(*)[{size}]){address:#x}", gdb.BP_WATCHPOINT, gdb.WP_WRITE)


def can_go_back():
    """=> is the machine a replay? Only that one answers GDB's query with reverse execution."""
    need_machine()
    return "ReverseContinue+" in gdb.execute("maintenance packet qSupported", to_string=True)


class BackToFault(Command):
    """mm back-to-fault [ADDR]: in a replay (make replay): goes back to the beginning of the page fault that set the entry of ADDR.

Without ADDR: to the last page fault."""
    NAME, ARGUMENTS = "back-to-fault", (0, 1)

    def run(self, arguments):
        if not can_go_back():
            raise Trouble("only in a replay: make record, then make replay")
        if arguments:
            s = structures()
            found = s.walk(space_of(s), number(arguments[0]))
            if not found or found.pte is None:
                raise Trouble("there is no page table for that address, so no fault has set an entry")
            entry = 0xC0000000 + (found.pde & ~0xfff) + (found.address >> 12 & 1023) * 4
            self.back_to(gdb.Breakpoint(f"*(unsigned int *){entry:#x}", gdb.BP_WATCHPOINT, gdb.WP_WRITE, True))
        self.back_to(gdb.Breakpoint("fault_resolve", internal=True))

    @staticmethod
    def back_to(point):
        """Goes back to POINT, a breakpoint or watchpoint of this command's own."""
        try:
            gdb.execute("reverse-continue")
        finally:
            point.delete()


class Why(Command):
    """mm why: why did this page fault happen? What the processor said, which page, what the kernel does.

At a stop in the handler; elsewhere it is about the last fault of the task."""
    NAME = "why"

    def run(self, arguments):
        s = structures()
        task = s.task("")
        fault = self.in_handler(s, task)
        if fault:
            return why.why(s, task, fault, function_at)
        return ["no fault is being handled; this was the last one of the task:", *why.why(s, task, why.last(s, task), function_at)]

    @staticmethod
    def in_handler(s, task):
        """=> the Fault whose handler is on the stack, one of the program's or of the kernel's own; None: none is"""
        frame = gdb.newest_frame()
        while frame and frame.name() not in HANDLERS:
            frame = frame.older()
        if not frame:
            return why.at_entry(s, task) if gdb.newest_frame().name() == "exception_page_fault" else None
        va, access = (frame.read_var(name) for name in ("va", "access"))
        return why.fault(s, task, int(va), bool(int(access) & 2))


def register_all():
    for kind in (BreakFault, WatchPage, WatchFrame, BackToFault, Why):
        kind()
