"""A Linux for i386 in the same QEMU: the reference for everything that a program can see, and what `make bench` measures beside.

Debian's kernel (linux-image-686) and busybox are fetched by their packages' names (debian.py), and kept in OUT/reference. It
boots from an initial RAM disk with busybox, some modules and a script, mounts an ext2 image as /, as our kernel does, and
answers questions: command lines for the shell on that image, one after another. The host only runs QEMU.

ttyS0 is Linux's console and goes to a log; what the commands print comes through ttyS1.
"""
import dataclasses
import glob
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile

import children
import debian
from debian import OUT, Unavailable, alone

FOLDER = os.path.abspath(os.path.join(OUT, "reference"))
LOG = os.path.join(FOLDER, "console.log")
# Modules in the order of their dependencies: for each bus of the disks, and for the file system.
BUSES = {
    "virtio": "virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk".split(),
    "ide": ("scsi_common scsi_mod libata crc64 crc64_rocksoft_generic crc64-rocksoft crct10dif_common crct10dif_generic crc-t10dif "
            "t10-pi sd_mod ata_piix").split(),
}
EXT2 = "crc16 crc32c_generic mbcache jbd2 ext4".split()
MODULES = BUSES["virtio"] + BUSES["ide"] + EXT2
WORDS = "console=ttyS0 loglevel=4 panic=-1 reboot=t"


@dataclasses.dataclass
class Machine:
    """The machine to start. The tests' own, if nothing else is said."""
    root: str                    # the image of the root disk, which is not changed
    swap: str = ""               # the image of a swap disk, which is
    bus: str = "virtio"          # or ide
    mem: str = "512M"
    # On Intel's processors Linux copies in another way, and retries a write for ever if an unmapped page cuts its first eight bytes.
    cpu: str = "qemu32,vendor=AuthenticAMD"
    words: str = "mitigations=off"
    extra: tuple = ()            # more options for QEMU

    def disk_name(self, number):
        return ("/dev/vd" if self.bus == "virtio" else "/dev/sd") + "ab"[number]

    def disk_options(self):
        options = []
        for number, image in enumerate(filter(None, [self.root, self.swap])):
            device = "virtio-blk-pci" if self.bus == "virtio" else f"ide-hd,bus=ide.0,unit={number}"
            options += ["-drive", f"if=none,id=d{number},format=raw,file={image},snapshot={'off' if number else 'on'}",
                        "-device", f"{device},drive=d{number}"]
        return options

    def command(self, initrd):
        return ["qemu-system-i386", "-accel", "tcg,thread=single", "-cpu", self.cpu, "-m", self.mem, "-nodefaults", "-display", "none",
                "-no-reboot", "-serial", "file:" + LOG, "-serial", "stdio", "-kernel", kernel(), "-initrd", initrd,
                "-append", f"{WORDS} {self.words}", *self.disk_options(), *self.extra]


@dataclasses.dataclass
class Question:
    """What ask() asks; tools/test/questions.py has some with more to them."""
    name: str
    command: str                 # for /bin/sh, in the folder /
    limit: int = 300             # seconds


# Each question has a time limit, a root folder as on the disk, and a folder /work of its own if the disk has /works/NAME for it.
INIT = """#!/busybox sh
export PATH=/ HOME=/
/busybox --install -s /
mount -t devtmpfs dev /dev
mount -t proc proc /proc
for module in %(modules)s; do insmod /$module.ko || echo "$module: not loaded"; done
tries=0
until [ -b %(root)s ] || [ $tries = 600 ]; do sleep 0.1; tries=$((tries + 1)); done
mount -t ext2 %(root)s /root || poweroff -f
[ -z "%(swap)s" ] || swapon %(swap)s
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
    """Extracts the kernel and the modules, or busybox, from the package's tar file."""
    process = subprocess.Popen(["dpkg", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    with process, tarfile.open(fileobj=process.stdout, mode="r|") as tar:
        for member in tar:
            name = os.path.basename(member.name)
            if member.isfile() and (name.startswith("vmlinuz-") or name.removesuffix(".ko") in MODULES or member.name.endswith("bin/busybox")):
                with open(os.path.join(FOLDER, name), "wb") as file:
                    shutil.copyfileobj(tar.extractfile(member), file)


def fetch():
    """Fetches busybox, and the package with the newest kernel, which the package linux-image-686 depends on."""
    debs = os.path.join(FOLDER, "debs")
    os.makedirs(debs, exist_ok=True)
    try:
        busybox = debian.download("busybox-static", debs)
    except Unavailable:
        debian.update()
        busybox = debian.download("busybox-static", debs)
    depends = debian.run(["dpkg", "-f", debian.download("linux-image-686", debs), "Depends"])
    unpack(debian.download(re.search(r"linux-image-[\w.+-]+", depends).group(), debs))
    unpack(busybox)
    shutil.rmtree(debs)


def kernel():
    """=> the path of the kernel, fetched if it is not there yet; raises Unavailable"""
    names = ["busybox", *(name + ".ko" for name in MODULES)]
    with alone(FOLDER):
        if not all(os.path.exists(os.path.join(FOLDER, name)) for name in names):
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


def initial_disk(questions, machine):
    """=> the bytes of the initial RAM disk: busybox, modules, the script, the questions"""
    modules = BUSES[machine.bus] + EXT2
    script = INIT % {"modules": " ".join(modules), "root": machine.disk_name(0), "swap": machine.swap and machine.disk_name(1)}
    archive = io.BytesIO()
    for folder in ("dev", "proc", "root", "questions"):
        archive.write(packed(folder, 0o40755))
    archive.write(packed("dev/console", 0o20600, device=(5, 1)))
    archive.write(packed("init", 0o100755, script.encode()))
    for name in ("busybox", *(module + ".ko" for module in modules)):
        with open(os.path.join(FOLDER, name), "rb") as file:
            archive.write(packed(name, 0o100755, file.read()))
    for question in questions:
        archive.write(packed("questions/" + question.name, 0o100644, f"{question.limit}\n{question.command}\n".encode()))
    archive.write(packed("TRAILER!!!", 0))
    return archive.getvalue()


def ask(questions, machine, timeout):
    """Boots MACHINE once. Yields (name, status, what it printed) for each of the QUESTIONS in turn: objects with a name, a
    command for /bin/sh on the root disk, and a limit in seconds. Raises Unavailable."""
    kernel()
    with tempfile.NamedTemporaryFile(dir=FOLDER) as initrd:
        initrd.write(initial_disk(questions, machine))
        initrd.flush()
        process = children.start(["timeout", str(timeout), *machine.command(initrd.name)], stdin=subprocess.DEVNULL,
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
