"""What decided on an event: the row of a fault's table, the reason for an eviction, or the operation that it was a part of.

The field `at` of an event is the place that reports it, and that is a low layer: what sets an entry, what allocates a frame. Who
wants to know why an entry is what it is must look further up: at the row of mm/fault.c, at the page-out daemon, at fork.
"""
from stories import CLOSING, Stories

# Events that a row of the table in mm/fault.c causes; the other events of a fault prepare it, or are evictions.
OF_A_ROW = set("framealloc page private map unmap readonly pagein shmpage filepage fault".split())


def row_of(event, fault):
    """=> the row that has caused EVENT of the story that FAULT has ended; None: none has"""
    mine = event.label in (0, fault.label) and event.values.get("va", fault.values["va"]) == fault.values["va"]
    caused = event.name in OF_A_ROW and mine and event.values.get("state") != "table"
    return fault.values["row"] if caused and fault.values["row"] != "none" else None


class Causes(Stories):
    """Stories that also remember for each event what decided on it."""

    def __init__(self):
        self.decided = {}    # number of an event -> the key of a place (symbols.decided_places), or an address in the kernel
        super().__init__()

    def take(self, event):
        why = self.why_evicted(event)
        if why:
            self.decided[event.seq] = "victim.why." + why
        done = super().take(event)
        for story in done:
            for e in story.events:
                cause = self.cause(e, story)
                if cause:
                    self.decided.setdefault(e.seq, cause)
        return done

    def why_evicted(self, event):
        """=> why the frame that EVENT is about has been chosen to lose its page; None: it has not"""
        if event.name == "victim":
            return event.values["why"]
        page = self.state.pages.get(event.values.get("page"))
        return self.state.victims.get(page.frame if page else event.values.get("frame"))

    @staticmethod
    def cause(event, story):
        last = story.last
        if last.name == "fault":
            row = row_of(event, last)
            return row and "fault.row." + row
        return last.at if last.name in CLOSING and event is not last else None


def chain(cause, at, decided, name_of):
    """CAUSE: as in Causes.decided; DECIDED: symbols.decided_places; name_of(ADDRESS): "function (file:line)", or "" if unknown.
    => what decided and what reported it: "row_copy (mm/fault.c:143) > rmap_map (mm/rmap.c:38)"; "": neither is known
    """
    first = name_of(cause) if isinstance(cause, int) else named(decided[cause]) if cause in decided else ""
    return " > ".join(dict.fromkeys(filter(None, (first, name_of(at) if at else ""))))


def named(place):
    """PLACE: (function, file, line). => "function (file:line)" """
    return f"{place[0]} ({place[1]}:{place[2]})"
