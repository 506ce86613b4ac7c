"""Lab `hunt`: each of its kernels does what the page says, and the good one does not; a handout judges answers without having them."""
import json
import os
import re
import shutil
import subprocess
import sys

from support import OUT, Case, emulator, free_port, limit, long, program

sys.path.append("tools/lab")
# pylint: disable=wrong-import-position
import answers
import lab

HUNT = lab.module("labs", "hunt")
BUGS = [number for number in HUNT.SYMPTOMS if number]


def begin(folder, *words):
    return subprocess.Popen(["make", *words], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, env=program.outside_make())


def make(folder, *words):
    return begin(folder, *words).communicate()[0]


def without_numbers(text):
    """=> TEXT as a line in which all numbers are alike"""
    return " ".join(re.sub(r"\b(0x[0-9a-f]+|[0-9a-f]{8}|\d+)\b", "N", text).split())


class Hunt(Case):
    def shown(self, symptom, kernel):
        """=> what KERNEL prints when the command of SYMPTOM runs on it"""
        disk = self.copy_of("root") if symptom.before else "root"
        for cmd in filter(None, (symptom.before, symptom.cmd)):
            machine = emulator.Machine(out=OUT, kernel=kernel, disks=[disk, "swap"], keep=bool(symptom.before), discarded=("swap",),
                                       mem=symptom.mem or "16M", words=symptom.words.split(), init="/bin/sh", args=["-c", cmd])
            output = emulator.run(machine, 60).output
        return output

    def check_symptom(self, number, kernel):
        symptom = HUNT.SYMPTOMS[number]
        good, bad = self.shown(symptom, ""), self.shown(symptom, kernel)
        self.assertIn(symptom.right, good, number)
        self.assertNotIn(symptom.right, bad, number)
        if symptom.seen:
            self.assertNotIn(symptom.seen, good, number)
            self.assertIn(symptom.seen, bad, number)

    @long
    @limit(900)
    def test_symptoms(self):
        changes = HUNT.teachers("changes")
        with HUNT.teachers("kernels").Workshop(OUT) as workshop:
            kernel = os.path.join(self.temporary(), "hunted.elf")
            for number, change in {0: changes.EXAMPLE, **changes.CHANGES}.items():
                with self.subTest(bug=number):
                    workshop.build(change, kernel)
                    self.check_symptom(number, kernel)

    def test_changes(self):
        """Each stands where it was chosen, in the function that the answer names."""
        changes = HUNT.teachers("changes")
        self.assertEqual(sorted(changes.CHANGES), BUGS)
        for change in (changes.EXAMPLE, *changes.CHANGES.values()):
            with open(change.file, encoding="utf-8") as file:
                text = file.read()
            self.assertNotEqual(change.applied(text), text)
            function = re.findall(r"^(?!\s)[^;=\n]*?\b(\w+)\([^;]*\)\n\{", text[:text.index(change.old)], re.MULTILINE)[-1]
            self.assertEqual(function, change.function)

    def test_page(self):
        """The pages name the commands, and what is seen."""
        for language in ("", ".ja"):
            with open(f"docs/labs/hunt{language}.md", encoding="utf-8") as file:
                text = file.read()
            for number, symptom in HUNT.SYMPTOMS.items():
                told = [command + "\n" for command in symptom.commands(number)] + [symptom.seen]
                self.assertEqual([words for words in told if words not in text], [], number)

    def test_numbers_of_bugs(self):
        """BUG=N takes the numbers of the page, and says so if it gets anything else."""
        folder = self.temporary()
        shutil.copy("tools/lab/hunt/lab.mk", folder)
        with open(os.path.join(folder, "Makefile"), "w", encoding="utf-8") as file:
            file.write("all:\n\t@echo built\ninclude lab.mk\n")
        for number in (0, *BUGS):
            self.assertEqual(make(folder, f"BUG={number}", "all"), "built\n")
        for wrong in ("abc", "7a", "07", "21", "-1", "1 2", "%", "bug7"):
            told = f"BUG={wrong}: there is no such bug. Usage: make run BUG=N, with N from 0 to 20"
            self.assertIn(told, make(folder, f"BUG={wrong}", "all"))

    def test_words(self):
        """What counts as words of one's own, also in Japanese."""
        place, page = "mm/fault.c:row_copy", answers.words_of("On the page: a page is copied twice, or never")
        for good in ("the copy is made before the lock", "共有ページを書き込み可能にする", "`refs` is compared with two; mm blame"):
            answers.judge_words(1, {1: [(place, good)], 2: [(place, "a b c d e")]}, page)
        for bad in ("", "found it", "x x x x x x", "1 2 3 4 5 6 7", "mm fault c row_copy is it", "間違い", "E d c b a",
                    "A page is copied twice"):
            with self.assertRaises(lab.Wrong, msg=bad):
                answers.judge_words(1, {1: [(place, bad)], 2: [(place, "a b c d e")]}, page)

    def test_digests(self):
        known = json.loads(json.dumps(answers.digests({3: ["mm/a.c:b"]})))
        self.assertNotIn("mm", json.dumps(known))
        salt = bytes.fromhex(known["salt"])
        self.assertEqual(known["digests"]["3"], [answers.digest(3, "mm/a.c:b", salt)])
        for other in (answers.digest(4, "mm/a.c:b", salt), answers.digest(3, "mm/a.c:c", salt), answers.digest(3, "mm/a.c:b", b"x" * 16)):
            self.assertNotIn(other, known["digests"]["3"])

    def follow(self, out, start, commands):
        """=> what GDB says to COMMANDS while kernel 0 runs, as START, a line of the page, says"""
        append = re.search(r"APPEND='(.*)'", start)[1]
        port = str(free_port())
        with begin(out, "debug", "BUG=0", "PORT=" + port, "APPEND=" + append) as machine:
            self.assertIn(f"make gdb PORT={port} BUG='0'", machine.stdout.readline())
            argv = ["gdb", "-q", "-batch", "-nx", "-ex", "set tcp connect-timeout 20", "-ex", "set $port = " + port,
                    "-x", "tools/gdb/init.gdb", "build/bug0/shisho.elf"]
            argv += [word for command in [*commands, "kill"] for word in ("-ex", command)]
            done = subprocess.run(argv, cwd=out, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=False)
            machine.communicate()
        return done.stdout + done.stderr

    def check_example(self, out):
        """What the page tells of kernel 0 comes about when its commands are typed."""
        with open(os.path.join(out, "README.md"), encoding="utf-8") as file:
            page = file.read()
        with open(os.path.join(out, "mm/fault.c"), encoding="utf-8") as file:
            line = next(number for number, text in enumerate(file, 1) if "fault_map(f, a->frame, addrspace_may_write" in text)
        start = re.search(r"^make debug BUG=0 .*", page, re.MULTILINE)[0]
        blocks = re.findall(r"```\n(\(gdb\) .*?)```", page, re.DOTALL)
        self.assertEqual(len(blocks), 3)
        for told in (blocks[0] + blocks[1], blocks[2].replace("break 96", f"break mm/fault.c:{line}")):
            commands = re.findall(r"^\(gdb\) (.*)", told, re.MULTILINE)
            said = self.follow(out, start, commands)
            for wanted in re.findall(r"^(?!\(gdb\)).+", told, re.MULTILINE):
                self.assertIn(without_numbers(wanted), without_numbers(said), said)

    @long
    @limit(600)
    def test_handout(self):
        """It builds without a warning, and boots; the kernels run by BUG=N; it knows right answers from wrong ones."""
        out = os.path.join(self.temporary(), "handout")
        done = subprocess.run(["tools/lab/handout", "hunt", out], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertLess(os.path.getsize(os.path.join(out, "tools/lab/kernels.tar.xz")), 5 << 20)
        self.assertNotIn("warning", make(out, "images"))
        right = HUNT.SYMPTOMS[1]
        self.assertIn(right.right, make(out, "run", "CMD=" + right.cmd))
        self.assertIn(right.seen, make(out, "run", "BUG=1", "CMD=" + right.cmd))
        self.assertIn("there is no such bug", make(out, "run", "BUG=21"))
        self.assertIn("Lab hunt: 0 of 100 points", make(out, "grade"))
        self.check_example(out)
        texts = lab.load("hunt").solution()
        with open(os.path.join(out, answers.FILE), "w", encoding="utf-8") as file:
            file.write(texts[answers.FILE].replace("mapcall_brk", "mapcall_mmap"))
        self.assertIn("Lab hunt: 95 of 100 points", make(out, "grade"))
