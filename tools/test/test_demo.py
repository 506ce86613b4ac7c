"""The tour and each demo alone, as expected; the answer of the last step against the host's own sort; texts and pauses.

Each demo runs twice: in the tour, in English, on the kernel without compat, and alone, in Japanese, into a pipe.
"""
import functools
import os
import re
import subprocess
import unicodedata

from support import OUT, PROMPT, Case, build_with, compilers, counters, emulator, limit, long, machine
from test_terminal import Person

WORDS = os.path.join("root", "data", "words.txt")
MSGGET = "399"  # the number of that system call


@functools.cache
def names():
    """In the order of the tour."""
    with open("user/demo/demo/demo.c", encoding="utf-8") as file:
        table = re.search(r"demos\[\] = \{(.*?)\};", file.read(), re.DOTALL).group(1)
    return re.findall(r"&demo_(\w+)", table)


def host_cksum():
    """What `LC_ALL=C sort words.txt | cksum` says here and now."""
    env = dict(os.environ, LC_ALL="C")
    with subprocess.Popen(["sort", os.path.join(OUT, WORDS)], env=env, stdout=subprocess.PIPE) as sort:
        said = subprocess.run(["cksum"], stdin=sort.stdout, capture_output=True, check=True).stdout
    return said.decode().split()[:2]


def japanese(text):
    return re.search("[\u3040-\u30ff\u4e00-\u9fff]", text)


def tables(output):
    """=> for each table of OUTPUT a dictionary of its rows: the change, by the label"""
    found = [{}]
    for line in output.splitlines():
        row = re.match(r"  (\S.*?) +(?:\d+|-) +(?:\d+|-) +([-+]?\d+|-)$", line)
        if row:
            found[-1][row.group(1)] = row.group(2)
        elif found[-1]:
            found.append({})
    return [{label: int(change) for label, change in rows.items() if change != "-"} for rows in found[:-1]]


def columns(text):
    """=> how many columns TEXT takes on a terminal"""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wide_lines(output):
    """=> the lines of OUTPUT that do not fit, but for the kernel's own"""
    output = re.sub(r"\w+\[\d+\]: segmentation fault: .*", "", output)  # into a pipe: anywhere
    return [line for line in output.splitlines() if columns(line) > 79]


class Demo(Case):
    def row(self, output, counter):
        """=> the last change of COUNTER in a table of OUTPUT"""
        found = re.findall(rf"\({re.escape(counter)}\)\s+\d+\s+\d+\s+\+?(\d+)$", output, re.MULTILINE)
        self.assertTrue(found, f"no row for {counter}")
        return int(found[-1])

    @long
    @limit(1200)
    def test_tour_with_every_compiler(self):
        """All compilers of docs/reference.md build without a warning what passes the tour."""
        for cross in compilers():
            out = os.path.join(self.temporary(), "build")
            self.assertNotIn("warning:", build_with(cross, out), cross)
            result = emulator.run(emulator.Machine(out=out, disks=["root", "swap"], init="/bin/demo", args=["--auto"]), 300)
            self.assertIn(f"\ndemo: {len(names())} of {len(names())} as expected\n", result.output, cross)

    @limit(170)
    def test_tour(self):
        """The tour, on the kernel of `make core`, which has no System V queues for the step `msg`, and says so."""
        m = emulator.Machine(out=OUT, kernel=os.path.join(OUT, "core.elf"), words=["verbose"], init="/bin/demo", args=["--auto"])
        result = emulator.run(m, 150)
        failed = [part for part in re.split(r"(?m)^-+\n", result.output) if re.search(r"Result    (?!as expected|not run)", part)]
        self.assertFalse(failed, "".join(failed))
        self.assertEqual(result.status, 0, result.output[-3000:])
        self.assertEqual(set(re.findall(r"(\w+): unknown system call (\d+)", result.output)), {("demo", MSGGET)})
        steps = len(names())
        self.assertIn(f"\ndemo: {steps - 1} of {steps} as expected, 1 not run\n", result.output)
        self.assertEqual(result.output.count("Result    as expected\n"), steps - 1)
        said = re.split(rf"(?m)^-+\n(?:\d+ of {steps} +(\w+): )?", result.output)
        said = dict(zip(said[1::2], said[2::2]))
        self.assertEqual([name for name in said if name], names())
        self.assertEqual(wide_lines(result.output[result.output.index("\n1 of"):]), [])
        self.assertIn(host_cksum(), [line.split() for line in result.output.splitlines()])
        self.check_work(said["work"])
        self.check_tlb(said["tlb"])
        self.check_userpager(said["userpager"])
        self.check_price(said["price"])
        self.check_gc(said["gc"], swap=True)
        self.check_uaf(said["uaf"])

    @limit(170)
    def test_alone(self):
        """Each by its name, in Japanese, and into a pipe."""
        output = self.boot("; ".join(f"echo @{name}; demo {name} --auto --lang=ja | cat" for name in names()), timeout=150)
        parts = dict(part.split("\n", 1) for part in output.split("@")[1:])
        self.assertEqual(list(parts), names())
        for name, said in parts.items():
            self.assertRegex(said, r"(?m)^結果 +as expected", name)
            self.assertIn(name + ": ", said)
            self.assertTrue(japanese(said))
            self.assertEqual(wide_lines(said), [])
        self.check_big(parts["big"])

    def check_work(self, output):
        """Three times as much memory as there are frames; twice that number out and in."""
        most = int(re.search(r"\(VmRSS \+ VmSwap\)\s+\d+\s+\d+\s+\+?(\d+)", output).group(1))
        frames = int(re.search(r"frames it may use\s+\d+\s+(\d+)", output).group(1))
        self.assertGreater(frames, 1000)
        self.assertGreaterEqual(most, 3 * frames)
        self.assertGreaterEqual(self.row(output, "pswpout"), 2 * frames)
        self.assertGreaterEqual(self.row(output, "pswpin"), 2 * frames)
        self.assertGreaterEqual(self.row(output, "pswpout"), 8 * self.row(output, "swap_runs"))

    def check_tlb(self, output):
        """The exact numbers of TLB flushes; and stores that a stale entry would permit are refused."""
        rows = tables(output)[0]
        self.assertGreaterEqual(rows.pop("100 questions to a task (space_switches)"), 200)
        self.assertEqual(rows, {
            "100 pages touched first (tlb_invlpg)": 0,
            "1 page made read-only (tlb_flush)": 1,
            "100 pages made read-only (tlb_flush)": 1,
            "100 made writable, stored to (tlb_invlpg)": 0,
            "1 page unmapped (tlb_invlpg)": 1,
            "97 pages unmapped (tlb_flush)": 1,
            "1000 system calls (space_switches)": 0,
            "50 naps of this task (space_switches)": 0,
            "stores refused, of 2 to read-only pages": 2,
        })

    def check_price(self, output):
        """A fault for each page, pages read from swap, and the formula's own numbers in the sentence about the run."""
        rows = tables(output)[0]
        self.assertEqual(rows["256 first touches: faults (ru_minflt)"], 256)
        self.assertGreaterEqual(rows["256 stores after fork: faults (ru_minflt)"], 256)
        self.assertGreater(rows["1280 reads, half the pages in swap (majflt)"], 128)
        faults = rows["the run: minor faults (ru_minflt)"] + rows["the run: major faults (ru_majflt)"]
        self.assertGreater(faults, 50)
        said = " ".join(output.split())
        self.assertIn(f"One access in {300000 // faults} faulted.", said)
        self.assertEqual(len(re.findall(r"(?m)^  \S.*? +\d+\.\d +\d+$", output)), 5)

    def check_userpager(self, output):
        """The kernel refuses each fault of the program's own pager, and needs no disk for it."""
        own, kernels = tables(output)
        refused = own.pop("faults answered by a signal (fault_refused)")
        self.assertEqual(refused, own["faults that the program served"])
        self.assertGreater(own["pages that it unpacked"], 1000)
        self.assertGreater(own["pages it only opened: a second chance"], 100)
        self.assertEqual(own["frames of the array's 512 pages (pagemap)"], 16)
        self.assertGreater(kernels["pages written to swap (pswpout)"], 496)
        self.assertGreater(kernels["pages read from swap (pswpin)"], 496)

    def check_gc(self, output, swap):
        """Garbage is found, rings too, and nothing else; with swap, a collection reads in what does not fit."""
        rows = tables(output)[0]
        self.assertEqual(rows["two lists of 500 in use: objects freed"], 0)
        self.assertAlmostEqual(rows["100 lists of ten, lost: freed"], 1000, delta=50)
        self.assertAlmostEqual(rows["500 rings of two, lost: freed"], 1000, delta=50)
        self.assertAlmostEqual(rows["addresses in 100 numbers, then 0: freed"], 100, delta=5)
        self.assertAlmostEqual(rows["objects marked by a collection"], 29000, delta=50)
        self.assertEqual("pages read from swap for it" in rows, swap)
        self.assertEqual("no swap area here" in output, not swap)
        if swap:
            self.assertGreater(rows["pages read from swap for it"], 250)

    def check_uaf(self, output):
        """The kernel's line comes after the output of the run that it ended."""
        self.assertRegex(output, r"\$ MALLOC_DEBUG=fence stale\nstale\[\d+\]: segmentation fault: .*\n  heap: read byte 0")

    def check_big(self, output):
        """The picture shows the region's own pages, all of them and no others."""
        pages = int(re.search(r"([\d]+) ページ、\d+ 語を書いて", output).group(1))
        pictures = re.split(r"# RAM に", output)[:3]
        for picture in pictures:
            rows = re.findall(r"(?m)^   [0-9a-f]{8} ([#s.]+)$", picture)
            repeats = sum(int(n) for n in re.findall(r"(?m)^ +(\d+) more rows? like this$", picture))
            self.assertEqual(sum(map(len, rows)) + 64 * repeats, pages, picture)

    @limit(120)
    def test_end_though_disks_fail(self):
        """As expected or not: it ends, with a child that the kernel has killed because its page could not be read."""
        output = self.boot("demo --auto procswap; echo it has ended", words="fail=disk:33 check=always", timeout=100)
        self.assertRegex(output, r"(?m)^Result    (NOT )?as expected")
        self.assertIn("\nit has ended\n", output)

    def test_texts(self):
        """The list, each demo's explanation in both languages, and what is no demo."""
        self.assertGreaterEqual(len(names()), 8)
        explain = "".join(f"echo @{n}; demo {n} --explain; echo @{n}; demo {n} --explain --lang=ja; " for n in names())
        output = self.boot("demo list; " + explain + "demo list --lang=ja; demo nonsense", status=3)
        self.assertEqual(wide_lines(output), [])
        for name in names():
            self.assertRegex(output, rf"(?m)^{name} +[a-z]")
            english, translated = output.split(f"@{name}\n")[1:3]
            for label in ("Question", "Done", "Why", "Mechanism"):
                self.assertRegex(english, rf"(?m)^{label} +\S")
            self.assertIsNone(japanese(english))
            for label in ("問題", "手順", "理由", "しくみ"):
                self.assertRegex(translated, rf"(?m)^{label} +\S")
        self.assertTrue(japanese(output.split("@" + names()[-1])[-1]))
        self.assertIn("there is no demo called nonsense", output)

    def test_waits_for_the_reader(self):
        """At a terminal a demo asks before it shows, and the tour waits after each step too; q leaves at once."""
        person = Person(["tools/qemu", "--out", OUT])
        self.addCleanup(person.end)
        person.expect(PROMPT)
        person.type("demo cow\n")
        person.expect("What do you expect[^\n]* leave ")
        person.type("x\n")     # x is not a valid answer
        person.expect(r"Result +as expected")
        person.expect(PROMPT)
        person.type("demo\n")
        person.expect("1 of")
        person.expect("What do you expect[^\n]* leave ")
        person.type("\n")
        person.expect(r"Result +as expected")
        person.expect("Enter: the next step   q: leave ")
        person.type("\n")
        person.expect("2 of")
        person.expect("What do you expect[^\n]* leave ")
        person.type("q")
        person.expect(PROMPT)
        person.type("demo\n")
        person.expect("What do you expect[^\n]* leave ")
        person.type("\x03")
        person.expect(PROMPT)
        # The terminal's mode is restored: cat's line is echoed as it is typed, and printed by cat.
        person.type("cat\n")
        person.type("a line\n")
        person.expect("\na line\r+\na line\r")
        person.type("\x04")
        person.expect(PROMPT)
        person.type("exit\n")
        self.assertEqual(person.end(), 0)

    def test_frag(self):
        """Memory in pieces and whole again, in a small and in a larger machine, twice: the first leaves nothing broken."""
        for mem in ("8M", "64M"):
            output = self.boot("demo frag --auto && cat /proc/buddyinfo /proc/vmstat && demo frag --auto", mem=mem)
            self.assertEqual(len(re.findall(r"(?m)^Result +as expected$", output)), 2, output[-3000:])
            self.check_buddyinfo(output)
            self.assertEqual(counters(output)["pswpout"], 0)
            pairs = re.findall(r"adjacent frames, of 256 +(\d+) +(\d+)", output)
            self.assertEqual(len(pairs), 2)
            self.assertTrue(all(int(whole) > 8 * int(pieces) for whole, pieces in pairs), pairs)

    def test_frag_where_frames_are_limited(self):
        m = machine("demo frag --auto", words="frames=300", swap=False)
        result = emulator.run(m, 30)
        self.assertEqual(result.status, 2, result.output[-2000:])
        self.assertIn("not run: frames=", result.output)

    def check_buddyinfo(self, output):
        """Linux's format, and a sum that is the number of free frames."""
        orders = re.search(r"(?m)^Node 0, zone   Normal ((?: *\d+ ){11})$", output).group(1).split()
        free = sum(int(blocks) << order for order, blocks in enumerate(orders))
        # Between the two files the text of the first goes and that of the second comes.
        self.assertAlmostEqual(free, counters(output)["nr_free_pages"], delta=4)

    def test_buddyinfo(self):
        output = self.boot("cat /proc/buddyinfo /proc/vmstat; echo @; sort /data/text.txt | cksum; cat /proc/buddyinfo /proc/vmstat")
        for part in output.split("@"):
            self.check_buddyinfo(part)

    def test_without_swap(self):
        """A step that cannot be shown is reported and fails no other; steps that need no swap are shown."""
        output = self.boot("demo gc --auto; demo userpager --auto; demo big --auto", status=2, mem="8M", swap=False)
        collector, pager, large = re.split(r"(?m)^-+\n", output)[1:]
        self.assertRegex(collector, r"(?m)^Result +as expected$")
        self.check_gc(collector, swap=False)
        self.assertRegex(pager, r"(?m)^Result +as expected$")
        self.assertIn("no swap area here", pager)
        self.assertRegex(large, r"(?m)^Result +not run: no swap area")
