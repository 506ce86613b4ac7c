"""The reference string of a real run: a program as the first and only one in QEMU, with a plugin that records the pages it uses."""
import os
import shlex
import sys
import tempfile

from simulate import ROOT, Error

sys.path.append(os.path.join(ROOT, "tools"))
sys.path.append(os.path.join(ROOT, "tools/bench"))
import counting    # pylint: disable=wrong-import-position
from common import qemu    # pylint: disable=wrong-import-position

LINES_MAX = 5000000


def record(out, command, mem="128M", timeout=300, most=LINES_MAX):
    """COMMAND: a program of Shisho with its arguments. => (the string for the simulator, what the program printed)"""
    words = shlex.split(command)
    if not words:
        raise Error("which program is to be recorded?")
    path = words[0] if words[0].startswith("/") else "/bin/" + words[0]
    executable = os.path.join(out, "root", path.lstrip("/"))
    if not os.path.isfile(executable):
        raise Error(f"{path}: there is no such program on Shisho's disk in {out} (is it built? make)")
    with tempfile.TemporaryDirectory(prefix="pagesim-") as folder:
        recorded = os.path.join(folder, "string")
        built = counting.build_plugin(folder, "tools/pagesim/record.c")
        if not built:
            raise Error("no C compiler for this machine is installed, so the plugin that records cannot be built")
        plugin = f"{built},begin={counting.entry_of(executable):#x},below={counting.KERNEL:#x},most={most},out={recorded}"
        m = qemu.Machine(out=out, mem=mem, init=path, args=words[1:])
        m.extra += ["-plugin", plugin]
        result = qemu.run(m, timeout)
        try:
            with open(recorded, "rb") as file:
                string = file.read()
        except FileNotFoundError:
            raise Error("this QEMU takes no plugins:\n" + result.output[-500:]) from None
    if result.status == qemu.TIMED_OUT:
        raise Error(f"{command}: it has not ended within {timeout} seconds")
    if not string:
        raise Error(f"{command}: it has not run:\n" + result.output[-500:])
    return string, result.output
