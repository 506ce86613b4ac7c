"""The kernels that are measured. Each runs the same programs, from the same root disk, and prints what they print; a plugin counts
the boot and what a program executes.

Linux is Debian's for i386 (tools/linux.py): as it comes, and lean, without what a Debian kernel pays for and Shisho does not
have. Nothing is known of a kernel in advance; one that cannot be had is not there.
"""
import dataclasses
import os
import re
import statistics

from common import emulator, machine
from counting import counted, entry_of, plugin_options, symbol

TICKS = ("-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01,clock=vm", "-seed", "1")
LEAN = ("mitigations=off init_on_alloc=0 cgroup_disable=memory audit=0 apparmor=0 lsm= nowatchdog preempt=none "
        "transparent_hugepage=never")
SMALL = "48M"       # memory where pages are to be swapped; Linux needs 33 MiB to boot
SWAP_MIB = 160
# Where the firmware hands over to a kernel for Linux's boot protocol (Documentation/x86/boot.rst, "32-bit boot protocol").
LINUX_ENTRY = 0x100000


class Failed(Exception):
    pass


@dataclasses.dataclass
class Place:
    """The machine for a run."""
    mem: str = "128M"
    bus: str = "ide"
    swap: str = ""           # an image, which is changed
    ticks: bool = True       # a tick of the processor's counter is an instruction; else it follows the wall clock
    extra: tuple = ()        # options for QEMU


class Shisho:
    key, title = "shisho", "Shisho"

    def __init__(self, out):
        self.out = out
        self.entry = entry_of(os.path.join(out, "shisho.elf"))
        self.first = os.path.join(out, "user/bin/sh")

    def machine(self, place, init, *args):
        disks = ["root", place.swap] if place.swap else ["root"]
        m = machine(self.out, init, *args, mem=place.mem, bus=place.bus, icount=place.ticks, cpu="qemu32", disks=disks)
        m.keep, m.discarded = bool(place.swap), ("root",)
        m.extra += place.extra
        return m

    def run(self, commands, place, timeout=900):
        """=> what each of the COMMANDS has printed, in one boot; raises Failed"""
        script = "; ".join(f"{command}; echo =====$?" for command in commands)
        result = emulator.run(self.machine(place, "/bin/sh", "-c", script), timeout)
        pieces = re.split(r"^=====(\d+)\n", result.output, flags=re.MULTILINE)
        return checked(self, commands, pieces[0:-1:2], pieces[1::2], result.output)


class Linux:
    def __init__(self, linux, out, key, title, words):
        self.linux, self.out, self.key, self.title, self.words = linux, out, key, title, words
        self.entry, self.first = LINUX_ENTRY, os.path.join(linux.FOLDER, "busybox")

    def machine(self, place, root):
        return self.linux.Machine(root=root, swap=place.swap, bus=place.bus, mem=place.mem, cpu="qemu32", words=self.words,
                                  extra=(TICKS if place.ticks else ()) + place.extra)

    def run(self, commands, place, timeout=900):
        questions = [self.linux.Question(f"{n:03d}", command, timeout) for n, command in enumerate(commands)]
        answers = list(self.linux.ask(questions, self.machine(place, os.path.join(self.out, "root.img")), timeout))
        return checked(self, commands, [text for _, _, text in answers], [status for _, status, _ in answers], "")


def make_swap_image(path, written, mib=SWAP_MIB):
    """A disk with a swap area of MIB (mkswap's format, version 1). WRITTEN: all its blocks have been. => its path"""
    page = bytearray(4096)
    page[1024:1032] = (1).to_bytes(4, "little") + (mib * 256 - 1).to_bytes(4, "little")
    page[4086:] = b"SWAPSPACE2"
    with open(path, "wb") as file:
        file.write(page)
        if written:
            for _ in range(mib):
                file.write(b"\xff" * 2**20)
        file.truncate(mib * 2**20)
    return os.path.abspath(path)


def checked(kernel, commands, outputs, statuses, everything):
    if len(statuses) < len(commands) or any(map(int, statuses)):
        text = "\n".join(outputs) or everything
        raise Failed(f"{kernel.title}: {'; '.join(commands)}: status {', '.join(map(str, statuses)) or 'none'}:\n{text[-2000:]}")
    return [re.sub(r"^.*shisho: .*\n", "", text, flags=re.MULTILINE) for text in outputs]


def counted_instructions(kernel, plugin, folder, program):
    """One boot in which the plugin counts. => {"boot": from the kernel's entry to that of the first program, "major": what a fault
    that reads swap takes, with the eviction that it causes}; empty where QEMU takes no plugins"""
    folder = os.path.join(folder, kernel.key)
    os.mkdir(folder)
    swap = make_swap_image(os.path.join(folder, "swap.img"), written=False)
    options = plugin_options(plugin, folder, [kernel.entry, symbol(program, "measure_begin")],
                             [entry_of(kernel.first), symbol(program, "measure_end")])
    output, = kernel.run(["/bin/bench major"], Place(mem=SMALL, swap=swap, extra=tuple(options)))
    faults, found = list(map(int, re.findall(r"^(\d+) major", output, re.MULTILINE))), counted(folder)
    if not faults or not all(faults) or len(found) <= len(faults):
        return {}
    # A round in which the host was busy has instructions of timers that ran out meanwhile.
    rounds = [executed / major for executed, major in zip(found[-len(faults):], faults)]
    return {"boot": found[0], "major": round(statistics.median(rounds))}


def linux_kernels(out):
    """=> (kernels, version); none, and why, where Debian's packages cannot be had"""
    os.environ["SHISHO_OUT"] = out      # read when they are imported
    import debian
    import linux
    try:
        version = linux.release()
    except (debian.Unavailable, OSError, IndexError) as error:
        return [], str(error)
    return [Linux(linux, out, "linux", "Linux", ""), Linux(linux, out, "lean", "lean", LEAN)], version
