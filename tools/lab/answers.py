"""Answers in words instead of code: a file with a line for each question, `NUMBER FILE:FUNCTION what is wrong, and how it was found`.

In a handout the right answers exist only as digests, which are slow to compute: to try all functions of the kernel on one question
takes longer than to find the answer. This keeps nobody from cheating; it keeps the answers from being read by accident.
"""
import hashlib
import json
import os
import re
from dataclasses import dataclass

from lab import HERE, ROOT, Wrong

FILE = "answers.txt"
DIGESTS = os.path.join(HERE, "digests.json")    # of a handout: {"salt": hexadecimal, "digests": {number: [digest, ...]}}
LINE = re.compile(r"(\d+)[.:]?\s+(\S+)\s*(.*)")
WORDS = 3    # at least; in Japanese, which has no spaces, so many characters
PLACE = re.compile(r"[\w/]+\.[chS]:\w+")
COST = {"n": 1 << 16, "r": 8, "p": 2, "maxmem": 1 << 27}    # a third of a second on a fast computer


def digest(number, place, salt):
    return hashlib.scrypt(f"{number} {place}".encode(), salt=salt, dklen=16, **COST).hex()


def digests(right):
    """RIGHT: {number: the right places}. => what is in DIGESTS"""
    salt = os.urandom(16)
    known = {number: [digest(number, place, salt) for place in places] for number, places in right.items()}
    return {"salt": salt.hex(), "digests": known}


class Secret:
    """The right answers of a handout, to be asked but not to be read."""
    def __init__(self):
        with open(DIGESTS, encoding="ascii") as file:
            known = json.load(file)
        self.salt, self.digests = bytes.fromhex(known["salt"]), known["digests"]

    def has(self, number, place):
        return digest(number, place, self.salt) in self.digests[str(number)]


class Open:
    """Those of the teacher's tree. RIGHT: as above."""
    def __init__(self, right):
        self.right = right

    def has(self, number, place):
        return place in self.right[number]


def lines_of(text):
    """=> {number: [(place, words), ...]}; the places without the `()` that some write"""
    found = {}
    for line in text.split("\n"):
        match = LINE.match(line.strip())
        if match:
            number, place, words = match.groups()
            found.setdefault(int(number), []).append((place.removeprefix("./").removesuffix("()"), words))
    return found


def judge(number, lines, right):
    """Raises Wrong if the LINES about question NUMBER are not one that is right."""
    if not lines or lines[0][0] == "?":
        raise Wrong(f"a line for bug {number}", f"nothing: it is yours to write, in {FILE}")
    if len(lines) > 1:
        raise Wrong(f"one line for bug {number}", f"{len(lines)} lines")
    place, words = lines[0]
    if not PLACE.fullmatch(place):
        raise Wrong("a place as mm/fault.c:row_copy", place)
    if len(words.split()) < WORDS and (words.isascii() or len(words) < WORDS):
        raise Wrong("some words on what is wrong, and how you found it", words or "only the place")
    if not right.has(number, place):
        raise Wrong("the file and the function that were changed", f"{place}, which is another one")


@dataclass
class Answers:
    """A Part whose tests look at the file of answers; their stops are the questions."""
    tests: list
    solution: callable      # => the text that counts in a tree without such a file: the teacher's is the solution, as for other labs
    program: str = FILE

    def run(self, out):
        """=> as Part.run(), for the file beside the build folder OUT, or else in this tree"""
        text = ""
        for path in (os.path.join(tree, FILE) for tree in (os.path.dirname(os.path.abspath(out)), ROOT)):
            if not text and os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read()
        found = lines_of(text or self.solution())
        return {test.needs: found.get(test.needs, []) for test in self.tests}, "", {}

    def again(self, stops):    # pylint: disable=unused-argument
        return "make run BUG=N ..., as the page says"

    def goal(self, needs):
        return f"a line for bug {needs}"
