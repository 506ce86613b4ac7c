"""The wall clock: pages through the swap area, files that are written back, and whole tasks, beside the disk itself in the same run.

The disk is read by the same program right after the pages have moved, so that the ratio hardly depends on what else the host
does. All runs of a kernel are in one boot, on a disk image that has been written before: an image grows on its first writes.
"""
import re
import statistics

from kernels import SMALL, Place
from paths import of_each
from report import Row, text

PROC_MEM = "16M"    # a task's pages, written and read back, five times
LINE = re.compile(r"^(\S+) +\d+ pages +(\d+) us +(\d+) moved +\d+/s +(\d+) major", re.MULTILINE)

# figure: what it is, to reach, whether less is better, how it is computed from a run
SHARES = {
    "swap": {
        "seq-share": ("swap in order, % of the disk read in order", 60, False,
                      lambda one: 100 * rate(one, "fill", "seq-read", "seq-write") / rate(one, "disk-seq")),
        "rnd-share": ("fault at random, in disk reads of 4 KiB", 1.2, True,
                      lambda one: one["rnd-read"][1] / max(one["rnd-read"][2], 1) * rate(one, "disk-rnd") / 1e6),
    },
    "file": {
        "save-share": ("write-back in order, % of the disk read", 70, False,
                       lambda one: 100 * rate(one, "save-order") / rate(one, "disk-seq")),
    },
    "procswap": {
        "proc-share": ("whole tasks out and in, % of the disk read", 70, False,
                       lambda one: 100 * rate(one, "proc-out", "proc-in") / rate(one, "disk-seq")),
    },
}


def passes(output):
    """=> {pass: (pages moved, microseconds, major faults)} of what bench has printed"""
    return {name: (int(moved), int(us), int(major)) for name, us, moved, major in LINE.findall(output)}


def rate(one, *names):
    """=> pages a second over these passes together"""
    return sum(one[name][0] for name in names) * 1e6 / max(sum(one[name][1] for name in names), 1)


def print_rates(report, kernels, found, bus):
    """A line for each pass: the median of pages a second."""
    print(f"\n{'pages a second, ' + bus + ', median':50s}" + "".join(f"{kernel.title:>13s}" for kernel in kernels))
    for name in found[kernels[0].key][0]:
        medians = {key: round(statistics.median(rate(one, name) for one in runs)) for key, runs in found.items() if name in runs[0]}
        report.extra(f"pages/s {bus} {name}", medians)
        print(f"{name:50s}" + "".join(f"{text(medians.get(kernel.key)):>13s}" for kernel in kernels))
    print()


def add(report, kernels, tasks, runs, bus, place):
    """Each of what bench is told (TASKS) RUNS times, all in one boot of each kernel."""
    commands = [f"/bin/bench {task}" for task in tasks for _ in range(runs)]
    outputs = of_each(report, kernels, lambda kernel: list(map(passes, kernel.run(commands, place))))
    if kernels[0].key not in outputs:
        return
    for n, task in enumerate(tasks):
        found = {key: done[n * runs:(n + 1) * runs] for key, done in outputs.items()}
        print_rates(report, kernels, found, bus)
        report.head(f"wall clock, {bus}, median of {runs}")
        for name, (title, target, less, compute) in SHARES[task].items():
            values = {key: round(statistics.median(map(compute, done)), 2) for key, done in found.items()}
            report.add(Row(f"{name} {bus}", f"{title}, {bus}", target, values, less, clock=True))


def add_all(report, kernels, runs, image):
    """KERNELS: the first is Shisho, which alone swaps whole tasks. A Linux without its extras waits for the same disk: one is enough."""
    kernels = [kernel for kernel in kernels if kernel.key != "lean"]
    for bus in ("ide", "virtio"):
        add(report, kernels, ["swap", "file"], runs, bus, Place(mem=SMALL, bus=bus, swap=image, ticks=False))
    add(report, kernels[:1], ["procswap"], runs, "ide", Place(mem=PROC_MEM, swap=image, ticks=False))
