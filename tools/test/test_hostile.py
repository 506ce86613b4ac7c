"""Recordings that are damaged or made up: each tool of tools/trace says in a line what is wrong, without a traceback, and ends."""
import argparse
import contextlib
import io
import os
import random
import re
import subprocess

from support import Case, limit, program
from traces import TOOLS, reader

import schema

KERNEL = "build/shisho.elf"
CASES, EVENTS = 150, 60
HELLO = f"@1 0 0 hello version={schema.VERSION} page=4096 frames=64 slots=8 limit=0 policy=clock mhz=1 classes=all\n"
NUMBERS = ["-1", "0", "4294967295", "4294967296", "9" * 30, "0x0", "0xffffffff", "0x100000000", "0x" + "f" * 40, "1_0", "+1", " 1", "", "x", "٣", "1e9"]
# A recording, and what is said about it: of the whole of it, all is wrong with one line.
WRONG = {
    "cut": (HELLO[:-9], "line 1: cut off"), "binary": ("\0\1\2\x7fELF\n" * 20, "line 1: "), "nothing": ("\n", "line 1: ''"),
    "long": (HELLO + "@2 0 0 user line=" + "x" * 10_000_000 + "\n", "line 2: "), "digits": ("@" + "1" * 100_000 + "\n", "line 1: "),
    "one": ("a" * 1_000_000, "line 1: cut off"),
    "version": (HELLO.replace(f"version={schema.VERSION}", "version=99"), "version 99 of the schema; these tools know"),
    "machine": (HELLO.replace("frames=64", "frames=4294967295"), "there is no such machine"),
    "range": (HELLO + "@2 0 4 unmap va=0x100000000 frame=1\n", "va=0x100000000: not a number of 32 bits"),
    "negative": (HELLO + "@2 0 4 unmap va=0x1000 frame=-1\n", "frame=-1: not a number of 32 bits"),
    "back": (HELLO + "@9 0 4 space\n@8 0 5 space\n", "@8 follows @9"), "twice": (HELLO + HELLO, "@1 follows @1"),
}


def damaged(dice, lines):
    """=> LINES with some of them cut, doubled, exchanged, with other numbers or bytes"""
    lines = list(lines)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(lines))
        line = lines[at]
        fields = [m.span() for m in re.finditer(r"(?<==)\S+|\b\d+\b", line)] or [(0, 0)]
        start, end = dice.choice(fields)
        place = dice.randrange(len(line) + 1)
        lines[at] = dice.choice([line[:start] + dice.choice(NUMBERS) + line[end:], line[:place] + "\n", line + line, dice.choice(lines), HELLO,
                                 line[:place] + chr(dice.randrange(1, 256)) + line[place + 1:], "@1 0 0 snapshot part=begin\n"])
    return lines


def in_order(lines):
    """=> LINES with rising numbers, so that a reader comes further"""
    return [re.sub(r"^@\d+", f"@{n}", line) for n, line in enumerate(lines, 1)]


class Hostile(Case):
    def tool(self, name, *arguments):
        done = subprocess.run([os.path.join(TOOLS, name), *arguments], capture_output=True, check=False, timeout=30)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    @limit(120)
    def test_one_clear_line(self):
        path, check = os.path.join(self.temporary(), "trace.txt"), program.load("trace/check")
        for name, (text, words) in WRONG.items():
            with open(path, "w", encoding="latin-1") as file:
                file.write(text)
            found = check.follow(io.StringIO(text)).wrong
            self.assertTrue(any(words in wrong for wrong in found), (name, found))
            for tool in ("story", "check") if name in ("binary", "long") else ("story",):
                status, out, said = self.tool(tool, path)
                self.assertEqual(status, 1, (name, tool))
                complaint = said if tool == "story" else out
                self.assertIn(words, complaint, (name, tool))
                self.assertNotIn("Traceback", said, (name, tool))
                self.assertLess(len(complaint), 500, (name, tool))
            if name in ("binary", "long", "one"):
                status, out, said = self.tool("sites", KERNEL, path)
                self.assertEqual((status, said), (0, ""), name)
                self.assertNotIn('"0x', out)

    @limit(120)
    def test_random_damage(self):
        """150 damaged recordings, the same in each run: whatever reads them ends as with one that is merely wrong."""
        dice, made = random.Random(15), program.load("view/test/random_trace.py")
        story, check, sites = (program.load("trace/" + name) for name in ("story", "check", "sites"))
        refused = 0
        for number in range(CASES):
            lines = damaged(dice, [line + "\n" for line in made.lines(number, EVENTS)])
            lines = in_order(lines) if number % 3 else lines
            check.follow(lines)
            sites.places_in(lines)
            options = argparse.Namespace(json=dice.random() < .3, brief=dice.random() < .3, lang=dice.choice(["en", "ja"]), library=dice.random() < .3,
                                         task=None, first=0, last=1 << 40, page=0x400000, build="/nowhere", file="-", perfetto=os.devnull)
            for act in (story.tell, story.tell_life, story.write_perfetto):
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    try:
                        act(options, reader.read(lines, rising=True))
                    except reader.Malformed as error:
                        self.assertLess(len(str(error)), 500)
                        refused += 1
        self.assertGreater(refused, CASES)
        self.assertLess(refused, 3 * CASES)
