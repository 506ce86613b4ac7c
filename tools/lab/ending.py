"""How a run has ended, in words: from the lines that the machine has printed, and from the registers of one that runs on."""
import os
import re
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "trace"))
from symbols import Symbols    # pylint: disable=wrong-import-position

CALLERS = 4    # functions of a backtrace that are named
TELLING = ("PANIC", "yours to write", "lab: ")


def place_of_panic(lines):
    """=> ", in FUNCTION, called by ...", from the first backtrace in LINES; a page fault's address before that"""
    if "backtrace:" not in lines:
        return ""
    at = lines.index("backtrace:")
    entries = (re.fullmatch(r"[0-9a-f]{8}  (\w+)\+0x[0-9a-f]+", line) for line in lines[at + 1:at + 1 + CALLERS])
    names = [entry[1] + "()" for entry in entries if entry]
    address = next((found[1] for found in map(re.compile(r"cr0 .* cr2 ([0-9a-f]{8}) .*").fullmatch, lines[:at]) if found), None)
    fault = f" at address 0x{address}" if address and any(line.startswith("PANIC: page fault") for line in lines) else ""
    return fault + (", in " + ", called by ".join(names) if names else "")


def in_words(lines):
    """=> its panic and where that was, what is missing, what its program says and how that was killed, or the last line"""
    telling = [line for line in lines if line.startswith(TELLING)]
    killed = [line for line in lines if "segmentation fault: " in line or line.startswith("out of memory")]
    if telling and telling[0].startswith("PANIC"):
        telling[0] += place_of_panic(lines)
    if telling and killed and "killed by signal" in telling[0]:
        telling[0] += "; " + killed[-1]
    return "the machine ended: " + (telling + killed[::-1] + lines[::-1] + ["it printed nothing"])[0]


def place_of_loop(registers, build):
    """REGISTERS: as the monitor prints them. => whether the processor sleeps; else the kernel's function that it executes, or the
    address in a program"""
    address = re.search(r"\bEIP=([0-9a-f]{8})", registers)
    if not address or "HLT=1" in registers:
        return "the processor sleeps"
    address = int(address[1], 16)
    found = Symbols(build).find("", address)    # without a program: only the kernel's addresses have names
    return f"the processor is in {found[0]}() of the kernel" if found else f"the processor is in a program, at {address:#x}"
