"""Policies that a class has handed in, each on the same strings in the simulator and on the same short one in the kernel.

A submission that cannot take part keeps the reason, and does no harm to the others: it is compiled and run in processes of its own,
with limits (tools/pagesim/submitted.py), and its kernel is built in a copy of the tree.
"""
import os
import random
import re
import tempfile
from dataclasses import dataclass, field

import lab
import submission
import submitted
from machine import emulator
from simulation import BYSTANDERS
from simulate import Error, simulate
from strings import of_words

LAB = lab.load("policy")
POLICY, FILE = "ageing", "mm/policy_ageing.c"    # what it has its students write
MEASURES = ("opt", "lru", "fifo", "clock")
IN_KERNEL = ("fifo", "clock")
NAMES, LENGTH, FRAMES = "0123456789abcdefghijklmnopqrstuvwxyz", 500, 12    # of the string for the kernel, as /test/belady takes it
SECONDS = 60    # of the host's time, for a machine


@dataclass
class Entry:
    """One policy: a measure, or what is in FOLDER."""
    name: str
    folder: str = ""
    faults: dict = field(default_factory=dict)    # [string's name][frames]
    kernel: int = None                            # faults of the short string; None: it was not run there
    error: str = ""                               # why it does not take part

    def brief(self):
        """=> the reason in a line"""
        lines = [line.strip() for line in self.error.splitlines() if line.strip()]
        return " ".join(lines[:1] + [line for line in lines[1:] if "error" in line][:1])


def entries(paths):
    """=> an Entry for each submission; no two have the same name, and none that of a measure"""
    found = {}
    for folder in (folder for path in paths for folder in submission.expand(path, LAB)):
        name = stem = os.path.basename(os.path.abspath(folder))
        number = 1
        while name in found or name in MEASURES:
            number += 1
            name = f"{stem}-{number}"
        found[name] = Entry(name, folder)
    return list(found.values())


def short_string(seed):
    """=> the references for the kernel: a few pages are used most, some come in order"""
    chance, text = random.Random(f"arena {seed}"), ""
    while len(text) < LENGTH:
        start = chance.randrange(len(NAMES) - 6)
        text += NAMES[start:start + 6] if chance.random() < 0.2 else NAMES[min(int(chance.expovariate(0.12)), len(NAMES) - 1)]
    return text[:LENGTH]


def as_string(text):
    """=> the String of what /test/belady does with TEXT: it stores"""
    return of_words(" ".join(name + "!" for name in text))


def in_kernel(out, kernel, policy, text):
    """Runs the string TEXT in exact mode. => (faults, bystanders); Error: how the machine has ended instead"""
    machine = emulator.Machine(out=out, kernel=kernel, mem="8M", init="/test/belady", args=[str(FRAMES), text],
                               words=[f"policy={policy}", "exact"])
    result = emulator.run(machine, SECONDS)
    found = re.search(r"belady: (\d+) faults in \d+ frames\nbelady: (\d+) bystanders", result.output)
    if found:
        return int(found[1]), int(found[2])
    if result.status == emulator.TIMED_OUT:
        raise Error(f"in the kernel: it did not end within {SECONDS} seconds")
    telling = [line for line in result.output.splitlines() if line.startswith(("PANIC at", "belady: "))]
    raise Error("in the kernel: " + (telling + ["the machine ended without a count"])[0])


@dataclass
class Contest:
    """What all entries run: STRINGS with their sizes of memory, and TEXT in the kernel ("": nothing there)."""
    out: str
    strings: list    # (String, frames)
    text: str

    def measure(self, name):
        """=> the Entry of a measure"""
        entry = Entry(name)
        for string, frames in self.strings:
            faults = simulate(self.out, string.data, [name], frames).faults
            entry.faults[string.name] = {n: faults[name, n] for n in frames}
        if self.text and name in IN_KERNEL:
            entry.kernel, _ = in_kernel(self.out, "", name, self.text)
        elif self.text:
            entry.kernel = simulate(self.out, as_string(self.text).data, [name], [FRAMES]).faults[name, FRAMES]
        return entry

    def run(self, entry):
        """Fills in what ENTRY does, or why it cannot. => ENTRY"""
        try:
            path = submission.find(entry.folder, FILE)
            if not path:
                raise Error(f"{FILE} was not handed in")
            with tempfile.TemporaryDirectory(prefix="shisho-arena-") as folder:
                program = submitted.build(folder, FILE, os.path.abspath(path))
                self.count(entry, program)
                if self.text:
                    self.run_kernel(entry, program, os.path.join(folder, "tree"))
        except (Error, submission.Error) as error:
            entry.error = str(error)
        return entry

    def count(self, entry, program):
        for string, frames in self.strings:
            faults = submitted.run(program, string.data, POLICY, frames, BYSTANDERS).faults
            entry.faults[string.name] = {n: faults[POLICY, n] for n in frames}

    def run_kernel(self, entry, program, tree):
        """The kernel and the simulator must agree: otherwise the policy knows something that it should not, or forgets something."""
        built = submission.prepare(entry.folder, LAB, self.out, tree)
        entry.kernel, bystanders = in_kernel(self.out, os.path.join(built, "shisho.elf"), POLICY, self.text)
        counts = submitted.run(program, as_string(self.text).data, POLICY, [FRAMES], bystanders)
        if counts.faults[POLICY, FRAMES] != entry.kernel:
            raise Error(f"in the kernel: {entry.kernel} faults, where the simulator counts {counts.faults[POLICY, FRAMES]}")
