"""The kernels of lab `hunt`: each is this tree with one change, built from a copy in which only the changed file is compiled anew."""
import lzma
import os
import shutil
import subprocess
import tarfile
import tempfile

import markers
import program
import submission
from lab import ROOT

# The kernels are alike: with a dictionary that is larger than several, all take little more room than two.
COMPRESSION = [{"id": lzma.FILTER_LZMA2, "preset": 3, "dict_size": 1 << 26}]


def make(tree, *goals):
    """Runs make in TREE. A warning is an error, and no path of the copy is left in the kernel: both would tell where the change is."""
    told = f"KERNEL_FLAGS=-Werror -ffile-prefix-map={tree}={ROOT}"
    done = subprocess.run(["make", "-s", *goals, told], cwd=tree, capture_output=True, text=True, check=False,
                          env=program.outside_make())
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def make_kernel(tree):
    make(tree, "-f", "tools/build.mk", "O=build", "kernel")


class Workshop:
    """A copy of the teacher's tree, and of what is built of it in BUILD; use it in a `with`. It has no markers of other labs, as the
    handout has none, so that lines have the same numbers."""
    def __init__(self, build):
        self.folder = tempfile.mkdtemp(prefix="shisho-hunt-")
        submission.copy_tree(self.folder, build)
        for name in markers.files(ROOT):
            self.remove_markers(name)

    def remove_markers(self, name):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            before = file.read()
        text, _ = markers.handed_out(name, before, "hunt")
        if text != before:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def __enter__(self):
        make(self.folder, "configure")
        make_kernel(self.folder)
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.folder)

    def build(self, change, path):
        """Leaves the kernel with CHANGE at PATH. The copy is as before then."""
        changed = os.path.join(self.folder, change.file)
        with open(changed, encoding="utf-8") as file:
            before = file.read()
        with open(changed, "w", encoding="utf-8") as file:
            file.write(change.applied(before))
        try:
            make_kernel(self.folder)
            shutil.copyfile(os.path.join(self.folder, "build/shisho.elf"), path)
        finally:
            with open(changed, "w", encoding="utf-8") as file:
                file.write(before)


def anonymous(member):
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def pack(changes, build, path):
    """Builds the kernels of CHANGES, by their numbers, and makes the archive PATH of them. BUILD: the tree's build folder."""
    with Workshop(build) as workshop, lzma.open(path, "wb", filters=COMPRESSION) as file:
        kernel = os.path.join(workshop.folder, "hunted.elf")
        with tarfile.open(fileobj=file, mode="w") as archive:
            for number, change in changes.items():
                workshop.build(change, kernel)
                archive.add(kernel, f"{number}.elf", filter=anonymous)
