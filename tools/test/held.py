"""A machine that stands still where a test wants it: after a line of its trace, between a change and the next one.

With `tracestep` the kernel waits after each line for a byte on its second serial port. Interrupts are off meanwhile, and no other
thread runs, so memory holds every change up to the line's SEQ and none after it. Two kinds of lines are written in the middle of a
change, and the machine is never stopped at them:

- `run` comes before the first event of another thread, which may have made its change already;
- `unmap` in rmap_set_writable() is the first half of a change that `map` completes.
"""
import json
import os
import re
import socket
import subprocess

from support import KERNEL, Monitor, emulator, machine
from traces import TOOLS

MEMORY = 8 << 20
WITHIN = "rmap_set_writable"


def sites(elf):
    """=> {address: [[function, file, line], ...]}"""
    return json.loads(subprocess.run([os.path.join(TOOLS, "sites"), elf], capture_output=True, check=True).stdout)


class Held:
    """A machine that runs CMD and is held; use it in a `with`. LINES: of its trace so far."""

    def __init__(self, folder, cmd, words):
        self.folder, self.lines, self.dumps = folder, [], []
        self.within = {int(at, 16) for at, places in sites(KERNEL).items() if any(place[0] == WITHIN for place in places)}
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(folder, "com2"))
        self.listener.listen(1)
        self.machine = machine(cmd, f"trace=all tracedev=com2 tracestep {words}", mem=f"{MEMORY >> 20}M",
                               monitor=os.path.join(folder, "monitor"), extra=["-serial", f"unix:{folder}/com2"])

    def __enter__(self):
        self.session = emulator.Session(self.machine)
        self.port, _ = self.listener.accept()
        self.stream = self.port.makefile("rb")
        self.monitor = Monitor(self.machine.monitor)
        self.read_line()    # the first one: the kernel has opened its port
        return self

    def __exit__(self, *unused):
        self.session.kill()
        for thing in (self.stream, self.port, self.listener, self.monitor.socket):
            thing.close()

    def read_line(self):
        line = self.stream.readline().decode()
        assert line.endswith("\n"), "the machine has ended:\n" + self.session.text()[-2000:]
        self.lines.append(line)

    def advance(self, n):
        """Lets the machine write N lines more, and what completes a change."""
        self.port.sendall(b"." * n)
        for _ in range(n):
            self.read_line()
        while self.is_within(self.lines[-1]):
            self.port.sendall(b".")
            self.read_line()

    def is_within(self, line):
        name, at = line.split(" ", 4)[3], re.search(r" at=0x([0-9a-f]+)$", line.rstrip())
        return name == "run" or name == "unmap" and bool(at) and int(at[1], 16) in self.within

    def take(self):
        """Stops the machine for as long as its memory is copied into a file, by its own monitor. The last line says when it was."""
        path = os.path.join(self.folder, f"{len(self.lines)}.memory")
        self.monitor.ask("stop")
        assert not self.monitor.ask(f'pmemsave 0 {MEMORY} "{path}"')
        loaded = int(re.search(r"\bCR3=([0-9a-f]+)", self.monitor.ask("info registers"))[1], 16)
        self.monitor.ask("cont")
        self.dumps.append((len(self.lines), path, loaded))

    def walks(self):
        """=> what GDB reads from the copies with the kernel's debug information: walk_dumps.py's, with `lines` and `loaded`"""
        paths = [path for _, path, _ in self.dumps]
        told = subprocess.run(["gdb", "-batch", "-nx", "-ex", f"python import sys; sys.argv = {paths!r}",
                               "-x", "tools/test/walk_dumps.py", KERNEL], capture_output=True, text=True, check=True)
        found = [json.loads(line) for line in told.stdout.splitlines()]
        assert len(found) == len(paths), told.stderr
        return [{"lines": lines, "loaded": loaded, **walk} for (lines, _, loaded), walk in zip(self.dumps, found)]
