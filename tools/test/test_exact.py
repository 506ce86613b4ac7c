"""The kernel in exact mode and tools/pagesim count the same faults; `demo belady` judges itself."""
import json
import os
import random
import re
import subprocess

from support import OUT, Case, limit

EQUAL = "adaptive ageing clock fifo wsclock".split()    # random chooses among all frames of the machine
FRAMES = 3, 8, 20
DEMO = """\
  FIFO (run)        3  F F F F F F F . . F F .    9
  FIFO (run)        4  F F F F . . F F F F F F   10
"""


def string_at_random(noise):
    """=> 500 references to 36 pages: a few are used most, some come in order"""
    names, string = "0123456789abcdefghijklmnopqrstuvwxyz", ""
    while len(string) < 500:
        start = noise.randrange(30)
        string += names[start:start + 6] if noise.random() < 0.2 else names[min(int(noise.expovariate(0.12)), 35)]
    return string


class Exact(Case):
    def simulated(self, string, frames, bystanders):
        path = os.path.join(self.temporary(), "counts")
        words = " ".join(name + "!" for name in string)
        subprocess.run(["tools/pagesim/pagesim", "--out", OUT, "--string", words, "--frames", ",".join(map(str, frames)), "--policy",
                        ",".join(EQUAL), "--bystanders", str(bystanders), "--json", path], check=True, stdout=subprocess.DEVNULL)
        with open(path, encoding="utf-8") as file:
            return json.load(file)["strings"][0]["faults"]

    @limit(150)
    def test_kernel_counts_as_the_simulator(self):
        string = string_at_random(random.Random(4))
        output = self.boot(f"cd /proc/sys/vm; for p in {' '.join(EQUAL)}; do echo $p >policy; echo @$p; for n in {' '.join(map(str, FRAMES))}; "
                           f"do /test/belady $n {string}; done; done", words="exact", timeout=120)
        found = {}
        for part in output.split("@")[1:]:
            for faults, frames, bystanders in re.findall(r"belady: (\d+) faults in (\d+) frames\nbelady: (\d+) bystanders", part):
                found[part.split()[0], int(frames)] = int(faults), int(bystanders)
        self.assertEqual(set(found), {(policy, frames) for policy in EQUAL for frames in FRAMES}, output[-2000:])
        for others in {bystanders for _, bystanders in found.values()}:
            expected = self.simulated(string, FRAMES, others)
            counted = {key: faults for key, (faults, bystanders) in found.items() if bystanders == others}
            self.assertEqual(counted, {(policy, frames): expected[policy][str(frames)] for policy, frames in counted})

    def test_belady_says_what_it_wants(self):
        output = self.boot("/test/belady 0; echo $?; /test/belady 3x; /test/belady 3 1-2; /test/belady 3; echo @; "
                           "echo 1 >/proc/sys/vm/exact; /test/belady 3", words="policy=fifo")
        before, after = output.split("@")
        self.assertEqual(before.count("usage: belady [FRAMES [STRING]]"), 3)
        self.assertIn("without spaces.\n2\nusage", before)
        self.assertIn("exact is off, so this is not a textbook's count", before)
        self.assertIn("\nbelady: 9 faults in 3 frames\nshisho", after)

    @limit(100)
    def test_demo_belady(self):
        """It leaves the kernel's settings as it finds them."""
        output = self.boot("cd /proc/sys/vm; echo wsclock >policy; demo belady --auto; cat exact policy; demo belady --lang=ja | cat",
                           words="quiet")
        self.assertIn(DEMO, output)
        self.assertIn("Result    as expected\n0\nwsclock\n", output)
        self.assertRegex(output, "結果 +as expected")
