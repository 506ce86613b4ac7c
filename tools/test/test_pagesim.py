"""tools/pagesim: textbook counts, plain models of the algorithms on strings at random, input that is no string, recordings."""
import glob
import gzip
import itertools
import json
import os
import random
import re
import shlex
import signal
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree

import naive
from support import OUT, Case, limit

sys.path.append("tools/pagesim")
# pylint: disable=wrong-import-position
import simulate
import strings

PAGESIM = "tools/pagesim/pagesim"


class Pagesim(Case):
    def run_it(self, *argv, status=0):
        done = subprocess.run([PAGESIM, "--out", OUT, *argv], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout[-1000:] + done.stderr[-2000:])
        return done.stdout if status == 0 else done.stderr

    def counts(self, *argv):
        """=> {policy: [faults for each number of frames]} for each string"""
        path = os.path.join(self.temporary(), "counts.json")
        self.run_it("--json", path, *argv)
        with open(path, encoding="utf-8") as file:
            return [{policy: list(of.values()) for policy, of in string["faults"].items()} for string in json.load(file)["strings"]]

    def test_textbooks(self):
        belady, tanenbaum, silberschatz, stallings = self.counts("--textbook", "all", "--frames", "3,4")
        self.assertEqual(self.counts("--textbook", "belady,stallings", "--frames", "3,4"), [belady, stallings])
        self.assertEqual((belady["fifo"], belady["lru"], belady["opt"]), ([9, 10], [10, 8], [7, 6]))
        self.assertEqual(tanenbaum["fifo"], [9, 10])
        self.assertEqual((silberschatz["fifo"], silberschatz["lru"], silberschatz["opt"]), ([15, 10], [12, 8], [9, 8]))
        self.assertEqual((stallings["fifo"][0], stallings["clock"][0], stallings["lru"][0], stallings["opt"][0]), (9, 8, 7, 6))

    def test_in_vain(self):
        """Where there is no victim each policy says so, and leaves the frames alone."""
        self.run_it("--textbook", "belady", "--policy", "fifo")    # builds the simulator
        for policy in simulate.policies():
            done = subprocess.run([os.path.join(OUT, "pagesim/simulate"), *simulate.arguments([policy], [1, 3, 40], 7, simulate.QUESTIONS)],
                                  input=strings.generated("zipf", 1).data, capture_output=True, check=False, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, b""), policy)

    def test_sizes(self):
        """Without --frames: each size if they are few."""
        path = os.path.join(self.temporary(), "counts.json")
        self.run_it("--textbook", "belady", "--generate", "loop", "--json", path)
        with open(path, encoding="utf-8") as file:
            sizes = [[int(n) for n in string["faults"]["opt"]] for string in json.load(file)["strings"]]
        self.assertEqual(sizes, [[1, 2, 3, 4, 5], [37, 75, 112, 150, 187, 225]])

    def string_at_random(self, noise):
        pages = noise.choice((4, 9, 30, 400))
        return [(noise.randrange(pages) if noise.random() < 0.4 else noise.randrange(1 + pages // 4), noise.random() < 0.3)
                for _ in range(noise.choice((20, 300, 1500)))]

    def test_plain_models(self):
        """Every reference of each string faults in both, or in neither."""
        noise = random.Random(16)
        for _ in range(12):
            string, others = self.string_at_random(noise), noise.choice((0, 0, 17))
            frames = sorted({noise.randrange(1, 60) for _ in range(3)})
            words = " ".join(f"p{page}{'!' if write else ''}" for page, write in string)
            path = os.path.join(self.temporary(), "counts.json")
            self.run_it("--string", words, "--marks", "--policy", ",".join(naive.MODELS), "--bystanders", str(others),
                        "--frames", ",".join(map(str, frames)), "--json", path)
            with open(path, encoding="utf-8") as file:
                marks = json.load(file)["strings"][0]["marks"]
            for policy in naive.MODELS:
                for n in frames:
                    self.assertEqual(marks[policy][str(n)], naive.faults(policy, string, n, others), (policy, n, words))

    @staticmethod
    def drawn(noise, string, frames):
        """=> the faults of one draw: any page leaves"""
        memory, count = [], 0
        for page in string:
            if page in memory:
                continue
            count += 1
            if len(memory) == frames:
                memory.remove(noise.choice(memory))
            memory.append(page)
        return count

    def test_random(self):
        """Its counts are near the means of many draws: 3.0 % off on the average of these strings, where single draws are 6.7 % off."""
        noise, argv, means = random.Random(5), [], []
        for _ in range(24):
            string = [noise.choice((i % 12, noise.randrange(12))) for i in range(100)]
            argv += ["--string", " ".join(map(str, string))]
            means.append(sum(self.drawn(noise, string, 8) for _ in range(200)) / 200)
        counts = self.counts(*argv, "--frames", "8", "--policy", "random")
        off = [abs(counted["random"][0] / mean - 1) for counted, mean in zip(counts, means)]
        self.assertLess(sum(off) / len(off), 0.045, off)

    def test_bounds(self):
        """No policy has fewer faults than OPT, or more than there are references; with a frame for each page all fault once a page."""
        for string in self.counts("--generate", "merge_sort", "--generate", "tree", "--frames", "40,100,1000"):
            for policy, faults in string.items():
                for n, least in zip(faults, string["opt"]):
                    self.assertGreaterEqual(n, least, policy)
                self.assertEqual(faults[2], string["opt"][2], policy)

    def test_adaptive(self):
        """Far below CLOCK where newcomers should go, and nowhere far above it: bets cost a 32nd of the faults, or little more."""
        names = "loop_forever two_loops hot_set_and_loop zipf there_and_back uniform phases_overlapping quick_sort".split()
        argv = [word for name in names for word in ("--generate", name)]
        counts = dict(zip(names, self.counts(*argv, "--policy", "clock,adaptive", "--seed", "1")))
        for name, faults in counts.items():
            for clock, adaptive in zip(faults["clock"], faults["adaptive"]):
                self.assertLessEqual(adaptive, 1.05 * clock, name)
        for name, gain in (("loop_forever", 0.75), ("two_loops", 0.75), ("hot_set_and_loop", 0.75), ("zipf", 0.92)):
            self.assertLess(sum(counts[name]["adaptive"]), gain * sum(counts[name]["clock"]), name)

    def test_output(self):
        folder = self.temporary()
        path, svg = os.path.join(folder, "string.gz"), os.path.join(folder, "a.svg")
        with gzip.open(path, "wb") as file:
            file.write(b"# a comment\n1w\n2\r\nffffffff\n1\n")
        self.assertIn("string.gz: 4 references to 3 pages\n", self.run_it("--file", path, "--svg", svg))
        xml.etree.ElementTree.parse(svg)
        os.rename(path, os.path.join(folder, "<a> & b"))
        self.run_it("--textbook", "belady", "--file", os.path.join(folder, "<a> & b"), "--svg", svg, "--policy", "fifo")
        self.assertIn("<a> & b", "".join(xml.etree.ElementTree.parse(svg).getroot().itertext()))
        self.assertIn("1: 1 reference to 1 page\nframes      opt\n     1        1\n", self.run_it("--string", "1", "--policy", "opt"))

    def marks_of(self, *argv):
        """=> the picture's words, and {what a mark says: its x and y}"""
        path = os.path.join(self.temporary(), "a.svg")
        self.run_it(*argv, "--svg", path)
        root, marks = xml.etree.ElementTree.parse(path).getroot(), {}
        for mark in root:
            if title := mark.findtext("{*}title"):
                places = [mark.get("cx") + "," + mark.get("cy")] if mark.get("cx") else mark.get("points").split()
                marks[title] = tuple(sum(float(place.split(",")[axis]) for place in places) / len(places) for axis in (0, 1))
        return "\n".join(root.itertext()), marks

    def test_picture_of_one(self):
        """More memory, more faults: FIFO's curve rises. No mark covers another, though policies have the same counts."""
        words, marks = self.marks_of("--textbook", "belady")
        self.assertIn("belady: page faults", words)
        self.assertLess(marks["fifo, 4 frames: 10 faults"][1], marks["fifo, 3 frames: 9 faults"][1])
        self.assertAlmostEqual(marks["clock, 4 frames: 10 faults"][1], marks["fifo, 4 frames: 10 faults"][1], delta=1)
        self.assertGreater(marks["opt, 4 frames: 6 faults"][1], marks["lru, 4 frames: 8 faults"][1])
        self.assertEqual(len(set(marks.values())), len(marks))
        _, marks = self.marks_of("--textbook", "belady", "--frames", "4")
        inside = [x for text, (x, _) in marks.items() if "faults" in text]
        self.assertEqual(len(set(inside)), 8)
        self.assertGreater(min(inside), 70)

    def test_picture_of_several(self):
        """A row for the mean too; marks at the same ratio do not cover each other, and the worst is inside."""
        words, marks = self.marks_of("--generate", "loop", "--generate", "phases", "--generate", "uniform", "--seed", "3")
        self.assertIn("3 strings; seed 3; left is better", words)
        self.assertEqual(sum(text.startswith("mean, ") for text in marks), 7)
        self.assertEqual(len(set(marks.values())), len(marks))
        self.assertLess(max(x for text, (x, _) in marks.items() if ":" in text), 640)
        worst = max(float(text.split()[-1]) for text in marks if ":" in text)
        self.assertEqual(max((x, float(text.split()[-1])) for text, (x, _) in marks.items() if ":" in text)[1], worst)

    def test_marks(self):
        """The references stand above their marks, also where names are longer than a letter and where a line would be too long."""
        output = self.run_it("--string", "10 2! 10 a", "--marks", "--frames", "2", "--policy", "fifo")
        self.assertTrue(output.endswith("    references   10 2! 10  a\n      opt    2    F  F  .  F\n     fifo    2    F  F  .  F\n"), output)
        output = self.run_it("--string", "1 2 " * 100, "--marks", "--frames", "1", "--policy", "opt")
        self.assertEqual(output.count("12"), 100)
        self.assertEqual(output.count("F" * 84), 2)
        self.assertLessEqual(max(map(len, output.splitlines())), 100)
        self.assertRegex(self.run_it("--generate", "loop", "--marks", status=2), "more than 200 references")

    def test_tables(self):
        """No table is wider than 100 columns, and that of one string not wider than 80. A string that is another with its pages renamed counts once in the mean."""
        output = self.run_it("--textbook", "belady", "--textbook", "stallings", "--generate", "records_and_reports")
        self.assertLessEqual(max(map(len, output.splitlines())), 100)
        self.assertLessEqual(max(map(len, self.run_it("--textbook", "belady").splitlines())), 80)
        self.assertRegex(output, r"records_and_reports, seed 1: 6\d+ references")
        self.assertIn("\n  1 2 3 4 1 2 5 1 2 3 4 5\n  Belady, Nelson", output)
        both, tripled = (re.search(r"(?m)^mean  .*", self.run_it(*argv))[0].split()
                         for argv in (["--textbook", "belady", "--textbook", "stallings"],
                                      ["--textbook", "belady", "--textbook", "tanenbaum", "--textbook", "stallings"]))
        self.assertEqual(both, tripled)

    def test_document(self):
        """docs/replacement.md shows what is printed."""
        with open("docs/replacement.md", encoding="utf-8") as file:
            shown = re.findall(r"(?m)^\$ tools/pagesim/pagesim (.*)\n((?:(?!```).*\n)+)", file.read())
        self.assertGreater(len(shown), 0)
        for words, output in shown:
            self.assertEqual(self.run_it(*shlex.split(words)), output)

    def test_list(self):
        """It names every string, and those that are the same for every seed."""
        output = self.run_it("--list")
        fixed = re.search(r"same for every seed: (.*)\)", output)[1].split(", ")
        names = re.findall(r"(?m)^  (\w+) ", output.partition("--generate")[2])
        self.assertEqual(names, list(strings.GENERATORS))
        beginnings = {name: {tuple(itertools.islice(strings.references(name, seed), 3000)) for seed in (1, 2, 3)} for name in names}
        self.assertEqual([name for name, found in beginnings.items() if len(found) == 1], fixed)

    def test_input_that_is_none(self):
        folder = self.temporary()
        for content, complaint in ((b"", "the string is empty"), (b"12\nxyz\n", "line 2: not a page number: 'xyz'"), (b"1\n\n", "line 2: not a page number: ''"),
                                   (b"100000000\n", "line 1: not a page number: '100000000'"), (b"-1\n", "line 1: not a page number"),
                                   (b"1" * 500, "line 1: too long"), (b"1ww\n", "line 1: not a page number"),
                                   (b"\x1f\x8b\x00broken", "Not a gzipped|nknown compression|EOF|ended"), (bytes(300), "line 1: "),
                                   (b"\xfd7zXZ\0 broken", "nput format|orrupt|ended")):
            path = os.path.join(folder, "string")
            with open(path, "wb") as file:
                file.write(content)
            self.assertRegex(self.run_it("--file", path, status=2), r"^pagesim: .*" + complaint)
        for argv, complaint in ((["--string", ""], "the string is empty"), (["--string", "!"], "names no page"), ([], "which string"),
                                (["--file", "/none"], "/none: No such file"), (["--textbook", "x"], "no string 'x'"),
                                (["--textbook", "all", "--frames", "0"], "'0' is not a number from 1"),
                                (["--textbook", "all", "--frames", "9-3"], "ends before it begins"),
                                (["--textbook", "all", "--frames", "3,,4"], "'' is not a number from 1"),
                                (["--textbook", "all", "--frames", "-1"], "'-1' is not a number from 1"),
                                (["--textbook", "all", "--frames", "a-3"], "'a-3' is not a number from 1"),
                                (["--textbook", "all", "--frames", "²"], "is not a number"),
                                (["--textbook", "all", "--policy", "fifo,mine"], "no policy 'mine'; known: opt lru adaptive"),
                                (["--textbook", "all", "--bystanders", "-1"], "--bystanders"),
                                (["--textbook", "all", "--json", "/none/x"], "--json: /none/x cannot be written"),
                                (["--textbook", "all", "--svg", folder], "--svg: .* cannot be written"),
                                (["--record", "sleep 60", "--save", "/none/x"], "--save: /none/x cannot be written"),
                                (["--string", "1 2 -3"], "'-3' names no page"),
                                (["--textbook", "all", "--save", "x"], "--save keeps"),
                                (["--seed", "abc", "--textbook", "all"], "--seed: 'abc' is not a number"),
                                (["--record", ""], "which program"), (["--record", "no-such-program"], "there is no such program"),
                                (["--record", "ls | cat"], "'\\|' has no meaning"), (["--record", "echo 'a"], "No closing quotation"),
                                (["--record", "true", "--mem", "abc"], "'abc' is not a size"),
                                (["--record", "true", "--mem", "1M"], "1M is too little memory"),
                                (["--record", "true", "--most", "0"], "--most: '0' is not a number"),
                                (["--record", "true", "--timeout", "x"], "--timeout: 'x' is not a number")):
            self.assertRegex(self.run_it(*argv, status=2), complaint)

    @limit(100)
    def test_record(self):
        """A program that stores to ten pages, twice: they are in its string, as stores; the first line is its entry."""
        path = os.path.join(self.temporary(), "string")
        output = self.run_it("--record", "/test/belady 99 01234567890123456789", "--save", path, "--frames", "2,8,12", "--policy", "fifo")
        with open(path, encoding="ascii") as file:
            window, *lines = file.read().splitlines()
        self.assertEqual(window, "# window 8")
        self.assertRegex(output, rf"{len(lines)} references to \d+ pages")
        self.assertRegex(output, "so 2, 8 frames are left out")
        self.assertRegex(self.run_it("--file", path, "--frames", "8", status=2), "no counts for 8 frames and fewer")
        with open(os.path.join(OUT, "root/test/belady"), "rb") as file:
            entry, = struct.unpack_from("<I", file.read(28), 24)
        self.assertEqual(lines[0], f"{entry >> 12:x}")
        pages = [int(line.rstrip("w"), 16) for line in lines]
        self.assertLess(max(pages), 0xC0000)
        stored = {int(line.rstrip("w"), 16) for line in lines if line.endswith("w")}
        self.assertTrue(any(all(page + i in stored and pages.count(page + i) >= 2 for i in range(10)) for page in stored))

    @limit(150)
    def test_record_of_a_failure(self):
        """What a program does that fails is no reference string of it, unless that is wanted."""
        complaint = self.run_it("--record", "cat /nosuch", status=2)
        self.assertRegex(complaint, r"exited with status 1.*\n  cat: /nosuch: No such file")
        self.assertIn("references to", self.run_it("--record", "cat /nosuch '|'", "--any-status"))
        self.assertRegex(self.run_it("--record", "sleep 30", "--timeout", "1", status=2), "not ended within 1 s")

    @limit(100)
    def test_record_is_cut(self):
        """The machine ends at the last reference: this program would not."""
        path = os.path.join(self.temporary(), "string")
        self.assertIn("20 references to", self.run_it("--record", "sh -c 'while true; do true; done'", "--most", "20", "--save", path))
        self.assertRegex(self.run_it("--file", path), r"string: 20 references to \d+ pages, where it was cut\n")

    @limit(60)
    def test_record_is_terminated(self):
        """QEMU ends with the tool. Its command line has the folder of the plugin, which is found through the environment."""
        folder = self.temporary()
        with subprocess.Popen([PAGESIM, "--out", OUT, "--record", "sleep 60"], env={**os.environ, "TMPDIR": folder},
                              stderr=subprocess.DEVNULL) as tool:
            while not self.processes_with(folder + "/pagesim-"):
                self.assertIsNone(tool.poll())
                time.sleep(0.1)
            tool.terminate()
        self.assertEqual(tool.returncode, 128 + signal.SIGTERM)
        self.assertEqual(self.processes_with(folder + "/pagesim-"), [])

    @staticmethod
    def processes_with(text):
        """=> the command lines of QEMUs that contain TEXT"""
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if b"qemu" in words[0] and text.encode() in b" ".join(words):
                found.append(words)
        return found
