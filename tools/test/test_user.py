"""User programs in user/test: each prints here what Linux has printed (questions.py). Several run in one boot."""
import glob
import os
import re
import subprocess

import questions
from support import OUT, Case, image_with, limit


class User(Case):
    TOGETHER = 12       # in one boot
    together = []       # the tests of this process
    printed = {}        # by the programs of that boot: {name: (status, lines)}

    def boot_all(self):
        names = [method.removeprefix("test_").replace("_", "-") for method in self.together or [self._testMethodName]]
        output = self.boot("; ".join(f"echo '@ {name}'; /test/{name}; echo \"@ status $?\"" for name in names),
                           status=None, timeout=250)
        for name, text, status in re.findall(r"^@ ([\w-]+)\n(.*?)^@ status (\d+)$", output, re.MULTILINE | re.DOTALL):
            self.printed[name] = int(status), text
        for name in names:
            self.printed.setdefault(name, ("none: the machine did not come so far", output[-3000:]))

    def run_program(self, name):
        if not self.printed:
            self.boot_all()
        status, text = self.printed[name]
        self.assertEqual(status, 0, text)
        self.check_answer(name, text)


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
        self.assertEqual(questions.program("differences").answer()[1], self.table(1))


def add(name):
    @limit(300)
    def test(self):
        self.run_program(name)
    setattr(User, "test_" + name.replace("-", "_"), test)


# Those that have a test of their own, as they take words or differ on purpose.
for program in set(questions.programs()) - {"differences", "bad-pointers", "effects", "spare"}:
    add(program)


class Heap(Case):
    """malloc chosen by the environment, in little memory, and its reports."""
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

    def trapping(self, *programs):
        """=> a folder with user PROGRAMS (bench/heapbench ...) in a build in which undefined behaviour is a trap"""
        out = self.temporary()
        flags = "UCFLAGS=-fsanitize=undefined -fno-sanitize=alignment -fsanitize-undefined-trap-on-error"
        subprocess.run(["make", "-s", "-f", "user/user.mk", "O=" + out, flags, *(f"{out}/user/{p}" for p in programs)], check=True,
                       capture_output=True)
        return out + "/user"

    @limit(240)
    def test_invariants(self):
        """H1 to H7 after each operation of traces, in a build in which undefined behaviour is a trap."""
        traces = self.short_traces()
        names = sorted(os.listdir(traces))
        image = image_with(self.temporary(), {"trap": self.trapping("bench/heapbench"), "traces": traces})
        output = self.boot("; ".join(f"HEAP_CHECK=1 /trap/bench/heapbench /traces/{name}; echo @ {name} $?" for name in names),
                           disks=[image, "swap"], mem="64M", timeout=150)
        self.assertGreater(len(names), 5)
        self.assertEqual(re.findall(r"(?m)^@ (\S+) 0$", output), names, output)

    def test_programs_without_heap(self):
        """exit finds the heap's end through a pointer: what never allocates holds nothing of the heap."""
        for name, holds in (("true", False), ("sort", True)):
            done = subprocess.run(["readelf", "-sW", os.path.join(OUT, "root/bin", name)], capture_output=True, text=True,
                                  check=True)
            self.assertEqual(" heap_find\n" in done.stdout, holds, name)

    @limit(240)
    def test_collector(self):
        """Both collectors through a long walk; in a build in which undefined behaviour is a trap; with little memory."""
        image = image_with(self.temporary(), {"trap": self.trapping("test/gc-oracle", "test/gc-edge")})
        output = self.boot("; ".join(f"HEAP={way} /test/gc-oracle {steps} 7; HEAP={way} /trap/test/gc-oracle 5000; HEAP={way} /trap/test/gc-edge"
                                     for way, steps in (("best", 20000), ("first", 10000))),
                           disks=[image, "swap"], mem="64M", timeout=150)
        self.assertEqual(re.findall(r"(?m)^gc-\w+: (?:ok|FAILED).*", output), ["gc-oracle: ok", "gc-oracle: ok", "gc-edge: ok"] * 2,
                         output)
        output = self.boot("/test/gc-edge; /test/gc-oracle 12000 3; grep pswpout /proc/vmstat", words="frames=450 swap=mem:3000",
                           timeout=150)
        self.assertEqual(re.findall(r"(?m)^gc-\w+: .*", output), ["gc-edge: ok", "gc-oracle: ok"])
        self.assertGreater(int(re.search(r"(?m)^pswpout (\d+)", output).group(1)), 100)

    def minor(self, output):
        """=> for each walk (collections that were minor, faults)"""
        found = re.findall(r"gc-oracle: (\d+) of \d+ collections minor: \d+ objects, \d+ pages, (\d+) faults\s+gc-oracle: ok", output)
        return [(int(minor), int(faults)) for minor, faults in found]

    @limit(240)
    def test_generations(self):
        """Writes to old pages are found by faults, and by the kernel's soft-dirty bits; with little memory."""
        output = self.boot("; ".join(f"GC={way} /test/gc-oracle 12000; GC={way} /test/gc-edge" for way in ("protect", "softdirty")),
                           words="frames=450 swap=mem:3000", timeout=200)
        self.assertEqual(output.count("gc-edge: ok"), 2, output)
        (protect, faults), (soft, none) = self.minor(output)
        self.assertGreater(protect, 2)
        self.assertGreater(faults, 20)
        self.assertGreater(soft, 2)
        self.assertEqual(none, 0)

    def test_protect_on_linux(self):
        """Writes to old pages are found by faults there too. (Debian's kernel for i386 has no soft-dirty bits.)"""
        text = "\n".join(questions.named("gc-protect").answer()[1])
        self.assertIn("gc-edge: ok", text)
        self.assertGreater(self.minor(text)[0][0], 10)

    def test_first_reading(self):
        """HEAP=first is another heap: it passes the same tests, but does not know a wrong pointer."""
        output = self.boot("HEAP=first /test/heap-shadow 200000; HEAP=first /test/library; HEAP=first /test/heap-wrong", status=1)
        self.assertIn("heap-shadow: ok", output)
        self.assertIn("library: ok", output)
        self.assertIn("heap-wrong: FAILED", output)

    def test_swapping(self):
        """Three times as much heap as frames. (With all of words.txt: Swap.test_sort_in_8_mib.)"""
        output = self.boot("/test/heap-shadow 100000 && sort --stats /data/text.txt | cksum && grep pswpout /proc/vmstat",
                           mem="8M", words="frames=200")
        self.assertIn("heap-shadow: ok", output)
        self.assertIn("4126755157 1048577", output)
        self.assertGreater(int(re.search(r"(?m)^pswpout (\d+)", output).group(1)), 800)
