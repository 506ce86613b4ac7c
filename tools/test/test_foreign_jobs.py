"""A shell from elsewhere has job control at our terminal as at Linux's."""
import time

from foreign_case import ForeignCase
from support import OUT, PROMPT, limit
from test_terminal import Person


class ForeignJobs(ForeignCase):
    def play_jobs(self, person, busybox):
        """Jobs of a shell from elsewhere: with a plain program, one that reads in the background, a full-screen one."""
        prompt = r" [#$] "
        person.type(f"PS1='in \\w # '; B={busybox}\n")
        person.expect(prompt)
        for command, key, told in (("$B sleep 1000", "\x1a", r"\[1\]\+  Stopped +\$\{B\} sleep 1000"), ("fg", "\x03", "")):
            person.type(command + "\n")
            person.expect(r"1000\r+\n")
            time.sleep(0.7)
            person.type(key)
            person.expect(r"\^." + told + "\r")
            person.expect(prompt)
        person.type("$B cat &\n")
        person.expect(prompt)
        person.type("$B sleep 1\n")  # until it has read
        person.expect(r"\[1\]\+  Stopped \(tty input\) +\$\{B\} cat\r")
        person.expect(prompt)
        person.type("bg; $B sleep 1\n")
        person.expect(r"\[1\]\+  Stopped \(tty input\) +\$\{B\} cat\r")
        person.expect(prompt)
        person.type("kill %1; kill -CONT %1; wait; $B vi /etc/nothing\n")
        person.expect("/etc/nothing")
        time.sleep(0.7)
        person.type("\x1a")
        person.expect(r"\[\d\]\+  Stopped[^\n]+ vi /etc/nothing\r")
        person.expect(prompt)
        person.type("exit\n")
        person.expect("You have stopped jobs.")
        person.expect(prompt)
        person.type("fg\n")
        person.expect("/etc/nothing")
        time.sleep(0.7)
        person.type(":q\r")
        person.expect(prompt)
        person.type("exit\n")

    @limit(300)
    def test_jobs(self):
        """A shell with job control."""
        person = Person(["tools/qemu", "--out", OUT, "--disks", self.image() + ",swap"])
        self.addCleanup(person.end)
        person.expect(PROMPT)
        person.type("/work/busybox sh\n")
        person.expect("built-in shell")
        self.play_jobs(person, "/work/busybox")
        person.expect(PROMPT)
        person.type("exit\n")
        self.assertEqual(person.end(), 0)
