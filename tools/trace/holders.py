"""What the state of a trace knows about a frame, a page, an address; and from it the facts of a fault."""
from dataclasses import dataclass


@dataclass
class Owner:
    """Of what is in a frame: a page that a space has at an address (and OTHERS too), or a page of an object."""
    label: int = 0
    va: int = 0
    others: int = 0
    obj: int = 0
    index: int = 0


def of_page(state, page):
    """=> [(label, address)] at which PAGE is a private page"""
    return [(label, va) for label, space in state.spaces.items() if page in space.private.values()
            for va, other in space.private.items() if other == page]


def place_in_object(state, what):
    """WHAT: ("page" or "frame", number). => (object, index), or None"""
    return next((place for place, other in state.objects.items() if other == what), None)


def owner_of(state, frame):
    """=> the Owner of what is in FRAME, or None if the trace does not say"""
    page = state.holder.get(frame)
    at = of_page(state, page) if page else []
    if at:
        return Owner(*at[0], others=len(at) - 1)
    place = place_in_object(state, ("page", page) if page else ("frame", frame))
    return Owner(obj=place[0], index=place[1]) if place else None


def region_at(state, label, va):
    """=> the region of the space LABEL that contains VA, or None"""
    space = state.spaces.get(label)
    return next((r for r in space.regions if r.start <= va < r.end), None) if space and va is not None else None


def waits_of(events):
    """=> [(what, frame, cycles)] of the waits in EVENTS, equal ones together"""
    waits, begun = {}, {}
    for e in events:
        if e.name == "wait":
            begun[e.values["what"], e.values["frame"]] = e.cycles
        elif e.name == "resume":
            key = (e.values["what"], e.values["frame"])
            if key in begun:
                waits[key] = waits.get(key, 0) + e.cycles - begun.pop(key)
    return [(*key, cycles) for key, cycles in waits.items()]


def fault_facts(stories, story):
    """=> the facts of the STORY of a fault; STORIES: what was followed up to its last event"""
    event, state = story.last, stories.state
    facts, va = dict(event.values), event.values["va"]
    trap = story.first.values if story.first.name == "trap" else None
    space = state.spaces.get(event.label)
    page = space.private.get(va) if space else None
    facts["page"], facts["va"] = va, trap["va"] if trap else va
    facts.update({name: trap[name] for name in ("error", "ip")} if trap else {})
    facts["trap"] = trap is not None
    facts["region"] = region_at(state, event.label, va)
    facts["frame"] = next((e.values["frame"] for e in reversed(story.each("map"))
                           if e.label == event.label and e.values["va"] == va), None)
    facts["grown"] = next(((e.values["old"], e.values["start"]) for e in story.each("grow")), None)
    facts["allocated"] = [(e.values["frame"], e.values["state"], story.former.get(e.values["frame"]))
                          for e in story.each("framealloc")]
    pageins = story.each("pagein")
    own = next((e.values for e in pageins if e.values["page"] == page), {})
    facts["slot"], facts["swapped"] = own.get("slot"), own.get("frame")
    facts["readahead"] = [e.values["slot"] for e in pageins if e.values["page"] != page]
    facts["waits"] = waits_of(story.events)
    if event.values["row"] == "copy":
        facts["source"], facts["refs"] = stories.replaced.get((event.label, va), (None, None))
    return facts
