"""`make run` as a person meets it: on a terminal of its own (a pseudo-terminal here)."""
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
    """Somebody who types at COMMAND and reads."""

    def __init__(self, command, cwd=None):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""         # and not yet expected
        self.printed = b""      # all
        # A session of its own with this terminal as its controlling one, so that Ctrl-C is a signal if QEMU lets it.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command], stdin=self.slave, stdout=self.slave, stderr=self.slave, cwd=cwd)

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
        person.type("exit\n")
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

    def test_ctrl_d_leaves(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("\x04")
        self.assertEqual(person.end(), 0)
        self.assertIn(b"shisho: init exited with status 0", person.seen)
        self.assertTrue(person.terminal_is_as_before())

    def test_ctrl_a_x_leaves(self):
        person = self.start()
        person.expect(PROMPT)
        person.type("\x01x")
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
