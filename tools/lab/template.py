"""What a handout has beside the tree: files of tools/lab/template/, with the lab's name put in."""
import os

from lab import HERE

TEMPLATE = os.path.join(HERE, "template")
PLACES = {"kernel_lab.h": "kernel/base/lab.h", "user_lab.h": "user/lib/include/lab_missing.h"}
MISSING = ("kernel_lab.h", "user_lab.h", "lab.mk")    # what a tree needs in which something is to be written


def write(path, text, mode=None):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    if mode:
        os.chmod(path, mode)


def add(out, path, lab):
    with open(os.path.join(TEMPLATE, path), encoding="utf-8") as source:
        write(os.path.join(out, PLACES.get(path, path)), source.read().replace("@LAB@", lab))


def add_missing(out, lab):
    for path in MISSING:
        add(out, path, lab)


def add_all(out, lab):
    for folder, _, files in os.walk(TEMPLATE):
        for file in files:
            add(out, os.path.relpath(os.path.join(folder, file), TEMPLATE), lab)
