"""What `make debug` and `make gdb` offer: a stop in the page fault, a walk that says what QEMU itself says."""
import re

from support import Case, free_port, gdb, needs


class Gdb(Case):
    @needs("gdb")
    def test_break_in_the_page_fault(self):
        port = free_port()
        with self.session("true", gdb=port) as s:
            wrong = gdb(port, ["help user-defined", "walk nonsense", "walk", "walk 0x100000000", "tasks", "program nope", "program README.md", "program sh",
                               "disconnect"])
            for name in ("program", "tasks", "walk"):
                self.assertRegex(wrong, rf"(?m)^{name} -- {name}\b")
            self.assertRegex(wrong, r'(?m)^walk: No symbol "nonsense" in current context\.$')
            self.assertRegex(wrong, r"(?m)^walk ADDR \[CR3\]$")
            self.assertRegex(wrong, r"(?m)^walk: an address has 32 bits$")
            self.assertRegex(wrong, r"(?m)^There are no tasks yet: the kernel has not started\.$")
            self.assertRegex(wrong, r"(?m)^program: there is no file nope, nor .*$")
            self.assertRegex(wrong, r"(?m)^program: README.md is no ELF file$")
            self.assertRegex(wrong, r"(?m)^symbols of .*user/bin/sh$")
            self.assertNotIn("Traceback", wrong)
            said = gdb(port, ["break exception_page_fault", "continue", "printf \"at %08x\\n\", address",
                              "backtrace 2", "tasks", "delete", "detach"])
            self.assertRegex(said, r"Breakpoint 1, exception_page_fault")
            self.assertRegex(said, r"at [0-9a-f]{8}")
            self.assertRegex(said, r"\*\s+1 running .* (init|sh)\b")
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

    @needs("gdb")
    def test_walk_equals_qemus(self):
        addresses = ["0xc0100000", "0xc0101234", "0xf8001000", "0xf8000000", "0x08048000",
                     "0x0804a123", "0xbfffe010", "0x00001000", "0xb0000000"]
        port = free_port()
        with self.session("free", gdb=port):
            # A call by the user: code, data and stack are mapped, a kernel stack is in use.
            commands = ["break sys_write", "continue"]
            for address in addresses:
                commands += [f"echo \n@{address}\n", f"walk {address}", f"monitor gva2gpa {address}"]
            said = gdb(port, commands)
        compared = 0
        for part in said.split("\n@")[1:]:
            mine = re.search(r"-> physical (0x[0-9a-f]+)$", part, re.MULTILINE)
            theirs = re.search(r"gpa: (0x[0-9a-f]+)", part)
            self.assertEqual(bool(mine), bool(theirs), part)
            if mine:
                self.assertEqual(int(mine.group(1), 16), int(theirs.group(1), 16), part)
                compared += 1
        self.assertGreater(compared, 3, said)
