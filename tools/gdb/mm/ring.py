"""The trace that the kernel keeps in memory (tracedev=ring): the newest events, for `mm story` and `mm blame`.

The lines are read where they are, so that /dev/trace still has them. `blame` follows one page through them: its entry, and the
frames, pages and slots that the entry led to, for as long as they belonged to it.
"""
from .machine import Trouble

RING = "kernel/trace_ring.c:"
# The events that end the life of a thing, and the field that names it.
ENDS = {"framefree": "frame", "pagefree": "page", "slotfree": "slot"}


def lines(s):
    """=> the lines of the ring, oldest first"""
    machine = s.machine
    ring = machine.variable(RING + "ring")
    if not ring:
        raise Trouble("there is no trace in memory: boot with trace=all tracedev=ring")
    head, tail, size = machine.variable(RING + "head"), machine.variable(RING + "tail"), ring_size(s, ring)
    data = machine.read(ring, size)
    start, n = tail % size, (head - tail) % (1 << 32)
    return (data + data)[start:start + n].decode("ascii", "replace").splitlines()


def ring_size(s, ring):
    """=> its size: that of the block of frames that it is"""
    return 4096 << s.frame((ring - 0xC0000000) >> 12).order


def events(s, parse):
    """PARSE(line) => an event as tools/trace/reader.py makes it, or None. => the events of the ring, oldest first"""
    return [event for event in map(parse, lines(s)) if event]


def covers(event, va):
    start, end = event.values.get("start"), event.values.get("end")
    return start is not None and end is not None and start <= va < end


def lives(found):
    """A frame, page or slot that is freed and taken again has another life.
    => for each event the set of (thing, number, life) that it names; {(thing, number): its present life}
    """
    life, result = {}, []
    for event in found:
        named = [(thing, event.values[thing]) for thing in ENDS.values() if event.values.get(thing)]
        if event.values.get("n") is not None and "slot" in event.values:    # a run
            named = [("slot", event.values["slot"] + i) for i in range(event.values["n"])]
        result.append({(*thing, life.get(thing, 0)) for thing in named})
        if event.name in ENDS:
            ended = ENDS[event.name], event.values[ENDS[event.name]]
            life[ended] = life.get(ended, 0) + 1
    return result, life


def blame(found, label, va, things):
    """THINGS: {"frame": [...], "page": [...], "slot": [...]}, what the page is in now. => its events, newest first"""
    named, life = lives(found)
    ours = {(thing, number, life.get((thing, number), 0)) for thing in things for number in things[thing]}
    here = [event.label == label and (event.values["va"] & ~0xfff == va if "va" in event.values else covers(event, va)) for event in found]
    for event, at, things_here in zip(found, here, named):
        if at and "va" in event.values:
            ours |= things_here
    grown = True
    while grown:    # an event that names the page and a frame or slot joins them
        before = len(ours)
        for things_here in named:
            if any(thing[0] == "page" and thing in ours for thing in things_here):
                ours |= things_here
        grown = len(ours) > before
    return [event for event, at, things_here in reversed(list(zip(found, here, named))) if at or things_here & ours]
