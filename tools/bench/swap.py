"""The wall clock: pages through the swap area, files that are written back, and whole tasks, beside the disk itself in the same run.

The disk does the same work right after the pages have moved, as many reads and as many writes by the same program
(user/bench/bench/swap.c), so that the ratio hardly depends on what else the host does. All runs of a kernel are in one boot, on
a disk image that has been written before: an image grows on its first writes.
"""
import os
import re
import statistics

from kernels import SMALL, Place, make_swap_image
from paths import of_each
from report import Row, text

LARGE_SWAP = 400    # MiB, for four times memory: twice what is used, so that pages keep their slots
PROC_MEM = "16M"    # a task's pages, written and read back, five times
LINE = re.compile(r"^(\S+) +\d+ pages +(\d+) us +(\d+) moved +\d+/s +(\d+) major", re.MULTILINE)

IN_ORDER, AT_RANDOM = 60, 1.2    # to reach


def share(of, raw):
    """=> from a run, the pages a second of the passes OF, in % of those of RAW"""
    return lambda one: 100 * rate(one, *of) / rate(one, raw)


def times(of):
    """=> from a run, how long the pass OF takes, in times of the disk"""
    return lambda one: one[of][1] / one["raw-" + of][1]


def swap_shares(memory):
    """=> the figures of swap; MEMORY: how much is used"""
    def in_order(way):
        return f"swap in order, {way}, {memory}, % of the disk", IN_ORDER, False, share([f"seq-{way}"], f"raw-seq-{way}")

    def at_random(way):
        return f"swap at random, {way}, {memory}, times the disk", AT_RANDOM, True, times(f"rnd-{way}")

    return {"seq-read": in_order("read"), "seq-write": in_order("write"), "rnd-read": at_random("read"), "rnd-write": at_random("write")}


# for each argument of `bench`, its figures: (title, figure to reach, is less better?, how it is computed from a run)
SHARES = {
    "swap": swap_shares("1.5 x memory"),
    "swap4": swap_shares("4 x memory"),
    "file": {
        "save": ("write-back in order, % of the disk written", 70, False, share(["save-order"], "raw-write")),
    },
    "procswap": {
        "proc": ("whole tasks out and in, % of the disk read", 70, False, share(["proc-out", "proc-in"], "disk-seq")),
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
    """Runs `bench` RUNS times with each argument of TASKS, all in one boot of each kernel."""
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
            report.add(Row(f"{task} {name} {bus}", f"{title}, {bus}", target, values, less, clock=True))


def add_all(report, kernels, runs, folder, quick):
    """KERNELS: the first is Shisho, which alone swaps whole tasks. A Linux without its extras waits for the same disk: one is enough.
    QUICK: without four times memory."""
    kernels = [kernel for kernel in kernels if kernel.key != "lean"]
    image = make_swap_image(os.path.join(folder, "swap.img"), written=True)
    for bus in ("ide", "virtio"):
        add(report, kernels, ["swap", "file"], runs, bus, Place(mem=SMALL, bus=bus, swap=image, ticks=False))
    add(report, kernels[:1], ["procswap"], runs, "ide", Place(mem=PROC_MEM, swap=image, ticks=False))
    if quick:
        return
    image = make_swap_image(image, written=True, mib=LARGE_SWAP)
    for bus in ("ide", "virtio"):
        add(report, kernels, ["swap4"], runs, bus, Place(mem=SMALL, bus=bus, swap=image, ticks=False))
