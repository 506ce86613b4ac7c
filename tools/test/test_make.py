"""Messages of `make` and the tools that it starts: on a terminal, and without one."""
import os
import re
import shlex
import shutil
import subprocess
import unittest

from support import OUT, Case, free_port, needs, program
from test_terminal import Person


class Deps(Case):
    """Both check each tool; neither may read from the terminal."""

    def says(self, *command):
        person = Person(command)
        self.addCleanup(person.end)
        self.assertEqual(person.end(), 0, person.printed.decode(errors="replace")[-2000:])
        return person.printed.decode(errors="replace")

    def test_deps_at_a_terminal(self):
        self.assertEqual(self.says("tools/deps"), "deps: everything is there\r\n")

    def test_doctor_at_a_terminal(self):
        said = self.says("make", "--no-print-directory", "doctor")
        self.assertRegex(said, r"(?m)^compiler: \S+ .*linker \S+\r$")
        self.assertIn("deps: everything is there\r\n", said)


class Packages(Case):
    """What tools/deps prints where another package manager than apt-get is found: here one that does nothing."""
    FEW = "sh dirname awk sed tr id mktemp rm cat"
    COMMANDS = {"dnf": "dnf install", "pacman": "pacman -S --needed", "zypper": "zypper install", "brew": "brew install make"}

    def table(self):
        """=> {manager: {Debian's name: its name}}"""
        with open("tools/setup/names", encoding="utf-8") as file:
            lines = [line.split() for line in file.read().splitlines()[1:]]
        managers = lines[0][2:]
        for line in lines[1:]:
            self.assertEqual(len(line), len(managers) + 1, line)
        return {manager: {line[0]: line[at] for line in lines[1:]} for at, manager in enumerate(managers, 1)}

    def printed(self, manager, machine="Linux x86_64", options=()):
        """=> what tools/deps prints on MACHINE, which has a shell, a few programs and MANAGER"""
        folder = self.temporary()
        for name in self.FEW.split():
            os.symlink(shutil.which(name), os.path.join(folder, name))
        for name, does in ((manager, "exit 1"), ("uname", f"echo {machine}")):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{does}\n")
            os.chmod(path, 0o755)
        # tools/deps itself adds /sbin, where this host may have e2fsprogs and util-linux.
        done = subprocess.run(["tools/deps", *options], env={"PATH": folder}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        return done.stdout

    def command(self, *given):
        """=> the words of the command that is printed"""
        return shlex.split(re.search(r"(?m)^To install it.*\n  (?:sudo )?(.*)$", self.printed(*given))[1])

    def test_command(self):
        """It names what is missing, each once, by the manager's own names."""
        table = self.table()
        self.assertEqual(set(table), set(self.COMMANDS))
        for manager, begins in self.COMMANDS.items():
            words = self.command(manager)
            self.assertEqual(" ".join(words[:len(begins.split())]), begins)
            packages, names = words[len(begins.split()):], table[manager]
            self.assertEqual(len(set(packages)), len(packages), packages)
            self.assertEqual(set(packages) - set(names.values()), set())
            for missing in ("gcc-i686-linux-gnu", "python3", "qemu-system-x86", "xorriso", "mtools", "gdb"):
                self.assertIn(names[missing], packages)
            self.assertNotIn("-", packages)

    def test_every_name_is_known(self):
        with open("tools/deps", encoding="utf-8") as file:
            kernel = file.read().split("need_for_the_page() {")[0]
        needed = set(re.findall(r'(?m)^\s+need (?:"[^"]*"|\S+)\s+(?:\\\n\s+)?([\w.+-]+) "', kernel)) | {"gcc-i686-linux-gnu"}
        self.assertGreater(len(needed), 10)
        for names in self.table().values():
            self.assertEqual(needed - set(names), set())

    def test_no_pc(self):
        """No GRUB for PCs is asked for, and a compiler that exists there."""
        for machine in ("Linux aarch64", "Darwin arm64"):
            said = self.printed("apt-get", machine, ["--doctor"])
            self.assertRegex(said, r"apt-get install .* gcc-i686-linux-gnu ")
            self.assertNotRegex(said, "grub|xorriso")
        words = self.command("dnf", "Linux aarch64")
        self.assertTrue({"clang", "lld", "llvm"} < set(words), words)
        self.assertFalse([word for word in words if "grub" in word], words)

    def test_no_manager_that_is_known(self):
        said = self.printed("emerge")
        self.assertIn("These are Debian's names.", said)
        self.assertNotIn("To install it", said)

    def test_bundle_of_homebrew(self):
        """The Brewfile has what the command installs, and make itself."""
        with open("tools/setup/Brewfile", encoding="utf-8") as file:
            bundle = set(re.findall(r'(?m)^brew "(.*)"$', file.read()))
        self.assertEqual(set(self.command("brew", "Darwin arm64")[2:]) - bundle, set())
        self.assertIn("make", bundle)
class Build(Case):
    def says(self, *words):
        done = subprocess.run(["make", "-n", *words, "images"], env=program.outside_make(), capture_output=True, text=True, check=False)
        return done.stdout

    def test_all_cores(self):
        """Unless it is said how many; one that takes long says so."""
        build = f"O={self.temporary()}"
        self.assertIn(f" -j{len(os.sched_getaffinity(0))} -f tools/build.mk {build} ", self.says(build))
        self.assertNotRegex(self.says("-j2", "O=" + os.path.relpath(OUT)), r"make --no-print-directory -j\d+ -f tools/build.mk")
        self.assertIn("The first build takes about a minute", self.says(build))


    def test_hint_for_gdb(self):
        """It repeats what decides which kernel's symbols GDB loads."""
        def hint(*words):
            done = subprocess.run(["make", "-n", "debug", *words], capture_output=True, text=True, check=True,
                                  env=program.outside_make())
            return re.search(r'--gdb-hint "(.*?)"', done.stdout).group(1)
        folder = os.path.relpath(OUT)
        self.assertEqual(hint("PORT=2345", "KERNEL_FLAGS=-Og", "O=" + folder),
                         f"make gdb PORT=2345 O='{folder}' KERNEL_FLAGS='-Og'")

    @needs("gdb")
    def test_gdb_without_a_machine(self):
        done = subprocess.run(["make", "--no-print-directory", "O=" + os.path.relpath(OUT), f"PORT={free_port()}", "gdb"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertRegex(done.stdout, r"No machine waits on port \d+: start make debug first, in another terminal\.")
        self.assertNotRegex(done.stdout + done.stderr, "Error in sourced|Traceback")

    def test_no_such_test(self):
        done = subprocess.run(["tools/test/run", "--out", OUT, "nosuch"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("no test has nosuch in its name; ", done.stdout)

    def test_failed_test(self):
        """Its message comes before the traceback."""
        run = program.load("test/run")
        failing, result = unittest.FunctionTestCase(lambda: self.fail("frame.c:7: a is 1\n2 tests")), unittest.TestResult()
        failing.run(result)
        self.assertRegex(run.message_first(result.failures[0][1]), r"(?s)\Aframe\.c:7: a is 1\n2 tests\n\nTraceback.*self\.fail")

    def test_no_words(self):
        path = os.path.join(self.temporary(), "text")
        for text, message in ((b"caf\xe9", "is not UTF-8 text (byte 3)"), (b"7\n", "contains no word")):
            with open(path, "wb") as file:
                file.write(text)
            done = subprocess.run(["tools/mkwords", path, self.temporary()], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr.splitlines()[-1:]), (1, [f"mkwords: {path} {message}"]))
            self.assertNotIn("Traceback", done.stderr)


class Run(Case):
    """`make run` without a terminal: words, values, and standard input."""

    def make(self, *words, typed=b""):
        """=> (status, what it printed)"""
        done = subprocess.run(["make", "--no-print-directory", "O=" + os.path.relpath(OUT), "run", *words], input=typed,
                              env=program.outside_make("APPEND"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=80, check=False)
        return done.returncode, done.stdout.decode().replace("\r", "")

    def command_line(self, *options):
        """=> the kernel's command line, as tools/qemu makes it"""
        done = subprocess.run(["tools/qemu", "--out", OUT, "--print", *options], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=True, env={"PATH": os.environ["PATH"]})
        return done.stdout.split(" -append ")[1].strip()

    def test_what_is_given_by_hand_wins(self):
        self.assertEqual(self.command_line("--cmd", "true"), "'init=/bin/sh -- -c true'")
        self.assertEqual(self.command_line("--policy", "clock", "--append", "policy=fifo", "--cmd", "true"),
                         "'policy=clock policy=fifo init=/bin/sh -- -c true'")
        self.assertEqual(self.command_line("--policy", "clock", "--append", "quiet -- -c  'a  b'"),
                         """'policy=clock quiet -- -c  '"'"'a  b'"'"''""")

    def test_what_the_machine_gets(self):
        """The command with its dollars, standard input, then ends of file, so that demo and cat do not wait."""
        status, said = self.make("CMD=sort|cat; echo $(echo 5) of $#; cat /proc/sys/vm/policy; demo touch; cat; exit 7",
                                 "APPEND=policy=fifo check=foo evict=1 swap=64M disk=dma tracedev=x fail=y", typed=b"b\na\n")
        self.assertIn("Error 7", said)
        self.assertNotEqual(status, 0)
        lines = iter(said.splitlines())
        for line in ("a", "b", "5 of 0", "fifo", "Result    as expected"):
            self.assertIn(line, lines, said)
        for word in ("check=foo", "evict=1", "swap=64M", "disk=dma", "tracedev=x"):
            self.assertRegex(said, rf"(?m)^shisho: command line: {word}: [a-z]+ may be [a-zA-Z0-9: ]+; ignored$")
        self.assertRegex(said, r"(?m)^fail=y: not understood; frame:N")

    def test_bad_values(self):
        """One sentence, and no machine."""
        for port in ("99999", "foo"):
            done = subprocess.run(["tools/qemu", "--gdb", port], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            self.assertEqual((done.stdout, done.stderr),
                             ("", f"tools/qemu: PORT={port} is not a port: give a number from 1 to 65535\n"))
        for word, sentence in (("SWAP=8Q", "SWAP=8Q: give a size like 64M, or off"), ("MEM=much", "MEM=much is not a size; give one like 16M"),
                               ("KEEP=maybe", "KEEP=maybe: give 1 to keep what is written to the root disk, or 0"),
                               ("DISK=scsi", "DISK=scsi: disks are attached to ide or to virtio")):
            status, said = self.make(word)
            self.assertNotEqual(status, 0)
            self.assertIn(sentence, said)
            self.assertLessEqual(len(said.splitlines()), 2, said)

    def test_keep(self):
        """Written data is kept, even after a new build of the disk, which is reported."""
        folder = self.temporary()
        for name in ("shisho.elf", "root.img", "swap.img"):
            shutil.copyfile(os.path.join(OUT, name), os.path.join(folder, name))

        def run(command):
            done = subprocess.run(["tools/qemu", "--out", folder, "--keep", "--cmd", command], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=60, check=False)
            return done.stdout, done.stderr
        self.assertEqual(run("echo written >/kept")[1], "")
        self.assertEqual(run("cat /kept")[1], "")
        os.utime(os.path.join(folder, "root.img"))
        said, warned = run("cat /kept")
        self.assertIn("written\n", said)
        self.assertRegex(warned, r"root.img is kept, with the programs of its time; .* is newer. To begin anew: rm .*\n")
        self.keep_beside_others(folder)

    def keep_beside_others(self, folder):
        """A machine that keeps its root may run beside one that does not; a second one that keeps it is refused."""
        def start(*options):
            process = subprocess.Popen(["tools/qemu", "--out", folder, *options, "--cmd", "echo on; sleep 60"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.addCleanup(process.stdout.close)
            self.addCleanup(process.wait)
            self.addCleanup(process.terminate)
            return next((line for line in process.stdout if line == "on\n" or "tools/qemu" in line and "is kept" not in line), "")
        self.assertEqual(start(), "on\n")
        self.assertEqual(start("--keep"), "on\n")
        self.assertRegex(start("--keep"), r"root.img is in use: another machine with KEEP=1 is running\. End that one first\.\n")
