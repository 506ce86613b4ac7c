"""What the tests share: where the build is, how to start a machine, how to talk to its monitor and to GDB."""
import functools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import emulator    # pylint: disable=wrong-import-position
import program    # pylint: disable=wrong-import-position
from debian import OUT, alone    # pylint: disable=wrong-import-position,unused-import
from monitor import Monitor    # pylint: disable=wrong-import-position,unused-import
import questions    # pylint: disable=wrong-import-position

KERNEL = os.path.join(OUT, "shisho.elf")
MORE_WORDS = os.environ.get("APPEND", "").split()  # for every machine: make test APPEND=disk=pio

PROMPT = r"shisho:[^\n]*\$ "


def limit(seconds):
    """Decorator: the time that a test may take, everything included."""
    def mark(function):
        function.limit = seconds
        return function
    return mark


def long(function):
    """Decorator: the test is one of `make test-long`, not of `make test`."""
    function.long = True
    return function


def machine(cmd=None, words="", swap=True, root=True, **options):
    """A machine with the usual disks that runs CMD in the shell, or the shell itself."""
    disks = (["root"] if root else []) + (["swap"] if swap else [])
    m = emulator.Machine(out=OUT, disks=options.pop("disks", disks), words=MORE_WORDS + words.split(), **options)
    if cmd is not None:
        m.init, m.args = "/bin/sh", ["-c", cmd]
    return m


def compilers():
    """=> those of docs/reference.md that are here, as values of CROSS"""
    return [cross for cross in ("gcc", "clang", "i686-linux-gnu-")
            if subprocess.run(["tools/configure", "-", cross], capture_output=True, check=False).returncode == 0]


def build_with(cross, out, tree="."):
    """Builds TREE in OUT. => what the compiler said"""
    done = subprocess.run(["make", f"CROSS={cross}", f"O={out}", "images"], cwd=tree, env=program.outside_make(), capture_output=True,
                          text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{cross}: {done.stderr[-3000:]}")
    return done.stderr


def bad_drive(m, rules, image, number=1, bus=None):
    """Machine M gets a disk on IMAGE whose requests fail by blkdebug's RULES (the text of its file)."""
    path = os.path.join(os.path.dirname(image), "rules")
    with open(path, "w", encoding="utf-8") as file:
        file.write(rules)
    m.extra += ["-drive", f"if=none,id=bad,format=raw,file=blkdebug:{path}:{image},werror=report,rerror=report"]
    m.extra += m.attach("bad", number, bus)


def failing(iotype, sectors):
    """=> blkdebug's rules: requests of IOTYPE (read, write) that touch one of the SECTORS fail"""
    return "".join(f'[inject-error]\nevent = "none"\niotype = "{iotype}"\nerrno = "5"\nsector = "{sector}"\n'
                   for sector in sectors)


class Case(unittest.TestCase):
    def boot(self, cmd=None, status=0, timeout=60, **options):
        """Runs CMD in a new machine. => what it printed; the test fails if the status is another (None: any)"""
        result = emulator.run(machine(cmd, **options), timeout)
        if status is not None and result.status != status:
            self.fail(f"status {result.status}, not {status}\n{result.command}\n{result.output[-3000:]}")
        return result.output

    def check_answer(self, name, output):
        """OUTPUT holds each line that Linux has printed for /test/NAME, in order; the kernel's own lines may stand between."""
        lines = iter(output.splitlines())
        missing = [line for line in questions.program(name).wanted() if line not in lines]
        self.assertEqual(missing, [], output[-3000:])

    def session(self, cmd=None, **options):
        """A machine to talk to; use it in a `with`."""
        return emulator.Session(machine(cmd, **options))

    def copy_of(self, name):
        """=> the path of a copy of build/NAME.img that may be changed"""
        path = os.path.join(self.temporary(), name + ".img")
        shutil.copyfile(os.path.join(OUT, name + ".img"), path)
        return path

    def temporary(self):
        folder = tempfile.mkdtemp(prefix="shisho-test-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder


def image_with(folder, more, leave_out=(), size="128M"):
    """A root disk in FOLDER with our programs and MORE: {name in /: folder}. => its path"""
    tree, path = os.path.join(folder, "tree"), os.path.join(folder, "root.img")
    shutil.copytree(os.path.join(OUT, "root"), tree, symlinks=True, ignore=shutil.ignore_patterns(*leave_out))
    for name, source in more.items():
        shutil.copytree(source, os.path.join(tree, name))
    subprocess.run(["mke2fs", "-q", "-t", "ext2", "-b", "4096", "-m", "0", "-O", "none,filetype,sparse_super,large_file",
                    "-d", tree, path, size], check=True, capture_output=True)
    shutil.rmtree(tree)
    return path


def counters(output):
    """Lines `name number` (as /proc/vmstat has them) as a dictionary; a later line wins."""
    return {name: int(value) for name, value in re.findall(r"^(\w+):?\s+(\d+)\b", output, re.MULTILINE)}


def needs(program):
    """Decorator: the test is not run where PROGRAM is not installed."""
    def mark(function):
        @functools.wraps(function)
        def test(self):
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")
            function(self)
        return test
    return mark


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def gdb(port, commands, timeout=60):
    """Runs GDB's COMMANDS against the machine that waits on PORT. => what GDB printed"""
    argv = ["gdb", "-q", "-batch", "-nx", "-ex", f"set $port = {port}", "-x", "tools/gdb/init.gdb", KERNEL]
    for command in commands:
        argv += ["-ex", command]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=timeout, check=False)
    return done.stdout.decode(errors="replace")
