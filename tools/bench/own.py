"""What is measured of Shisho alone: the same work by pipes, queues and shared memory; the prompt; the least memory; sizes."""
import os
import re
import subprocess
import time

from common import ROOT, emulator, machine
from counting import sections
from report import Row, text

PROMPT = r"shisho:[^\n]*\$ "


def add_messages(report, out):
    """What `demo msg` counts, in virtual time."""
    result = emulator.run(machine(out, "/bin/demo", "msg", "--auto", disks=["root"]), 120)
    if result.status:
        report.fail("demo msg failed:\n" + result.output[-2000:])
    print(f"\n{'the same work three ways':50s}{'pipes':>13s}{'queues':>13s}{'shared':>13s}")
    for what, *ways in re.findall(r"^  (\S.*?) {2,}(\d+) +(\d+) +(\d+) *$", result.output, re.MULTILINE):
        what = what.replace("thousands of processor ticks", "thousands of instructions")
        print(f"{what:50s}" + "".join(f"{text(int(way)):>13s}" for way in ways))
        report.extra("three ways: " + what, list(map(int, ways)))
    print()


def add_prompt(report, out):
    with emulator.Session(emulator.Machine(out=out, init="/bin/sh")) as session:
        started = time.monotonic()
        session.expect(PROMPT, 60)
        seconds = round(time.monotonic() - started, 2)
    report.add(Row("prompt", "seconds from QEMU's start to the prompt", 5, {"shisho": seconds}, clock=True))


def demo_passes(out, kib):
    return emulator.run(emulator.Machine(out=out, mem=f"{kib}K", init="/bin/demo", args=["--auto"]), 180).status == 0


def add_least_memory(report, out):
    low, high = 2048, 16384  # it fails in LOW, passes in HIGH
    if not demo_passes(out, high):
        report.fail("demo --auto does not pass in 16 MiB")
        return
    while high - low > 256:
        middle = (low + high) // 512 * 256
        if demo_passes(out, middle):
            high = middle
        else:
            low = middle
    report.add(Row("least", "least MiB in which `demo --auto` passes", 8, {"shisho": high / 1024}, clock=True))


def add_sizes(report, out):
    with open(os.path.join(out, "shisho.elf"), "rb") as file:
        data = file.read()
    sizes = {"text": 0, "data": 0, "bss": 0}
    for flags, kind, _, size, _ in sections(data):
        if flags & 2:   # takes memory
            sizes["bss" if kind == 8 else "data" if flags & 1 else "text"] += size
    print("\nkernel, bytes:  " + "  ".join(f"{name} {size:,d}" for name, size in sizes.items()))
    for name, size in sizes.items():
        report.extra("kernel " + name, size)
    lines = subprocess.run([os.path.join(ROOT, "tools/count")], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                           check=False).stdout
    print("\n" + lines, end="")
    for name, count in re.findall(r"^ *(\S.*?) {2,}(\d+) +[\d-]+", lines, re.MULTILINE):
        report.extra("lines " + name, int(count))
