"""mm/ and the queue of disks apart from the machine: their own files, unmodified, compiled for the host under sanitizers
(tools/test/host)."""
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess

from support import OUT, Case, alone, emulator, limit, machine

HERE = "tools/test/host"
FOLDER = os.path.join(OUT, "host")
HEADERS = glob.glob(HERE + "/**/*.h", recursive=True) + glob.glob("mm/*.h") + ["drivers/block.h"] + glob.glob("kernel/base/*.h")
# What only the i386 can do, and the order in which the kernel brings mm/ up.
NOT_HERE = {"mm/usercopy.c", "mm/mm.c"}
FLAGS = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", *(["-Werror"] if os.environ.get("CI") else []),
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         "-I" + HERE, "-I.", "-I" + FOLDER, "-include", HERE + "/ram.h"]
# In the handout of a lab: what stands where something is to be written.
FLAGS += ["-include", "kernel/base/lab.h"] if os.path.exists("kernel/base/lab.h") else []
# Where the kernel's image ends, for bootmem.c.
LINK = ["-fsanitize=address,undefined", "-Wl,--defsym=kernel_end=host_ram+0x200000"]


def sources():
    return sorted(set(glob.glob("mm/*.c")) - NOT_HERE) + ["drivers/block.c"] + sorted(glob.glob(HERE + "/*.c"))


def is_new(path, parts):
    return os.path.exists(path) and all(os.path.getmtime(path) > os.path.getmtime(part) for part in parts)


def compile_one(compiler, source):
    obj = os.path.join(FOLDER, source.replace("/", "_") + ".o")
    if not is_new(obj, [source, __file__, os.path.join(FOLDER, "trace_events.h")] + HEADERS):
        done = subprocess.run([compiler, *FLAGS, "-c", "-o", obj, source], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise AssertionError(done.stderr[-4000:])
    return obj


def build(compiler):
    """All modules' tests are one program, built by the first test that needs it. => its path"""
    program = os.path.join(FOLDER, "host")
    events = os.path.join(FOLDER, "trace_events.h")
    with alone(FOLDER):
        if not is_new(events, ["tools/trace.schema", "tools/mktrace"]):
            with open(events, "wb") as header:
                subprocess.run(["tools/mktrace", "header"], stdout=header, check=True)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            objects = list(pool.map(lambda source: compile_one(compiler, source), sources()))
        if not is_new(program, objects):
            done = subprocess.run([compiler, "-o", program, *objects, *LINK], capture_output=True, text=True,
                                  check=False)
            if done.returncode:
                raise AssertionError(done.stderr[-4000:])
    return program


def links(compiler):
    """COMPILER can link a program under both sanitizers; what it has linked is kept as the answer."""
    probe = os.path.join(FOLDER, "probe-" + os.path.basename(compiler))
    return is_new(probe, [compiler]) or subprocess.run(
        [compiler, "-fsanitize=address,undefined", "-o", probe, "-x", "c", "-"], input=b"int main(void) { return 0; }\n",
        capture_output=True, check=False).returncode == 0


def sanitizing_compiler():
    """=> a compiler of the host that can link a program under both sanitizers; None: there is none"""
    os.makedirs(FOLDER, exist_ok=True)
    return next(filter(links, filter(None, map(shutil.which, ("gcc", "cc", "clang")))), None)


class Mm(Case):
    def check_module(self, module):
        compiler = sanitizing_compiler()
        if not compiler:
            self.skipTest("no compiler for the host that has the address sanitizer is installed")
        done = subprocess.run([build(compiler), module], capture_output=True, text=True, check=False)
        if done.returncode:
            self.fail(done.stdout[-3000:] + done.stderr[-4000:])
        self.assertRegex(done.stdout, r"host: \d+ tests, 0 failed")


def add(module):
    setattr(Mm, "test_" + module, limit(240)(lambda self: self.check_module(module)))


with open(HERE + "/main.c", encoding="utf-8") as main:
    for found in re.findall(r'\{ "(\w+)", \w+_tests \}', main.read()):
        add(found)


class Selftest(Case):
    """`selftest` on the kernel command line: the kernel checks its own parts, without any program."""
    PARTS = ["frames", "heap", "page tables", "reverse map", "regions", "user copies", "slots", "invariants"]

    def check(self, **options):
        result = emulator.run(machine(words="selftest check=poison", **options), 60)
        for part in self.PARTS:
            self.assertIn(f"selftest: {part}: ok\n", result.output)
        self.assertEqual(result.status, 0, result.output)
        self.assertTrue(result.output.rstrip().endswith("shisho: init exited with status 0"))

    def test_with_swap(self):
        self.check()

    def test_8_mib_without_disks(self):
        self.check(mem="8M", swap=False, root=False)
