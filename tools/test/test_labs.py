"""The labs: markers are sound; a handout builds, scores 0 and has nothing of the solution; wrong solutions score what they should, and
cheats nothing; the solution scores all."""
import contextlib
import io
import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import unittest.mock

from support import OUT, Case, build_with, compilers, limit, long, program

sys.path.append("tools/lab")
# pylint: disable=wrong-import-position
import ending
import ext2
import formats
import lab
import markers
import similar
import submission
import symbols
import template

ONE = "cow"    # the lab that is run in full


class Labs(Case):
    TOGETHER = 3

    def tree(self):
        for path in markers.files("."):
            with open(path, encoding="utf-8") as file:
                yield path, file.read()

    def submitted(self, the_lab, changes=()):
        """=> a folder with the lab's files, changed by CHANGES: (file, old, new)"""
        folder = self.temporary()
        for path, text in the_lab.solution().items():
            for changed, old, new in changes:
                if changed == path:
                    self.assertIn(old, text)
                    text = text.replace(old, new)
            os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        return folder

    def points(self, the_lab, folder):
        result = lab.run(the_lab, submission.prepare(folder, the_lab, OUT, os.path.join(self.temporary(), "tree")))
        return [outcome.points for outcome in result.outcomes], result

    def test_markers(self):
        """Every lab has its markers, in its files and nowhere else."""
        found = {}
        for path, text in self.tree():
            for name in markers.labs_of(path, text):
                found.setdefault(name, set()).add(path)
        self.assertEqual(found, {name: set(lab.load(name).files) for name in lab.names() if lab.load(name).is_code})

    def test_marker_that_is_none(self):
        """A slip of the pen is an error, not a solution that is handed out."""
        good = "/* lab cow: copy */\nx\n/* end of lab cow */"
        self.assertEqual(markers.handed_out("f", good, "cow")[1], ["x"])
        self.assertEqual(markers.handed_out("f", good, "swap"), ("x", []))
        for bad in ("/* lab cow copy */\nx\n/* end of lab cow */", good.replace("of lab cow", "of lab cwo"), "/* lab cow: copy */\nx",
                    good.replace("end of lab", "end lab"), good.replace("x", good), "// lab cow: copy"):
            with self.assertRaises(markers.Error, msg=bad):
                markers.handed_out("f", bad, "cow")

    def test_points(self):
        for name in lab.names():
            self.assertEqual(lab.load(name).points, 100, name)

    def test_formats(self):
        result = lab.refused(lab.load(ONE), "nothing was handed in")
        told = formats.neutral(result, "alice")
        self.assertEqual((told["points"], told["of"]), (0, 100))
        for name, function in formats.FORMATS.items():
            self.assertIn("nothing was handed in", function(told) + ("nothing was handed in" if name == "autolab" else ""), name)
        self.assertEqual(json.loads(formats.as_gradescope(told))["score"], 0)
        self.assertEqual(set(json.loads(formats.as_autolab(told))["scores"].values()), {0})

    def check_links(self, out):
        """Documents that move take their links along, and those that lead to them."""
        documents = subprocess.run(["git", "ls-files", "*.md"], cwd=out, capture_output=True, text=True, check=True).stdout.split()
        self.assertLessEqual({"README.md", "README.ja.md", "docs/shisho.md", "docs/shisho.ja.md", "hints/3.ja.md"}, set(documents))
        for path in documents:
            with open(os.path.join(out, path), encoding="utf-8") as file:
                for link in re.findall(r'(?:\]\(|src=")([^)"#]+)', file.read()):
                    if "://" not in link:
                        self.assertTrue(os.path.exists(os.path.join(out, os.path.dirname(path), link)), f"{path}: {link}")

    def check_handout(self, name):
        """It has no solution; built, it scores 0 and says what is missing; with the solution it scores all."""
        out, the_lab = os.path.join(self.temporary(), "handout"), lab.load(name)
        done = subprocess.run(["tools/lab/handout", "--build", OUT, name, out], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_links(out)
        self.assertEqual(subprocess.run(["git", "status", "--short"], cwd=out, capture_output=True, check=True).stdout, b"")
        points, result = self.points(the_lab, out)
        self.assertEqual(sum(points), 0)
        self.assertIn("yours to write", result.outcomes[0].saw)
        points, result = self.points(the_lab, self.submitted(the_lab))
        self.assertEqual(sum(points), 100, [(outcome.expected, outcome.saw) for outcome in result.outcomes])

    def check_changed(self, name, changes):
        """Each of CHANGES of the solution scores what it should. None for a test: whether it passes depends on how fast the host is."""
        the_lab = lab.load(name)
        for why, path, old, new, wanted in changes:
            points, result = self.points(the_lab, self.submitted(the_lab, [(path, old, new)]))
            self.assertEqual(len(points), len(wanted), why)
            wanted = [saw if sure is None else sure for saw, sure in zip(points, wanted)]
            self.assertEqual(points, wanted, f"{why}: {[(outcome.expected, outcome.saw) for outcome in result.outcomes if outcome.saw]}")

    def check_wrong(self, name):
        wrong = lab.module("wrong", name).WRONG
        self.assertGreaterEqual(len(wrong), 3)
        self.check_changed(name, wrong)

    def graded(self, *words, status=1):
        done = subprocess.run(["tools/grade", "--out", OUT, *words], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def class_of(self, **changes):
        """=> a folder with submissions, {name: changes of the solution}"""
        folder = self.temporary()
        for name, changed in changes.items():
            shutil.copytree(self.submitted(lab.load(ONE), changed), os.path.join(folder, name))
        return folder

    @limit(300)
    def test_a_folder_of_submissions(self):
        """Each is graded by itself; one that cannot be is told so; only those that are alike are shown side by side."""
        wrong = lab.module("wrong", ONE).WRONG[1]
        folder = self.class_of(anna=[], bert=[wrong[1:4]], carl=[("mm/fault.c", "static int row_copy", "x x static int row_copy")])
        os.remove(os.path.join(folder, "anna/mm/fault.c"))
        text = self.graded(folder, ONE)
        table = text[text.index("\nanna"):]
        self.assertRegex(table, r"anna +0 of 100 .*mm/fault\.c was not handed in\n")
        self.assertRegex(table, rf"bert +{sum(wrong[4])} of 100 +" + " +".join(map(str, wrong[4])) + "\n")
        self.assertRegex(table, r"carl +0 of 100 .*it does not compile")
        self.assertRegex(table, r"\d+%  bert  carl\n +\S+:\d+ .* \| ")
        self.assertIn("The last events before", text)
        self.assertRegex(text, r"make run MEM=6M SWAP=off APPEND='init=/test/lab-cow -- [0-9a-f]+'")
        with open(os.path.join(OUT, "result.json"), encoding="utf-8") as file:
            self.assertEqual([r["points"] for r in json.load(file)], [0, sum(wrong[4]), 0])

    def test_a_copy_of_the_tree(self):
        """A copy of another policy of the tree is reported, also with its names changed; the lab's own solution is not."""
        policy, folder = lab.load("policy"), self.temporary()
        handout = {path: markers.handed_out(path, text, policy.name)[0] for path, text in policy.solution().items()}
        with open("mm/policy_clock.c", encoding="utf-8") as file:
            copy = file.read().replace("policy_clock", "policy_ageing").replace("circle", "ring")
        for text, said in ((policy.solution()[policy.files[0]], r"$"), (copy, r"mm/policy_clock\.c \(\d+%\)$"),
                           (copy.replace("ring", "queue").replace("/*", "/* my"), r"mm/policy_clock\.c \(\d+%\)$")):
            with open(os.path.join(folder, os.path.basename(policy.files[0])), "w", encoding="utf-8") as file:
                file.write(text)
            self.assertRegex(similar.copied(folder, policy, handout), said)
        result = lab.refused(policy, "")
        result.alike = "mm/policy_clock.c (100%)"
        for function in (formats.as_text, formats.as_json, formats.as_gradescope, lambda told: formats.table([told])):
            self.assertIn(result.alike, function(formats.neutral(result, "anna")))

    def test_answers_in_words(self):
        """A lab without code is graded too, and compared with no file of the tree."""
        self.assertIn("Lab hunt: 100 of 100", self.graded(self.submitted(lab.load("hunt")), "hunt", status=0))

    @limit(300)
    def test_hidden_tests(self):
        """A teacher's own tests stand in a folder beside, with their program."""
        folder = self.temporary()
        shutil.copy("user/test/lab/lab-cow.c", os.path.join(folder, "lab-more.c"))
        with open(os.path.join(folder, "more.py"), "w", encoding="utf-8") as file:
            file.write("from lab import Part, Test, same\n"
                       "PARTS = [Part('lab-more', [Test(7, 'more', 1, lambda stops: same('pages', 8, stops[1].values[1]))], mem='6M')]\n")
        self.assertRegex(self.graded("--hidden", folder, self.submitted(lab.load(ONE)), ONE, status=0), r"107 of 107(?s:.)* 7 of +7  more")

    def test_a_machine_that_ends(self):
        """What the grader writes to a machine that has ended is an error of that machine, not the grader's own end."""
        with contextlib.redirect_stdout(io.StringIO()), unittest.mock.patch("sys.argv", ["grade", "--help"]), \
                self.assertRaises(SystemExit):
            runpy.run_path("tools/grade", run_name="__main__")
        self.assertNotEqual(signal.getsignal(signal.SIGPIPE), signal.SIG_DFL)

    def test_how_a_run_ended(self):
        for printed, told in (
                ("hello\nPANIC: page fault in the kernel\ncr0 80010033  cr2 00000008  cr3 00117000  cr4 0  eflags 46\nbacktrace:\n"
                 "c0107a10  insert_block+0x20\nc0107b00  frame_add+0x11\n0804811c  (user code)\npage walk\n",
                 "PANIC: page fault in the kernel at address 0x00000008, in insert_block(), called by frame_add()"),
                ("PANIC at mm/anon.c:7: no\nframe c0300000\ncr0 1  cr2 2  cr3 3  cr4 4  eflags 5\nbacktrace:\nc0107b00  anon_drop+0x1\n",
                 "PANIC at mm/anon.c:7: no, in anon_drop()"),
                ("yours to write: f()\nPANIC at f.c:1: x\n", "yours to write: f()"), ("a\nb\n", "b"), ("", "it printed nothing")):
            self.assertEqual(ending.in_words(printed.splitlines()), "the machine ended: " + told)
        kernel = symbols.functions(os.path.join(OUT, "shisho.elf"))
        at = next(address for address, name in kernel if name == "fault_resolve")
        for registers, told in ((f"EIP={at + 4:08x} EFL=0 HLT=0", "is in fault_resolve() of the kernel"), (f"EIP={at:08x} EFL=0 HLT=1", "sleeps"),
                                ("EIP=08048100 EFL=0 HLT=0", "is in a program, at 0x8048100")):
            self.assertEqual(ending.place_of_loop(registers, OUT), "the processor " + told)

    def test_disk_of_a_run(self):
        """The command that repeats a run makes the disk of that run, with which the program comes to its end."""
        image = os.path.join(self.temporary(), "lab.img")
        part, size, word = lab.load("mmap").parts[0], lab.module("labs", "mmap").SIZE, 0x1A2B
        subprocess.run(["tools/lab/disk", "--out", OUT, part.program, f"{word:x}", image], check=True)
        self.assertEqual(ext2.Files(lab.machine.blocks(image)).file("file")[0], ext2.drawn(word, "file", size)[:lab.machine.PAGE])
        command = part.again({}).split(" && ")[1].replace("build/lab.img", image)
        done = subprocess.run(f"{command} O={os.path.relpath(OUT)}", shell=True, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=program.outside_make(), check=False)
        self.assertIn("init exited with status 0", done.stdout)

    @limit(300)
    def test_picture(self):
        """The run as a page of the viewer, also if it ended in a panic."""
        wrong = lab.module("wrong", ONE).CHEATS[1]
        page = self.graded("--view", self.submitted(lab.load(ONE), [wrong[1:4]]), ONE).splitlines()[-1].split(": ")[1]
        with open(page, encoding="utf-8") as file:
            self.assertIn("row=zero", file.read())

    @long
    @limit(900)
    def test_every_compiler_without_a_warning(self):
        """All handouts at once: a tree without the solution of any lab."""
        tree = os.path.join(self.temporary(), "tree")
        submission.copy_tree(tree, OUT)
        template.add_missing(tree, ONE)
        for path, text in self.tree():
            template.write(os.path.join(tree, path), markers.handed_out(path, text, *lab.names())[0])
        for cross in compilers():
            self.assertNotIn("warning:", build_with(cross, cross, tree), cross)

    @long
    @limit(900)
    def test_gradescope(self):
        """The zip file, unpacked and run as Gradescope does."""
        root = self.temporary()
        done = subprocess.run(["tools/lab/gradescope", "--out", root, ONE], capture_output=True, text=True, check=True)
        subprocess.run(["python3", "-m", "zipfile", "-e", done.stdout.strip(), os.path.join(root, "source")], check=True)
        os.mkdir(os.path.join(root, "results"))
        shutil.copytree(self.submitted(lab.load(ONE)), os.path.join(root, "submission"))
        for script in ("setup.sh", "run_autograder"):
            subprocess.run(["sh", os.path.join(root, "source", script)], check=True, capture_output=True,
                           env={**program.outside_make(), "AUTOGRADER": root})
        with open(os.path.join(root, "results/results.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["score"], 100)

    @long
    @limit(600)
    def test_cheats(self):
        self.check_changed(ONE, lab.module("wrong", ONE).CHEATS)


def add_tests(name):
    """One lab is run by `make test`, the others by `make test-long`."""
    for kind in ("handout", "wrong"):
        def test(self, check="check_" + kind):
            getattr(self, check)(name)
        test.__doc__ = f"Lab {name}: {kind}."
        setattr(Labs, f"test_{kind}_{name}", limit(1500)(test if name == ONE else long(test)))


for each in lab.names():
    add_tests(each)
