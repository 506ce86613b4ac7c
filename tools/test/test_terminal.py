"""`make run` as a user sees it, on a pseudo-terminal."""
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

from support import OUT, PROMPT, Case


class Person:
    """A user of COMMAND, who types and reads."""

    def __init__(self, command, cwd=None, columns=80):
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (25, columns))
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""         # and not yet expected
        self.printed = b""      # all
        # A session of its own with this terminal as its controlling one, so that Ctrl-C is a signal if QEMU lets it.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command], stdin=self.slave, stdout=self.slave, stderr=self.slave, cwd=cwd)

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            data = os.read(self.master, 65536)
            self.seen += data
            self.printed += data

    def expect(self, pattern, timeout=20):
        deadline = time.monotonic() + timeout
        while True:
            match = re.search(pattern.encode(), self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"'{pattern}' was not printed: {self.seen[-2000:]}")
            self.read(0.2)

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        deadline = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read(0.1)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        return self.process.wait()

    def terminal_is_as_before(self):
        return termios.tcgetattr(self.slave) == self.before


class Terminal(Case):
    def start(self, *options):
        person = Person(["tools/qemu", "--out", OUT, *options])
        self.addCleanup(person.end)
        return person

    def test_ctrl_c_stops_the_program_not_the_machine(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("sleep 1000\n")
        person.expect("sleep 1000[^\n]*\n")
        time.sleep(0.5)
        person.type("\x03")
        person.expect(PROMPT)
        person.type("echo still here\n")
        person.expect("\nstill here")
        person.expect(PROMPT)
        person.type("sleep 1000\n")
        person.expect("sleep 1000[^\n]*\n")
        time.sleep(0.5)
        person.type("\x03")
        person.expect(PROMPT)
        person.type("\x04")   # the shell ends with status 130, which is no failure of `make run`
        person.expect("exited with status 130")
        self.assertEqual(person.end(), 0)
        self.assertTrue(person.terminal_is_as_before())

    def test_ctrl_c_reaches_a_handler(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("/test/sig-tty person\n")
        person.expect("type Ctrl-C\r")
        time.sleep(0.5)  # until it reads
        person.type("bad\x03")
        person.expect("interrupted 1")
        person.expect("type Ctrl-C and a line")
        time.sleep(0.5)
        person.type("bad\x03")
        person.expect("interrupted 2")
        person.type("good\n")
        person.expect("sig-tty: ok")
        person.type("exit\n")
        self.assertEqual(person.end(), 0)

    def test_ctrl_z_stops_and_fg_goes_on(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("sleep 1000\n")
        person.expect("sleep 1000[^\n]*\n")
        time.sleep(0.5)
        person.type("\x1a")
        person.expect(r"\^Z\r+\n\[1\]\+  Stopped +sleep 1000\r")
        person.expect(PROMPT)
        person.type("echo $?; ps\n")
        person.expect("148")
        person.expect(r" \d+ +1 T +\d+ +\d+ sleep\r")
        person.expect(PROMPT)
        person.type("sleep 2000 | cat | wc &\n")
        person.expect(r"\[2\] \d+\r")
        person.expect(PROMPT)
        person.type("bg; jobs\n")
        for _ in range(2):
            person.expect(r"\[1\](\+| )  Running +sleep 1000 &\r")
        person.expect(r"\[2\]   Running +sleep 2000 \| cat \| wc &\r")
        person.expect(PROMPT)
        person.type("fg %2\n")
        person.expect(r"\nsleep 2000 \| cat \| wc\r")
        time.sleep(0.5)
        person.type("\x1a")
        person.expect(r"\[2\]\+  Stopped +sleep 2000 \| cat \| wc\r")
        person.expect(PROMPT)
        for program in (r"sleep 2000 \| cat \| wc", "sleep 1000"):
            person.type("fg\n")
            person.expect(rf"\n{program}\r")
            time.sleep(0.5)
            person.type("\x03")
            person.expect(PROMPT)
        person.type("jobs; fg; echo $? is all\n")
        person.expect("\nfg: no such job\r+\n1 is all")
        person.type("exit\n")
        self.assertEqual(person.end(), 0)

    def test_background_is_stopped_by_its_read(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("cat && echo it has ended &\n")
        person.expect(r"\[1\] \d+\r")
        person.expect(PROMPT)
        person.type("sleep 1\n")  # until it has read
        person.expect(r"\[1\]\+  Stopped +cat && echo it has ended\r")
        person.expect(PROMPT)
        person.type("true\n")
        person.expect(PROMPT)
        person.type("fg\n")
        person.expect("\ncat && echo it has ended\r")
        person.type("a line\n")
        person.expect("\na line\r+\na line\r")
        person.type("\x04")
        person.expect("\nit has ended")
        person.expect(PROMPT)
        person.type("sleep 0 &\n")
        person.expect(PROMPT)
        person.type("sleep 1\n")
        person.expect(r"\[1\]\+  Done +sleep 0\r")
        person.type("exit\n")
        self.assertEqual(person.end(), 0)

    def play_job_tty(self, person):
        person.expect("type Ctrl-Z")
        time.sleep(0.5)
        person.type("\x1a")
        person.expect("type x and Enter")
        time.sleep(0.5)
        person.type("x\n")
        person.expect(r"written\r+\nwritten\r")
        person.expect("job-tty: ok")

    def test_who_may_do_what_at_the_terminal(self):
        person = self.start("--append", "check=always")
        person.expect(PROMPT)
        person.type("/test/job-tty person\n")
        self.play_job_tty(person)
        person.expect(PROMPT)
        person.type("exit\n")
        self.assertEqual(person.end(), 0)

    def test_ctrl_d_leaves(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("\x04")
        self.assertEqual(person.end(), 0)
        self.assertIn(b"shisho: init exited with status 0", person.seen)
        self.assertTrue(person.terminal_is_as_before())

    def test_qemus_key_leaves(self):
        """It is Ctrl-]; Ctrl-A is the line editor's."""
        person = self.start()
        person.expect(PROMPT)
        person.type("cho first\x01e\n")
        person.expect("\nfirst")
        person.expect(PROMPT)
        person.type("\x01x")
        person.type("\x15echo second\n")
        person.expect("\nsecond")
        person.expect(PROMPT)
        person.type("\x1dx")
        self.assertEqual(person.end(), 0)
        self.assertTrue(person.terminal_is_as_before())

    def test_command(self):
        person = self.start("--cmd", "echo one; exit 9")
        self.assertEqual(person.end(), 9)
        self.assertRegex(person.seen, rb"^one\r+\n")
        self.assertTrue(person.terminal_is_as_before())

    def test_line_editing(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("echo wring\x1b[D\x1b[D\x1b[D\x1b[D\x7fst\n")
        person.expect("\nstring")
        person.expect(PROMPT)
        person.type("\x1b[A\n")
        person.expect("\nstring")
        person.type("exit\n")
        self.assertEqual(person.end(), 0)
