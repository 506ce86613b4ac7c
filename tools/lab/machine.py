"""A machine as the grader sees it: memory and CR3, copied from outside while a program of a lab is at a stop (user/test/include/lab.h).

The machine runs in virtual time, one instruction a nanosecond, and its limit is in that time: so a slow computer changes nothing.
While it waits for a disk its clock runs with the host's, else it would jump to the next timer, seconds ahead; so that a slow disk
changes nothing either, QEMU must have worked for long, too, before a run is given up.
What the console prints does not matter. A breakpoint stops the machine at the program's stops. One counts if the program's report is
where the program has it, below the CR3 that the processor uses, and holds this run's word, which is drawn anew for each run.
"""
import os
import re
import secrets
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass

TOOLS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path += [TOOLS, os.path.join(TOOLS, "bench")]
import counting    # pylint: disable=wrong-import-position
import emulator    # pylint: disable=wrong-import-position
import ending    # pylint: disable=wrong-import-position
import ext2    # pylint: disable=wrong-import-position
from monitor import Monitor    # pylint: disable=wrong-import-position
from stub import Ended, Stub    # pylint: disable=wrong-import-position

PAGE = 4096
KERNEL_BASE = 0xC0000000
PRESENT, WRITABLE, USER, ACCESSED, DIRTY = 1, 2, 4, 0x20, 0x40
LIMIT = 2     # seconds of the machine's time from one stop to the next,
WORK = 8      # and of the host's processor since the machine was switched on: beyond both, a run is given up,
LOOKS = 5     # or when the machine was idle at so many looks in a row, with hardly a request to a disk between them:
IDLE = 28     # seconds of the machine's time more for one that does nothing, whatever its disks do
FEW = 2       # every five seconds the kernel writes what has changed
LOOK = 2      # seconds of the host's time from one look at the machine to the next,
LOOK_HELD = 0.2    # and while a request to a disk is held
END = 1 << 30  # the stop behind all others: the machine has switched itself off, and the first program had ended with status 0
HELD = {"read": "read_aio", "write": "write_aio", "written": "pwritev_done"}    # what a request can be held before, and blkdebug's word
SLOW = {"all": 1, "most": 4000000}    # bytes a second that pass; one is used up for an hour by the first request
SYMBOLS = ("lab_report", "lab_stopped", "lab_goes_on")    # of user/test/include/lab.h


class Failed(Exception):
    """The run did not come as far as a test needs; the text says how it ended."""


class Entry:
    """What the tables say about an address."""
    def __init__(self, word, table):
        self.frame = word >> 12
        self.writable = bool(word & table & WRITABLE)
        self.accessed, self.dirty = bool(word & ACCESSED), bool(word & DIRTY)

    def __str__(self):
        return f"frame {self.frame}, {'writable' if self.writable else 'read-only'}"


def blocks(path):
    """=> the blocks of a disk's image that hold something: {number: bytes}. A block is a page; of a swap area, a slot."""
    found, at = {}, 0
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        while at < size:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA) // PAGE * PAGE
            except OSError:    # there is no more
                break
            end = os.lseek(file.fileno(), at, os.SEEK_HOLE)
            file.seek(at)
            data = file.read(end - at)
            found.update({(at + i) // PAGE: data[i:i + PAGE] for i in range(0, len(data), PAGE) if any(data[i:i + PAGE])})
            at = end
    return found


def make_swap(path, pages):
    """Makes a swap area of so many PAGES; its first one is the header."""
    with open(path, "wb") as file:
        file.truncate(pages * PAGE)
    subprocess.run(["mkswap", "-q", path], check=True, capture_output=True, env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"))


@dataclass
class Stop:
    """The machine at one stop of the program."""
    memory: bytes
    cr3: int
    drawn: int          # the run's word
    kernel: str         # the path of the kernel, which has its symbols
    disks: dict         # {name: blocks} of those that are looked at
    traffic: dict       # {disk: what QEMU has counted of it until now: rd_bytes, wr_bytes, rd_operations, wr_operations}
    traced: int         # bytes of the trace until then
    values: tuple = ()  # of the program's report

    def word(self, physical):
        return struct.unpack_from("<I", self.memory, physical)[0] if physical + 4 <= len(self.memory) else 0

    def walk(self, va, cr3=0):
        """=> the Entry of VA below CR3 (0: this stop's own); None: not present, or not for user mode"""
        table = self.word((cr3 or self.cr3) + (va >> 22) * 4)
        entry = self.word((table & ~0xFFF) + (va >> 12 & 0x3FF) * 4) if table & PRESENT else 0
        return Entry(entry, table) if entry & table & USER and entry & PRESENT else None

    def tables(self, cr3=0):
        """=> the directory entries of user tables, by their numbers"""
        entries = {i: self.word((cr3 or self.cr3) + i * 4) for i in range(KERNEL_BASE >> 22)}
        return {i: entry for i, entry in entries.items() if entry & PRESENT}

    def variable(self, name, number=0):
        """=> word NUMBER of the kernel's variable NAME"""
        return self.word(counting.symbol(self.kernel, name) - KERNEL_BASE + number * 4)

    def page(self, va, cr3=0):
        """=> the bytes of VA's page; None: not present"""
        entry = self.walk(va, cr3)
        return entry and self.memory[entry.frame * PAGE:(entry.frame + 1) * PAGE]

    def file(self, path, page):
        """=> the bytes of a page of the file PATH, as the root disk was made"""
        with open(os.path.join(os.path.dirname(self.kernel), "root", path), "rb") as file:
            file.seek(page * PAGE)
            return file.read(PAGE)

    def report(self, va):
        """=> (word, number, values) of the report at VA; None: it is not there"""
        page = self.page(va)
        if not page or len(page) < PAGE:
            return None
        word, number, *values = struct.unpack_from("<64I", page)
        return word, number, values


def rise(stops, number, disk, what):
    """=> by how much a count of a DISK's traffic is higher at the stop NUMBER than at the one before"""
    return stops[number].traffic[disk][what] - stops[number - 1].traffic[disk][what]


class Run:
    """
    A run of the program PATH as the first one; use it in a `with`. SYMBOLS: the addresses of those that are named above.
    READ: those of the DISKS that are looked at too, at each stop; the machine writes to a copy of them. ROOT says what is on the root
    disk, if it is not the usual one: (the run's word) => ext2.Root. SWAP: pages of the swap area, if it is not the usual one.
    MEMORY says what is in memory when the machine is switched on, if not zeros: (the kernel's path) => physical address, bytes.
    HOLDS: {number of a stop: (disk, what)}. WHAT is "all": from this stop to the next, the disk does no request but the first.
    "most": it is slow until then. Or WHAT is a key of HELD, for one of READ: the next such request after the stop is held until all
    tasks wait, however fast the computer is. "written" holds one that has been done, before the machine learns of it. The task that
    waits for such a request must have ended before the next stop, at which QEMU itself would wait for the request.
    """
    def __init__(self, out, path, symbols, mem="8M", disks=("root", "swap"), words=(), read=(), root=None, limit=LIMIT, swap=0,
                 memory=None, holds=()):
        self.folder = tempfile.mkdtemp(prefix="shisho-lab-")
        self.disks = disks
        self.copies = {name: os.path.join(self.folder, name + ".img") for name in read}
        self.report, self.stopped, self.goes_on = symbols
        self.limit, self.holds = limit, dict(holds)
        self.word, self.size = secrets.randbits(32), int(mem[:-1]) << 20
        for name, copy in self.copies.items():
            if name == "root" and root:
                ext2.make(copy, os.path.join(out, "root"), path, root(self.word))
            elif name == "swap" and swap:
                make_swap(copy, swap)
            else:
                subprocess.run(["cp", "--sparse=always", os.path.join(out, name + ".img"), copy], check=True)
        self.held = ""
        images = {**self.copies, **{disk: f"blkdebug::{self.copies[disk]}" for disk, what in self.holds.values() if what in HELD}}
        extra = self.fill_memory(*memory(os.path.join(out, "shisho.elf"))) if memory else []
        self.trace, gdb = os.path.join(self.folder, "trace.txt"), os.path.join(self.folder, "gdb")
        self.machine = emulator.Machine(out=out, mem=mem, disks=[images.get(name, name) for name in disks], keep=bool(read),
                                        discarded=set(disks) - set(read), init=path, args=[f"{self.word:08x}"], icount=True,
                                        sleep=True, words=["tracedev=debugcon", *words], debugcon=self.trace,
                                        monitor=os.path.join(self.folder, "monitor"),
                                        extra=["-S", "-gdb", f"unix:{gdb},server=on,wait=off", *extra])
        self.session = self.monitor = self.stub = None

    def __enter__(self):
        self.session = emulator.Session(self.machine)
        self.monitor = Monitor(self.machine.monitor)
        self.stub = Stub(os.path.join(self.folder, "gdb"), self.stopped, self.goes_on)
        return self

    def __exit__(self, *unused):
        self.session.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill_memory(self, address, data):
        """=> options of QEMU"""
        path = os.path.join(self.folder, "switched-on")
        with open(path, "wb") as file:
            file.write(data)
        return ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]

    def stop(self, number):
        """Waits until the program is at its stop NUMBER, and lets it go on. => the Stop; Failed"""
        try:
            self.wait_for(f"stop {number}")
            at = self.look()
            word, found, at.values = at.report(self.report) or (None, None, ())
            if (word, found) != (self.word, number):
                raise Failed(f"the program is at a stop, but its report in memory is not that of stop {number}: {self.why_not()}")
            self.hold(number)
            self.stub.go_on()
        except (Ended, OSError):    # the monitor's end is the machine's
            self.session.finish()
            raise Failed(self.end()) from None
        return at

    def hold(self, number):
        """From now on requests are held, if HOLDS says so for the stop NUMBER; otherwise none."""
        disk, what = self.holds.get(number, ("", ""))
        for name in {name for name, what in self.holds.values() if what in SLOW}:
            self.throttle(name, SLOW[what] if name == disk and what in SLOW else 0)
        if what in HELD:
            self.held = f'qemu-io d{self.disks.index(disk)} "%s held"'
            self.monitor.ask(self.held % f"break {HELD[what]}")

    def throttle(self, disk, rate):
        """QEMU lets so many bytes a second pass; 0: any number, and those that wait go on."""
        told = self.monitor.ask(f"block_set_io_throttle d{self.disks.index(disk)} {rate} 0 0 0 0 0")
        if told.strip():
            raise RuntimeError(told)

    def release(self):
        """Lets the request go on that is held."""
        if self.held:
            self.monitor.ask(self.held % "remove_break")
        self.held = ""

    def is_idle(self):
        return "HLT=1" in self.monitor.ask("info registers")

    def finish(self):
        """Waits until the machine has switched itself off as it should (END); stops are passed over. Failed"""
        try:
            while True:
                self.wait_for("its end")
                self.stub.go_on()
        except (Ended, OSError):
            if self.session.finish().status != 0:
                raise Failed(self.end()) from None

    def wait_for(self, what):
        if not self.held or not self.wait_held(what):
            self.wait_for_stop(what)

    def wait_until_idle(self):
        """Waits until all tasks wait, for as long as a run may take. => has the machine come to a stop?"""
        begun, idle, stopped = self.seconds(), 0, False
        while idle < LOOKS and not stopped and self.seconds() < begun + self.limit:
            stopped = self.stub.wait(LOOK_HELD)
            idle = idle + 1 if not stopped and self.is_idle() else 0
        return stopped

    def wait_held(self, what):
        """Waits until all tasks wait, and lets the request go on that is held. => has the machine come to a stop?"""
        try:
            stopped = self.wait_until_idle()
            self.release()
        except TimeoutError:    # QEMU waits for the request, too, when the machine stops or ends
            self.session.kill()
            panics = any(line.startswith("PANIC") for line in self.lines())
            raise Failed(self.end() if panics else f"the program came to {what} before a request to a disk was done") from None
        return stopped

    def wait_for_stop(self, what):
        begun, idle, requests = self.seconds(), 0, 0
        while not self.stub.wait(LOOK):
            before, requests = requests, sum(map(int, re.findall(r"(?:rd|wr)_operations=(\d+)", self.monitor.ask("info blockstats"))))
            idle = idle + 1 if requests <= before + FEW and self.is_idle() else 0
            if idle == LOOKS:
                raise Failed(f"the machine waits for ever before {what}")
            since = self.seconds() - begun
            if since >= self.limit and (self.worked() >= WORK or since >= self.limit + IDLE):
                where = ending.place_of_loop(self.monitor.ask("info registers"), self.machine.out)
                raise Failed(f"{what} was not reached within {self.limit} seconds of the machine's time; {where}")

    def why_not(self):
        """=> why the report of another stop was found: what a task of the program ended with, or a guess"""
        told = [line for line in self.lines() if line.startswith("yours to write") or "segmentation fault: " in line]
        return told[-1] if told else "did something else store to its page, or its own store not reach it?"

    def lines(self):
        """=> what was printed until now"""
        return [line.strip() for line in self.session.text().splitlines() if line.strip() and not line.startswith("blkdebug: ")]

    def end(self):
        """=> how the machine ended, in words"""
        return ending.in_words(self.lines())

    def look(self):
        """=> memory, CR3 and disks of the machine, which stands still"""
        cr3 = re.search(r"\bCR3=([0-9a-f]+)", self.monitor.ask("info registers"))[1]
        path = os.path.join(self.folder, "memory")
        self.monitor.ask(f'pmemsave 0 {self.size} "{path}"')
        with open(path, "rb") as file:
            disks = {name: blocks(copy) for name, copy in self.copies.items()}
            return Stop(file.read(), int(cr3, 16), self.word, os.path.join(self.machine.out, "shisho.elf"), disks, self.traffic(),
                        os.path.getsize(self.trace))

    def traffic(self):
        told = re.findall(r"^d(\d):? (.*)", self.monitor.ask("info blockstats"), re.MULTILINE)
        return {self.disks[int(number)]: {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", line)} for number, line in told}

    def seconds(self):
        """=> the machine's time: how long its clock has run"""
        date = dict(re.findall(r'"tm_(\w+)": (\d+)', self.monitor.ask("qom-get /machine rtc-time")))
        return ((int(date["mday"]) - 1) * 24 + int(date["hour"])) * 3600 + int(date["min"]) * 60 + int(date["sec"])

    def worked(self):
        """=> seconds of a processor that QEMU has had; a host that does not tell counts as patient enough"""
        try:
            with open(f"/proc/{self.session.process.pid}/stat", encoding="ascii") as file:
                user, system = file.read().rpartition(")")[2].split()[11:13]
        except FileNotFoundError:
            return WORK
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
