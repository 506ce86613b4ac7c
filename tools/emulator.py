"""The one place that starts QEMU: what a machine is, and a session with one, for tools/qemu, the other tools and the tests.

The machine reports its end through isa-debug-exit at port 0xF4: QEMU exits with status 2v+1 for value v. A session's status is v;
120 if QEMU ended in another way or the kernel's last line is missing; 124 after a time-out. Disk images do not change (writes go
to temporary files) unless they are to be kept.
"""
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import children
import recording

LOST = 120       # QEMU ended, but the kernel did not power off
TIMED_OUT = 124
PANIC = 127
ESCAPE = 0x1d    # Ctrl-]
LAST_LINE = re.compile(rb"shisho: init (exited with status \d+|killed by signal \d+)\s*$")


@dataclass
class Machine:
    """The machine to start."""
    out: str = "build"
    mem: str = "16M"
    kernel: str = ""             # default: OUT/shisho.elf
    iso: bool = False            # boot OUT/shisho.iso instead of the kernel file
    disks: list = field(default_factory=lambda: ["root", "swap"])  # names in OUT, or paths; in this order
    bus: str = field(default_factory=lambda: os.environ.get("DISK") or "ide")  # ide or virtio; "virtio:swap" has its own
    keep: bool = False           # writes to the disks are kept,
    discarded: tuple = ()        # but not writes to these
    words: list = field(default_factory=list)   # of the kernel command line
    tail: str = ""               # the command line from `--` on, as given; ARGS replace it
    init: str = ""               # the first program ...
    args: list = field(default_factory=list)    # ... and its arguments
    cpu: str = ""
    icount: bool = False         # virtual time: one instruction is one nanosecond; an idle machine's clock jumps to its next timer,
    sleep: bool = False          # or, with this, runs with the host's
    gdb: int = 0                 # wait for GDB on this port before the first instruction
    monitor: str = ""            # a Unix socket for QEMU's own monitor
    com2: str = ""               # files that the second serial port and the debug console write
    debugcon: str = ""
    live: int = 0                # serve the debug console on this port of this computer as a WebSocket; start when a page connects
    window: str = ""             # the kind of QEMU's window that shows the VGA screen
    modules: list = field(default_factory=list)
    record: str = ""             # a folder: what the run reads from outside is written there, so that
    replay: str = ""             # the same run can be repeated from it, also backwards (recording.py)
    extra: list = field(default_factory=list)

    def path(self, name, suffix):
        if "/" in name or "." in name:
            return name
        return os.path.join(self.out, name + suffix)

    def cmdline(self):
        text = " ".join(self.words + (["init=" + self.init] if self.init else []))
        if self.args:
            return f"{text} -- {' '.join(quote(a) for a in self.args)}".strip()
        return f"{text} {self.tail}".strip()

    def disk_options(self):
        options = []
        for number, disk in enumerate(self.disks):
            bus, name = re.fullmatch(r"(?:(ide|virtio):)?(.*)", disk).groups()
            path = self.path(name, ".img").replace(",", ",,")
            if self.record or self.replay:
                options += recording.disk_options(self.record or self.replay, number) + self.attach(f"d{number}", number, bus)
                continue
            options += ["-drive", f"if=none,id=d{number},format=raw,file={path}"
                                  f",snapshot={'on' if name in self.discarded or not self.keep else 'off'}"]
            options += self.attach(f"d{number}", number, bus)
        return options

    def attach(self, drive, number, bus=None):
        """=> the options that make DRIVE the disk with this number (0 to 3, each once)"""
        if (bus or self.bus) == "virtio":
            return ["-device", f"virtio-blk-pci,drive={drive}"]
        # With an ISO, the first drive of the second channel is the CD-ROM.
        place = [(0, 0), (0, 1), (1, 1), (1, 0)][number]
        return ["-device", f"ide-hd,drive={drive},bus=ide.{place[0]},unit={place[1]}"]

    def command(self, terminal):
        mux = ",mux=on" if terminal else ""
        command = ["qemu-system-i386", "-accel", "tcg" + (",thread=single" if self.icount else ""),
                   "-m", self.mem, "-no-reboot", "-nic", "none",
                   "-display", self.window or "none",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
                   "-chardev", "stdio,id=con,signal=off" + mux, "-serial", "chardev:con"]
        # The escape key for QEMU's own commands: not Ctrl-A, which moves to the start of a line.
        command += ["-echr", str(ESCAPE), "-mon", "chardev=con,mode=readline"] if terminal else []
        if self.monitor:
            command += ["-chardev", f"socket,id=hmp,path={self.monitor},server=on,wait=off",
                        "-mon", "chardev=hmp,mode=readline"]
        elif not terminal:
            command += ["-monitor", "none"]
        if self.com2:
            command += ["-serial", "file:" + self.com2]
        if self.debugcon:
            command += ["-chardev", "file,id=dbg,path=" + self.debugcon,
                        "-device", "isa-debugcon,iobase=0xe9,chardev=dbg"]
        if self.live:
            command += ["-chardev", f"socket,id=live,host=127.0.0.1,port={self.live},server=on,wait=on,websocket=on",
                        "-device", "isa-debugcon,iobase=0xe9,chardev=live"]
        if self.icount:
            command += ["-icount", f"shift=0,sleep={'on' if self.sleep else 'off'}", "-rtc", "base=2026-01-01,clock=vm",
                        "-seed", "1"]
        if self.record or self.replay:
            command += recording.options(self.record, self.replay)
        if self.cpu:
            command += ["-cpu", self.cpu]
        if self.gdb:
            command += ["-S", "-gdb", f"tcp:127.0.0.1:{self.gdb}"]
        command += self.disk_options()
        if self.iso:
            command += ["-cdrom", os.path.join(self.out, "shisho.iso"), "-boot", "d"]
        else:
            command += ["-kernel", self.kernel or os.path.join(self.out, "shisho.elf"),
                        "-append", self.cmdline()]
            if self.modules:
                command += ["-initrd", ",".join(self.modules)]
        return command + self.extra


def quote(argument):
    """=> ARGUMENT in the form that the kernel splits into words after `--`"""
    if argument and not re.search(r"[\s'\"\\]", argument):
        return argument
    return '"' + re.sub(r'(["\\])', r"\\\1", argument) + '"'


def pass_on(messages):
    """Prints QEMU's MESSAGES, a stream, but the one that it waits for a page: tools/view/live has said so, in our words."""
    for line in messages:
        if b"QEMU waiting for connection on" not in line:
            sys.stderr.buffer.write(line)
            sys.stderr.flush()


def size_of(text):
    """=> bytes of a size as 16M, in MiB without a letter; None if it is no size"""
    found = re.fullmatch(r"([1-9]\d*)([KMGkmg]?)", text)
    return int(found[1]) << {"k": 10, "m": 20, "g": 30}[found[2].lower() or "m"] if found else None


def meaning(qemu_status, output):
    """=> this tool's status for QEMU's status and the machine's whole output"""
    if qemu_status < 0 or qemu_status % 2 == 0:
        return LOST
    value = qemu_status >> 1
    if value != PANIC and not LAST_LINE.search(output):
        return LOST
    return value


@dataclass
class Result:
    status: int
    output: str      # without carriage returns
    seconds: float
    command: str     # to repeat it by hand


class Session:
    """A running machine and its serial line, for the tests."""

    def __init__(self, machine, echo=None):
        self.machine = machine
        self.argv = machine.command(terminal=False)
        self.started = time.monotonic()
        self.raw = bytearray()
        self.seen = 0
        self.echo = echo
        self.changed = threading.Condition()
        self.process = children.start(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE if machine.live else subprocess.STDOUT, start_new_session=True)
        if machine.live:
            threading.Thread(target=pass_on, args=(self.process.stderr,), daemon=True).start()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        fd = self.process.stdout.fileno()
        while True:
            data = os.read(fd, 65536)
            with self.changed:
                self.raw += data
                self.changed.notify_all()
            if not data:
                return
            if self.echo:
                self.repeat(data.replace(b"\r", b""))

    def repeat(self, data):
        """Writes DATA to the echo; if nobody reads that any more, the machine runs on without one."""
        try:
            self.echo.write(data)
            self.echo.flush()
        except BrokenPipeError:
            self.echo = None

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def type(self, data):
        """As send, for bytes; does nothing if the machine has ended."""
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except OSError:
            pass

    def expect(self, pattern, timeout=30):
        """Waits until PATTERN (a regular expression) is printed after the last match. => the match"""
        deadline = time.monotonic() + timeout
        regex = re.compile(pattern.encode(), re.MULTILINE)
        with self.changed:
            while True:
                match = regex.search(bytes(self.raw[self.seen:]))
                if match:
                    self.seen += match.end()
                    return match
                left = deadline - time.monotonic()
                if left <= 0 or not self.reader.is_alive():
                    raise AssertionError(f"'{pattern}' was not printed; the machine said:\n"
                                         + self.text()[-4000:])
                self.changed.wait(min(left, 0.5))

    def text(self):
        return self.raw.replace(b"\r", b"").decode(errors="replace")

    def finish(self, timeout=60):
        """Waits for the end. => Result"""
        self.reader.join(max(0.1, timeout))     # until the end of its output: wait() with a timeout would poll
        timed_out = self.reader.is_alive()
        if timed_out:
            self.kill()
            self.reader.join(5)
        self.process.wait()
        status = TIMED_OUT if timed_out else meaning(self.process.returncode, bytes(self.raw))
        return Result(status, self.text(), time.monotonic() - self.started, shlex.join(self.argv))

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.kill()


def run(machine, timeout=60, typed="", echo=None):
    """Starts the machine and waits until it ends. => Result"""
    with Session(machine, echo) as session:
        if typed:
            session.send(typed)
        return session.finish(timeout)
