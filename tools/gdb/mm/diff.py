"""`mm diff`: what has changed between two stops: counters, regions, entries, pages, frames, slots."""
from dataclasses import dataclass, field

from .place import region_line
from .structures import STATES

MANY = 12    # lines of one kind that are printed


@dataclass
class Snapshot:
    counters: dict = field(default_factory=dict)
    spaces: dict = field(default_factory=dict)     # address of the space -> its name
    regions: set = field(default_factory=set)      # (space, line)
    entries: dict = field(default_factory=dict)    # (space, va) -> entry
    frames: dict = field(default_factory=dict)     # number -> (state, flags)
    pages: dict = field(default_factory=dict)      # struct anon -> (refs, frame or None, slot)
    slots: dict = field(default_factory=dict)      # slot -> owner


def take(s):
    """=> the Snapshot of this moment"""
    vmstat = s.machine.variable("vmstat")
    snap = Snapshot({name: getattr(vmstat, name) for name in vmstat._kind.fields})
    for space in s.spaces():
        name = snap.spaces[space.location] = s.space_name(space)
        snap.regions |= {(name, region_line(s, r)) for r in s.regions(space)}
        snap.entries.update({(name, va): entry for va, entry in s.entries(space)})
    for number in range(s.frame_total):
        frame = s.frame(number)
        snap.frames[number] = STATES[frame.state], frame.flags
    for address in s.anons():
        page = s.anon(address)
        snap.pages[address] = page.refs, s.number_of(page.frame) if page.frame else None, page.slot
    snap.slots = dict(s.slots())
    return snap


def entry_words(entry):
    bits = ", ".join(word for bit, word in ((0x20, "accessed"), (0x40, "dirty")) if entry & bit)
    return f"frame {entry >> 12}, {'writable' if entry & 2 else 'read-only'}{', ' + bits if bits else ''}"


def frame_words(s, state, flags):
    return ", ".join([state, *(w for w in s.machine.flags("frame_flag", flags) if w != "listed")])


def page_words(refs, frame, slot):
    where = [f"frame {frame}"] if frame is not None else []
    return " and ".join(where + ([f"slot {slot}"] if slot else [])) + f", {refs} reference{'' if refs == 1 else 's'}"


def changes(old, new, title, words):
    """Two dictionaries. => lines: what is in one only, or differs; WORDS(value) is how a value is printed"""
    lines = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before != after:
            lines.append(f"{title(key)}: " + " -> ".join("none" if v is None else words(v) for v in (before, after)))
    return lines[:MANY] + ([f"... and {len(lines) - MANY} more"] if len(lines) > MANY else [])


def diff(s, old, new):
    """=> lines"""
    lines = [f"counter {name}: {old.counters[name]} -> {value}" for name, value in new.counters.items() if value != old.counters[name]]
    lines += [f"address space of {new.spaces[space]} is new" for space in new.spaces.keys() - old.spaces.keys()]
    lines += [f"address space of {old.spaces[space]} is gone" for space in old.spaces.keys() - new.spaces.keys()]
    lines += [f"region of {name} gone: {line}" for name, line in sorted(old.regions - new.regions)][:MANY]
    lines += [f"region of {name} new: {line}" for name, line in sorted(new.regions - old.regions)][:MANY]
    lines += changes(old.entries, new.entries, lambda key: f"entry of {key[0]} at {key[1]:#010x}", entry_words)
    lines += changes(old.pages, new.pages, lambda key: f"page {key:#010x}", lambda v: page_words(*v))
    lines += changes(old.frames, new.frames, lambda key: f"frame {key}", lambda v: frame_words(s, *v))
    lines += changes(old.slots, new.slots, lambda key: f"slot {key}", lambda v: f"page {v:#010x}" if v else "orphan or bad")
    return lines or ["nothing has changed"]
