"""kernel/base, as far as it knows no hardware, and user/lib's heap, compiled unmodified for the host under sanitizers.

Each file of tools/test/base is one test program. Its comment `with: a.c b.c` names the sources that it tests;
base/fake.c stands for what lies below those of the kernel (panic, printk).
"""
import glob
import os
import re
import shutil
import subprocess

from support import OUT, Case

HOST = "tools/test/base"
# Not PIE: user/lib's heap keeps the addresses of its variables in 32 bits.
FLAGS = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fno-builtin", "-no-pie", "-I.", f"-I{HOST}"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def sanitizers_work(compiler, folder):
    probe = os.path.join(folder, "probe.c")
    with open(probe, "w", encoding="utf-8") as file:
        file.write("int main(void) { return 0; }\n")
    return subprocess.run([compiler, *SANITIZERS, "-o", probe + ".out", probe], check=False,
                          capture_output=True).returncode == 0


class Base(Case):
    def run_program(self, path):
        compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
        if not compiler:
            self.skipTest("no compiler for the host is installed")
        folder = os.path.join(OUT, "base")
        os.makedirs(folder, exist_ok=True)
        flags = FLAGS + (SANITIZERS if sanitizers_work(compiler, self.temporary()) else [])
        with open(path, encoding="utf-8") as file:
            sources = re.search(r"with:(.*?)\*/", file.read(), re.DOTALL).group(1).replace("*", "").split()
        program = os.path.join(folder, os.path.basename(path)[:-2])
        built = subprocess.run([compiler, *flags, "-o", program, path, f"{HOST}/fake.c", *sources],
                               capture_output=True, text=True, check=False)
        if built.returncode:
            self.fail(built.stderr)
        done = subprocess.run([program], capture_output=True, text=True, timeout=80, check=False)
        if done.returncode:
            self.fail(done.stdout[-2000:] + done.stderr[-4000:])


def add(path):
    name = os.path.basename(path)[:-2]
    setattr(Base, "test_" + name.replace("-", "_"), lambda self: self.run_program(path))


for source in sorted(glob.glob(HOST + "/*.c")):
    if os.path.basename(source) != "fake.c":
        add(source)
