"""The simulator (main.c and the kernel's own policies) as functions: built when needed, one process for each string."""
import glob
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BYSTANDERS_MAX = 1000000


class Error(Exception):
    """Something that the user can change; the text says what."""


def sources():
    """=> the simulator's C files; record.c is not one, but a plugin for QEMU"""
    found = glob.glob(os.path.join(ROOT, "mm/policy*.c")) + glob.glob(os.path.join(ROOT, "tools/pagesim/*.c"))
    return sorted(path for path in found if not path.endswith("record.c"))


def policies():
    """=> the names of the kernel's policies, in the order of policy_table"""
    names = [os.path.basename(path)[len("policy_"):-2] for path in glob.glob(os.path.join(ROOT, "mm/policy_*.c"))]
    return sorted(names)


def is_built(path):
    parts = sources() + glob.glob(os.path.join(ROOT, "mm/*.h")) + glob.glob(os.path.join(ROOT, "tools/pagesim/*.h"))
    return os.path.exists(path) and all(os.path.getmtime(path) > os.path.getmtime(part) for part in parts)


def build(out):
    """=> the path of the simulator, which is compiled with the host's compiler if it is not in OUT or not new"""
    folder = os.path.join(out, "pagesim")
    path = os.path.join(folder, "simulate")
    if is_built(path):
        return path
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if not compiler:
        raise Error("no C compiler for this machine is installed (Debian: apt-get install gcc)")
    os.makedirs(folder, exist_ok=True)
    new = f"{path}.{os.getpid()}"
    with open(os.path.join(folder, "trace_events.h"), "wb") as header:
        subprocess.run([sys.executable, os.path.join(ROOT, "tools/mktrace"), "header"], stdout=header, check=True, cwd=ROOT)
    done = subprocess.run([compiler, "-std=gnu11", "-O2", "-g", "-Wall", "-Wextra", "-I" + ROOT, "-I" + folder, "-o", new, *sources()],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Error("the simulator cannot be built:\n" + done.stderr[-3000:])
    os.replace(new, path)
    return path


class Counts:
    """What one string costs: references, pages, faults[policy, frames], and marks for the same keys if they were asked for."""
    def __init__(self, output):
        first, *lines = output.splitlines()
        self.references, self.pages = map(int, first.split()[1:])
        self.faults, self.marks = {}, {}
        for line in lines:
            policy, frames, faults, *marks = line.split()
            self.faults[policy, int(frames)] = int(faults)
            self.marks[policy, int(frames)] = marks[0] if marks else ""

    def ratio(self, policy, frames):
        return self.faults[policy, frames] / self.faults["opt", frames]


def simulate(out, string, names, frames, bystanders=0, marks=False):
    """STRING: bytes in the form that main.c takes. NAMES: policies, `opt` and `lru`. => Counts"""
    arguments = [",".join(names), str(bystanders), str(int(marks)), *map(str, frames)]
    done = subprocess.run([build(out), *arguments], input=string, capture_output=True, check=False)
    if done.returncode:
        raise Error(done.stderr.decode(errors="replace").strip() or f"the simulator has ended with {done.returncode}")
    return Counts(done.stdout.decode())
