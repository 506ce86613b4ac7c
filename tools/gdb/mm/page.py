"""`mm page X`: one page under all its names. X is an address, a frame, a slot or a struct anon; all of them are printed, with every
place that refers to the page and every entry that maps it.
"""
from .lists import holder, owner
from .machine import DIRECT_END, KERNEL_BASE, Trouble
from .place import frame_state, where
from .structures import STATES, USER_END


def mapped_by(s, frame):
    """=> lines: the entries that map FRAME"""
    lines = []
    for space, va in s.mappers(frame):
        found = s.walk(space, va)
        entry = found.pte if found and found.pte is not None else 0
        bits = "writable" if entry & 2 else "read-only"
        lines.append(f"mapped by {s.space_name(space)} at {va:#010x}, {bits}"
                     + "".join(word for bit, word in ((0x20, ", accessed"), (0x40, ", dirty")) if entry & bit))
    return lines or ["mapped by no entry"]


def frame_line(s, frame):
    number = s.number_of(frame.location)
    line = f"{frame_state(s, number)}: {STATES[frame.state]}"
    flags = [w for w in s.machine.flags("frame_flag", frame.flags) if w not in ("busy", "writeback", "failed")]
    counts = [f"{n} {word}" for n, word in ((frame.pins, "pins"), (frame.wires, "reasons to stay (mlock)")) if n]
    return ", ".join([line, *flags, *counts]) + f"; physical {number << 12:#010x}, struct frame {frame.location:#010x}"


def of_frame(s, number):
    frame = s.frame(number)
    state = STATES[frame.state]
    if state == "anon" and frame.owner:
        return of_anon(s, frame.owner)
    lines = [frame_line(s, frame)]
    if state in ("file", "table", "anon"):
        lines.append(owner(s, frame, {}))
    if number == s.zero_frame:
        lines.append("the frame of zeros, which pages share that were only read")
    elif state in ("anon", "file"):
        lines += mapped_by(s, frame)
    return lines


def of_anon(s, address):
    anon = s.anon(address)
    lines = [f"page {address:#010x}: {anon.refs} reference{'' if anon.refs == 1 else 's'}"]
    lines += [f"held by {holder(s, place)}" for place in s.anons().get(address, [])]
    if anon.frame:
        frame = s.machine.at("frame", anon.frame)
        lines += [frame_line(s, frame)]
        lines += mapped_by(s, frame)
    else:
        lines.append("in no frame")
    lines.append(f"slot {anon.slot}" + (": a copy, valid while the frame is clean" if anon.frame else "") if anon.slot else "in no slot")
    return lines


def of_slot(s, slot):
    for number, page in s.slots():
        if number == slot:
            if page:
                return of_anon(s, page)
            return [f"slot {slot}: " + ("bad" if page is None else "orphan: its page was freed, its I/O goes on")]
    raise Trouble(f"slot {slot} is free, or there is none")


def of_user_address(s, space, va):
    page = s.private(space, va)
    region = s.region_at(space, va)
    lines = [f"{s.space_name(space)} {va & ~0xfff:#010x}"] + where(s, space, va)
    found = s.in_map(s.object(region.obj).pages, s.object_index(region, va)) if region and region.obj and not page else 0
    if page:
        return lines + of_anon(s, page.location)
    if found:
        return lines + (of_anon(s, found) if s.is_anonymous(s.object(region.obj)) else of_frame(s, s.number_of(found)))
    return lines


def page(s, space, kind, number):
    """KIND: address, frame or slot; SPACE: a function => whose user address it is. => lines"""
    if kind == "frame":
        return of_frame(s, number)
    if kind == "slot":
        return of_slot(s, number)
    if number < USER_END:
        return of_user_address(s, space(), number)
    place = number - s.frame_table
    if 0 <= place < s.frame_total * s.frame_type.size:
        return of_frame(s, place // s.frame_type.size)
    if number in s.anons():
        return of_anon(s, number)
    if number < DIRECT_END and (number - KERNEL_BASE) >> 12 >= s.frame_total:
        raise Trouble(f"{number:#010x} is not mapped: the memory of this machine ends before it")
    return of_frame(s, s.machine.physical(number) >> 12)
