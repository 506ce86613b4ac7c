"""`mm check`: the invariants of mm/README.md, checked from outside over the whole state, as mm/vmcheck.c does inside.

vmcheck() panics at the first violation and needs the machine to run; this changes nothing and reports all. In the middle of a
change (a breakpoint inside mm/) some do not hold.
"""
from .structures import SHARED, USER_END, WIRED, WRITE

BUSY, WRITEBACK, RELEASED, LISTED = 1, 2, 4, 64
COUNTED = 64


class Check:
    def __init__(self, s):
        self.s, self.wrong, self.records, self.entries = s, [], 0, 0

    def expect(self, invariant, good, text):
        if not good:
            self.wrong.append(f"{invariant}: {text}")

    def owner(self, number, frame):
        """I4, I6, I2 of one frame with a page"""
        s, anon = self.s, frame.state == 4
        if frame.flags & RELEASED:
            self.expect("I4", not frame.owner and not frame.maps, f"released frame {number} has an owner or is mapped")
            self.expect("I4", frame.pins or frame.flags & (BUSY | WRITEBACK), f"released frame {number} is neither pinned nor busy")
            return
        if not frame.owner:
            self.expect("I4", False, f"frame {number} has no owner")
        elif anon:
            self.expect("I4", s.anon(frame.owner).frame == frame.location, f"frame {number}'s page does not point back")
        else:
            self.expect("I4", s.in_map(s.object(frame.owner).pages, frame.index) == frame.location,
                        f"frame {number} is not page {frame.index} of its object")
        self.expect("I6", bool(frame.flags & LISTED) != bool(frame.flags & BUSY),
                    f"frame {number}: flags {frame.flags:#x}, but {'' if frame.flags & LISTED else 'not '}listed")
        self.expect("I2", not frame.flags & BUSY or not frame.maps, f"BUSY frame {number} is mapped")

    def frames(self):
        s = self.s
        counts = [0] * 6
        for number in range(s.frame_total):
            frame = s.frame(number)
            counts[frame.state] += 1
            if frame.state in (4, 5):
                self.owner(number, frame)
                self.records += len(s.mappers(frame))
        kept = s.machine.variable("frame_buddy_counts")
        for state, (found, counted) in enumerate(zip(counts, kept)):
            self.expect("I1", found == counted, f"{counted} frames in state {state} by the counter, {found} in the table")

    def regions(self, space, name):
        end, count, wired, counted = 0x10000, 0, 0, 0
        for r in self.s.regions(space):
            self.expect("I7", end <= r.start < r.end <= USER_END, f"{name}: region {r.start:#x}-{r.end:#x} after {end:#x}")
            self.expect("I7", not (r.start | r.end) & 0xfff, f"{name}: region {r.start:#x}-{r.end:#x} is not aligned")
            pages = (r.end - r.start) >> 12
            end, count = r.end, count + 1
            wired += pages if r.flags & WIRED else 0
            counted += pages if r.flags & COUNTED else 0
        for what, found, kept in (("regions", count, space.regions.count), ("pages wired", wired, space.wired),
                                  ("pages promised", counted, space.regions.counted)):
            self.expect("I7", found == kept, f"{name}: {kept} {what} by the counter, {found} in the list")

    def entry(self, space, name, va, entry):
        s, number = self.s, entry >> 12
        region, page = s.region_at(space, va), s.private(space, va)
        self.expect("I7", region, f"{name}: the entry of {va:#x} lies in no region")
        if number == s.zero_frame:
            self.expect("I3", not entry & 2 and not page, f"{name}: {va:#x} maps the frame of zeros wrongly")
            return
        self.entries += 1
        frame = s.frame(number)
        self.expect("I2", any(a == va and p.location == space.location for p, a in s.mappers(frame)),
                    f"{name}: the entry of {va:#x} has no record")
        self.expect("I2", not page or page.frame == frame.location, f"{name}: the entry of {va:#x} maps frame {number}, not its page's")
        if entry & 2 and region:
            allowed = region.prot & WRITE and (region.flags & SHARED or page and page.refs == 1)
            self.expect("I3", allowed, f"{name}: the entry of {va:#x} is writable")
        if entry & 2 and page:
            self.expect("I13", page.written_epoch >= space.soft_dirty_epoch, f"{name}: {va:#x} is writable, but not soft-dirty")

    def spaces(self):
        for space in self.s.spaces():
            name, pagetable, present = self.s.space_name(space), space.pagetable, 0
            self.expect("I12", pagetable.directory or not pagetable.resident | pagetable.tables,
                        f"{name} is out and has {pagetable.resident} entries, {pagetable.tables} tables")
            self.regions(space, name)
            for va, entry in self.s.entries(space):
                self.entry(space, name, va, entry)
                present += 1
            self.expect("I2", present == pagetable.resident, f"{name}: {pagetable.resident} entries by the counter, {present} in the tables")
        self.expect("I2", self.entries == self.records, f"{self.entries} entries, {self.records} records")

    def pages(self):
        s, owners = self.s, dict(self.s.slots())
        for address, places in s.anons().items():
            page, name = s.anon(address), f"page {address:#010x}"
            self.expect("I8", page.refs == len(places), f"{name} counts {page.refs} references; places that refer to it: {len(places)}")
            self.expect("I4", page.frame or page.slot, f"{name} has neither frame nor slot")
            self.expect("I4", not page.frame or s.machine.at("frame", page.frame).owner == address, f"{name}'s frame does not point back")
            self.expect("I5", not page.slot or owners.get(page.slot) == address, f"{name}'s slot {page.slot} does not point back")
        for slot, address in owners.items():
            self.expect("I5", not address or s.anon(address).slot == slot, f"slot {slot}'s page does not point back")


def check(s):
    """=> lines"""
    c = Check(s)
    c.frames()
    c.spaces()
    c.pages()
    return c.wrong or [f"all invariants hold: {c.entries} entries, {len(s.anons())} pages, {s.frame_total} frames"]
