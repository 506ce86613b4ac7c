"""Instructions: the paths through the kernel, a fault that reads swap, the boot. In virtual time a tick of the processor's counter
is an instruction, so bench counts for itself; where a disk is waited for, a plugin for QEMU counts what is executed."""
import concurrent.futures
import os
import re
import tempfile

from common import children
from counting import build_plugin
from kernels import Failed, Place, counted_instructions
from report import Row

# figure: what it is, instructions to reach
PATHS = {
    "null": ("null system call (getppid)", 80),
    "touch": ("first touch of an anonymous page", 1450),
    "zero-read": ("read of an untouched page", 280),
    "cow-copy": ("copy-on-write, copied", 1500),
    "cow-reuse": ("copy-on-write, reused by the last owner", 300),
    "shared": ("store into a resident shared page", 350),
    "file-read": ("read of a cached page of a file, private", 300),
    "file-write": ("store into a cached page of a file, shared", 400),
    "munmap": ("munmap, for each touched page", 280),
    "brk": ("brk raised by a page and lowered again", 800),
    "brk-touch": ("the same, the page touched in between", 3000),
    "fork": ("fork, exit and wait, 0 pages", 25000),
    "fork-page": ("fork, exit and wait, for each resident page", 120),
    "yield": ("two yields, of two tasks", 800),
    "pipe": ("pipe round trip", 2000),
}
MAJOR = ("fault that reads swap, with its eviction", 12000)
BOOT = ("boot to the first program, after the firmware", 20000000)


def medians(output):
    """=> {figure: instructions} of what bench has printed"""
    rows = re.findall(r"^(\S+) +([\d.]+) +[\d.]+ +[\d.]+  ", output, re.MULTILINE)
    return {name: float(median) for name, median in rows}


def of_each(report, kernels, measure, together=False):
    """=> {kernel: what MEASURE finds}, without those on which it fails. TOGETHER: where only instructions are counted they run at
    the same time, since none of them notices"""
    found = {}
    pool = concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) if together else 1)
    running = {kernel.key: pool.submit(measure, kernel) for kernel in kernels}
    try:
        concurrent.futures.wait(running.values())
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        children.end_all()    # else the threads would wait for the machines, and the program for the threads
        raise
    for key, future in running.items():
        try:
            found[key] = future.result()
        except Failed as error:
            report.fail(error)
    return found


def add_paths(report, kernels, only=()):
    """Measures all paths, or ONLY these."""
    command = " ".join(["/bin/bench", *only])
    found = of_each(report, kernels, lambda kernel: medians(kernel.run([command], Place())[0]), True)
    report.head("instructions")
    for name in list(PATHS) + sorted(set().union(*found.values()) - set(PATHS)):
        values = {key: rows[name] for key, rows in found.items() if name in rows}
        if values:
            what, target = PATHS.get(name, (name, None))
            report.add(Row(name, what, target, values))


def add_counted(report, kernels, out):
    """Rows of the plugin; none where QEMU takes no plugins or there is no compiler for the host."""
    program = os.path.join(out, "user/bench/bench")
    with tempfile.TemporaryDirectory(prefix="shisho-bench-") as folder:
        plugin = build_plugin(folder)
        if not plugin:
            return
        found = of_each(report, kernels, lambda kernel: counted_instructions(kernel, plugin, folder, program), True)
    for name, (what, target) in ("major", MAJOR), ("boot", BOOT):
        values = {key: counts[name] for key, counts in found.items() if counts}
        if values.get("shisho"):
            report.add(Row(name, what, target, values))
