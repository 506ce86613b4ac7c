"""Debian's packages for i386, fetched by their names into OUT; nothing of them is kept in the tree.

apt works in a folder of its own with lists of its own, so the system is not changed and root is not needed. The registries are
those that the system names. Where something cannot be had, Unavailable says why.
"""
import contextlib
import fcntl
import glob
import os
import re
import shlex
import shutil
import subprocess

OUT = os.environ.get("SHISHO_OUT", "build")
FOLDER = os.path.abspath(os.path.join(OUT, "foreign"))


class Unavailable(Exception):
    pass


@contextlib.contextmanager
def alone(folder):
    """For a `with`: no other process makes anything in FOLDER meanwhile, which is created if it does not exist."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise Unavailable(f"{shlex.join(command[:3])} ...: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def own_sources():
    """The system's package sources, with source packages, in files of our own."""
    folder = os.path.join(FOLDER, "etc/parts")
    os.makedirs(folder, exist_ok=True)
    paths = glob.glob("/etc/apt/sources.list.d/*.sources") + glob.glob("/etc/apt/sources.list.d/*.list") + ["/etc/apt/sources.list"]
    for path in filter(os.path.exists, paths):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"^Types:.*", "Types: deb deb-src", text, flags=re.MULTILINE)
        lines = [line for line in text.splitlines() if not line.startswith("deb-src ")]
        lines += ["deb-src " + line[4:] for line in lines if line.startswith("deb ")]
        with open(os.path.join(folder, os.path.basename(path)), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    return folder


def apt(*words, cwd=None):
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Unavailable("there is no apt-get and dpkg here")
    for folder in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(FOLDER, folder), exist_ok=True)
    options = ["APT::Architecture=i386", "APT::Architectures=i386", "Dir::State::lists=" + FOLDER + "/lists",
               "Dir::Cache=" + FOLDER + "/cache", "Dir::Etc::sourcelist=/dev/null",
               "Dir::Etc::sourceparts=" + own_sources(), "Debug::NoLocking=1", "APT::Sandbox::User=root",
               "Acquire::Languages=none", "Acquire::Retries=1", "Acquire::http::Timeout=20"]
    return run(["apt-get", "-q", *(word for o in options for word in ("-o", o)), *words], cwd=cwd, timeout=150)


def update():
    """Fetches the lists of packages, as far as their sources can be reached: what is needed may be in one of them, or here already."""
    try:
        apt("update")
    except Unavailable:
        pass


def download(package, folder):
    """=> the path of its file in FOLDER. The lists of packages must be there."""
    apt("download", package, cwd=folder)
    return glob.glob(f"{folder}/{package}_*.deb")[0]
