"""Compares the state that results from the events of a trace with a snapshot."""
from state import BUILDING

SHOWN = 5    # differences reported for each part


def compare(mine, snapshot):
    """=> a list of texts, one for each difference between MINE, the state that the events have led to, and SNAPSHOT. A part of the state
    is compared only if the classes that describe it are on."""
    classes, texts = mine.classes, []

    def part(needs, name, a, b):
        if not classes.issuperset(needs.split()):
            return
        keys = sorted(k for k in a.keys() | b.keys() if a.get(k) != b.get(k))
        for key in keys[:SHOWN]:
            texts.append(f"{name} {key}: followed {a.get(key)}, the snapshot says {b.get(key)}")
        if len(keys) > SHOWN:
            texts.append(f"{name}: {len(keys) - SHOWN} more")

    def each(state, what):
        return {(label, key): value for label, space in state.spaces.items()
                for key, value in what(space).items()}

    part("space", "spaces", dict.fromkeys(mine.spaces, True), dict.fromkeys(snapshot.spaces, True))
    part("space procswap", "swapped out as a whole", dict.fromkeys(mine.away, True), dict.fromkeys(snapshot.away, True))
    for needs, name, what in [
            ("space", "region", lambda s: {hex(r.start): r for r in s.joined()}),
            ("space page", "private page", lambda s: s.private),
            ("space map", "entry", lambda s: s.entries)]:
        part(needs, name, each(mine, what), each(snapshot, what))
    part("frame", "frame", mine.frames, snapshot.frames)
    part("page evict swap slot", "page", mine.pages, snapshot.pages)
    part("page", "object's page", mine.objects, snapshot.objects)
    part("space", "name", *({label: s.names.get(label) for label in s.spaces if label < BUILDING} for s in (mine, snapshot)))
    part("slot page", "slot", {s: p for s, p in mine.slots.items() if p}, snapshot.slots)
    return texts
