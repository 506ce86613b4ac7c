"""What heapbench and gcbench share: a disk with their programs and files, running command lines on it, counting instructions.

SHISHO_OUT must be set before this is imported (support.py reads it).
"""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../bench"), os.path.join(HERE, "../test")]
from common import emulator, machine  # noqa: E402  pylint: disable=wrong-import-position
from counting import KERNEL, build_plugin, count_between, symbol  # noqa: E402  pylint: disable=wrong-import-position
from support import image_with  # noqa: E402  pylint: disable=wrong-import-position

LIMIT = 600     # seconds of the host for one machine


class Bench:
    """Programs, with their symbols, on the disk of our machines."""
    def __init__(self, out, folder, programs, files=None):
        """FOLDER: for temporary files. PROGRAMS: {name in /bench: path}; FILES: a folder that becomes /bench/files, or None."""
        self.out, self.folder, self.programs = out, tempfile.mkdtemp(dir=folder), programs
        self.plugin = build_plugin(self.folder)
        place = os.path.join(self.folder, "bench")
        os.makedirs(place)
        for name, path in programs.items():
            shutil.copy(path, os.path.join(place, name))
        if files:
            shutil.copytree(files, place + "/files")
        self.image = image_with(self.folder, {"bench": place}, leave_out=("data", "test"))

    def machine(self, line, **options):
        return machine(self.out, "/bin/sh", "-c", line, **{"disks": [self.image, "swap"], "cpu": "", **options})

    def run(self, line, **options):
        """=> what the command line printed"""
        result = emulator.run(self.machine(line, **options), LIMIT)
        if result.status:
            raise SystemExit(f"{line}: status {result.status}\n{result.output[-2000:]}")
        return result.output

    def count(self, line, name, begin, end):
        """=> how many instructions, without the kernel's, program NAME executes on each passage from its function BEGIN to END"""
        if not self.plugin:
            return []
        places = [symbol(self.programs[name], place) for place in (begin, end)]
        result, counts = count_between(self.plugin, self.folder, *places, self.machine(line), LIMIT, below=KERNEL)
        if result.status and "plugin" not in result.output:
            raise SystemExit(f"{line}: status {result.status}\n{result.output[-2000:]}")
        return counts
