"""busybox: forty of its tools on real input, and its editor and pagers at a terminal, as on Linux."""
import hashlib
import os
import re

from foreign_case import SCRIPTS, ForeignCase
from support import OUT, counters, limit
from test_terminal import Person


def keys_for_vi():
    """=> what is typed at vi, line by line of scripts/vi-keys"""
    with open(os.path.join(SCRIPTS, "vi-keys"), encoding="ascii") as file:
        return [line.encode().decode("unicode_escape") for line in file.read().splitlines()]


def sum_of(path):
    with open(path, "rb") as file:
        return hashlib.md5(file.read()).hexdigest()


class Screen(Person):
    """Somebody at a terminal with a full-screen program of busybox."""

    def use_vi(self):
        self.expect(r"- text\.txt")
        for keys in keys_for_vi():
            self.type(keys.removesuffix("\x1b"))
            if keys.endswith("\x1b"):   # with more behind it, it might be the beginning of a function key
                self.expect(r"I text\.txt")
                self.type("\x1b")
                self.expect(r"- text\.txt")

    def use_less(self):
        self.expect("A desk has a number")
        self.type(" \x1b[6~\x06G")
        self.expect(r"\(END\)")
        self.type("g/basement\r")
        self.expect("A desk has a number")
        self.expect("basement")
        self.type("nnq")

    def use_more(self):
        self.expect("A desk has a number")
        for key in " \rq":
            self.expect("--More--")
            self.type(key)


class ForeignTools(ForeignCase):
    @limit(300)
    def test_tools_in_little_memory(self):
        rest = self.compare("tools", mem="8M", behind="cat /proc/vmstat", timeout=200)
        self.assertGreater(counters(rest)["pswpin"], 1000)
        self.assertGreater(counters(rest)["pswpout"], 1000)

    def person(self, command, **options):
        person = Screen(command, **options)
        self.addCleanup(person.end)
        return person

    def at_our_terminal(self, command, mem="8M"):
        """=> somebody at a terminal of ours where COMMAND runs; what it did to the terminal and to two files is printed then"""
        disks = self.image("") + ",swap"
        line = ("cd /work; ./busybox stty -a >/before; " + command + "; echo status $?; ./busybox stty -a >/after; "
                "./busybox cmp /before /after; echo same $?; ./busybox md5sum text.txt copy.txt")
        return self.person(["tools/qemu", "--out", OUT, "--mem", mem, "--disks", disks, "--append", "verbose", "--cmd", line])

    def check_end(self, person):
        """The program has ended well and the terminal is as it was; no system call was missed. => all that was printed"""
        person.end()
        text = person.printed.replace(b"\r", b"").decode(errors="replace")
        self.assertIn("status 0\nsame 0\n", text)
        self.check_calls(text)
        return text

    @limit(200)
    def test_editor(self):
        """The same keys at vi leave the same files; here they come through a pipe, in virtual time, so that a busy host shortens no pause."""
        self.compare("editor", mem="8M", icount=True)

    @limit(120)
    def test_editor_at_a_terminal(self):
        ours = self.at_our_terminal("./busybox vi text.txt")
        ours.use_vi()
        sums = re.findall(r"(?m)^([0-9a-f]{32})  (?:text|copy)\.txt$", self.check_end(ours))
        self.assertEqual(len({sum_of(os.path.join(OUT, "root/data/text.txt")), *sums}), 3)

    @limit(120)
    def test_pagers(self):
        for command, use in (("less", Screen.use_less), ("more", Screen.use_more)):
            ours = self.at_our_terminal(f"./busybox {command} text.txt")
            use(ours)
            self.check_end(ours)
