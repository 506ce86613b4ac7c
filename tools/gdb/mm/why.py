"""`mm why`: why did this page fault happen? What the processor said, what is behind the address, and what the kernel does about it.

Source: Intel SDM volume 3, "Page-Fault Exceptions".
"""
from dataclasses import dataclass

from .machine import Trouble
from .place import ROWS, refusal, row_of, where
from .structures import USER_END

PROTECTION, STORE, USER = 1, 2, 4    # bits of the error code
PAGE_FAULT = 14


@dataclass
class Fault:
    address: int
    store: bool
    error: object    # the processor's error code; None: it is not known any more, or the kernel made the page resident itself
    ip: int          # 0: not known


def fault(s, task, address, store):
    """=> the Fault at ADDRESS that TASK's kernel stack is about; the trap frame knows more if the program itself has faulted"""
    frame = s.machine.at("trapframe", task.tf)
    if frame.vector == PAGE_FAULT:
        return Fault(address, store, frame.error, frame.eip)
    return Fault(address, store, None, frame.eip)


def at_entry(s, task):
    """=> the Fault whose handler has just begun"""
    frame = s.machine.at("trapframe", task.tf)
    return fault(s, task, s.machine.registers("cr2"), bool(frame.error & STORE)) if frame.vector == PAGE_FAULT else None


def last(s, task):
    """=> the last fault of TASK that was resolved; raises Trouble: there was none"""
    place = task.last_fault
    if not place.eip:
        raise Trouble(f"{task.name}[{task.pid}] has not faulted yet")
    return Fault(place.address, False, None, place.eip)


def in_words(error):
    """=> what the error code says"""
    return (f"a {'store' if error & STORE else 'read'} by {'the program' if error & USER else 'the kernel'}; "
            + ("the page is mapped, but the entry does not permit it" if error & PROTECTION else "the entry was not present"))


def cause(s, space, va, write, entry):
    """=> lines: why the access fails with the present entry, and what the kernel does; or that it is resolved"""
    region = s.region_at(space, va) if va < USER_END else None
    if entry & 1 and (entry & 2 or not write):
        return [f"it is resolved: the entry maps frame {entry >> 12} and permits the access"]
    why = refusal(s, space, va, write)
    if why:
        return [f"it is refused, since {why}"]
    if not region:
        return ["the stack grows down to the page, which is then made"]
    page = s.private(space, va)
    row = row_of(region, page, write)
    if entry & 1:
        reason = ("the page is shared since fork" if row == "copy" else "it is the frame of zeros" if entry >> 12 == s.zero_frame
                  else "the page belongs to a file and is copied before the first store" if row == "promote"
                  else "the first store to it is to be seen")
        return [f"the entry is read-only, because {reason}", f"row {row}: {ROWS[row]}"]
    return [f"row {row}: {ROWS[row]}"]


def why(s, task, fault, name_of=lambda ip: ""):
    """NAME_OF(address) => the function there, or "". => lines"""
    space = s.space(task)
    found = s.walk(space, fault.address)
    said = f": {in_words(fault.error)}" if fault.error is not None else ""
    lines = [f"{task.name}[{task.pid}] faults at {fault.address:#010x}{said}",
             f"the {'instruction' if fault.error is not None else 'program'} is at {fault.ip:#010x} {name_of(fault.ip)}".rstrip()]
    return lines + where(s, space, fault.address) + cause(s, space, fault.address, fault.store, found.leaf if found else 0)
