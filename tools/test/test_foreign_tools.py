"""busybox: forty of its tools on real input, and its editor and pagers at a terminal, as on Linux."""
import hashlib
import os

from foreign_case import ForeignCase, script_of, steps
from support import OUT, counters, limit
from test_terminal import Person

# What is typed at vi.
VI = [
    "ia new first line\r\x1b", "/librarian\r", "dd", "p", "yy", "3p", "10x", "cwchanged\x1b", ":5\r", "J", "~~~", ">>",
    "ofive\tsix\x1b", "u", "Oseven\x1b", ":1,40s/book/BOOK/g\r", "G", "A, the end\x1b", "10kD", "1GdwP", "ma", ":20,30d\r", "nn",
    "ylp", ":w copy.txt\r", "gg", "rX", "fas!\x1b", "5ddu", "\x06\x06\x02", ":100\r", "d5jkP",
]


def sum_of(path):
    with open(path, "rb") as file:
        return hashlib.md5(file.read()).hexdigest()


class Screen(Person):
    """Somebody at a terminal with a full-screen program of busybox."""

    def use_vi(self):
        self.expect(r"- text\.txt")
        for keys in VI:
            self.type(keys.removesuffix("\x1b"))
            if keys.endswith("\x1b"):   # with more behind it, it might be the beginning of a function key
                self.expect(r"I text\.txt")
                self.type("\x1b")
                self.expect(r"- text\.txt")
        self.type(":wq\r")

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
    def test_tools(self):
        self.compare(steps(script_of("tools.sh")), mem="64M")

    @limit(300)
    def test_tools_in_little_memory(self):
        rest = self.compare(steps(script_of("tools.sh")), mem="8M", behind="cat /proc/vmstat", timeout=200)
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

    @limit(120)
    def test_editor(self):
        """The same keys at vi leave the same files."""
        self.needs_linux()
        folder = self.folder("")
        native = self.person([os.path.join(folder, "busybox"), "vi", "text.txt"], cwd=folder)
        native.use_vi()
        self.assertEqual(native.end(), 0, native.seen[-800:])
        sums = {name: sum_of(os.path.join(folder, name)) for name in ("text.txt", "copy.txt")}
        self.assertEqual(len({sum_of(os.path.join(OUT, "root/data/text.txt")), *sums.values()}), 3)
        ours = self.at_our_terminal("./busybox vi text.txt")
        ours.use_vi()
        text = self.check_end(ours)
        for name, wanted in sums.items():
            self.assertIn(f"\n{wanted}  {name}\n", text)

    @limit(120)
    def test_pagers(self):
        for command, use in (("less", Screen.use_less), ("more", Screen.use_more)):
            ours = self.at_our_terminal(f"./busybox {command} text.txt")
            use(ours)
            self.check_end(ours)
