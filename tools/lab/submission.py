"""What a student hands in, put into the teacher's tree: only the lab's own files are taken from it, so that neither its Makefile nor its
tests nor another part of its kernel counts."""
import filecmp
import os
import shutil
import subprocess

import program
import template
from lab import ROOT

KEPT = "grade"     # below the build folder: a copy of the tree for each submission
PATIENCE = 600     # seconds; a file can be written so that its compilation never ends


class Error(Exception):
    """The submission cannot be graded; the text says why."""


def find(folder, path):
    """=> where PATH of the tree is in FOLDER: at its place, or, if only files were handed in, by its name alone; None: nowhere"""
    for candidate in (path, os.path.basename(path)):
        if os.path.isfile(os.path.join(folder, candidate)):
            return os.path.join(folder, candidate)
    return None


def tracked():
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in told.split("\0") if name and os.path.lexists(os.path.join(ROOT, name))]


def copy_tree(target, build):
    """Copies the tree and what is built of it to TARGET, with the times of all files, so that little has to be built anew."""
    for path in tracked():
        to = os.path.join(target, path)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        shutil.copy2(os.path.join(ROOT, path), to, follow_symlinks=False)
    for path in ("obj", "gen", "user", "root", "config.mk", "config.mk.checked", "objects.list", "symbols-empty.S", "symbols-empty.o",
                 "swap.size", "swap.img", "root.img", "boot.img"):
        source, to = os.path.join(build, path), os.path.join(target, "build", path)
        if os.path.isdir(source):
            shutil.copytree(source, to, symlinks=True)
        elif os.path.exists(source):
            os.makedirs(os.path.dirname(to), exist_ok=True)
            subprocess.run(["cp", "-p", "--sparse=always", source, to], check=True)


def place(folder, lab, build):
    """=> where the tree for the submission in FOLDER is made"""
    return os.path.join(build, KEPT, lab.name, os.path.basename(os.path.abspath(folder)))


def expand(folder, lab):
    """=> the submissions in FOLDER: itself, if it is this tree or has a file of LAB; otherwise the folders in it"""
    if os.path.realpath(folder) == ROOT or any(find(folder, path) for path in lab.files):
        return [folder]
    return sorted(entry.path for entry in os.scandir(folder) if entry.is_dir() and not entry.name.startswith(".")) or [folder]


def compile_in(target):
    try:
        done = subprocess.run(["make", "images"], cwd=target, capture_output=True, text=True, check=False,
                              env=program.outside_make(), timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise Error(f"it was not compiled within {PATIENCE} s") from None
    if done.returncode:
        raise Error("it does not compile:\n" + "\n".join(done.stderr.splitlines()[:20]))


def copy_files(folder, lab, target):
    """A file that is as in the tree keeps its time, so that what depends on it is not compiled again."""
    for path in lab.files:
        source, to = find(folder, path), os.path.join(target, path)
        if not source:
            raise Error(f"{path} was not handed in")
        if not os.path.exists(to) or not filecmp.cmp(source, to, shallow=False):
            shutil.copyfile(source, to)


def prepare(folder, lab, build, target="", programs=()):
    """Makes a tree with the lab's files from FOLDER in TARGET (below the build folder BUILD, if nothing is said), and with PROGRAMS
    among those of the labs. => its build folder, in which nothing is built for a lab without code; Error: a file is missing, or it
    does not compile"""
    target = target or place(folder, lab, build)
    shutil.rmtree(target, ignore_errors=True)
    if not lab.is_code:
        os.makedirs(os.path.join(target, "build"))
        copy_files(folder, lab, target)
        return os.path.join(target, "build")
    copy_tree(target, build)
    template.add_missing(target, lab.name)
    copy_files(folder, lab, target)
    for path in programs:
        shutil.copy(path, os.path.join(target, "user/test/lab"))
    compile_in(target)
    return os.path.join(target, "build")
