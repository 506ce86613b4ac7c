"""User programs in user/test: each passes on Linux first, where the host can run i386 programs, then on Shisho."""
import functools
import glob
import os
import platform
import re
import shutil
import subprocess

from support import OUT, Case, limit


@functools.cache
def linux_runs_i386():
    """The host is asked by running the smallest of our own programs."""
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "i686", "i386"):
        return False
    try:
        return subprocess.run([os.path.join(OUT, "root/bin/true")], check=False).returncode == 0
    except OSError:
        return False


# Programs that ask what holds where a file system is mounted; in a chroot none need be.
MOUNTS = {"calls-errors": "/dev/shm", "links": "/dev/shm", "system": "/"}


def is_mounted(folder):
    with open("/proc/mounts", encoding="utf-8") as file:
        return any(line.split()[1] == folder for line in file)


class User(Case):
    def linux_can_tell(self, name):
        return linux_runs_i386() and (name not in MOUNTS or is_mounted(MOUNTS[name]))

    def run_program(self, name):
        wanted = [f"{name}: ok"]
        if self.linux_can_tell(name):
            done = subprocess.run([os.path.join(OUT, "root/test", name)], cwd=self.temporary(), text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, "on Linux: " + done.stdout)
            wanted = done.stdout.splitlines()
        output = self.boot(f"/test/{name}", timeout=80)
        lines = iter(output.splitlines())
        # The kernel's own lines (who was killed and why) stand between the program's.
        missing = [line for line in wanted if line not in lines]
        self.assertEqual(missing, [], output)


class Differences(Case):
    def table(self, column):
        """=> the lines that test/differences prints where what stands in the table's column is true"""
        with open("docs/differences.md", encoding="utf-8") as file:
            rows = re.findall(r"^\| `([a-z-]+)`:[^|]*\| ([^|]*) \| ([^|]*) \|", file.read(), re.MULTILINE)
        return [f"{row[0]}: {row[column]}" for row in rows] + ["differences: ok"]

    @limit(150)
    def test_what_shisho_answers(self):
        output = self.boot("/test/differences", timeout=80)
        self.assertEqual(re.findall(r"^[a-z-]+: .*", output, re.MULTILINE)[:len(self.table(2))], self.table(2))

    def test_what_linux_answers(self):
        if not linux_runs_i386():
            self.skipTest("this host cannot run i386 programs")
        done = subprocess.run([os.path.join(OUT, "root/test/differences")], cwd=self.temporary(), text=True,
                              stdout=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.stdout.splitlines(), self.table(1))


def add(name):
    @limit(150)
    def test(self):
        self.run_program(name)
    setattr(User, "test_" + name.replace("-", "_"), test)


for source in sorted(set(glob.glob("user/test/*.c")) - {"user/test/differences.c"}):
    if "_" not in os.path.basename(source):  # else it is part of another program
        add(os.path.basename(source)[:-2])


class Heap(Case):
    """malloc chosen by the environment, in little memory, and what it tells."""
    def replay(self, program, folder, **environment):
        for trace in sorted(glob.glob(folder + "/*.rep")):
            done = subprocess.run([program, trace], env=environment, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def short_traces(self):
        """=> a folder with the beginning of each generated trace"""
        folder = self.temporary()
        subprocess.run(["tools/heap/mktraces", folder], check=True)
        for path in glob.glob(folder + "/*.rep"):
            with open(path, encoding="ascii") as file:
                lines = file.read().splitlines()
            with open(path, "w", encoding="ascii") as file:
                file.write("\n".join([*lines[:2], str(min(1500, len(lines) - 4)), *lines[3:1504]]) + "\n")
        return folder

    @limit(240)
    def test_invariants(self):
        """H1 to H6 after each operation of traces, in a build in which undefined behaviour is a trap."""
        if not linux_runs_i386():
            self.skipTest("this host runs no i386 programs")
        out = self.temporary()
        flags = "UCFLAGS=-fsanitize=undefined -fno-sanitize=alignment -fsanitize-undefined-trap-on-error"
        subprocess.run(["make", "-s", "-f", "user/user.mk", "O=" + out, flags, out + "/user/bench/heapbench"], check=True,
                       capture_output=True)
        self.replay(out + "/user/bench/heapbench", self.short_traces(), HEAP_CHECK="1")

    def test_programs_without_heap(self):
        """exit finds the heap's end through a pointer: what never allocates holds nothing of the heap."""
        for name, holds in (("true", False), ("sort", True)):
            done = subprocess.run(["readelf", "-sW", os.path.join(OUT, "root/bin", name)], capture_output=True, text=True,
                                  check=True)
            self.assertEqual(" heap_find\n" in done.stdout, holds, name)

    def test_bytes_that_nobody_wrote(self):
        """The heap decides nothing by bytes of the break that it has not written itself, says valgrind's memcheck."""
        if not shutil.which("valgrind") or not linux_runs_i386():
            self.skipTest("valgrind is not installed, or this host runs no i386 programs")
        for words in (["heap-edge"], ["heap-shadow", "20000"], ["heap-wrong"], ["library"]):
            program = os.path.join(OUT, "root/test", words[0])
            done = subprocess.run(["valgrind", "-q", "--error-exitcode=99", program, *words[1:]], capture_output=True, text=True,
                                  check=False)
            self.assertEqual((done.returncode, done.stderr.count("==")), (0, 0), done.stderr)

    @limit(240)
    def test_collector(self):
        """Both collectors through a long walk on Linux; a build in which undefined behaviour is a trap; here, with little memory."""
        if linux_runs_i386():
            out = self.temporary()
            flags = "UCFLAGS=-fsanitize=undefined -fno-sanitize=alignment -fsanitize-undefined-trap-on-error"
            programs = [out + "/user/test/gc-oracle", out + "/user/test/gc-edge"]
            subprocess.run(["make", "-s", "-f", "user/user.mk", "O=" + out, flags, *programs], check=True, capture_output=True)
            for way, steps in (("best", "1000000"), ("first", "300000")):
                for program in [[OUT + "/root/test/gc-oracle", steps, "7"], [programs[0]], [programs[1]]]:
                    done = subprocess.run(program, env={"HEAP": way}, capture_output=True, text=True, timeout=100, check=False)
                    self.assertEqual(done.returncode, 0, f"{way} {program}: {done.stdout}")
        self.assertIn("gc-edge: ok", self.boot("HEAP=first /test/gc-edge"))
        output = self.boot("/test/gc-edge; /test/gc-oracle 20000 3; grep pswpout /proc/vmstat", words="frames=450 swap=mem:3000",
                           timeout=150)
        self.assertEqual(re.findall(r"(?m)^gc-\w+: .*", output), ["gc-edge: ok", "gc-oracle: ok"])
        self.assertGreater(int(re.search(r"(?m)^pswpout (\d+)", output).group(1)), 100)

    def minor(self, output):
        """=> for each walk (collections that were minor, faults)"""
        found = re.findall(r"gc-oracle: (\d+) of \d+ collections minor: \d+ objects, \d+ pages, (\d+) faults\s+gc-oracle: ok", output)
        return [(int(minor), int(faults)) for minor, faults in found]

    @limit(240)
    def test_generations(self):
        """Old pages that were written: told by faults, and by the kernel's soft-dirty bits; with little memory."""
        output = self.boot("; ".join(f"GC={way} /test/gc-oracle 20000; GC={way} /test/gc-edge" for way in ("protect", "softdirty")),
                           words="frames=450 swap=mem:3000", timeout=200)
        self.assertEqual(output.count("gc-edge: ok"), 2, output)
        (protect, faults), (soft, none) = self.minor(output)
        self.assertGreater(protect, 2)
        self.assertGreater(faults, 20)
        self.assertGreater(soft, 2)
        self.assertEqual(none, 0)

    def on_linux(self, way):
        if not linux_runs_i386():
            self.skipTest("this host runs no i386 programs")
        said = []
        for program in (["gc-oracle", "300000", "5"], ["gc-edge"]):
            done = subprocess.run([os.path.join(OUT, "root/test", program[0]), *program[1:]], env={"GC": way}, text=True,
                                  capture_output=True, timeout=100, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
            said.append(done)
        if f"gc: GC={way}" in said[0].stderr:
            self.skipTest("this Linux was built without soft-dirty bits")
        self.assertGreater(self.minor(said[0].stdout)[0][0], 10)

    def test_protect_on_linux(self):
        self.on_linux("protect")

    def test_softdirty_on_linux(self):
        self.on_linux("softdirty")

    def test_first_reading(self):
        """HEAP=first is another heap: it passes the same tests, but does not know a wrong pointer."""
        output = self.boot("HEAP=first /test/heap-shadow 200000; HEAP=first /test/library; HEAP=first /test/heap-wrong", status=1)
        self.assertIn("heap-shadow: ok", output)
        self.assertIn("library: ok", output)
        self.assertIn("heap-wrong: FAILED", output)

    def test_swapping(self):
        """More heap than frames, each byte verified, beside the first reading, which holds more."""
        output = self.boot("/test/heap-shadow 200000 && sort --stats /data/words.txt | cksum && grep pswpout /proc/vmstat",
                           mem="8M")
        self.assertIn("heap-shadow: ok", output)
        self.assertIn("3626439956 24399739", output)
        self.assertGreater(int(re.search(r"(?m)^pswpout (\d+)", output).group(1)), 10000)
