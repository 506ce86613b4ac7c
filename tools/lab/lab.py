"""What a lab is: the files that students write in, and tests with points. The tests of a part share one run: each looks at some of its
stops, and says what it expected and what it saw."""
import glob
import os
import sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path += [os.path.join(ROOT, "tools"), os.path.join(ROOT, "tools/bench"), HERE]
# pylint: disable=wrong-import-position
import counting
import events
import machine
import program


class Wrong(Exception):
    """A test has failed: what it EXPECTED, and what it SAW."""
    def __init__(self, expected, saw):
        super().__init__(f"expected {expected}; saw {saw}")
        self.expected, self.saw = expected, saw


def same(what, expected, saw):
    if expected != saw:
        raise Wrong(f"{what}: {expected}", str(saw))


def total(page):
    """=> the status of a task that has ended by lab_add_up() of a PAGE"""
    return (sum(page) & 0xFF) << 8


@dataclass
class Test:
    points: int
    name: str
    needs: int               # the last stop that it looks at, or machine.END
    check: callable          # (stops, by their numbers); raises Wrong


@dataclass
class Part:
    """Tests that share one run of a program below /test, which is the first one of a machine."""
    program: str
    tests: list
    mem: str = "8M"
    disks: tuple = ("root", "swap")
    words: tuple = ()
    read: tuple = ()            # those of the disks that its tests look at
    root: callable = None       # (the run's word) => what is on the root disk, an ext2.Root; None: the usual files
    swap: int = 0               # pages of the swap area; 0: the usual one
    memory: callable = None     # (the kernel's path) => address and bytes that are in memory when the machine is switched on; None: zeros
    holds: dict = field(default_factory=dict)    # {stop: (disk, what)}: requests that are held until the next stop (machine.Run)
    trace: str = "fault,map,space"    # the classes of events of which the last ones are shown; "": none

    @property
    def last(self):
        """The last stop that is looked at."""
        return max(test.needs for test in self.tests if test.needs != machine.END)

    @property
    def to_end(self):
        return any(test.needs == machine.END for test in self.tests)

    def start(self, out, limit=machine.LIMIT):
        symbols = [counting.symbol(os.path.join(out, "user/test", self.program), name) for name in machine.SYMBOLS]
        words = (f"trace={self.trace}",) * bool(self.trace) + tuple(self.words)
        return machine.Run(out, "/test/" + self.program, symbols, self.mem, self.disks, words, self.read, self.root, limit, self.swap,
                           self.memory, self.holds)

    def run(self, out):
        """Runs the kernel and the disks in OUT. => (the Stops by number, how the run ended, {stop: the last events before it, in words})"""
        stops, ended = {}, ""
        with self.start(out) as r:
            try:
                for number in range(1, self.last + 1):
                    stops[number] = r.stop(number)
                if self.to_end:
                    r.finish()
                    stops[machine.END] = stops[self.last]
            except machine.Failed as failed:
                ended = str(failed)
            if not self.trace:
                return stops, ended, {}
            places = {number: stops[number].traced if number in stops else events.MOST for number in range(1, self.last + 1)}
            places[machine.END] = events.MOST
            told = events.last(r.trace, out, places.values())
            return stops, ended, {number: told[place] for number, place in places.items()}

    def again(self, stops):
        """=> the command that starts the same program on the same machine, for a closer look; STOPS: those of the run. Its memory is not
        filled, and no request to a disk is held."""
        word = next((stop.drawn for stop in stops.values()), 1)
        disk, make_disk = "", ""
        if self.root:
            disk, make_disk = " ROOT_DISK=build/lab.img", f"tools/lab/disk {self.program} {word:x} build/lab.img && "
        words = " ".join([*self.words, f"init=/test/{self.program} -- {word:x}"])
        swap = f" SWAP={self.swap * machine.PAGE >> 10}K" if self.swap else "" if "swap" in self.disks else " SWAP=off"
        return f"{make_disk}make run MEM={self.mem}{swap}{disk} APPEND='{words}'"

    def goal(self, needs):
        """=> what was expected, if there is no stop NEEDS"""
        end = needs == machine.END
        return f"that {self.program} ends with status 0, and the machine is switched off" if end else f"that {self.program} comes to its stop {needs}"


@dataclass
class Lab:
    name: str
    title: str
    files: list              # that students write in
    parts: list
    scenario: str = "tour"   # of tools/view: the recording whose course students predict
    beside: tuple = ()       # files of the tree that could be handed in as one's own
    is_code: bool = True     # they are files of the tree, in which markers enclose what students write

    def solution(self):
        """=> what a student with all points hands in: {path: text}"""
        texts = {}
        for path in self.files:
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                texts[path] = file.read()
        return texts

    def add_to_handout(self, out, build):    # pylint: disable=unused-argument
        """Adds to the handout in OUT what that of this lab alone has. BUILD: this tree's build folder. => the lines that it may not have"""
        return []

    @property
    def tests(self):
        return [test for part in self.parts for test in part.tests]

    @property
    def points(self):
        return sum(test.points for test in self.tests)


@dataclass
class Outcome:
    """Of one test."""
    test: Test
    again: str               # the command that repeats its run
    points: int = 0
    expected: str = ""
    saw: str = ""
    events: list = field(default_factory=list)    # the last ones before what was looked at


@dataclass
class Result:
    lab: Lab
    outcomes: list = field(default_factory=list)
    error: str = ""                               # why there was no run
    alike: str = ""                               # a file of the tree that has most of what was handed in, and how much of it

    @property
    def points(self):
        return sum(outcome.points for outcome in self.outcomes)


def names():
    return sorted(os.path.basename(path)[:-3] for path in glob.glob(os.path.join(HERE, "labs/*.py")))


def module(folder, name):
    """=> the module NAME of a FOLDER beside this file"""
    return program.load(f"lab/{folder}/{name}.py")


def load(name):
    """=> the Lab NAME"""
    return module("labs", name).LAB


def refused(lab, error):
    """=> the Result of what cannot be run"""
    return Result(lab, [Outcome(test, part.again({})) for part in lab.parts for test in part.tests], error=error)


def judge(part, test, stops, ended):
    outcome = Outcome(test, part.again(stops))
    if test.needs not in stops:
        outcome.expected, outcome.saw = part.goal(test.needs), ended
        return outcome
    try:
        test.check(stops)
        outcome.points = test.points
    except Wrong as wrong:
        outcome.expected, outcome.saw = wrong.expected, wrong.saw
    return outcome


def run(lab, out):
    """Runs the tests of LAB on what is built in OUT. => Result"""
    result = Result(lab)
    for part in lab.parts:
        stops, ended, told = part.run(out)
        for test in part.tests:
            result.outcomes.append(judge(part, test, stops, ended))
            if not result.outcomes[-1].points:
                result.outcomes[-1].events = told.get(test.needs, [])
    return result
