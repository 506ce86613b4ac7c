"""An address space as the events of a trace describe it: regions, private pages, entries of the page table."""
from dataclasses import dataclass, field


@dataclass
class Region:
    start: int
    end: int
    prot: int
    flags: int
    obj: int
    index: int      # page of the object at the start

    def __post_init__(self):
        if not self.obj:
            self.index = 0      # the kernel leaves any number there

    def cut(self, va):
        """Keeps the part below VA. => the part from VA on"""
        upper = Region(va, self.end, self.prot, self.flags, self.obj,
                       self.index + ((va - self.start) >> 12))
        self.end = va
        return upper

    def continues(self, low):
        kind = (low.prot, low.flags, low.obj) == (self.prot, self.flags, self.obj)
        return kind and low.end == self.start and \
            (not self.obj or low.index + ((low.end - low.start) >> 12) == self.index)


@dataclass
class Space:
    regions: list = field(default_factory=list)     # sorted
    private: dict = field(default_factory=dict)     # address -> page
    entries: dict = field(default_factory=dict)     # address -> (frame, writable)

    def within(self, start, end):
        """Cuts regions at START and END. => the regions between"""
        for border in (start, end):
            for r in list(self.regions):
                if r.start < border < r.end:
                    self.regions.insert(self.regions.index(r) + 1, r.cut(border))
        return [r for r in self.regions if start <= r.start and r.end <= end]

    def forget(self, start, end):
        """Removes the private pages between START and END."""
        self.private = {va: page for va, page in self.private.items() if not start <= va < end}

    def joined(self):
        """=> the regions, equal neighbours joined"""
        result = []
        for r in self.regions:
            if result and r.continues(result[-1]):
                result[-1] = Region(**{**vars(result[-1]), "end": r.end})
            else:
                result.append(Region(**vars(r)))
        return result


@dataclass
class Page:
    frame: int      # 0: only in its slot
    slot: int = 0
