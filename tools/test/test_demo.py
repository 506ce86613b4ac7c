"""The tour, to its end and as expected; the answer of its last step against the host's own sort; each demo's texts."""
import functools
import os
import re
import subprocess

from support import OUT, PROMPT, Case, counters, limit, machine, qemu
from test_user import linux_runs_i386

WORDS = os.path.join("root", "data", "words.txt")


@functools.cache
def names():
    """In the order of the tour."""
    with open("user/demo/demo.c", encoding="utf-8") as file:
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


class Demo(Case):
    def row(self, output, counter):
        """=> the last change of COUNTER in a table of OUTPUT"""
        found = re.findall(rf"\({re.escape(counter)}\)\s+\d+\s+\d+\s+\+?(\d+)$", output, re.MULTILINE)
        self.assertTrue(found, f"no row for {counter}")
        return int(found[-1])

    @limit(170)
    def test_tour(self):
        """What `make run </dev/null` starts."""
        m = qemu.Machine(out=OUT, init="/bin/demo", args=["--auto"])
        result = qemu.run(m, 150)
        self.assertEqual(result.status, 0, result.output[-3000:])
        steps = len(names())
        self.assertIn(f"\ndemo: {steps} of {steps} as expected\n", result.output)
        self.assertEqual(result.output.count("Result    as expected\n"), steps)
        for step, name in enumerate(names(), 1):
            self.assertRegex(result.output, rf"(?m)^{step} of {steps} +{name}: ")
        self.assertIn(host_cksum(), [line.split() for line in result.output.splitlines()])
        self.check_work(result.output)

    @limit(170)
    def test_tour_without_what_only_foreign_programs_ask_for(self):
        """The kernel linked without kernel/compat; the tour asks for nothing that is not there."""
        m = qemu.Machine(out=OUT, kernel=os.path.join(OUT, "core.elf"), words=["verbose"], init="/bin/demo", args=["--auto"])
        result = qemu.run(m, 150)
        self.assertEqual(result.status, 0, result.output[-3000:])
        self.assertNotIn("unknown system call", result.output)
        self.assertIn(f"\ndemo: {len(names())} of {len(names())} as expected\n", result.output)

    def check_work(self, output):
        """Three times as much memory as there are frames; twice that number out and in."""
        most = int(re.search(r"\(VmRSS \+ VmSwap\)\s+\d+\s+\d+\s+\+?(\d+)", output).group(1))
        frames = int(re.search(r"frames it may use\s+\d+\s+(\d+)", output).group(1))
        self.assertGreater(frames, 1000)
        self.assertGreaterEqual(most, 3 * frames)
        self.assertGreaterEqual(self.row(output, "pswpout"), 2 * frames)
        self.assertGreaterEqual(self.row(output, "pswpin"), 2 * frames)
        self.assertGreaterEqual(self.row(output, "pswpout"), 8 * self.row(output, "swap_runs"))

    def test_texts(self):
        """The list, each demo's explanation in both languages, and what is no demo."""
        self.assertGreaterEqual(len(names()), 8)
        explain = "".join(f"echo @{n}; demo {n} --explain; echo @{n}; demo {n} --explain --lang=ja; " for n in names())
        output = self.boot("demo list; " + explain + "demo list --lang=ja; demo nonsense", status=3)
        for name in names():
            self.assertRegex(output, rf"(?m)^{name} +[a-z]")
            english, translated = output.split(f"@{name}\n")[1:3]
            for label in ("Question", "Done", "Why", "Mechanism"):
                self.assertRegex(english, rf"(?m)^{label} +\S")
            self.assertIsNone(japanese(english))
            for label in ("問い", "手順", "理由", "しくみ"):
                self.assertRegex(translated, rf"(?m)^{label} +\S")
        self.assertTrue(japanese(output.split("@" + names()[-1])[-1]))
        self.assertIn("there is no demo called nonsense", output)

    def test_one(self):
        output = self.boot("demo cow --auto; demo touch --auto --lang=ja")
        self.assertRegex(output, r"(?m)^Result +as expected$")
        self.assertTrue(japanese(output))
        self.assertGreaterEqual(self.row(output, "cow_break"), 1)

    def test_waits_for_the_reader(self):
        """At a terminal a demo asks before it shows, and the tour waits between its steps; q leaves it."""
        with self.session() as s:
            s.expect(PROMPT, 20)
            s.send("demo cow\n")
            s.expect("What do you expect", 20)
            s.send("\n")
            s.expect(r"Result +as expected", 20)
            s.expect(PROMPT, 20)
            s.send("demo\n")
            s.expect("Enter: the next step", 20)
            s.send("q\n")
            s.expect(PROMPT, 20)
            s.send("exit\n")
            self.assertEqual(s.finish(20).status, 0)

    def test_frag(self):
        """Memory in pieces and whole again, in a small and in a larger machine, twice: the first leaves nothing broken."""
        for mem in ("8M", "16M", "64M"):
            output = self.boot("demo frag --auto && cat /proc/buddyinfo /proc/vmstat && demo frag --auto", mem=mem)
            self.assertEqual(len(re.findall(r"(?m)^Result +as expected$", output)), 2, output[-3000:])
            self.check_buddyinfo(output)
            self.assertEqual(counters(output)["pswpout"], 0)
            pairs = re.findall(r"adjacent frames, of 256 +(\d+) +(\d+)", output)
            self.assertEqual(len(pairs), 2)
            self.assertTrue(all(int(whole) > 8 * int(pieces) for whole, pieces in pairs), pairs)

    def test_frag_where_frames_are_limited(self):
        m = machine("demo frag --auto", words="frames=300", swap=False)
        result = qemu.run(m, 30)
        self.assertEqual(result.status, 2, result.output[-2000:])
        self.assertIn("not run: frames=", result.output)

    def check_buddyinfo(self, output):
        """Linux's format, and a sum that is the number of free frames."""
        orders = re.search(r"(?m)^Node 0, zone   Normal ((?: *\d+ ){11})$", output).group(1).split()
        free = sum(int(blocks) << order for order, blocks in enumerate(orders))
        # Between the two files the text of the first goes and that of the second comes.
        self.assertAlmostEqual(free, counters(output)["nr_free_pages"], delta=4)

    def test_buddyinfo(self):
        self.check_buddyinfo(self.boot("cat /proc/buddyinfo /proc/vmstat"))
        self.check_buddyinfo(self.boot("sort /data/words.txt | cksum; cat /proc/buddyinfo /proc/vmstat"))

    def test_userpager(self):
        """The program's own pager does here what it does on Linux; the kernel refuses each of its faults, and needs no disk."""
        own, kernels = tables(self.boot("demo userpager --auto"))
        refused = own.pop("faults answered by a signal (fault_refused)")
        self.assertEqual(refused, own["faults that the program served"])
        self.assertGreater(own["pages that it unpacked"], 1000)
        self.assertGreater(own["pages it only opened: a second chance"], 100)
        self.assertEqual(own["frames of the array's 512 pages (pagemap)"], 16)
        for counter in ("pages written to swap (pswpout)", "pages read from swap (pswpin)"):
            self.assertEqual(own.pop(counter), 0)
            self.assertGreater(kernels[counter], 496)
        if linux_runs_i386():
            done = subprocess.run([os.path.join(OUT, "root/bin/demo"), "userpager", "--auto"], capture_output=True, text=True,
                                  timeout=50, check=True)
            self.assertRegex(done.stdout, r"(?m)^Result +as expected$")
            on_linux = tables(done.stdout)[0]
            self.assertEqual({label: on_linux[label] for label in own if "VmRSS" not in label},
                             {label: change for label, change in own.items() if "VmRSS" not in label})

    def test_userpager_without_swap(self):
        """Its own pages need no swap; only the comparison is left out."""
        output = self.boot("demo userpager --auto", mem="8M", swap=False)
        self.assertRegex(output, r"(?m)^Result +as expected$")
        self.assertIn("no swap area here", output)

    def test_gc(self):
        """What is lost is found, rings too, nothing else; where there is swap, a collection fetches what does not fit."""
        outputs = {"here": self.boot("demo gc --auto"), "no swap": self.boot("demo gc --auto", mem="8M", swap=False)}
        if linux_runs_i386():
            outputs["Linux"] = subprocess.run([os.path.join(OUT, "root/bin/demo"), "gc", "--auto"], capture_output=True, text=True,
                                              timeout=50, check=True).stdout
        for where, output in outputs.items():
            self.assertRegex(output, r"(?m)^Result +as expected$", where)
            rows = tables(output)[0]
            self.assertEqual(rows["two lists of 500 in use: objects freed"], 0)
            self.assertAlmostEqual(rows["100 lists of ten, lost: freed"], 1000, delta=50)
            self.assertAlmostEqual(rows["500 rings of two, lost: freed"], 1000, delta=50)
            self.assertAlmostEqual(rows["addresses in 100 numbers, then 0: freed"], 100, delta=5)
            self.assertAlmostEqual(rows["objects marked by a collection"], 29000, delta=50)
            self.assertEqual("pages read from swap for it" in rows, where == "here")
        self.assertGreater(tables(outputs["here"])[0]["pages read from swap for it"], 250)
        self.assertIn("no swap area here", outputs["no swap"])

    def test_tlb(self):
        """What the TLB is told, to the number; and that stores which it would still permit are refused."""
        rows = tables(self.boot("demo tlb --auto"))[0]
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

    def test_without_swap(self):
        """What cannot be shown is said; it is no failure of the others."""
        m = machine("demo big --auto", mem="16M", swap=False)
        result = qemu.run(m, 30)
        self.assertEqual(result.status, 2, result.output[-2000:])
        self.assertIn("no swap area", result.output)
