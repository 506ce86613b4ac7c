"""A part of a lab that runs a replacement policy on this machine, in tools/pagesim, beside FIFO, CLOCK and OPT."""
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass

import lab

sys.path.append(os.path.join(lab.ROOT, "tools/pagesim"))
# pylint: disable=wrong-import-position
import sizes
import strings
import submitted
import table
from simulate import Error, simulate

MEASURES = ("opt", "fifo", "clock")
BYSTANDERS = 7    # pages that cannot leave, so that a policy which does not ask whether a page can is found out


@dataclass
class Counted:
    """A string, its counts of the policy and of the measures, and the sizes of memory."""
    string: strings.String
    frames: list
    faults: dict    # [policy, frames]; the policy in question is ""

    def ratio(self, policy, measure):
        """=> the geometric mean of POLICY's faults over those of MEASURE"""
        return table.mean(self.faults[policy, n] / self.faults[measure, n] for n in self.frames)


def tree_of(out):
    """=> the tree whose build folder OUT is: a submission's is in it; that of this tree may be elsewhere"""
    tree = os.path.dirname(os.path.abspath(out))
    return tree if os.path.isdir(os.path.join(tree, "mm")) else lab.ROOT


class Policy:
    """The policy NAME of the tree that is built in OUT, ready to run; use it in a `with`. Error: it does not compile."""
    def __init__(self, out, name):
        self.name, self.out, self.file = name, out, f"mm/policy_{name}.c"
        self.path = os.path.join(tree_of(out), self.file)
        self.folder = tempfile.TemporaryDirectory(prefix="shisho-policy-")    # pylint: disable=consider-using-with
        self.program = submitted.build(self.folder.name, self.file, self.path)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.folder.cleanup()

    def seed(self):
        """=> a number drawn from the file: nobody knows the strings before it is finished, and it always gets the same ones"""
        with open(self.path, "rb") as file:
            return int.from_bytes(hashlib.sha256(file.read()).digest()[:4], "big")

    def marks(self, string, frames, bystanders):
        """=> F or . for each reference"""
        return submitted.run(self.program, string.data, self.name, [frames], bystanders, marks=True).marks[self.name, frames]

    def count(self, string, frames=None):
        """=> Counted"""
        frames = frames or sizes.of_pages(len(set(string.references())), 0)
        counts = submitted.run(self.program, string.data, self.name, frames, BYSTANDERS)
        faults = simulate(self.out, string.data, MEASURES, frames).faults
        if any(counts.faults[self.name, n] < faults["opt", n] for n in frames):
            raise Error(f"it says that {string.name} has fewer faults than under OPT")
        return Counted(string, frames, {**faults, **{("", n): counts.faults[self.name, n] for n in frames}})


@dataclass
class Simulation:
    """Tests on strings: the stop 1 has the textbooks' ones, the stop 2 those of the FAMILIES (tools/pagesim/patterns.py), by name."""
    policy: str
    families: list
    tests: list

    def run(self, out):
        """=> as Part.run(); a stop is {name of a string: Counted}"""
        stops, ended = {}, ""
        try:
            with Policy(out, self.policy) as policy:
                textbooks = [strings.textbook(name) for name in strings.TEXTBOOKS]
                stops[1] = {s.name: policy.count(s, range(1, len(set(s.words)) + 1)) for s in textbooks}
                stops[2] = {name: policy.count(strings.generated(name, policy.seed())) for name in self.families}
        except Error as error:
            ended = str(error)
        return stops, ended, {}

    def again(self, stops):    # pylint: disable=unused-argument
        return f"tools/pagesim/pagesim --textbook all --generate all --policy {self.policy},fifo,clock,opt"

    def goal(self, needs):
        return f"that {self.policy} counts the {'textbook' if needs == 1 else 'generated'} strings"


@dataclass
class Beside(lab.Part):
    """A machine's run, whose first stop gets the simulator's marks too, for the same string (class Policy)."""
    policy: str = ""
    string: callable = None    # => what the program of the stop 1 has referred to: (String, frames, bystanders)

    def run(self, out):
        stops, ended, events = super().run(out)
        if 1 in stops:
            try:
                with Policy(out, self.policy) as policy:
                    stops[1].simulated = policy.marks(*self.string(stops[1]))
            except Error as error:
                stops[1].simulated = str(error)
        return stops, ended, events
