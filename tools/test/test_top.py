"""The monitor `top`, on a pseudo-terminal: its numbers, its keys, and how it leaves the terminal."""
import re
import time

from support import OUT, PROMPT, Case, counters, limit
from test_terminal import Person


class Picture:
    """What a terminal of 25 rows and 80 columns shows after a program has sent BYTES; as much of one as `top` needs."""

    PIECE = re.compile(rb"\x1b\[(\??)([\d;]*)([@-~])|([^\x1b])")

    def __init__(self):
        self.rows = [[" "] * 80 for _ in range(25)]
        self.row = self.column = 0
        self.rest = b""

    def feed(self, data):
        data = self.rest + data
        at = 0
        while match := self.PIECE.match(data, at):
            if match[4]:
                self.put(match[4].decode("latin-1"))
            elif match[3] == b"H":
                row, column = (match[2] + b";1").split(b";")[:2]
                self.row, self.column = int(row or b"1") - 1, int(column or b"1") - 1
            elif match[3] == b"J":
                self.rows = [[" "] * 80 for _ in range(25)]
            at = match.end()
        self.rest = data[at:]

    def put(self, character):
        if character < " " or self.row >= 25 or self.column >= 80:
            raise AssertionError(f"{character!r} at row {self.row}, column {self.column} does not fit on the screen")
        self.rows[self.row][self.column] = character
        self.column += 1

    def lines(self):
        return ["".join(row).rstrip() for row in self.rows]


class Top(Case):
    """The monitor `top`: what it prints into a pipe, and on the terminal."""
    BEGIN, END = rb"\x1b\[\?1049h", rb"\x1b\[\?1049l"

    @limit(120)
    def test_top(self):
        person = Person(["tools/qemu", "--out", OUT])
        self.addCleanup(person.end)
        person.expect(PROMPT)
        self.check_plain(person)
        self.check_keys(person)
        self.check_endings(person)
        person.type("exit\n")
        self.assertEqual(person.end(), 0)
        self.assertTrue(person.terminal_is_as_before())

    def output_of(self, person, command):
        at = len(person.printed) - len(person.seen)
        person.type(command + "; echo the end\n")
        person.expect(r"\nthe end\r")
        text = person.printed[at:len(person.printed) - len(person.seen)].decode().replace("\r", "")
        person.expect(PROMPT)
        return text

    def check_plain(self, person):
        """One frame without a terminal: its numbers are those of /proc, and no line is longer than the screen."""
        text = self.output_of(person, "cat /proc/vmstat; top -n 1 | cat; echo; cat /proc/vmstat /proc/meminfo /proc/sys/vm/policy")
        before, after = (counters(part) for part in (text[:text.index("top - up")], text[text.index("top - up"):]))
        top = text[text.index("top - up"):text.index("\n\n")].splitlines()
        self.assertLessEqual(max(map(len, top)), 80, text)
        self.assertEqual(top[0].split()[-1], text.split()[-3])    # before "the end"
        states = {name: int(number) for name, number in re.findall(r"(\w+) (\d+)", top[2])}
        self.assertEqual(list(states), ["kernel", "tables", "anon", "file", "free"])
        self.assertEqual(sum(states.values()), after["MemTotal"] // 4, text)
        self.assertIn(f"] {after['MemTotal'] // 4}", top[1])
        self.assertIn(f"] {(after['SwapTotal'] - after['SwapFree']) // 4} of {after['SwapTotal'] // 4} slots used", top[3])
        for names, row in (("fault_private cow_break fault_object promote zero_read zero_fill pgmajfault", 5),
                           ("pswpin pswpout file_in writeback clean_drop workingset_refault_anon direct_reclaim", 7)):
            for name, number in zip(names.split(), map(int, top[row].split()[1:]), strict=True):
                self.assertTrue(before[name] <= number <= after[name], f"{name}: {number}\n{text}")
        self.assertRegex("\n".join(top), r"\n +1 sleeping +\d.* sh\n")
        for screen, pattern in (("frames", r"\n00000000 -K"), ("swap", r"\nPOLICY .*\nclock "),
                                ("regions -p 1", r"\n08048000 r-xp .* sh\n(.*\n)*.*\[stack\]")):
            option = screen.partition(" ")[2]
            self.assertRegex(self.output_of(person, f"top -bn1 {option} {screen.split()[0]}"), pattern)

    def shows(self, person, pattern, picture):
        """Waits until the picture holds PATTERN. => its lines"""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            picture.feed(person.seen)
            person.seen = b""
            if re.search(pattern, "\n".join(picture.lines())):
                return picture.lines()
            person.read(0.2)
        raise AssertionError(f"{pattern} is not shown:\n" + "\n".join(picture.lines()))

    def begin(self, person, command):
        person.type(command + "\n")
        person.expect(self.BEGIN.decode())
        picture = Picture()
        self.shows(person, r"\Atop - up (.*\n){24}1 tasks 2 frames", picture)
        return picture

    def check_keys(self, person):
        """Each screen on 80 columns and 25 rows; the policy is switched; Ctrl-Z and fg."""
        self.output_of(person, "echo clock >/proc/sys/vm/policy")
        picture = self.begin(person, "top")
        for key, pattern in (("2", r"\n00000000 .*\n"), ("3", r"\n\w+ \(\d+\): \d+ regions; \d+ frames of tables: directory"),
                             ("h", r"\nKeys; any"), ("4", r"\nPOLICY .*\nclock "), ("p", r"\nclock .*\nfifo ")):
            person.type(key)
            self.shows(person, pattern, picture)
        self.shows(person, "policy fifo\n", picture)
        person.type("\x1a")
        person.expect(self.END.decode())
        person.expect(r"\[1\]\+  Stopped +top\r")
        person.expect(PROMPT)
        self.assertIn("\nfifo\n", self.output_of(person, "cat /proc/sys/vm/policy"))
        picture = self.begin(person, "fg")
        self.shows(person, r"\nclock .*\nfifo ", picture)
        person.type("q")
        person.expect(self.END.decode())
        person.expect(PROMPT)

    def check_endings(self, person):
        """However it ends, the next program finds a terminal that edits lines and echoes. After q the shell does not see to that."""
        self.begin(person, "top; cat")
        self.check_usual_mode(person, "q")
        picture = self.begin(person, "top; cat")
        while not re.search(r"End top \(", "\n".join(picture.lines())):
            person.type("n\x1b[Bk")
            self.shows(person, r"\nEnd \w+ \(\d+\) with SIGTERM", picture)
        self.check_usual_mode(person, "y")
        # In the background it waits for the terminal, and does not take the mode of the shell's line editor for the usual one.
        person.type("(sleep 1; top; cat) &\n")
        person.expect(PROMPT)
        time.sleep(1.5)
        self.begin(person, "fg")
        self.check_usual_mode(person, "q")
        self.begin(person, "top")
        person.type("\x03")
        person.expect(self.END.decode())
        person.expect(PROMPT)
        self.assertIn("130", self.output_of(person, "echo $?"))

    def check_usual_mode(self, person, last_key):
        person.type(last_key)
        person.expect(self.END.decode())
        person.type("bad\x7f\x7f\x7fgood\n\x04")
        person.expect(r"bad(\x08 \x08){3}good\r*\ngood\r")
        person.expect(PROMPT)
