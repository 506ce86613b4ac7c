"""The commands `mm` of GDB, without GDB: what they say about a memory that was made here (fakes.py)."""
import random
import unittest

from fakes import Fake, LAYOUTS

# fakes.py has added the folder to the path.
from mm import check, diff, entry, heap, lists, page, place, ring, why
from mm.machine import Trouble

HEAP, STACK, SHARED = 8, 2, 1


def library():
    """Two tasks: sh[1] and its child cat[2], with a page of every kind. => (fake, space of sh, space of cat)"""
    f = Fake(128)
    one, two = f.space(1, "sh"), f.space(2, "cat")
    text = f.file("bin/sh", 3)
    shm = f.object(0, 4, 1)
    f.variables["shared"] = shm, LAYOUTS["memobj"]
    for space in (one, two):
        f.region(space, 0x40000, 4, prot=5, obj=text)
        f.region(space, 0x50000, 8, flags=HEAP)
        f.region(space, 0x60000, 4, flags=SHARED, obj=shm)
        f.region(space, 0x70000, 1, prot=0)
        f.region(space, 0xbfff0000, 16, flags=STACK)
    f.cached(text, 0, 100)
    f.cached(text, 1, 101)
    f.enter(one, 0x40000, 100, 0x20)
    f.enter(two, 0x40000, 100, 0)
    f.private(one, 0x50000, f.anon(102))                          # its own, mapped and written
    f.enter(one, 0x50000, 102, 0x62)
    shared = f.anon(103, refs=2)                                  # shared since fork
    f.private(one, 0x51000, shared)
    f.private(two, 0x51000, shared)
    f.enter(one, 0x51000, 103, 0x20)
    swapped = f.anon(slot=2)
    f.private(one, 0x52000, swapped)
    kept = f.anon(104, slot=3)                                    # in memory, with a copy in a slot, not mapped
    f.private(one, 0x53000, kept)
    f.enter(one, 0x54000, 1, 0)                                   # the frame of zeros
    f.set("addrspace", one, pagetable_zeros=1)
    at = f.anon(105)
    f.put(f.place("memobj", shm, "pages"), 1, at)
    f.enter(one, 0x61000, 105, 2)
    f.enter(two, 0x61000, 105, 2)
    f.slots(8, {2: swapped, 3: kept})
    f.settle()
    f.run(1)
    return f, one, two


def space_of(s, label):
    return next(space for space in s.spaces() if space.label == label)


class Walk(unittest.TestCase):
    def test_every_bit_has_a_word(self):
        for leaf in (False, True):
            for bits in range(512):
                words = entry.in_words(bits, leaf).split(", ")
                for bit, yes, no in ((2, "writable", "read-only"), (4, "user", "kernel only"), (0x20, "accessed", "not accessed"),
                                     (8, "write-through", None), (0x10, "not cached", None)):
                    self.assertEqual(yes in words, bool(bits & bit), words)
                    self.assertEqual(no in words, no is not None and not bits & bit, words)
                self.assertEqual("dirty" in words, leaf and bool(bits & 0x40))
                self.assertEqual("global" in words, leaf and bool(bits & 0x100))

    def test_random_tables(self):
        """A walk equals the translation that the tables were made from."""
        rng = random.Random(4)
        f = Fake(64)
        directory, known = f.page(), {}
        tables = {index: f.page() for index in rng.sample(range(1024), 8)}
        for index, table in tables.items():
            f.store((directory << 12) + index * 4, table << 12 | 0x27)
            for at in rng.sample(range(1024), 50):
                known[index << 22 | at << 12] = frame = rng.randrange(1 << 20)
                f.store((table << 12) + at * 4, frame << 12 | 5)
        f.store((directory << 12) + 1000 * 4, 0x00c00183)
        for _ in range(2000):
            va = rng.choice([rng.randrange(1 << 32), rng.choice(list(known)) + rng.randrange(4096), 1000 << 22 | rng.randrange(1 << 22)])
            found = entry.walk(f, directory << 12 | 0x18, va)
            if va >> 22 == 1000:
                self.assertEqual(found.physical, 0x00c00000 | va & 0x3fffff)
            else:
                self.assertEqual(found.physical, known[va & ~0xfff] << 12 | va & 0xfff if va & ~0xfff in known else None)
            self.assertIn("directory entry", found.lines()[1])


class Places(unittest.TestCase):
    def setUp(self):
        self.fake, _, _ = library()
        self.s = self.fake.structures()
        self.one = space_of(self.s, 1)

    def explained(self, va):
        return "\n".join(place.explain(self.s, self.one, va))

    def test_where_a_page_is(self):
        for va, words in {
                0x43004: "an access is refused: the page is beyond the end of the file",
                0x52abc: "a private page, in slot 2", 0x53000: "a private page, in frame 104, with a copy in slot 3",
                0x41000: "page 1 of /bin/sh, in frame 101", 0x42000: "page 2 of /bin/sh, on the disk",
                0x43000: "page 3 of /bin/sh, beyond the end of the file", 0x60000: "page 0 of shared memory, untouched",
                0x57000: "untouched: ", 0x70000: "guarded: the region permits no access", 0x90000: "an access is refused: no region is there",
                0x1000: "refused: below 0x00010000 nothing is ever mapped", 0xbff00000: "the stack grows, and then has the page",
                0xf8000004: "kernel stack 0: the guard page below it", 0xf7fff000: "the machine has no memory at physical 0x37fff000",
                0xff000000: "above the kernel's stacks nothing"}.items():
            self.assertIn(words, self.explained(va), f"{va:#x}")
        self.assertIn("region 00050000-00058000 rw-p [heap]", self.explained(0x57000))
        self.assertIn("it has no entry: page tables are a cache", self.explained(0x53000))

    def test_how_far_a_stack_grows(self):
        self.fake.set("addrspace", self.one.location, stack_limit=0xc0000000 - 0x100000)
        s = self.fake.structures()
        for va, words in {0x171000: "the stack grows, and then has the page", 0x170fff: "no region is there, and 1 MiB between",
                          0xfffff: "no region is there, and the stack above would exceed its limit"}.items():
            self.assertIn(words, "\n".join(place.explain(s, space_of(s, 1), va)), f"{va:#x}")

    def test_next_row(self):
        for va, read, store in ((0x51000, "private", "copy"), (0x52000, "private", "private"), (0x57000, "zero_read", "zero_fill"),
                                (0x62000, "object", "object")):
            self.assertIn(f"a read faults, row {read}:", self.explained(va))
            self.assertIn(f"a store faults, row {store}:", self.explained(va))
        self.assertIn("a store is refused: its region does not permit stores", self.explained(0x41000))

    def test_user_memory_without_an_entry(self):
        self.assertEqual(place.user_page(self.s, self.one, 0x50123), 102 << 12 | 0x123)
        self.assertEqual(place.user_page(self.s, self.one, 0x53004), 104 << 12 | 4)
        self.assertEqual(place.user_page(self.s, self.one, 0x41000), 101 << 12)
        self.assertRaisesRegex(Trouble, "0x00052000 is not in memory: a private page, in slot 2", place.user_page, self.s, self.one, 0x52000)

    def test_swapped_out_as_a_whole(self):
        self.fake.set("addrspace", self.one.location, pagetable_directory=0, pagetable_cr3=0)
        s = self.fake.structures()
        self.assertIsNone(s.walk(space_of(s, 1), 0x50000))
        self.assertIn("swapped out as a whole", "\n".join(place.explain(s, space_of(s, 1), 0x50000)))
        self.assertIn("swapped out as a whole", lists.space_map(s, space_of(s, 1))[0])


class Lists(unittest.TestCase):
    def setUp(self):
        self.fake, _, _ = library()
        self.s = self.fake.structures()

    def test_map_of_a_huge_region(self):
        """Pages without a table, a private page or a page of the object are not visited one by one."""
        region = self.s.region_at(space_of(self.s, 1), 0x54000)
        region.__dict__.update(start=0x54000, end=0xb0000000)
        asked, kind = [], lists.kind_of
        lists.kind_of = lambda *arguments: asked.append(arguments[3]) or kind(*arguments)
        try:
            entries = dict(self.s.entries(space_of(self.s, 1)))
            found = lists.runs(self.s, space_of(self.s, 1), region, entries, lists.touched(self.s, space_of(self.s, 1), entries))
        finally:
            lists.kind_of = kind
        self.assertEqual([(start, end) for start, end, *_ in found], [(0x54000, 0x55000), (0x55000, 0x61000), (0x61000, 0x62000), (0x62000, 0xb0000000)])
        self.assertEqual(asked, [start for start, *_ in found])

    def test_map(self):
        lines = lists.space_map(self.s, space_of(self.s, 1))
        self.assertEqual(lines[0], "sh[1]: 5 regions")
        for line in ("00040000-00044000 r-xp /bin/sh", "  00040000     1 page  mapped read-only to frame 100, the object's",
                     "  00041000     1 page  in frame 101, not mapped", "  00042000     1 page  on the disk", "  00043000     1 page  beyond the end of the file",
                     "  00050000     1 page  mapped writable to frame 102, private", "  00052000     1 page  in slot 2",
                     "  00051000     1 page  mapped read-only to frame 103, shared since fork",
                     "  00054000     1 page  mapped read-only to the frame of zeros", "  00055000     3 pages untouched",
                     "bfff0000-c0000000 rw-p [stack]", "  bfff0000    16 pages untouched"):
            self.assertIn(line, lines)

    def test_tasks_frames_slots(self):
        self.assertRegex(lists.tasks(self.s)[1], r"^\*    1 sleeping  0x\w+ 0x00000000        4        1      1 sh$")
        self.assertRegex(lists.tasks(self.s)[2], r"^     2 sleeping .* cat$")
        self.assertIn("  anon          4", lists.frames(self.s, ""))
        self.assertIn("  103  sh[1] 0x00051000, cat[2] 0x00051000", lists.frames(self.s, "anon"))
        self.assertEqual(["  100  page 0 of /bin/sh", "  101  page 1 of /bin/sh"], lists.frames(self.s, "file"))
        self.assertEqual(lists.slots(self.s)[0], "2 of 8 slots are in use")
        self.assertRegex(lists.slots(self.s)[1], r"^  2  page 0x\w+, only here: sh\[1\] 0x00052000$")
        self.assertRegex(lists.slots(self.s)[2], r"^  3  page 0x\w+, frame 104 too: sh\[1\] 0x00053000$")

    def test_page_by_each_name(self):
        """The same page, asked for by address, frame, struct frame, struct anon: the same answer."""
        s, one = self.s, space_of(self.s, 1)
        found = s.private(one, 0x51000).location
        answers = [page.page(s, None, "frame", 103), page.page(s, None, "address", self.fake.frame(103)), page.page(s, None, "address", found),
                   page.page(s, None, "address", 103 << 12 | 0xc0000123), page.page(s, lambda: one, "address", 0x51000)[3:]]
        for answer in answers:
            self.assertEqual(answer, answers[0])
        self.assertIn("held by cat[2] 0x00051000", answers[0])
        self.assertIn("mapped by sh[1] at 0x00051000, read-only, accessed", answers[0])
        self.assertIn("held by sh[1] 0x00053000", page.page(s, None, "slot", 3))
        self.assertEqual(len([line for line in page.page(s, None, "frame", 100) if line.startswith("mapped by")]), 2)
        self.assertRaisesRegex(Trouble, "slot 7 is free", page.page, s, None, "slot", 7)
        self.assertRaisesRegex(Trouble, "there is no frame 128", page.page, s, None, "frame", 128)


class Invariants(unittest.TestCase):
    def wrong(self, damage):
        fake, one, two = library()
        self.assertRegex(check.check(fake.structures())[0], "^all invariants hold: 6 entries, 5 pages, 128 frames$")
        damage(fake, one, two)
        return "\n".join(check.check(fake.structures()))

    def test_each_violation_is_found(self):
        cow = 0x51000
        for invariant, damage in (
                ("I1: ", lambda f, one, two: f.set("frame", f.frame(120), state=1)),
                ("I2: sh.1.: the entry of 0x50000 has no record", lambda f, one, two: f.set("frame", f.frame(102), maps=0)),
                ("I2: sh.1.: 7 entries by the counter, 5 in the tables", lambda f, one, two: f.set("addrspace", one, pagetable_resident=7)),
                ("I3: sh.1.: the entry of 0x51000 is writable", lambda f, one, two: self.allow(f, one, cow)),
                ("I4: frame 102's page does not point back", lambda f, one, two: f.set("frame", f.frame(102), owner=f.make("anon"))),
                ("I5: .*slot 5 does not point back", lambda f, one, two: f.set("anon", f.structures().private(
                    space_of(f.structures(), 1), 0x52000).location, slot=5)),
                ("I6: frame 102: flags 0x0, but not listed", lambda f, one, two: f.set("frame", f.frame(102), flags=0)),
                ("I7: sh.1.: 9 regions by the counter, 5 in the list", lambda f, one, two: f.set("addrspace", one, regions_count=9)),
                ("I8: page 0x\\w+ counts 3 references; places that refer to it: 2", lambda f, one, two: f.set("anon", f.structures().private(
                    space_of(f.structures(), 1), cow).location, refs=3)),
                ("I13: sh.1.: 0x50000 is writable, but not soft-dirty", lambda f, one, two: f.set("addrspace", one, soft_dirty_epoch=1))):
            self.assertRegex(self.wrong(damage), f"(?m)^{invariant}")

    @staticmethod
    def allow(f, space, va):
        s = f.structures()
        table = s.walk(s.machine.at("addrspace", space), va).pde & ~0xfff
        f.store(table + (va >> 12 & 1023) * 4, f.load(table + (va >> 12 & 1023) * 4) | 2)

    def test_broken_list(self):
        fake, one, _ = library()
        fake.store(fake.load(fake.place("addrspace", one, "regions") + 4) + 4, 0)
        self.assertRaisesRegex(Trouble, "is broken", check.check, fake.structures())


class Changes(unittest.TestCase):
    def test_diff(self):
        fake, one, _ = library()
        before = diff.take(fake.structures())
        self.assertEqual(diff.diff(fake.structures(), before, diff.take(fake.structures())), ["nothing has changed"])
        fake.private(one, 0x57000, fake.anon(110))
        fake.enter(one, 0x57000, 110, 2)
        fake.region(one, 0x80000, 1)
        fake.set("vmstat", fake.variables["vmstat"][0], zero_fill=1)
        s = fake.structures()
        lines = diff.diff(s, before, diff.take(s))
        for line in ("counter zero_fill: 0 -> 1", "region of sh[1] new: 00080000-00081000 rw-p anonymous",
                     "entry of sh[1] at 0x00057000: none -> frame 110, writable", "frame 110: reserved -> anon"):
            self.assertIn(line, lines)


class Faults(unittest.TestCase):
    def asked(self, va, error, vector=14):
        fake, _, _ = library()
        task = fake.run(1)
        s = fake.structures()
        fake.set("trapframe", s.running().tf, vector=vector, error=error, eip=0x40123)
        fake.registers["cr2"] = va
        s = fake.structures()
        self.assertEqual(s.running().location, task)
        return why.why(s, s.running(), why.at_entry(s, s.running()), lambda ip: f"in main at {ip:x}")

    def test_why(self):
        for va, error, words in ((0x51234, 7, "the entry is read-only, because the page is shared since fork"), (0x51234, 7, "row copy: "),
                                 (0x52000, 4, "row private: "), (0x42000, 4, "row object: "), (0x40000, 7, "it is refused, since its region"),
                                 (0x57000, 6, "row zero_fill: "), (0x54000, 7, "because it is the frame of zeros"),
                                 (0xbff00000, 6, "the stack grows down"), (0, 4, "it is refused, since below"),
                                 (0x50000, 6, "it is resolved: the entry maps frame 102")):
            said = self.asked(va, error)
            self.assertTrue(any(words in line for line in said), said)
        self.assertEqual(said[1], "the instruction is at 0x00040123 in main at 40123")

    def test_words_of_the_error_code(self):
        self.assertEqual(why.in_words(7), "a store by the program; the page is mapped, but the entry does not permit it")
        self.assertEqual(why.in_words(0), "a read by the kernel; the entry was not present")


class Event:
    """As of tools/trace/reader.py."""

    def __init__(self, text):
        head, label, self.name, *values = text.split()
        self.seq, self.label = int(head[1:]), int(label)
        self.values = {name: int(value, 16 if value.startswith("0x") else 10) if value[0].isdigit() else value
                       for name, value in (v.split("=") for v in values)}


class Ring(unittest.TestCase):
    LINES = ["@1 0 framealloc frame=9 order=0", "@2 0 page page=0xc1 frame=9", "@3 1 private va=0x5000 page=0xc1", "@4 1 map va=0x5000 frame=9",
             "@5 1 fault va=0x5000", "@6 2 map va=0x5000 frame=30", "@7 1 unmap va=0x5000 frame=9", "@8 0 slotalloc slot=4 page=0xc1",
             "@9 0 swapwrite slot=3 n=2", "@10 0 evict frame=9", "@11 0 framefree frame=9", "@12 0 framealloc frame=9 order=0",
             "@13 2 trap va=0x6000", "@14 0 framealloc frame=11 order=0", "@15 1 trap va=0x5000", "@16 0 pagein page=0xc1 frame=11 slot=4",
             "@17 1 map va=0x5000 frame=11", "@18 1 fault va=0x5000", "@19 2 fault va=0x6000"]

    def test_blame(self):
        """The page's life, newest first; frame 9 belongs to another page after @11, and to another one before @1."""
        found = ring.blame([Event(line) for line in self.LINES], 1, 0x5000, {"frame": [11], "page": [0xc1], "slot": [4]})
        self.assertEqual([event.seq for event in found], [18, 17, 16, 15, 14, 11, 10, 9, 8, 7, 5, 4, 3, 2, 1])

    def test_lines_of_the_ring(self):
        """A ring that has been written round: the lines from the tail on."""
        fake, _, _ = library()
        number = fake.page()
        written = "".join(f"@{n} 0 oom pages=1\n" for n in range(1000)).encode()
        size, keep = 4096, 200
        tail = written.index(b"@800 ")
        for at in range(len(written) - size, len(written)):
            fake.memory[(number << 12) + at % size] = written[at]
        for name, value in (("ring", number << 12 | 0xc0000000), ("head", len(written)), ("tail", tail)):
            fake.word("kernel/trace_ring.c:" + name, value)
        lines = ring.lines(fake.structures())
        self.assertEqual((lines[0], lines[-1], len(lines)), ("@800 0 oom pages=1", "@999 0 oom pages=1", keep))


class Heaps(unittest.TestCase):
    def test_blocks(self):
        fake, one, _ = library()
        base = (102 << 12) - 0x50000    # the page at 0x50000 is in frame 102
        variables = {"block_first": 0x50004, "block_end": 0x50064, "block_limit": 0x50084}
        for at, (name, value) in enumerate(variables.items()):
            fake.store(base + 0x50800 + at * 4, value)
        fake.set("heap_map", base + 0x50900, zero=0x50a00 - 0x50000 // 64, slabs=0x50a80 - 0x50000 // 16384)
        for at, head in ((0x50004, 24 | 3), (0x5001c, 16 | 2), (0x5002c, 24 | 1), (0x50044, 16 | 3), (0x50054, 16 | 7), (0x50064, 3)):
            fake.store(base + at, head)
        fake.store(base + 0x50a00, 1 << 0x50008 // 8 % 32 | 1 << 0x50030 // 8 % 32)
        program = Fake(16)
        program.variables = {name: (0x50800 + at * 4, LAYOUTS["list"].fields["prev"][1]) for at, name in enumerate(variables)}
        program.variables["heap_map"] = (0x50900, LAYOUTS["heap_map"])
        s = fake.structures()
        self.assertEqual(heap.show(s, space_of(s, 1), program),
                         ["sh[1]: heap 0x00050004-0x00050088, 52 bytes in use, 52 free", "  0x00050008      20 bytes used",
                          "  0x00050020      12 bytes free", "  0x00050030      20 bytes used", "  0x00050048      12 bytes free: spare",
                          "  0x00050058      12 bytes foreign: other code moved the break", "  0x00050068      28 bytes free: the end"])
        fake.store(base + 0x5001c, 2)
        s = fake.structures()
        self.assertIn("the heap is damaged: the header at 0x0005001c is 0x2", heap.show(s, space_of(s, 1), program)[-1])
        self.assertIn("has no malloc of ours", heap.show(s, space_of(s, 1), Fake(16))[0])


class Early(unittest.TestCase):
    def test_before_paging(self):
        fake = Fake()
        fake.registers["cr0"] = 0
        self.assertRaisesRegex(Trouble, "The kernel has not started", fake.structures)
