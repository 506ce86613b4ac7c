"""The memory manager's state as reconstructed from the events of a trace: what a viewer shows at one SEQ.

State.apply(event) applies one event and adds to `wrong` what is impossible: an unmap without its map, a slot freed twice. A
snapshot begins with what it describes being empty, and is applied by the same functions.
"""
from space import Page, Region, Space

WIRED, NOFORK, WIPED = 4, 16, 32
BUILDING = 100000    # labels from here on: exec is building the space


class State:
    def __init__(self, classes=()):
        self.wrong = []
        self.event = None
        self.begin(classes)

    def begin(self, classes):
        self.classes = set(classes)
        self.policy = ""
        self.running = None     # (thread, label)
        self.threads = {}       # thread -> its name
        self.known = set()      # threads that have done something
        self.waiting = {}       # thread -> (what, frame)
        self.traps = {}         # label -> (thread, address, error, instruction): faults that have not ended
        self.victims = {}       # frame -> why: chosen, but not gone yet
        self.hand = None        # the frame that the policy has looked at last
        self.seen = {}          # frame -> (accessed, dirty), as they were after that
        self.moving = set()     # slots that are being read or written
        self.snapshot = False
        self.forget_described()

    def forget_described(self):
        """What a snapshot describes."""
        self.spaces = {}        # label -> Space
        self.frames = {}        # first frame of a block -> (order, state)
        self.pages = {}         # page -> Page
        self.slots = {}         # slot -> page; 0: none any more
        self.objects = {}       # (object, index) -> ("page" or "frame", number)
        self.holder = {}        # frame -> anonymous page in it
        self.mapped = {}        # frame -> number of entries
        self.names = {}         # label -> name of the task
        self.object_names = {}  # object -> name
        self.counters = {}      # name -> value
        self.away = set()       # labels of spaces that are swapped out as a whole
        self.old = set()        # frames that may have been chosen before the trace began

    def apply(self, event):
        self.event = event
        function = getattr(self, "on_" + event.name, None)
        if function:
            function(event.label, **event.values)
        if self.snapshot:
            return
        for counter, conditions in event.type.counts:
            if counter in self.counters:
                self.counters[counter] += all(event.values[f] == word for f, word in conditions.items())
        if self.running and event.name != "run":
            self.known.add(self.running[0])

    def complain(self, classes, text):
        """TEXT counts only if the events of all CLASSES are in the trace."""
        if self.classes.issuperset(classes.split()):
            self.wrong.append(f"@{self.event.seq} {self.event.name}: {text}")

    def space(self, label):
        if label not in self.spaces:
            self.complain("space", f"there is no space {label}")
            self.spaces[label] = Space()
        return self.spaces[label]

    # the trace itself

    def on_hello(self, _, classes, policy, **values):
        self.begin(classes.split(","))
        self.policy = policy

    def on_snapshot(self, _, part):
        self.snapshot = part == "begin"
        if self.snapshot:
            self.forget_described()
        else:
            self.old = {frame for frame in self.frames if frame not in self.victims}

    def on_counter(self, _, value, name):
        self.counters[name] = value

    def on_dropped(self, *_, **values):
        self.running = None

    def on_policy(self, _, name):
        self.policy = name

    # tasks and threads

    def on_run(self, label, thread, name):
        self.running = thread, label
        self.threads[thread] = name
        if label:
            self.names[label] = name

    def on_name(self, label, name):
        self.names[label] = name

    def on_object(self, _, obj, kind, name):
        self.object_names[obj] = name

    def on_trap(self, label, va, error, ip):
        if label in self.traps:
            self.complain("fault", f"the fault at {self.traps[label][1]:#x} has not ended")
        self.traps[label] = (self.thread(), va, error, ip)

    def on_fault(self, label, va, **values):
        trap = self.traps.get(label)
        if trap and trap[0] == self.thread():
            del self.traps[label]
            if trap[1] >> 12 != va >> 12:
                self.complain("fault", f"the processor has raised a fault at {trap[1]:#x}")

    def on_wait(self, _, what, frame):
        if self.thread() in self.waiting:
            self.complain("wait", "this thread waits already")
        self.waiting[self.thread()] = (what, frame)

    def on_resume(self, _, what, frame):
        waited = self.waiting.pop(self.thread(), None)
        if waited != (what, frame) and (waited or self.thread() in self.known):
            self.complain("wait", f"this thread has waited for {waited}")

    def thread(self):
        """=> the thread that has caused this event"""
        if not self.running:
            self.complain("state", "no run says which thread it is")
        return self.running and self.running[0]

    # spaces and regions

    def on_space(self, label):
        if label in self.spaces:
            self.complain("space", f"there is a space {label} already")
        self.spaces[label] = Space()

    def on_fork(self, label, parent, pages):
        child, parent = self.space(label), self.space(parent)
        child.regions = [Region(**{**vars(r), "flags": r.flags & ~WIRED}) for r in parent.regions if not r.flags & NOFORK]
        full = [r for r in child.regions if not r.flags & WIPED]
        child.private = {va: page for va, page in parent.private.items() if any(r.start <= va < r.end for r in full)}
        if len(child.private) != pages:
            self.complain("space page", f"{pages} pages, followed {len(child.private)}")
        self.names[label] = self.names.get(self.event.values["parent"], "")
        for va in child.private:
            if parent.entries.get(va, (0, 0))[1]:
                self.complain("space page map", f"{va:#x} is shared now and still writable")

    def on_exec(self, label, **values):
        if label in self.spaces:
            self.complain("space", f"space {label} is still there")
        self.spaces[label] = self.space(values["from"])
        del self.spaces[values["from"]]

    def on_exit(self, label, pages):
        space = self.space(label)
        if space.entries:
            self.complain("map space", f"{len(space.entries)} pages are still mapped")
        if space.regions and len(space.private) != pages:    # without regions: a fork that failed half-way
            self.complain("space page", f"{pages} pages, followed {len(space.private)}")
        del self.spaces[label]
        self.names.pop(label, None)
        self.traps.pop(label, None)
        self.away.discard(label)

    def on_procout(self, label, **values):
        self.away.add(label)

    def on_procin(self, label, **values):
        self.away.discard(label)

    def on_region(self, label, start, end, **kind):
        regions = self.space(label).regions
        if any(r.start < end and start < r.end for r in regions):
            self.complain("space", f"{start:#x}-{end:#x} overlaps another region")
        regions.append(Region(start, end, **kind))
        regions.sort(key=lambda r: r.start)

    def on_unregion(self, label, start, end):
        space = self.space(label)
        for r in space.within(start, end):
            space.regions.remove(r)
        space.forget(start, end)
        if any(start <= va < end for va in space.entries):
            self.complain("map space", "pages are still mapped")

    def on_grow(self, label, start, old):
        for r in self.space(label).regions:
            if r.start == old:
                r.start = start

    def on_protect(self, label, start, end, prot):
        for r in self.space(label).within(start, end):
            r.prot = prot

    def on_wire(self, label, start, end, wired):
        for r in self.space(label).within(start, end):
            r.flags = r.flags & ~WIRED | (WIRED if wired else 0)

    def on_inherit(self, label, start, end, flags):
        for r in self.space(label).within(start, end):
            r.flags = r.flags & ~(NOFORK | WIPED) | flags

    # entries

    def on_map(self, label, va, frame, writable):
        entries = self.space(label).entries
        if va in entries:
            self.complain("map", f"{va:#x} is mapped already")
        if not any(r.start <= va < r.end for r in self.spaces[label].regions):
            self.complain("map space", f"{va:#x} lies in no region")
        entries[va] = (frame, writable)
        self.mapped[frame] = self.mapped.get(frame, 0) + 1
        self.settle(frame)

    def on_unmap(self, label, va, frame):
        entry = self.space(label).entries.pop(va, None)
        if not entry or entry[0] != frame:
            self.complain("map", f"{va:#x} was {f'mapped to frame {entry[0]}' if entry else 'not mapped'}")
        self.mapped[frame] = self.mapped.get(frame, 0) - 1

    def on_readonly(self, label, va):
        entries = self.space(label).entries
        if va not in entries:
            self.complain("map", f"{va:#x} is not mapped")
        else:
            entries[va] = (entries[va][0], 0)

    # frames

    def on_framealloc(self, _, frame, order, state):
        if frame in self.frames:
            self.complain("frame", f"frame {frame} is taken already")
        self.frames[frame] = (order, state)

    def on_framefree(self, _, frame, order):
        block = self.frames.pop(frame, None)
        if not block or block[0] != order:
            self.complain("frame", f"frame {frame} was {'a block of another size' if block else 'free'}")
        if self.mapped.get(frame):
            self.complain("frame map", f"frame {frame} is still mapped")
        self.holder.pop(frame, None)
        self.seen.pop(frame, None)
        self.settle(frame)

    def settle(self, frame):
        """FRAME is not on its way out any more."""
        self.victims.pop(frame, None)
        self.old.discard(frame)

    def holds_page(self, frame):
        """FRAME is looked at or chosen, so it must hold a page."""
        if self.frames.get(frame, (0, ""))[1] not in ("anon", "file"):
            self.complain("frame", f"frame {frame} has no page that could leave")

    def on_look(self, _, frame, accessed, dirty, verdict):
        self.holds_page(frame)
        self.hand = frame
        self.seen[frame] = (accessed if verdict == "skipped" else 0, dirty)

    def on_victim(self, _, frame, why, **values):
        self.holds_page(frame)
        self.victims[frame] = why

    def on_evict(self, _, frame, kind, how):
        if how != "failed" and frame not in self.victims and frame not in self.old:
            self.complain("evict", f"frame {frame} was not chosen")
        self.settle(frame)
        if self.mapped.get(frame):
            self.complain("map", f"frame {frame} is still mapped")
        page = self.holder.pop(frame, None)
        if page in self.pages:
            self.pages[page].frame = 0
            if not self.pages[page].slot:
                self.complain("slot page", f"page {page:#x} is in no slot")
        elif kind == "anon":
            self.complain("page swap", f"frame {frame} held no page ({how})")

    # pages

    def on_page(self, _, page, frame):
        if page in self.pages and not self.snapshot:
            self.complain("page", f"there is a page {page:#x} already")
        self.pages[page] = Page(frame)
        if frame:
            self.holder[frame] = page

    def on_pagefree(self, _, page):
        gone = self.pages.pop(page, None)
        if not gone:
            self.complain("page", f"there is no page {page:#x}")
        elif gone.slot:
            self.slots[gone.slot] = 0
            if gone.slot not in self.moving:
                self.complain("page slot swap", f"slot {gone.slot} is left behind")
        if gone:
            self.holder.pop(gone.frame, None)

    def on_discard(self, label, start, end):
        self.space(label).forget(start, end)

    def on_private(self, label, va, page):
        if page not in self.pages:
            self.complain("page", f"there is no page {page:#x}")
        self.space(label).private[va] = page

    def on_shmpage(self, _, obj, index, page):
        self.objects[obj, index] = ("page", page)

    def on_filepage(self, _, obj, index, frame, block):
        if (obj, index) in self.objects:
            self.complain("page", f"object {obj:#x} has its page {index} already")
        self.objects[obj, index] = ("frame", frame)

    def on_objdrop(self, _, obj, index):
        if not self.objects.pop((obj, index), None):
            self.complain("page", f"object {obj:#x} has no page {index}")

    # swap

    def on_slotalloc(self, _, slot, page):
        if slot in self.slots:
            self.complain("slot", f"slot {slot} is taken already")
        self.slots[slot] = page
        if page in self.pages:
            self.pages[page].slot = slot
        if not self.snapshot:
            self.moving.add(slot)

    def on_slotfree(self, _, slot):
        page = self.slots.pop(slot, None)
        if page is None:
            self.complain("slot", f"slot {slot} was free")
        if page in self.pages and self.pages[page].slot == slot:
            self.pages[page].slot = 0

    def on_pagein(self, _, page, frame, slot):
        if self.slots.get(slot) != page:
            self.complain("slot page", f"slot {slot} is not page {page:#x}'s")
        self.pages.setdefault(page, Page(0, slot)).frame = frame
        self.holder[frame] = page
        self.moving.add(slot)

    def on_swapread(self, _, slot, n, error):
        self.moving = {s for s in self.moving if not slot <= s < slot + n}

    on_swapwrite = on_swapread
