"""The reference string of a real run: a program as the first and only one in QEMU, with a plugin that records the pages it uses."""
import os
import re
import shlex
import sys
import tempfile

from simulate import ROOT, Error
from strings import String

sys.path.append(os.path.join(ROOT, "tools"))
sys.path.append(os.path.join(ROOT, "tools/bench"))
import counting    # pylint: disable=wrong-import-position
from common import emulator    # pylint: disable=wrong-import-position

MEM_MIN = 8 << 20    # docs/reference.md: what Shisho needs
QUOTED = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.""")
LAST_LINES = 5


def words_of(command):
    """=> the program's path and its arguments"""
    operator = re.search(r"[|<>;&]", QUOTED.sub("", command))
    if operator:
        raise Error(f"{command}: no shell runs the program, so {operator[0]!r} has no meaning (as an argument it needs quotes)")
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Error(f"{command}: {error}") from error
    if not words:
        raise Error("which program is to be recorded?")
    return (words[0] if words[0].startswith("/") else "/bin/" + words[0]), words[1:]


def check_mem(mem):
    size = emulator.size_of(mem)
    if not size:
        raise Error(f"--mem: {mem!r} is not a size; give one like 16M")
    if size < MEM_MIN:
        raise Error(f"--mem: {mem} is too little memory; Shisho needs {MEM_MIN >> 20}M")


def last_lines(output):
    """=> what the program printed last, each line indented"""
    text = emulator.LAST_LINE.sub(b"", output.encode()).decode()
    return "".join("\n  " + line for line in text.splitlines()[-LAST_LINES:])


def check_end(o, result, string):
    """Raises Error unless the program has ended well, or has been cut."""
    command = string.name
    if string.is_cut():
        return
    if result.status == emulator.TIMED_OUT:
        raise Error(f"{command}: it has not ended within {o.timeout} s (--timeout; --most ends it after so many references)"
                    + last_lines(result.output))
    end = emulator.LAST_LINE.search(result.output.encode())
    if string.data.count(b"\n") < 2 or not end:    # the first line is no reference
        raise Error(f"{command}: it has not run to its end:" + last_lines(result.output))
    if result.status and not o.any_status:
        raise Error(f"{command}: it {end[1].decode()} (--any-status counts it all the same)" + last_lines(result.output))


def record(o, command):
    """COMMAND: a program of Shisho with its arguments. O: options out, mem, timeout, most, any_status. => String"""
    path, args = words_of(command)
    check_mem(o.mem)
    executable = os.path.join(o.out, "root", path.lstrip("/"))
    if not os.path.isfile(executable):
        raise Error(f"{path}: there is no such program on Shisho's disk in {o.out} (is it built? make)")
    print(f"recording {command} (at most {o.timeout} s and {o.most:,} references)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="pagesim-") as folder:
        recorded = os.path.join(folder, "string")
        built = counting.build_plugin(folder, "tools/pagesim/record.c")
        if not built:
            raise Error("no C compiler for this machine is installed, so the plugin that records cannot be built")
        plugin = f"{built},begin={counting.entry_of(executable):#x},below={counting.KERNEL:#x},most={o.most},out={recorded}"
        m = emulator.Machine(out=o.out, mem=o.mem, init=path, args=args, words=["quiet"], extra=["-plugin", plugin])
        result = emulator.run(m, o.timeout)
        try:
            with open(recorded, "rb") as file:
                string = String(command, file.read())
        except FileNotFoundError:
            raise Error("QEMU has not started with the plugin that records:" + last_lines(result.output)) from None
    check_end(o, result, string)
    return string
