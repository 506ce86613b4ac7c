"""Recording a run of the machine, and repeating it exactly, also backwards: for tools/qemu --record and --replay.

QEMU writes what comes from outside (completions of the disks, the clock, input) to a file, and reads it back in a replay; everything
else follows from the instructions. A replay begins with a snapshot of the machine; GDB's reverse commands return to it and run
forward again to the last stop before the present one.

The snapshot and what the run writes are in an overlay over each disk image, which is not changed. A folder with a recording has:

    machine.json    the machine, as tools/qemu's class Machine
    events.bin      what came from outside
    disk0.qcow2 ... the overlays

Sources: QEMU's documentation, "Record/replay"; docs/interop/qcow2.txt, for the header of an empty overlay.
"""
import dataclasses
import json
import os
import struct
import sys

CLUSTER = 65536
NAME = "init"    # of the snapshot


def overlay(path, image):
    """Makes PATH an overlay over IMAGE (a raw file) that holds nothing yet: header, references in two levels, an empty L1 table."""
    size, backing = os.path.getsize(image), os.path.abspath(image).encode()
    tables = max(1, -(-size // (CLUSTER * (CLUSTER // 8))))
    extensions = struct.pack(">II8s", 0xE2792ACA, 3, b"raw") + struct.pack(">II", 0, 0)    # the format of the image; the end
    header = struct.pack(">4sIQIIQIIQQIIQQQQII", b"QFI\xfb", 3, 104 + len(extensions), len(backing), 16, size, 0, tables,
                         3 * CLUSTER, CLUSTER, 1, 0, 0, 0, 0, 0, 4, 104)
    references = struct.pack(">4H", 1, 1, 1, 1)    # of the four clusters
    with open(path, "wb") as file:
        for cluster in (header + extensions + backing, struct.pack(">Q", 2 * CLUSTER), references, b""):
            file.write(cluster.ljust(CLUSTER, b"\0"))


def disk_options(folder, number):
    path = os.path.join(folder, f"disk{number}.qcow2").replace(",", ",,")
    return ["-drive", f"if=none,id=o{number},format=qcow2,file={path}",
            "-drive", f"driver=blkreplay,if=none,image=o{number},id=d{number}"]


def options(record, replay):
    """=> QEMU's options. Without the APIC's help for guests half of the replays would hang."""
    path = os.path.join(record or replay, "events.bin").replace(",", ",,")
    return ["-global", "apic.vapic=off",
            "-icount", f"shift=auto,rr={'record' if record else 'replay'},rrfile={path},rrsnapshot={NAME}"]


def images(machine):
    """=> the files that a replay needs unchanged"""
    return [machine.kernel or os.path.join(machine.out, "shisho.elf"),
            *(machine.path(disk.rpartition(":")[2], ".img") for disk in machine.disks)]


def begin(machine, folder):
    """Prepares FOLDER for a recording of MACHINE. => its path. Exits if an image is missing."""
    missing = [path for path in images(machine) if not os.path.isfile(path)]
    if missing:
        sys.exit(f"tools/qemu: there is no {missing[0]} to record: make builds it")
    os.makedirs(folder, exist_ok=True)
    for number, image in enumerate(images(machine)[1:]):
        overlay(os.path.join(folder, f"disk{number}.qcow2"), image)
    with open(os.path.join(folder, "machine.json"), "w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(machine), file)
    return folder


def load(kind, folder, gdb):
    """KIND: the class Machine; GDB: a port, or 0. => the machine that was recorded in FOLDER"""
    try:
        with open(os.path.join(folder, "machine.json"), encoding="utf-8") as file:
            machine = kind(**json.load(file))
        recorded = os.path.getmtime(os.path.join(folder, "events.bin"))
    except (OSError, ValueError, TypeError):
        sys.exit(f"tools/qemu: there is no recording in {folder}: make record CMD='...' first")
    newer = [path for path in images(machine) if not os.path.exists(path) or os.path.getmtime(path) > recorded]
    if newer:
        sys.exit(f"tools/qemu: {newer[0]} is newer than the recording in {folder}: make record again")
    machine.record, machine.replay, machine.gdb = "", folder, gdb
    return machine
