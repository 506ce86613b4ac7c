"""From the loader to the prompt and off again: machines that are large, small, old or lack a disk; how it all ends."""
import hashlib
import os
import re
import subprocess
import time

from support import OUT, PROMPT, Case, Monitor, emulator, free_port, gdb, limit, needs


def digest(name):
    with open(os.path.join(OUT, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Boot(Case):
    def check_memory(self, mem, **options):
        output = self.boot("echo ready; cat /proc/meminfo", mem=mem, **options)
        self.assertIn("ready\n", output)
        return int(re.search(r"MemTotal:\s+(\d+) kB", output).group(1))

    def test_8_mib(self):
        self.assertLess(self.check_memory("8M"), 8192)

    def test_8_mib_without_swap(self):
        self.check_memory("8M", swap=False)

    def test_128_mib(self):
        self.assertGreater(self.check_memory("128M"), 120 * 1024)

    def test_2_gib(self):
        """More than the direct map holds: what it holds is used."""
        self.assertGreater(self.check_memory("2G"), 800 * 1024)

    def test_too_little_memory(self):
        output = self.boot(mem="2M", status=None, timeout=20)
        self.assertRegex(output, r"(?i)memory")
        self.assertNotIn("PANIC", output)

    def test_first_program_out_of_memory(self):
        """It ignores other signals that would kill it; out of memory alone it has to end, once."""
        output = emulator.run(emulator.Machine(out=OUT, disks=["root"], init="/bin/growth", args=["pages-touch", "8000"]), 20).output
        self.assertEqual(output.count("out of memory"), 1, output[-500:])
        self.assertIn("init killed by signal 9", output)

    def test_old_processor(self):
        output = self.boot(cpu="486", status=127, timeout=20)
        self.assertIn("this processor has no", output)

    def test_prompt_within_5_seconds(self):
        with self.session() as s:
            s.expect(PROMPT, 20)
            seconds = time.monotonic() - s.started
            s.send("exit\n")
            self.assertEqual(s.finish(20).status, 0)
        self.assertLess(seconds, 5)

    def test_disks_in_the_other_order(self):
        output = self.boot("cat /proc/swaps; ls /bin", disks=["swap", "root"])
        self.assertRegex(output, r"\n\S+\s+\w+\s+65532")
        self.assertIn("\nsh\n", output)

    def test_no_root(self):
        output = self.boot("ls", root=False, status=None, timeout=20)
        self.assertRegex(output, "no root")
        self.assertNotIn("PANIC", output)

    def test_damaged_root(self):
        path = os.path.join(self.temporary(), "root.img")
        with open(os.path.join(OUT, "root.img"), "rb") as image:
            data = bytearray(image.read(8 << 20))
        data[2048:65536] = os.urandom(65536 - 2048)
        with open(path, "wb") as image:
            image.write(data)
        output = self.boot("ls", disks=[path, "swap"], status=None, timeout=20)
        self.assertRegex(output, "ext2|root")
        self.assertNotIn("PANIC", output)

    def test_empty_disks(self):
        path = os.path.join(self.temporary(), "empty.img")
        with open(path, "wb") as image:
            image.truncate(1 << 20)
        output = self.boot("cat /proc/swaps", disks=["root", path])
        self.assertEqual(len(re.findall(r"^/dev|^\S+\s+partition", output, re.MULTILINE)), 0)

    def test_garbage_on_the_command_line(self):
        output = self.boot(SETTINGS, words="x=y ,,, policy=nonsense frames=many = =1 \x7f columns=abc exact=1 quiet=0 trace frames")
        self.assertIn("ready", output)
        self.assertRegex(output, r"frames=many is not a number")
        self.assertIn("policy=nonsense: there is no such policy; known: adaptive ageing clock fifo random wsclock; using clock\n", output)
        self.assertIn("\noff\nframe:1000000 disk:2000000\necho: write error: Invalid argument\nframe:1000000 disk:2000000\noff\n"
                      "policy=lru: there is no such policy; known: adaptive ageing clock fifo random wsclock; using fifo\n", output)
        self.assertEqual(output.count("columns=abc is not a number"), 1)
        for word in ("x=y is not known", "exact=1 takes no value", "quiet=0 takes no value", "trace needs a value",
                     "frames needs a value"):
            self.assertEqual(output.count(f"command line: '{word.split()[0]}' {word.split(' ', 1)[1]}; ignored"), 1, output)
        output = self.boot(words="init=/bin/true " + "quiet " * 400)
        self.assertRegex(output, r"command line: it has \d+ bytes, of which only the first 2047 are used")

    def test_verbose_and_quiet(self):
        self.assertIn("time-stamp counter", self.boot("true", words="verbose"))
        self.assertNotIn("time-stamp counter", self.boot("true"))


# What is read from `fail` can be written to it; a word that is not understood changes nothing.
SETTINGS = """echo ready; cd /proc/sys/vm; cat fail; echo frame:1000000 >fail; echo disk:2000000 slot:9 slot:0 >fail; cat fail;
echo $(cat fail) heap:x frame:5 >fail; cat fail; echo off >fail; cat fail; echo fifo >policy; echo lru >policy; true"""


class Iso(Case):
    @limit(120)
    def test_alone(self):
        with self.session(iso=True, disks=[]) as s:
            s.expect(PROMPT, 60)
            s.send("ls /bin\n")
            s.expect("cat", 20)
            s.send("exit 4\n")
            self.assertEqual(s.finish(20).status, 4)

    @limit(120)
    def test_with_disks(self):
        with self.session(iso=True) as s:
            s.expect(PROMPT, 60)
            s.send("ls -l /data; cat /proc/swaps\n")
            s.expect("words.txt", 20)
            s.expect("65532", 20)
            s.send("exit\n")
            self.assertEqual(s.finish(20).status, 0)


class Ending(Case):
    def test_status(self):
        for given, wanted in ((0, 0), (1, 1), (42, 42), (200, 125)):
            output = self.boot(f"exit {given}", status=wanted)
            self.assertTrue(output.rstrip().endswith(f"shisho: init exited with status {given}"))

    def test_missing_program(self):
        result = emulator.run(emulator.Machine(out=OUT, words=["init=/bin/nothing"]), 20)
        self.assertIn("/bin/nothing", result.output)
        self.assertNotIn("PANIC", result.output)

    def test_arguments(self):
        output = self.boot("echo 'a  b' \"c 'd'\" e\\\\f")
        self.assertIn("a  b c 'd' e\\f\n", output)

    def test_reset_is_a_failure(self):
        """A kernel that resets the machine has not reported how it ended."""
        with self.session(monitor=os.path.join(self.temporary(), "m")) as s:
            s.expect(PROMPT, 20)
            Monitor(s.machine.monitor).ask("system_reset")
            self.assertEqual(s.finish(20).status, emulator.LOST)

    def test_time_out(self):
        self.assertEqual(emulator.run(emulator.Machine(out=OUT), 3).status, emulator.TIMED_OUT)

    def test_images_stay(self):
        before = digest("root.img"), digest("swap.img")
        self.boot("echo x >/tmp/x; sort /data/text.txt | wc", status=None, words="frames=300")
        self.assertEqual(before, (digest("root.img"), digest("swap.img")))

    def test_makefile_without_terminal(self):
        """`make run CMD=...` hands the command's status through."""
        argv = ["tools/qemu", "--out", OUT, "--cmd", "echo through; exit 7"]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 7)
        self.assertIn(b"through\n", done.stdout)


class Screen(Case):
    """The VGA text screen and the keyboard, through QEMU's monitor."""

    def test_window(self):
        """`make run-window` opens one with the shell in it, or says what is missing."""
        done = subprocess.run(["tools/qemu", "--out", OUT, "--window", "--print"], capture_output=True, text=True, check=False)
        self.assertRegex(done.stdout + done.stderr, r"-display (gtk|sdl|cocoa) |no window.*qemu-system-gui")
        self.assertNotIn("init=", done.stdout)

    def test_screen_and_keyboard(self):
        path = os.path.join(self.temporary(), "monitor")
        with self.session(monitor=path) as s:
            s.expect(PROMPT, 20)
            monitor = Monitor(path)
            for key in ("e", "c", "h", "o", "spc", "shift-h", "i", "shift-1", "ret"):
                monitor.ask("sendkey " + key)
                time.sleep(0.15)
            s.expect(r"^Hi!", 20)
            s.expect(PROMPT, 20)
            rows = self.rows(monitor)
            self.assertTrue(any(row.startswith("Shisho") for row in rows), rows)
            self.assertIn("Hi!", [row.strip() for row in rows])
            s.send("demo --explain --lang=ja touch\n")
            s.expect("mmap", 20)
            s.expect(PROMPT, 20)
            rows = self.rows(monitor)
            self.assertTrue(any("This screen shows ASCII only" in row for row in rows), rows)
            self.assertTrue(any(row.startswith("??") and "mmap" in row for row in rows), rows)
            self.alternate_screen(s, monitor)
            for key in ("e", "x", "i", "t", "ret"):
                monitor.ask("sendkey " + key)
                time.sleep(0.15)
            self.assertEqual(s.finish(20).status, 0)

    def alternate_screen(self, s, monitor):
        """`top` draws on another screen, in the right places; afterwards the usual one is as it was."""
        s.send("echo The usual screen; top\n")
        s.expect("^The usual screen", 20)
        s.expect("q quit", 20)
        monitor.ask("sendkey 2")
        s.expect("Frames by address", 20)
        time.sleep(0.3)    # until all of it has been drawn
        rows = self.rows(monitor)
        self.assertTrue(rows[0].startswith("top - up "), rows)
        self.assertTrue(rows[8].startswith("Frames by address"), rows)
        self.assertTrue(rows[11].startswith("00000000 K"), rows)
        self.assertTrue(rows[24].startswith("1 tasks 2 frames"), rows)
        monitor.ask("sendkey q")
        s.expect(PROMPT, 20)
        rows = self.rows(monitor)
        self.assertEqual(rows[-2:], ["The usual screen", "shisho:/$"])

    def rows(self, monitor):
        dump = monitor.ask("xp /2000hx 0xb8000")
        cells = [int(cell, 16) for line in dump.splitlines() for cell in line.split(":")[1].split()]
        text = "".join(chr(cell & 0xff) for cell in cells)
        return [text[at:at + 80].rstrip() for at in range(0, 2000, 80)]


class Panic(Case):
    """GDB breaks the kernel: what is printed then."""

    def broken(self, commands):
        port = free_port()
        with self.session("echo hello; ls", gdb=port) as s:
            gdb(port, commands)
            return s.finish(20)

    @needs("gdb")
    def test_exception_in_the_kernel(self):
        result = self.broken(["break sys_getcwd", "break sys_open", "continue",
                              "set var *(unsigned short *)$pc = 0x0b0f", "delete", "detach"])
        self.assertEqual(result.status, 127, result.output)
        self.assertRegex(result.output, r"invalid opcode \(vector 6\) in kernel code")
        self.assertRegex(result.output, r"backtrace:\n  [0-9a-f]{8}  sys_\w+\+0x\w+\n(.*\n)?  [0-9a-f]{8}  trap_syscall_entry")
        self.assertTrue(result.output.rstrip().endswith("shisho: panic: the kernel has stopped"))

    @needs("gdb")
    def test_kernel_stack_overflow(self):
        result = self.broken(["break sys_open", "continue",
                              "set var $slot = ((unsigned)$esp - 0xf8000000) / 0x3000",
                              "set var $esp = 0xf8000000 + $slot * 0x3000 + 0x1000",
                              "delete", "detach"])
        self.assertEqual(result.status, 127, result.output)
        self.assertRegex(result.output, r"the kernel stack of '\w+' has overflowed into its guard page")
        self.assertRegex(result.output, r"  [0-9a-f]{8}  sys_open")
