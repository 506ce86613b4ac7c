"""What `make debug`, `make gdb`, `make record` and `make replay` offer: the commands `mm`, at stops of real machines.

What the commands say about a given memory is tested without GDB, in test_gdb_mm.py.
"""
import os
import re
import subprocess

from support import OUT, Case, Monitor, emulator, free_port, gdb, limit, machine, needs

KINDS = ("present", "swapped", "copied", "shared", "file", "untouched", "guard")    # the pages of user/demo/kinds.c


def parts(said):
    """SAID: GDB's output with lines #NAME between commands. => {NAME: what came after it}"""
    pieces = re.split(r"(?m)^#(\S+)\n", said)
    return dict(zip(pieces[1::2], pieces[2::2]))


def named(commands):
    """COMMANDS: {name: command}. => GDB's commands for parts()"""
    return [line for name, command in commands.items() for line in (f"echo \\n#{name}\\n", command)]


class Gdb(Case):
    @needs("gdb")
    def test_break_in_the_page_fault(self):
        port = free_port()
        with self.session("true", gdb=port) as s:
            wrong = gdb(port, ["help mm", "mm walk nonsense", "mm walk", "mm walk 0x100000000", "mm tasks", "mm user nope", "mm user README.md",
                               "mm frames blue", "mm page 0", "mm break-fault row=7", "mm break-fault x=1", "mm back-to-fault", "mm why",
                               "print $pid()", "print $pte(0)", "mm user sh", "disconnect"])
            for name in ("walk", "page", "map", "frames", "slots", "tasks", "user", "heap", "story", "why", "blame", "diff", "break-fault",
                         "watch-page", "watch-frame", "back-to-fault", "check"):
                self.assertRegex(wrong, rf"(?m)^mm {name} -- mm {name}\b")
            for line in ('mm walk: No symbol "nonsense" in current context.', r"mm walk: usage: mm walk ADDR \[TASK\]", "mm walk: a number has 32 bits",
                         "mm tasks: The kernel has not started: paging is off.", "mm user: there is no file nope, nor .*",
                         "mm user: README.md is no ELF file", "mm frames: a state is one of .*",
                         "mm page: The kernel has not started: paging is off.",
                         "mm break-fault: a row is one of .*", r"mm break-fault: usage: mm break-fault \[task=TASK\].*",
                         "mm back-to-fault: only in a replay: make record, then make replay", r"\$1 = 0", r"\$pte: paging is off",
                         "symbols of .*user/bin/sh"):
                self.assertRegex(wrong, rf"(?m)^{line}$")
            self.assertNotIn("Traceback", wrong)
            said = gdb(port, ["break exception_page_fault", "continue", "printf \"at %08x\\n\", address",
                              "backtrace 2", "mm tasks", "mm why", "delete", "detach"])
            self.assertRegex(said, r"Breakpoint 1, exception_page_fault")
            self.assertRegex(said, r"at [0-9a-f]{8}")
            self.assertRegex(said, r"\*\s+1 running .* (init|sh)\b")
            self.assertRegex(said, r"(?m)^(init|sh)\[1\] faults at 0x[0-9a-f]{8}: a read by the program; the entry was not present$")
            self.assertEqual(s.finish(30).status, 0)

    @needs("gdb")
    def test_fault_that_comes_back(self):
        """A page fault handler that returns success but does nothing (its code is replaced) does not hang silently."""
        nothing = "{unsigned char[3]} fault_resolve = {0x31, 0xc0, 0xc3}"  # xor %eax, %eax; ret
        port = free_port()
        with self.session("true", gdb=port) as s:
            gdb(port, ["break trap_exit_to_user", "continue", "set " + nothing, "delete", "detach"])
            end = s.finish(30)
        self.assertRegex(end.output, r"sh\[1\] is killed: the kernel has resolved its read at 0x[0-9a-f]{8} by the instruction at "
                                     r"0x[0-9a-f]{8} 1000 times in a row, but the page is still not present")
        self.assertIn("init killed by signal 9", end.output)


# What a command cannot do: it says so in one line.
ODD = {
    "mm": "Shows the memory manager of the machine.*", "mm nosuch 1": "mm: there is no command nosuch; help mm lists them",
    "mm walk": r"mm walk: usage: mm walk ADDR \[TASK\]", "mm walk zzz": 'mm walk: No symbol "zzz" in current context.',
    "mm walk 0xffffffff 99": r"mm walk: there is no task 99 \(mm tasks\)", "mm walk 1.5": "mm walk: an address or a number is needed, not double",
    "mm walk frame_table[0]": "mm walk: an address or a number is needed, not struct frame", "mm walk -1": "0xffffffff is not mapped",
    "mm page -1": "mm page: 0xffffffff is not mapped", "mm page 0xdeadbeef000": "mm page: a number has 32 bits",
    "mm page 0xdeadbeef": "mm page: 0xdeadbeef is not mapped: .*", "mm page frame": "mm page: usage: mm page ADDR, .*",
    "mm page frame 99999": "mm page: there is no frame 99999: the machine has .*", "mm page slot 0": "mm page: slot 0 is free, or there is none",
    "mm page what 1": "mm page: usage: mm page ADDR, .*", "mm map pageout": r"mm map: pageout\[3\] has no address space: .*",
    "mm map -1": r"mm map: there is no task -1 \(mm tasks\)", "mm slots 1": "mm slots: usage: mm slots, without arguments",
    "mm user nothing": "mm user: there is no file nothing, nor .*", "mm user /etc/passwd": "mm user: /etc/passwd is no ELF file",
    "mm user 99": r"mm user: there is no task 99 \(mm tasks\)", "mm heap pageout": r"mm heap: pageout\[3\] has no address space: .*",
    "mm story 0": r"mm story: the ring has \d+ faults, of which 1 is the newest", "mm story 99999": "mm story: the ring has .*",
    "mm blame 0": "the ring has no event about 0x00000000", "mm blame 0 99": r"mm blame: there is no task 99 \(mm tasks\)",
    "mm break-fault at=": r"mm break-fault: usage: mm break-fault \[task=TASK\].*", "mm watch-page 0 nosuch": r"mm watch-page: there is no task nosuch .*",
    "mm watch-frame -1": "mm watch-frame: there is no frame 4294967295: .*", "mm back-to-fault zzz": "mm back-to-fault: only in a replay.*",
    "print $pfn()": r".*\$pfn: it takes one argument", "print $pid(1)": r".*\$pid: it takes no argument",
    "print $pte(0x1ffffffff)": r".*\$pte: a number has 32 bits", "set $lang = 3": r"", "mm story": r"mm story: \$lang is one of en, ja",
}


class Kinds(Case):
    """At a stop where a program has one page of each kind."""

    def by_hand(self, monitor, cr3, address):
        """=> (directory entry, table entry or None, physical address or None), from physical memory by QEMU's monitor"""
        def word(physical):
            return int(monitor.ask(f"xp /1wx {physical:#x}").split(": 0x")[1], 16)
        pde = word((cr3 & ~0xfff) + (address >> 22) * 4)
        if not pde & 1 or pde & 0x80:
            return pde, None, pde & 0xffc00000 | address & 0x3fffff if pde & 1 else None
        pte = word((pde & ~0xfff) + (address >> 12 & 1023) * 4)
        return pde, pte, pte & ~0xfff | address & 0xfff if pte & 1 else None

    def check_walks(self, said, monitor):
        cr3 = int(re.search(r"CR3=([0-9a-f]{8})", monitor.ask("info registers")).group(1), 16)
        for name in (*KINDS, "kernel", "large", "stack", "guarded", "null"):
            text = said["walk-" + name]
            pde, pte, physical = self.by_hand(monitor, cr3, int(re.search(r"(?m)^(0x[0-9a-f]{8}) (?:->|is not)", text).group(1), 16))
            self.assertEqual(int(re.search(r"directory entry \d+ = (\w+)", text).group(1), 16), pde, text)
            mine = re.search(r"table entry \d+ = (\w+)", text)
            self.assertEqual(int(mine.group(1), 16) if mine else None, pte, text)
            mine = re.search(r"-> physical (\w+)", text)
            self.assertEqual(int(mine.group(1), 16) if mine else None, physical, text)
            self.assertIn("not present" if physical is None else "frame" if pte else "4 MiB page", text)

    def check_stops(self, port):
        """The program goes on with a store to the page that it shares since fork: the breakpoint is at that fault and no other."""
        said = gdb(port, ["mm user kinds", "mm break-fault task=kinds at=kinds.copied row=copy", "mm diff", "continue", "mm why", "finish", "mm diff",
                          "delete", "mm watch-frame $pfn(kinds.copied)", "continue", "mm check", "detach"])
        for line in (r"row copy: the page is copied, since others refer to it too", "the entry is read-only, because the page is shared since fork",
                     r"counter cow_break: \d+ -> \d+", r"entry of kinds\[1\] at 0xb7\w+: frame \d+, read-only.* -> frame \d+, writable",
                     r"page 0x\w+: frame \d+, 2 references -> frame \d+, 1 reference", "Hardware watchpoint .*",
                     r"main \(\) at user/demo/kinds.c:\d+", "all invariants hold: .*"):
            self.assertRegex(said, rf"(?m)^(0x\w+ in )?{line}$")
        self.assertNotIn("Traceback", said)

    @limit(120)
    @needs("gdb")
    def test_pages_of_each_kind(self):
        port, socket = free_port(), os.path.join(self.temporary(), "monitor")
        asked = {f"walk-{name}": f"mm walk kinds.{name}+5" for name in KINDS}
        asked.update({"walk-kernel": "mm walk &task_all", "walk-large": "mm walk 0xc0900004", "walk-stack": "mm walk $esp",
                      "walk-guarded": "mm walk 0xf8000000", "walk-null": "mm walk 0",
                      "copied": "mm page kinds.copied", "swapped": "mm page kinds.swapped", "shared": "mm page kinds.shared",
                      "file": "mm page kinds.file", "frame": "mm page frame $pfn(kinds.present)", "slot": "mm page slot 1",
                      "map": "mm map", "map-child": "mm map 6", "slots": "mm slots", "frames": "mm frames", "anon": "mm frames anon",
                      "tasks": "mm tasks", "check": "mm check", "pid": "print $pid()", "pte": "print $pte(kinds.copied)",
                      "heap": "mm heap", "blame": "mm blame kinds.copied", "story": "mm story",
                      "chosen": "set $lang = \"ja\"", "japanese": "mm story",
                      "why": "mm why", "space": "print *addrspace_all.next",
                      "as": "print *(struct addrspace *)addrspace_all.next", "printed": "print frame_table[$pfn(kinds.shared)]",
                      "slot-printed": "print 'mm/slot.c'::slots[1]", "diff": "mm diff", "watch": "mm watch-page kinds.present 1"})
        m = machine(gdb=port, monitor=socket, words="trace=all tracedev=ring")
        m.init = "/bin/kinds"
        with emulator.Session(m) as s:
            text = gdb(port, ["mm user kinds", "break look", "continue", *named(asked), *named({f"odd-{i}": c for i, c in enumerate(ODD)}),
                              'set $lang = "en"', "echo \\n#stops\\n", "info breakpoints", "disconnect"])
            said, monitor = parts(text), Monitor(socket)
            self.check_walks(said, monitor)
            self.check_stops(port)
            self.assertEqual(s.finish(30).status, 0)
        self.assertNotRegex(text, r"Traceback|\wError:|Python Exception")
        for i, (command, answer) in enumerate(ODD.items()):
            self.assertRegex(said[f"odd-{i}"], rf"(?m)^{answer}$", command)
        for name, line in {
                "walk-swapped": r"a private page, in slot 1", "walk-untouched": "untouched: .*", "walk-guard": "guarded: .*",
                "walk-null": "an access is refused: below 0x00010000 .*", "walk-guarded": "kernel stack 0: the guard page below it",
                "walk-file": r"table entry .*; read-only, user, accessed, not dirty",
                "copied": r"page 0x\w+: 2 references", "swapped": "slot 1", "slot": r"held by kinds\[1\] 0x\w+", "file": "page 0 of /bin/kinds",
                "shared": r"mapped by kinds\[6\] at 0x\w+, writable, accessed, dirty", "frame": r"held by kinds\[1\] 0x\w+",
                "map": r"  \w+     1 page  in slot 1", "map-child": r"kinds\[6\]: \d+ regions", "slots": r"  1  page \w+, only here: kinds\[1\] \w+",
                "frames": r"  table     +\d+", "anon": r"  \d+  kinds\[1\] \w+, kinds\[6\] \w+.*", "tasks": r"\*    1 running .* 1      3 kinds",
                "check": "all invariants hold: .*", "pid": r"\$\d+ = 1", "pte": r"\$\d+ = \w+ \(frame \d+: read-only, user, accessed, dirty\)",
                "heap": "kinds.*: the program has no malloc of ours.*", "japanese": r"  kinds\[1\] が .*",
                "blame": r"@\d+ Page 0xb7\w+ of kinds\[1\] became read-only\. \[addrspace_fork \(mm/\w+.c:\d+\) > \w+ \(mm/\w+.c:\d+\)\]", "story": r"@\d+-\d+",
                "why": r"it is resolved: the entry maps frame \d+ and permits the access",
                "as": r"\$\d+ = address space of task 1: \d+ regions, .*", "printed": r"\$\d+ = frame \d+: anon.*",
                "slot-printed": r"\$\d+ = slot of page 0x\w+ = \{", "diff": "the state is remembered.*",
                "watch": r"Hardware watchpoint \d+: .*"}.items():
            self.assertRegex(said[name], rf"(?m)^{line}$", name)
        self.assertRegex(said["blame"], r"was created in frame \d+\. \[row_zero_fill \(mm/fault.c:\d+\) > create \(mm/anon.c:\d+\)\]")
        self.assertRegex(text, r"stop only if \$pid\(\) == 1")


class Replay(Case):
    """Reverse execution: from a wrong value to the store that caused it, again and again."""

    @limit(180)
    @needs("gdb")
    def test_back_to_the_store(self):
        folder, port = self.temporary(), free_port()
        m = machine()
        m.init = "/bin/stale"
        m.record = emulator.recording.begin(m, folder)
        recorded = emulator.run(m, 60)
        self.assertEqual(recorded.status, 0, recorded.output)
        back = ["reverse-continue", "printf \"store at %x of %x\\n\", $pc, *(unsigned char *)$text", "tbreak print", "continue"]
        with emulator.Session(emulator.recording.load(emulator.Machine, folder, port)) as s:
            said = gdb(port, ["mm user stale", "tbreak print", "continue", "mm heap", "set $text = text", "printf \"%s\\n\", text",
                              "watch *(unsigned char *)$text if *(unsigned char *)$text == 'b'", *back * 10, "delete",
                              "mm back-to-fault $text", "mm why", "detach"], 150)
            end = s.finish(30)
        self.assertIn("bank: the code is 4711", said)
        self.assertRegex(said, r"(?m)^stale\[1\]: heap 0x\w+-0x\w+, \d+ bytes in use, \d+ free\n  0x080\w+008      44 bytes used$")
        stores = re.findall(r"store at (\w+) of (\w+)", said)
        self.assertEqual((len(stores), len(set(stores))), (10, 1), said)
        self.assertRegex(said, r"(?m)^stale\[1\] faults at 0x\w+: a store by the program; the entry was not present$")
        self.assertEqual(end.output, recorded.output)


    def test_without_recording(self):
        folder = self.temporary()
        done = subprocess.run(["tools/qemu", "--out", OUT, "--replay", folder],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, f"tools/qemu: there is no recording in {folder}: make record CMD='...' first\n")
        self.assertEqual(done.returncode, 1)
        done = subprocess.run(["tools/qemu", "--out", folder, "--record", os.path.join(folder, "record")],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, f"tools/qemu: there is no {folder}/shisho.elf to record: make builds it\n")
