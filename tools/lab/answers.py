"""Answers in words instead of code: a file with a line for each question, `NUMBER FILE:FUNCTION what is wrong, and how it was found`.

A place is judged exactly: the file and the function. Whether the words are true no program can tell; it can only tell that some are
there, which are not those of the place, of the lab's page or of another line.

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
LINE = re.compile(r"(\d+)[.:)]?\s+(\S+)\s*(.*)")
WORDS = 5    # different ones, at least; two letters count as one in Japanese, which has no spaces
WORD_OR_LETTER = re.compile(r"[a-z][a-z0-9_]*|[^\W\d_a-z]")
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


def words_of(text):
    """=> the words of TEXT in small letters, in their order: each letter that is not Latin is one"""
    return WORD_OR_LETTER.findall(text.lower())


def counted(words, place):
    """=> those of the text WORDS that count: different ones that are not names of PLACE; and how many they are"""
    own = set(words_of(words)) - set(words_of(place))
    letters = sum(not word.isascii() for word in own)
    return own, len(own) - letters + letters // 2


def page_of(name):
    """=> the words of the pages of lab NAME; in a handout they are the README"""
    texts = []
    for path in (f"docs/labs/{name}.md", f"docs/labs/{name}.ja.md", "README.md", "README.ja.md"):
        if os.path.exists(os.path.join(ROOT, path)):
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                texts += words_of(file.read())
    return texts


def judge_words(number, found, page):
    """Raises Wrong if the words of the one line about question NUMBER say nothing of their own. FOUND: as of lines_of()"""
    place, words = found[number][0]
    own, count = counted(words, place)
    if count < WORDS:
        raise Wrong(f"what is wrong and how you found it, in {WORDS} different words or more, beside the names of the place",
                    f"{words}: {count} of these count, {' '.join(sorted(own))}" if words else "only the place")
    said = words_of(words)
    same = [other for other, lines in found.items()
            if other != number and any(set(words_of(text)) == set(said) for _, text in lines)]
    if same:
        raise Wrong("words on this bug", f"the same words as for bug {same[0]}")
    if f" {' '.join(said)} " in f" {' '.join(page)} ":
        raise Wrong("your own words", "a sentence of the lab's page")


def judge(number, found, right, page):
    """Raises Wrong if the lines about question NUMBER in FOUND, which is as of lines_of(), are not one that is right. PAGE: words that
    the lab's page has"""
    lines = found[number]
    if not lines or lines[0][0] == "?":
        raise Wrong(f"a line for bug {number}", f"nothing: it is yours to write, in {FILE}")
    if len(lines) > 1:
        raise Wrong(f"one line for bug {number}", f"{len(lines)} lines")
    place = lines[0][0]
    if not PLACE.fullmatch(place):
        raise Wrong("a place as mm/fault.c:row_copy", place)
    judge_words(number, found, page)
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
