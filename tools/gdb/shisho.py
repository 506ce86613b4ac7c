"""GDB commands for Shisho: walk ADDR, tasks, program NAME. They change nothing and work in any state of the machine.

Page tables are read from physical memory with a packet of QEMU's, so that any directory can be walked at any time, even
one that is not loaded, and before paging is on.
Source: Intel SDM volume 3, "32-Bit Paging".
"""
import functools
import glob
import os

import gdb

PRESENT, WRITABLE, USER, ACCESSED, DIRTY, LARGE, GLOBAL = 1, 2, 4, 0x20, 0x40, 0x80, 0x100


def physical_word(address):
    """The 32-bit word at physical ADDRESS."""
    gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
    gdb.execute("maintenance flush dcache", to_string=True)
    try:
        data = gdb.selected_inferior().read_memory(address, 4)
        return int.from_bytes(bytes(data), "little")
    finally:
        gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)
        gdb.execute("maintenance flush dcache", to_string=True)


def register(name):
    return int(gdb.parse_and_eval("$" + name)) & 0xffffffff


def in_words(entry):
    words = ["writable" if entry & WRITABLE else "read-only", "user" if entry & USER else "kernel only"]
    words += [word for bit, word in ((ACCESSED, "accessed"), (DIRTY, "dirty"), (GLOBAL, "global"))
              if entry & bit]
    return ", ".join(words)


def walk(address, cr3):
    """=> (lines to print, physical address or None)"""
    lines = [f"directory: physical {cr3 & 0xfffff000:#010x} (CR3)"]
    pde = physical_word((cr3 & 0xfffff000) + (address >> 22) * 4)
    head = f"directory entry {address >> 22} = {pde:#010x}: "
    if not pde & PRESENT:
        return lines + [head + "not present: no table for these 4 MiB"], None
    if pde & LARGE:
        physical = (pde & 0xffc00000) | (address & 0x3fffff)
        return lines + [head + f"4 MiB page at physical {pde & 0xffc00000:#010x}; {in_words(pde)}"], physical
    lines.append(head + f"table at physical {pde & 0xfffff000:#010x}; {in_words(pde)}")
    pte = physical_word((pde & 0xfffff000) + (address >> 12 & 1023) * 4)
    head = f"table entry {address >> 12 & 1023} = {pte:#010x}: "
    if not pte & PRESENT:
        return lines + [head + "not present: the next use is a page fault"], None
    lines.append(head + f"frame at physical {pte & 0xfffff000:#010x}; {in_words(pte)}")
    return lines, (pte & 0xfffff000) | (address & 0xfff)


def in_few_words(invoke):
    """Decorator: an error of GDB's (no such symbol, no machine, no memory there) is reported in one line."""
    @functools.wraps(invoke)
    def wrapped(self, argument, from_tty):
        try:
            invoke(self, argument, from_tty)
        except gdb.error as error:
            raise gdb.GdbError(f"{invoke.__qualname__.split('.')[0].lower()}: {error}") from error
    return wrapped


class Walk(gdb.Command):
    """walk ADDR [CR3]: translates a virtual address and describes the entries of directory and table."""

    def __init__(self):
        super().__init__("walk", gdb.COMMAND_USER, gdb.COMPLETE_EXPRESSION)

    @in_few_words
    def invoke(self, argument, from_tty):
        arguments = gdb.string_to_argv(argument)
        if len(arguments) not in (1, 2):
            raise gdb.GdbError("walk ADDR [CR3]")
        values = [int(gdb.parse_and_eval(a)) for a in arguments]
        if not all(-1 << 31 <= value < 1 << 32 for value in values):
            raise gdb.GdbError("walk: an address has 32 bits")
        values = [value & 0xffffffff for value in values]
        if not register("cr0") >> 31:
            print("Paging is off: addresses are physical.")
            return
        lines, physical = walk(values[0], values[1] if len(values) > 1 else register("cr3"))
        print("\n".join(lines))
        if physical is None:
            print(f"{values[0]:#010x} is not mapped")
        else:
            print(f"{values[0]:#010x} -> physical {physical:#010x}")


class Tasks(gdb.Command):
    """tasks: all tasks with their state, directory and name; `*` marks the one that runs."""

    STATES = ("ready", "running", "sleeping", "dead")

    def __init__(self):
        super().__init__("tasks", gdb.COMMAND_USER)

    def state(self, task):
        """=> in words; in the order in which /proc/PID/stat decides, so that ps shows the same"""
        if int(task["zombie"]):
            return "zombie"
        if int(task["stopped"]):
            return "stopped"
        if int(task["swap"]["state"]) >= int(gdb.parse_and_eval("SWAP_OUT")):
            return "swapped"
        return self.STATES[int(task["thread"]["state"])]

    @in_few_words
    def invoke(self, argument, from_tty):
        task_type = gdb.lookup_type("struct task")
        offset = next(f.bitpos // 8 for f in task_type.fields() if f.name == "all")
        if not register("cr0") >> 31:
            print("There are no tasks yet: the kernel has not started.")
            return
        head = gdb.parse_and_eval("&task_all")
        current = int(gdb.parse_and_eval("thread_running"))
        link = head["next"]
        print("   pid state     cr3        kernel stack  name")
        while link != head:
            task = gdb.Value(int(link) - offset).cast(task_type.pointer())
            thread = task["thread"]
            mark = "*" if int(thread.address) == current else " "
            print(f"{mark} {int(task['pid']):4d} {self.state(task):9s} "
                  f"{int(thread['cr3']):#010x} {int(thread['sp']):#010x}    {task['name'].string()}")
            link = link["next"]


class Program(gdb.Command):
    """program NAME: loads the symbols of a program of user/ (sh, demo, ...) or of a file in addition to the kernel's.

Its breakpoints stop every task that reaches their address, so it is best if no other program runs:
make debug APPEND='init=/bin/NAME'."""

    def __init__(self):
        super().__init__("program", gdb.COMMAND_USER, gdb.COMPLETE_FILENAME)

    def find(self, name):
        """=> the path of the file with symbols; our programs are in the kernel's build folder"""
        out = os.path.dirname(gdb.current_progspace().filename or "build/")
        places = [name] + sorted(glob.glob(os.path.join(glob.escape(out), "user", "*", glob.escape(name))))
        for path in places:
            if os.path.isfile(path):
                return path
        raise gdb.GdbError(f"program: there is no file {name}, nor {out}/user/*/{name}")

    @in_few_words
    def invoke(self, argument, from_tty):
        arguments = gdb.string_to_argv(argument)
        if len(arguments) != 1:
            raise gdb.GdbError("program NAME")
        path = self.find(arguments[0])
        with open(path, "rb") as file:
            if file.read(4) != b"\x7fELF":
                raise gdb.GdbError(f"program: {path} is no ELF file")
        gdb.execute(f"add-symbol-file '{path}'", to_string=True)
        print(f"symbols of {os.path.relpath(path)}")


class AttachMachine(gdb.Command):
    """attach_machine: connects to the machine that waits on port $port (1234); ends GDB if none does."""

    def __init__(self):
        super().__init__("attach_machine", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        port = gdb.convenience_variable("port")
        port = 1234 if port is None else int(port)
        try:
            gdb.execute(f"target remote 127.0.0.1:{port}")
        except gdb.error as error:
            print(f"No machine waits on port {port}: start make debug first, in another terminal. ({error})")
            gdb.execute("quit 1")


Walk()
Tasks()
Program()
AttachMachine()
