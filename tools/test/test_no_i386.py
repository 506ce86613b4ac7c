"""SHISHO_NO_I386=1: nothing that tests start in Python runs a program for i386 on the host; heapbench does not need it."""
import os
import re
import shutil
import subprocess
import sys

from support import OUT, Case, limit

HERE = os.path.dirname(os.path.abspath(__file__))
TRUE = os.path.abspath(os.path.join(OUT, "root/bin/true"))
STARTS = f"""subprocess.run(["{TRUE}"])
subprocess.run(["./true"], cwd="{os.path.dirname(TRUE)}")
subprocess.run(["true"], executable="{TRUE}")
subprocess.run("exec {TRUE} x", shell=True)
subprocess.run(["timeout", "3", "{TRUE}"])
subprocess.run([sys.executable, "-c", 'import os; os.execv("{TRUE}", ["true"])'], check=True)
os.system("{TRUE}")
os.posix_spawn("{TRUE}", ["true"], {{}})"""
TRACE = ["20000000 4 9 1", "a 0 24", "a 1 5000", "a 2 100", "r 0 300", "f 1", "f 0", "a 3 40000", "f 2", "f 3"]


class NoI386(Case):
    def python(self, *words):
        environment = {**os.environ, "SHISHO_NO_I386": "1", "PYTHONPATH": os.path.join(HERE, "no_i386")}
        return subprocess.run([sys.executable, "-B", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)

    def test_each_way_to_start_is_refused(self):
        for line in STARTS.splitlines():
            done = self.python("-c", "import os, subprocess, sys\n" + line)
            self.assertNotEqual(done.returncode, 0, line)
            self.assertIn("is a program for i386", done.stdout, line)

    def test_the_suite_obeys_the_word(self):
        """This test again, in a run of the suite with the word: there it tries to start the program itself."""
        if os.environ.get("SHISHO_NO_I386"):
            with self.assertRaisesRegex(BaseException, "is a program for i386"):
                subprocess.run([TRUE], check=False)
            return
        out = self.temporary()
        os.makedirs(out + "/root/bin")
        shutil.copy(TRUE, out + "/root/bin")
        done = subprocess.run(["tools/test/run", "--out", out, self.id().removeprefix("test_")], text=True, capture_output=True,
                              env={**os.environ, "SHISHO_NO_I386": "1"}, check=False)
        self.assertIn("1 passed, 0 failed", done.stdout + done.stderr)

    def test_others_are_not(self):
        """Such a file may be read, and the host's own programs run."""
        done = self.python("-c", f'import subprocess; subprocess.run(["readelf", "-h", "{TRUE}"], check=True)')
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Intel 80386", done.stdout)

    @limit(200)
    def test_heapbench(self):
        """A short trace: all that is measured is measured in QEMU."""
        folder = self.temporary()
        with open(os.path.join(folder, "short.rep"), "w", encoding="ascii") as file:
            file.write("\n".join(TRACE) + "\n")
        done = self.python("tools/heap/heapbench", "--out", OUT, folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        cells = re.search(r"(?m)^short +(.*)", done.stdout).group(1).replace("|", "").split()
        self.assertEqual(len(cells), 12, done.stdout)
        ours, first = float(cells[0]), float(cells[1])    # utilisation: 45,140 bytes of what was taken by pages
        self.assertTrue(60 < ours < 100 and 60 < first < 100, done.stdout)
        if cells[4] != "-":     # a QEMU without plugins counts nothing
            self.assertTrue(10 < float(cells[4]) < 1000 and 10 < float(cells[5]) < 1000, done.stdout)
