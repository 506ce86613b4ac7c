"""A small root disk for one run, whose files are drawn from the run's word, so that no kernel has seen them before; and how to find a
file's pages on such a disk, from outside, while the machine stands still.

Source: Poirier, "The Second Extended File System": superblock, block group descriptor table, inode table, directories.
"""
import os
import random
import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass, field

BLOCK = 4096
FOLDERS = ("bin", "test", "data", "dev", "proc", "etc", "tmp")
FEATURES = "none,filetype,sparse_super,large_file"
UNWRITTEN = ",huge_file"    # a feature for which the kernel mounts the disk read-only
INODE, DIRECT, ROOT = 256, 12, 2    # bytes of an inode, its pointers to blocks of data; the root's number


@dataclass
class Root:
    """What is on the disk: the program, and files in /data."""
    files: dict = field(default_factory=dict)    # {name: bytes}; a file of so many pages without a block: {name: number}
    read_only: bool = False


def drawn(word, name, size):
    """=> SIZE bytes, which are those of the file NAME in the run with that WORD"""
    return random.Random(f"{word} {name}").randbytes(size)


def store(path, contents):
    with open(path, "wb") as file:
        if isinstance(contents, int):
            file.truncate(contents * BLOCK)
        else:
            file.write(contents)


def make(image, programs, program, root):
    """Makes the disk IMAGE with the PROGRAM from the folder PROGRAMS, and what ROOT says."""
    with tempfile.TemporaryDirectory(prefix="shisho-root-") as tree:
        for name in FOLDERS:
            os.mkdir(os.path.join(tree, name))
        shutil.copy(programs + program, tree + program)
        for name, contents in root.files.items():
            store(os.path.join(tree, "data", name), contents)
        subprocess.run(["mke2fs", "-q", "-t", "ext2", "-b", str(BLOCK), "-m", "0", "-I", str(INODE),
                        "-O", FEATURES + (UNWRITTEN if root.read_only else ""), "-d", tree, image, "4M"],
                       check=True, capture_output=True, env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"))


class Files:
    """The files on a disk with these BLOCKS (machine.blocks) that make() has made: it has one group of blocks."""
    def __init__(self, blocks):
        self.blocks = blocks
        self.table, = struct.unpack_from("<I", self.block(1), 8)

    def block(self, number):
        return self.blocks.get(number, bytes(BLOCK))

    def pages(self, inode):
        """=> the pages of the file with that number, each whole, as they are in its blocks; None: a hole"""
        at = (inode - 1) * INODE
        data = self.block(self.table + at // BLOCK)
        size, = struct.unpack_from("<I", data, at % BLOCK + 4)
        pointers = list(struct.unpack_from(f"<{DIRECT + 1}I", data, at % BLOCK + 40))
        further = pointers.pop()
        if further:
            pointers += struct.unpack(f"<{BLOCK // 4}I", self.block(further))
        pointers += [0] * (size // BLOCK)
        return [self.block(number) if number else None for number in pointers[:-(-size // BLOCK)]]

    def find(self, folder, name):
        """=> the number of NAME in the directory with the number FOLDER; 0: not there"""
        for page in self.pages(folder):
            at = 0
            while page and at <= BLOCK - 8:
                number, length, named = struct.unpack_from("<IHB", page, at)
                if number and page[at + 8:at + 8 + named] == name.encode():
                    return number
                at += max(length, 8)
        return 0

    def file(self, name):
        """=> the pages of /data/NAME; none if there is no such file"""
        number = self.find(self.find(ROOT, "data") or ROOT, name)
        return self.pages(number) if number else []
