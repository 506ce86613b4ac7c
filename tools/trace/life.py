"""The life of a page: the events of a trace that concern the page of a task at one address, wherever its contents were meanwhile:
in a frame, in a swap slot, in an object. A page that is shared has the events of all its users."""
from causes import Causes
from stories import PAGE

RANGES = set("region unregion discard protect wire inherit".split())
SPACES = set("fork exec exit procout procin procdone".split())


class Life:
    def __init__(self, va, label=None):
        """LABEL: the task; None: any that has something at VA"""
        self.va, self.label = va & PAGE, label
        self.stories = Causes()

    def take(self, event):
        """=> does EVENT concern the page? Snapshots do not."""
        concerned = not self.stories.state.snapshot and event.name != "snapshot" and self.concerns(event)
        self.stories.take(event)
        return concerned

    def spaces(self):
        """=> [(label, space)] that may have the page"""
        return [(label, space) for label, space in self.stories.state.spaces.items() if self.label in (None, label)]

    def pages(self):
        return {space.private[self.va] for _, space in self.spaces() if self.va in space.private}

    def places(self):
        """=> {(object, index)} that regions show at the address"""
        return {(r.obj, r.index + (self.va - r.start >> 12)) for _, space in self.spaces() if self.va not in space.private
                for r in space.regions if r.obj and r.start <= self.va < r.end}

    def frames(self):
        state = self.stories.state
        found = {space.entries[self.va][0] for _, space in self.spaces() if self.va in space.entries}
        found |= {state.pages[page].frame for page in self.pages() if page in state.pages}
        found |= {state.objects[place][1] for place in self.places() if state.objects.get(place, ("",))[0] == "frame"}
        return found - {0}

    def concerns(self, event):
        values, mine = event.values, self.label in (None, event.label)
        if "va" in values:
            return mine and values["va"] & PAGE == self.va
        if event.name in RANGES:
            return mine and values["start"] <= self.va < values["end"]
        if event.name in SPACES:
            return any(label == event.label or label == values.get("parent") for label, space in self.spaces()
                       if self.va in space.private or self.va in space.entries)
        if "page" in values and event.name != "hello":
            return values["page"] in self.pages()
        if "obj" in values and "index" in values:
            return (values["obj"], values["index"]) in self.places()
        if "slot" in values:
            slots = range(values["slot"], values["slot"] + values.get("n", 1))
            return any(self.stories.state.pages[p].slot in slots for p in self.pages() if p in self.stories.state.pages)
        return values.get("frame", 0) in self.frames()
