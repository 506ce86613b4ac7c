"""Counts the instructions between two places of a program with a plugin for QEMU (count.c): for bench and the tools of tools/heap."""
import os
import shutil
import struct
import subprocess

from common import ROOT, emulator

KERNEL = 0xC0000000     # above it the kernel, below it programs


def entry_of(path):
    with open(path, "rb") as file:
        return struct.unpack_from("<I", file.read(28), 24)[0]


def symbol(path, name):
    """=> the address of NAME in an ELF32 file"""
    with open(path, "rb") as file:
        data = file.read()
    for _, kind, start, size, link in sections(data):
        if kind != 2:
            continue
        names = sections(data)[link][2]
        for at in range(start, start + size, 16):
            where, value = struct.unpack_from("<II", data, at)
            if data[names + where:data.index(0, names + where)].decode() == name:
                return value
    raise LookupError(name)


def sections(data):
    """=> (flags, type, offset, size, link) of each section"""
    table, = struct.unpack_from("<I", data, 32)
    each, count = struct.unpack_from("<HH", data, 46)
    found = []
    for i in range(count):
        _, kind, flags, _, offset, size, link = struct.unpack_from("<7I", data, table + i * each)
        found.append((flags, kind, offset, size, link))
    return found


def build_plugin(folder, source="tools/bench/count.c"):
    """=> its path in FOLDER; None without a compiler for the host"""
    path = os.path.join(folder, "plugin.so")
    for compiler in ("cc", "gcc", "clang"):
        if shutil.which(compiler) and subprocess.run(
                [compiler, "-O2", "-shared", "-fPIC", "-o", path, os.path.join(ROOT, source)],
                stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return path
    return None


def plugin_options(plugin, folder, begin, end, below=0):
    """=> options for QEMU, so that counted() tells afterwards what was executed on each passage from BEGIN to END: addresses, or
    lists of them, any of which begins or ends a passage"""
    begins, ends = (place if isinstance(place, list) else [place] for place in (begin, end))
    places = [f"begin={place:#x}" for place in begins] + [f"end={place:#x}" for place in ends]
    return ["-plugin", ",".join([plugin, *places, f"below={below or 1 << 32:#x}", f"out={folder}/counted"])]


def counted(folder):
    """=> the instructions on each passage; none if QEMU takes no plugins"""
    path = os.path.join(folder, "counted")
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as file:
        lines = file.read().split()
    os.remove(path)
    return list(map(int, lines))


def count_between(plugin, folder, begin, end, m, timeout=300, below=0):
    """Runs machine M. BELOW: only instructions at addresses below it count. => (Result, the instructions executed on each passage
    from BEGIN to END; none if the machine failed, or its QEMU takes no plugins)"""
    m.extra += plugin_options(plugin, folder, begin, end, below)
    result = emulator.run(m, timeout)
    found = counted(folder)
    return result, found if result.status == 0 else []
