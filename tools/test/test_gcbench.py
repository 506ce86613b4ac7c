"""The programs of gcbench compute the same whichever way their memory goes; and what the collector saves."""
from support import Case, counters, limit

# N, and the checksum of any way anywhere.
SIZES = {"trees": (13, 4002755394), "lisp": (5, 3119056636), "strings": (400, 2935541703), "live": (5000, 3711302483)}
WAYS = {"free": ("free", ""), "gc": ("gc", ""), "first": ("gc", "HEAP=first"), "leak": ("leak", "")}


class GcBench(Case):
    def check_program(self, program, ways):
        """WAYS: what each printed."""
        self.assertEqual({row["checksum"] for row in ways.values()}, {SIZES[program][1]}, ways)
        for way in ("gc", "first"):
            row = ways[way]
            self.assertEqual(row["allocated"], row["operations"])
            self.assertEqual(row["operations"], ways["leak"]["operations"])
            self.assertLessEqual(row["marked"] + row["freed"], row["allocated"])
            self.assertLessEqual(row["retained"], row["allocated"] // 100)
        if program == "live":
            return
        self.assertGreaterEqual(ways["gc"]["collections"], 2)
        self.assertGreater(ways["gc"]["freed"], ways["gc"]["allocated"] // 3)
        for figure in ("heap_bytes", "pages"):
            self.assertLess(ways["free"][figure], ways["gc"][figure])
            self.assertLess(2 * ways["gc"][figure], ways["leak"][figure])

    @limit(120)
    def test_ways(self):
        for program, (size, _) in SIZES.items():
            ways = {}
            output = self.boot("; echo @; ".join(f"{environment} gcbench {program} {how} {size}".strip()
                                                 for how, environment in WAYS.values()))
            for way, printed in zip(WAYS, output.split("@")):
                ways[way] = counters(printed)
            self.check_program(program, ways)

    @limit(120)
    def test_generations(self):
        """Both ways compute the same, and mark less of what is old; by the processor's faults, or by what the kernel has noted."""
        runs = ("", "GC=protect", "GC=softdirty")
        output = self.boot("; echo @; ".join(f"{environment} gcbench trees gc".strip() for environment in runs))
        whole, protect, soft = (counters(printed) for printed in output.split("@"))
        self.assertEqual((whole["minor"], whole["stopped_writes"], soft["stopped_writes"]), (0, 0, 0))
        self.assertGreater(protect["stopped_writes"], 0)
        for row in (protect, soft):
            self.assertEqual(row["checksum"], whole["checksum"])
            self.assertGreater(row["minor"], row["collections"] // 2)
            self.assertLess(row["minor_marked"] // row["minor"], row["marked"] // 4)
            self.assertGreater(row["minor_pages"], 0)

    @limit(120)
    def test_what_is_forgotten_goes_to_swap(self):
        """The leaking program fills the swap disk; the collected one stays in memory."""
        output = self.boot("gcbench strings gc; cat /proc/vmstat; echo @; gcbench strings leak; cat /proc/vmstat", mem="8M")
        collected, leaked = output.split("@\n")
        self.assertEqual(counters(collected)["pswpout"], 0)
        self.assertGreater(counters(leaked)["pswpout"], 1000)
        self.assertEqual(counters(collected)["checksum"], counters(leaked)["checksum"])

    @limit(170)
    def test_heap_larger_than_memory(self):
        """To mark is to read: each collection fetches what does not fit; with frames enough none waits for the disk."""
        found = {frames: counters(self.boot("gcbench live gc 150000", words=f"frames={frames}", timeout=80))
                 for frames in (300, 3000)}
        self.assertEqual(found[300]["checksum"], found[3000]["checksum"])
        self.assertEqual(found[3000]["asked_major_faults"], 0)
        missing = 150000 * 12 // 4096 - 300
        self.assertGreater(found[300]["asked_major_faults"], found[300]["asked_collections"] * missing // 8)

    def test_usage(self):
        output = self.boot("gcbench; gcbench trees; gcbench trees never; gcbench forest gc", status=2)
        self.assertEqual(output.count("usage: gcbench"), 4)
