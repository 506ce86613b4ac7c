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
from simulate import MARKS, QUESTIONS, Error, simulate

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
        return submitted.run(self.program, string.data, self.name, [frames], bystanders, MARKS).marks[self.name, frames]

    def asked_in_vain(self):
        """=> what it does wrong if it is asked for a victim where there is none; "": nothing"""
        try:
            submitted.run(self.program, strings.textbook("belady").data, self.name, [3], BYSTANDERS, QUESTIONS)
        except Error as error:
            return str(error)
        return ""

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
    """Tests on strings. The stop 2 has the textbooks' ones, the stop 3 those of the FAMILIES (tools/pagesim/patterns.py), by name; the
    stop 1 what is wrong where there is no victim, and the stop 0 the strings' seed."""
    policy: str
    families: list
    tests: list

    def run(self, out):
        """=> as Part.run(); the stops 2 and 3 are {name of a string: Counted}"""
        stops, ended = {}, ""
        try:
            with Policy(out, self.policy) as policy:
                stops[0], stops[1] = policy.seed(), policy.asked_in_vain()
                textbooks = [strings.textbook(name) for name in strings.TEXTBOOKS]
                stops[2] = {s.name: policy.count(s, range(1, len(set(s.words)) + 1)) for s in textbooks}
                stops[3] = {name: policy.count(strings.generated(name, stops[0])) for name in self.families}
        except Error as error:
            ended = str(error)
        return stops, ended, {}

    def again(self, stops):
        generated = f"--generate {','.join(self.families)} --seed {stops[0]} " if stops else ""
        return f"tools/pagesim/pagesim --textbook all {generated}--bystanders {BYSTANDERS} --policy {self.policy},{','.join(MEASURES)}"

    def goal(self, needs):
        does = ("", "can be asked", "counts the textbook strings", "counts the generated strings")[needs]
        return f"that {self.policy} {does}"


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
