"""The simulator (main.c and the kernel's own policies) as functions: built when needed, one process for each string."""
import glob
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BYSTANDERS_MAX = 1000000
COUNTS, MARKS, QUESTIONS = range(3)    # as in main.c


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


def missing_header():
    """=> the header by which code that a student is to write says that it is missing, if there is one"""
    places = (os.path.join(ROOT, path) for path in ("kernel/base/lab.h", "tools/lab/template/kernel_lab.h"))
    return next(filter(os.path.exists, places), None)


def make_header(folder):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "trace_events.h")
    new = f"{path}.{os.getpid()}"
    with open(new, "wb") as header:
        subprocess.run([sys.executable, os.path.join(ROOT, "tools/mktrace"), "header"], stdout=header, check=True, cwd=ROOT)
    os.replace(new, path)


def compile_host(folder, words):
    """Runs the host's compiler with WORDS, for files that include those of the tree and of FOLDER. Error: what it says."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if not compiler:
        raise Error("no C compiler for this machine is installed (Debian: apt-get install gcc)")
    header = missing_header()
    flags = ["-std=gnu11", "-O2", "-g", "-Wall", "-Wextra", "-I" + ROOT, "-I" + folder, *(["-include", header] if header else [])]
    done = subprocess.run([compiler, *flags, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Error(done.stderr[:3000])


def build(out):
    """=> the path of the simulator, which is compiled with the host's compiler if it is not in OUT or not new"""
    folder = os.path.join(out, "pagesim")
    path = os.path.join(folder, "simulate")
    if is_built(path):
        return path
    new = f"{path}.{os.getpid()}"
    make_header(folder)
    try:
        compile_host(folder, ["-o", new, *sources()])
    except Error as error:
        raise Error(f"the simulator cannot be built:\n{error}") from error
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


def arguments(names, frames, bystanders, wanted):
    """=> the words that main.c takes; WANTED: COUNTS, MARKS or QUESTIONS"""
    return [",".join(names), str(bystanders), str(wanted), *map(str, frames)]


def simulate(out, string, names, frames, bystanders=0, marks=False):
    """STRING: bytes in the form that main.c takes. NAMES: policies, `opt` and `lru`. => Counts"""
    done = subprocess.run([build(out), *arguments(names, frames, bystanders, MARKS if marks else COUNTS)], input=string, capture_output=True, check=False)
    if done.returncode:
        raise Error(done.stderr.decode(errors="replace").strip() or f"the simulator has ended with {done.returncode}")
    return Counts(done.stdout.decode())
