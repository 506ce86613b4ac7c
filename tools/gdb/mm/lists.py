"""What `mm tasks`, `mm map`, `mm frames`, `mm slots` print: the tables of the whole machine."""
import bisect

from .place import BEYOND, is_beyond_end, region_line
from .structures import STATES


def task_state(task, constants):
    """=> in words, in the order in which /proc/PID/stat decides, so that ps shows the same"""
    if task.zombie:
        return "zombie"
    if task.stopped:
        return "stopped"
    if constants["swap_state"][task.swap.state] in ("SWAP_OUT", "SWAP_ENTERING"):
        return "swapped"
    return constants["thread_state"][task.thread.state].removeprefix("THREAD_").lower()


def tasks(s):
    constants = {enum: s.machine.program.constants(enum) for enum in ("swap_state", "thread_state")}
    running = s.running()
    lines = ["   pid state     cr3        kernel stack  pages in slots tables name"]
    for task in s.tasks():
        space = s.space(task) if getattr(task, "as") else None
        counts = f"{'-':>5s} {'-':>8s} {'-':>6s}"
        if space:
            swapped = sum(1 for _, page in s.map_items(space.private) if not s.anon(page).frame)
            counts = f"{space.pagetable.resident - space.pagetable.zeros:5d} {swapped:8d} {space.pagetable.tables:6d}"
        lines.append(f"{'*' if task == running else ' '} {task.pid:4d} {task_state(task, constants):9s} "
                     f"{task.thread.cr3:#010x} {task.thread.sp:#010x}    {counts} {task.name}")
    return lines


def kind_of(s, space, region, va, entry):
    """=> (what the page at VA is, with {} for a number; the number of a frame or slot, or 0): what `mm map` merges into runs"""
    page = s.private(space, va)
    if entry >> 12 == s.zero_frame and entry:
        return "mapped read-only to the frame of zeros", 0
    if entry:
        whose = "shared since fork" if page and page.refs > 1 else "private" if page else "the object's"
        return f"mapped {'writable' if entry & 2 else 'read-only'} to frame{{}}, {whose}", entry >> 12
    found = s.in_map(s.object(region.obj).pages, s.object_index(region, va)) if region.obj and not page else 0
    if found and not s.is_anonymous(s.object(region.obj)):
        return "in frame{}, not mapped", s.number_of(found)
    page = page or (s.anon(found) if found else None)
    if page:
        return ("in frame{}, not mapped", s.number_of(page.frame)) if page.frame else ("in slot{}", page.slot)
    if is_beyond_end(s, space, region, va):
        return BEYOND, 0
    return ("on the disk" if region.obj and not s.is_anonymous(s.object(region.obj)) else "untouched"), 0


def touched(s, space, entries):
    """=> the sorted addresses of the pages of SPACE that have an entry or private contents; all other pages of a region look the same"""
    return sorted(entries.keys() | {key << 12 for key, _ in s.map_items(space.private)})


def stretches(s, region, pages):
    """PAGES: sorted addresses. => an iterator over (start, end): each of PAGES in REGION and each page of its object that is in
    memory alone, and what lies between them and the end of the object"""
    inside = set(pages[bisect.bisect_left(pages, region.start):bisect.bisect_left(pages, region.end)])
    borders = {region.start, region.end}
    if region.obj:
        obj, base = s.object(region.obj), region.start - (s.object_index(region, region.start) << 12)
        there = (base + (index << 12) for index, _ in s.map_items(obj.pages))
        inside.update(va for va in there if region.start <= va < region.end)
        borders.add(min(max(region.start, base + (obj.npages << 12)), region.end))
    borders.update(inside, (va + 4096 for va in inside))
    ordered = sorted(borders)
    yield from zip(ordered, ordered[1:])


def runs(s, space, region, entries, pages):
    """PAGES: touched(). => [(start, end, what, first number, last number)]: neighbours that are alike"""
    found = []
    for start, end in stretches(s, region, pages):
        what, number = kind_of(s, space, region, start, entries.get(start, 0))
        if found and found[-1][2] == what and (not number or number == found[-1][4] + 1):
            found[-1][1], found[-1][4] = end, number
        else:
            found.append([start, end, what, number, number])
    return found


def space_map(s, space):
    """=> lines: each region with its pages in merged runs"""
    entries = dict(s.entries(space))
    used = touched(s, space, entries)
    lines = [f"{s.space_name(space)}: {space.regions.count} regions"
             + ("" if space.pagetable.directory else "; swapped out as a whole, so nothing is mapped")]
    for region in s.regions(space):
        lines.append(region_line(s, region))
        for start, end, what, first, last in runs(s, space, region, entries, used):
            pages = (end - start) >> 12
            numbers = f" {first}" if first == last else f"s {first}-{last}"
            lines.append(f"  {start:08x} {pages:5d} page{' ' if pages == 1 else 's'} {what.format(numbers)}")
    return lines


def owner(s, frame, holders):
    """HOLDERS: Structures.anons(). => to whom FRAME belongs, in words"""
    state = STATES[frame.state]
    if state == "anon":
        return ", ".join(holder(s, place) for place in holders.get(frame.owner, [])) or "its page is gone"
    if state == "file":
        return f"page {frame.index} of {s.object_name(s.object(frame.owner))}" if frame.owner else "its file is gone"
    if state == "table":
        return f"tables of {s.space_name(s.space_of_pagetable(frame.owner))}"
    return ""


def frames(s, wanted):
    """WANTED: a state, or "" for the counts of all. => lines"""
    found = {}
    for number in range(s.frame_total):
        frame = s.frame(number)
        found.setdefault(STATES[frame.state], []).append(frame)
    if not wanted:
        lines = [f"{s.frame_total} frames"]
        for state in STATES:
            those = found.get(state, [])
            special = sum(1 for f in those if f.flags & 1), sum(1 for f in those if f.flags & 8)
            lines.append(f"  {state:9s}{len(those):6d}" + (f"  {special[0]} busy, {special[1]} dirty" if any(special) else ""))
        return lines
    holders, merged = s.anons(), []    # [first, last, text]
    for frame in found.get(wanted, []):
        number = s.number_of(frame.location)
        text = " ".join([owner(s, frame, holders), *s.machine.flags("frame_flag", frame.flags & ~0x40)]).strip()
        if merged and merged[-1][1] == number - 1 and merged[-1][2] == text:
            merged[-1][1] = number
        else:
            merged.append([number, number, text])
    return [f"  {first if first == last else f'{first}-{last}'}  {text}".rstrip() for first, last, text in merged] or [f"no frame is {wanted}"]


def slots(s):
    end, total, used = (s.machine.variable("mm/slot.c:" + name) for name in ("end", "total", "used"))
    if not end:
        return ["there is no swap area"]
    holders = s.anons()
    lines = [f"{used} of {total} slots are in use"]
    for slot, page in s.slots():
        if not page:
            lines.append(f"  {slot}  {'bad' if page is None else 'orphan: its page was freed, its I/O goes on'}")
            continue
        anon = s.anon(page)
        where = f"frame {s.number_of(anon.frame)} too" if anon.frame else "only here"
        lines.append(f"  {slot}  page {page:#010x}, {where}: {', '.join(holder(s, h) for h in holders.get(page, [])) or 'no holder'}")
    return lines


def holder(s, place):
    """PLACE: as in Structures.anons(). => "sh[1] 0x0805b000", or "page 3 of /dev/shm/x" """
    thing, at = place
    return f"{s.space_name(thing)} {at:#010x}" if hasattr(thing, "pagetable") else f"page {at} of {s.object_name(thing)}"
