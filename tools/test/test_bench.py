"""make bench: what it reads, computes and draws; that it knows each path that the program has; and Shisho alone, without Linux."""
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

from support import OUT, Case

sys.path.append("tools/bench")
import paths    # pylint: disable=wrong-import-position
import picture    # pylint: disable=wrong-import-position
import swap    # pylint: disable=wrong-import-position
import tables    # pylint: disable=wrong-import-position
from report import Report, Row    # pylint: disable=wrong-import-position

PATHS = """path           median      least       most  ticks for one
null             82.0       81.5      120.3  null system call (getppid)
fork-page       369.3      335.8      373.8  fork, exit and wait, for each resident page
"""
PASSES = """seq-read      23000 pages    500000 us   40000 moved    80000/s    1200 major
rnd-read      12000 pages    300000 us    9000 moved    30000/s    5000 major
raw-seq-read  40000 pages    250000 us   40000 moved   160000/s       0 major
raw-rnd-read   5000 pages    200000 us    5000 moved    25000/s       0 major
"""


class Bench(Case):
    def report(self, *rows):
        report = Report("6.1")
        report.rows += [Row(*row) for row in rows]
        return report

    def test_reads_what_the_program_prints(self):
        self.assertEqual(paths.medians(PATHS), {"null": 82.0, "fork-page": 369.3})
        read = swap.passes(PASSES)
        self.assertEqual(read["seq-read"], (40000, 500000, 1200))
        self.assertEqual(swap.rate(read, "seq-read", "rnd-read"), 61250)
        for memory in "swap", "swap4":
            self.assertEqual([compute(read) for name, (_, _, _, compute) in swap.SHARES[memory].items() if "read" in name], [50, 1.5])

    def test_ratios(self):
        """Above 1 Shisho leads, whether less is better or more; what was not measured has no ratio, and zero is no figure."""
        row = Row("null", "null", 80, {"shisho": 100, "linux": 350, "lean": 90})
        self.assertEqual((row.ahead("linux"), row.ahead("lean"), row.behind()), (3.5, 0.9, True))
        row = Row("seq-share", "swap", 60, {"shisho": 40.0, "linux": 20.0}, less=False)
        self.assertEqual((row.ahead("linux"), row.ahead("lean"), row.behind()), (2.0, None, False))
        self.assertIsNone(Row("x", "x", None, {"shisho": 0, "linux": 5}).ahead("linux"))

    def test_picture(self):
        """It is sound XML with a bar for each ratio, and shows a row in which Linux leads in another colour."""
        values = {"shisho": 100, "linux": 350, "lean": 90}
        root = xml.etree.ElementTree.fromstring(picture.draw(self.report(("a", "a < b & c", None, values), ("b", "b", None, {"shisho": 1}))))
        texts = [(e.text, e.get("fill")) for e in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn(("a < b & c", None), texts)
        self.assertIn(("3.5x", None), texts)
        self.assertIn(("0.9x", picture.BEHIND), texts)
        self.assertNotIn(("b", None), texts)    # Linux has no such row
        self.assertEqual(len(root.findall("{http://www.w3.org/2000/svg}rect")), 1 + 2 + 2)

    def test_without_linux_there_is_nothing_to_compare(self):
        report = self.report(("null", "null", 80, {"shisho": 82}))
        self.assertIsNone(picture.draw(report))
        self.assertEqual(tables.markdown(report), "")

    def test_knows_every_path(self):
        with open("user/bench/bench/paths.c", encoding="utf-8") as file:
            names = re.findall(r'^\t\{ "([\w-]+)", \w+, \d+, "', file.read(), re.MULTILINE)
        self.assertEqual(sorted(names), sorted(paths.PATHS))
        self.assertLessEqual(set(tables.FIGURES), set(paths.PATHS) | {"major", "boot"})

    def test_shisho_alone(self):
        """Where Debian's packages cannot be had, that is said, and the rows of Shisho are there; every path gives one."""
        folder = self.temporary()
        os.mkdir(folder + "/bin")
        for program in ("python3", "qemu-system-i386"):
            os.symlink(shutil.which(program), f"{folder}/bin/{program}")
        for name in ("shisho.elf", "root.img"):
            os.symlink(os.path.abspath(os.path.join(OUT, name)), f"{folder}/{name}")
        done = subprocess.run(["tools/bench/bench", "--out", folder, "--paths", ",".join(paths.PATHS)], capture_output=True, text=True,
                              env=dict(os.environ, PATH=folder + "/bin"), check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Linux is not measured: there is no apt-get and dpkg here\n", done.stdout)
        for what, _ in paths.PATHS.values():
            self.assertRegex(done.stdout, rf"(?m)^{re.escape(what)} +[\d,.]+ +- +- +- +- +[\d,]+$")
