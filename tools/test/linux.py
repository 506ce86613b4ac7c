"""A Linux for i386 in the same QEMU: the reference for everything that a program can see.

Debian's kernel (linux-image-686) is fetched by its package's name as foreign.py fetches packages, and kept in OUT/reference. It
boots from an initial RAM disk with busybox, some modules and a script, mounts an ext2 image as /, as our kernel does, and
answers questions: command lines for the shell on that image, one after another. The host only runs QEMU.

ttyS0 is Linux's console and goes to a log; what the commands print comes through ttyS1.
"""
import glob
import io
import os
import re
import shutil
import subprocess
import tarfile

import foreign
from support import OUT, alone

FOLDER = os.path.abspath(os.path.join(OUT, "reference"))
LOG = os.path.join(FOLDER, "console.log")
# Modules for the root disk, in the order of their dependencies.
MODULES = ("virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk "
           "crc16 crc32c_generic mbcache jbd2 ext4").split()
WORDS = "console=ttyS0 loglevel=4 mitigations=off panic=-1 reboot=t"
MEM = "512M"
# On Intel's processors Linux copies in another way, and retries a write for ever if an unmapped page cuts its first eight bytes.
CPU = "qemu32,vendor=AuthenticAMD"

# Each question has a time limit, a root folder as on the disk, and a folder /work of its own if the disk has /works/NAME for it.
INIT = """#!/busybox sh
export PATH=/ HOME=/
/busybox --install -s /
mount -t devtmpfs dev /dev
mount -t proc proc /proc
for module in %(modules)s; do insmod /$module.ko || echo "$module: not loaded"; done
mount -t ext2 /dev/vda /root || poweroff -f
mount --move /dev /root/dev
mount -t proc proc /root/proc
mkdir -p /root/dev/shm
mount -t tmpfs shm /root/dev/shm
mkdir -p /root/dev/pts
mount -t devpts pts /root/dev/pts
stty raw -echo <>/root/dev/ttyS1
exec 3>/root/dev/ttyS1
for question in /questions/*; do
	name=${question##*/}
	echo "=====question $name" >&3
	[ ! -d /root/works/$name ] || mv /root/works/$name /root/work
	timeout -s KILL $(head -n 1 $question) env -i PATH=/bin HOME=/ \
		chroot /root /bin/sh -c "$(tail -n +2 $question)" </root/dev/null >/answer 2>&1 3>&-
	status=$?
	kill -KILL -1 2>/dev/null
	cat /answer >&3
	rm -rf /root/work /root/dev/shm/*
	echo >&3
	echo "=====status $status" >&3
done
exec 3>&-
poweroff -f
"""


def unpack(deb):
    """Extracts the kernel and the modules from the package's tar file."""
    process = subprocess.Popen(["dpkg", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    with process, tarfile.open(fileobj=process.stdout, mode="r|") as tar:
        for member in tar:
            name = os.path.basename(member.name)
            if name.startswith("vmlinuz-") or (name.endswith(".ko") and name[:-3] in MODULES):
                with open(os.path.join(FOLDER, name), "wb") as file:
                    shutil.copyfileobj(tar.extractfile(member), file)


def download(package, folder):
    """=> the path of its file"""
    foreign.apt("download", package, cwd=folder)
    return glob.glob(f"{folder}/{package}_*.deb")[0]


def fetch():
    """=> the package with the newest kernel, which the package linux-image-686 depends on."""
    debs = os.path.join(FOLDER, "debs")
    os.makedirs(debs, exist_ok=True)
    depends = foreign.run(["dpkg", "-f", download("linux-image-686", debs), "Depends"])
    unpack(download(re.search(r"linux-image-[\w.+-]+", depends).group(), debs))
    shutil.rmtree(debs)


def kernel():
    """=> the path of the kernel, fetched if it is not there yet; raises foreign.Unavailable"""
    foreign.programs()  # busybox, and apt's lists
    with alone(FOLDER):
        if not all(os.path.exists(os.path.join(FOLDER, name + ".ko")) for name in MODULES):
            fetch()
    return glob.glob(FOLDER + "/vmlinuz-*")[0]


def release():
    """=> the kernel's version, as in uname"""
    return os.path.basename(kernel()).removeprefix("vmlinuz-")


def packed(name, mode, contents=b"", device=(0, 0)):
    """=> one member of an archive of cpio's form "newc" (Documentation/driver-api/early-userspace/buffer-format.rst)"""
    packed.inode += 1
    fields = [packed.inode, mode, 0, 0, 1, 0, len(contents), 0, 0, *device, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + contents + bytes(-len(contents) % 4)


packed.inode = 0


def initial_disk(questions):
    """=> the bytes of the initial RAM disk: busybox, modules, the script, the questions"""
    archive = io.BytesIO()
    for folder in ("dev", "proc", "root", "questions"):
        archive.write(packed(folder, 0o40755))
    archive.write(packed("dev/console", 0o20600, device=(5, 1)))
    archive.write(packed("init", 0o100755, (INIT % {"modules": " ".join(MODULES)}).encode()))
    for name in ("busybox", *(module + ".ko" for module in MODULES)):
        with open(os.path.join(FOLDER if name.endswith(".ko") else foreign.FOLDER, name), "rb") as file:
            archive.write(packed(name, 0o100755, file.read()))
    for question in questions:
        archive.write(packed("questions/" + question.name, 0o100644, f"{question.limit}\n{question.command}\n".encode()))
    archive.write(packed("TRAILER!!!", 0))
    return archive.getvalue()


def command(image, initrd):
    return ["qemu-system-i386", "-accel", "tcg,thread=single", "-cpu", CPU, "-m", MEM, "-nodefaults", "-display", "none",
            "-no-reboot", "-serial", "file:" + LOG, "-serial", "stdio", "-kernel", kernel(), "-initrd", initrd, "-append", WORDS,
            "-drive", f"if=none,id=d0,format=raw,file={image},snapshot=on", "-device", "virtio-blk-pci,drive=d0"]


def ask(questions, image, timeout):
    """Boots once with IMAGE as its root disk. Yields (name, status, what it printed) for each of the QUESTIONS in turn: objects
    with a name, a command for /bin/sh on the image, and a limit in seconds."""
    initrd = os.path.join(FOLDER, "initrd")
    with open(initrd, "wb") as file:
        file.write(initial_disk(questions))
    process = subprocess.Popen(["timeout", str(timeout), *command(image, initrd)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE)
    try:
        yield from answers(process.stdout)
    finally:
        process.terminate()
        process.wait()


def answers(stream):
    """Yields what ask() does, from the output on ttyS1."""
    name, lines = None, []
    for line in stream:
        line = line.decode(errors="replace").rstrip("\n")
        start, end = re.fullmatch(r"=====question (\S+)", line), re.fullmatch(r"=====status (\d+)", line)
        if start:
            name, lines = start.group(1), []
        elif end and name:
            yield name, int(end.group(1)), "\n".join(lines).rstrip("\n")
            name = None
        else:
            lines.append(line)
