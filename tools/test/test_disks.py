"""Disks of either kind: root and swap on IDE or virtio in any order, what they refuse, what fails, what never answers."""
import os
import re
import subprocess
import time

from images import e2fsck, pattern, stored, with_sbin
from support import OUT, Case, Monitor, bad_drive, counters, emulator, failing, free_port, gdb, limit, machine, needs

MORE_THAN_8_MIB = 9000    # KiB
KINDS = ("ide", "virtio")


def drive(name, device, path=None, **options):
    """=> QEMU's options for a disk of build/NAME.img (or PATH) on a virtio DEVICE described in its words"""
    path = path or os.path.join(OUT, name + ".img")
    more = "".join(f",{key}={value}" for key, value in options.items())
    return ["-drive", f"if=none,id={name},format=raw,file={path}{more}",
            "-device", f"virtio-blk-pci,drive={name}{device}"]


class Either(Case):
    LOAD = f"/test/crypt {MORE_THAN_8_MIB} 1; cat /proc/swaps; cat /proc/vmstat"

    def load(self, *disks, **options):
        output = self.boot(self.LOAD, disks=list(disks), mem="8M", **options)
        self.assertIn("crypt: ok", output)
        c = counters(output)
        self.assertGreater(c["pswpout"], 1500)
        self.assertGreater(c["pswpin"], 1500)
        self.assertGreaterEqual(c["pswpout"], 8 * c["swap_runs"])
        self.assertLessEqual(c["virtio_notifications"], c["virtio_commands"])
        return re.search(r"^/dev/(\w+)", output, re.MULTILINE).group(1), c

    def check_swap_on_virtio(self, name, *disks, **options):
        swap, c = self.load(*disks, **options)
        self.assertEqual(swap, name)
        self.assertGreaterEqual(c["virtio_commands"], c["swap_runs"] + c["swap_in_runs"])
        return c

    def test_both_on_virtio(self):
        for name, disks in (("vdb", ("virtio:root", "virtio:swap")), ("vda", ("virtio:swap", "virtio:root"))):
            self.assertEqual(self.check_swap_on_virtio(name, *disks)["ide_dma_commands"], 0)

    def test_swap_on_virtio(self):
        for disks in (("ide:root", "virtio:swap"), ("virtio:swap", "ide:root")):
            self.assertGreater(self.check_swap_on_virtio("vda", *disks)["ide_dma_commands"], 0)

    def test_root_on_virtio(self):
        for name, disks in (("hdb", ("virtio:root", "ide:swap")), ("hda", ("ide:swap", "virtio:root"))):
            swap, c = self.load(*disks)
            self.assertEqual(swap, name)
            self.assertGreater(c["virtio_commands"], 0)
            self.assertGreaterEqual(c["ide_dma_commands"], c["swap_runs"] + c["swap_in_runs"])

    def lines_of(self, monitor):
        """=> the interrupt lines of both disks, as soon as the firmware has assigned them"""
        for _ in range(100):
            lines = re.findall(r"SCSI controller.*\n.*\n\s+IRQ (\d+)", monitor.ask("info pci"))
            if "0" not in lines:
                break
            time.sleep(0.05)
        return lines

    def test_two_on_one_interrupt_line(self):
        """Slots that are four apart share a line."""
        path = os.path.join(self.temporary(), "monitor")
        extra = drive("root", ",addr=5", snapshot="on") + drive("swap", ",addr=9", snapshot="on")
        with self.session(self.LOAD, disks=[], mem="8M", extra=extra, monitor=path) as s:
            lines = self.lines_of(Monitor(path))
            s.expect("crypt: ok", 40)
            self.assertEqual(s.finish(20).status, 0)
        self.assertEqual((len(lines), len(set(lines))), (2, 1), lines)

    def test_short_queue(self):
        """Only one request at a time fits into it."""
        self.check_swap_on_virtio("vda", "ide:root", swap=False,
                                  extra=drive("swap", ",queue-size=64", snapshot="on"))


class Files(Case):
    def test_work(self):
        image = self.copy_of("root")
        output = self.boot("/test/disk-files 200 3", disks=["virtio:" + image], keep=True,
                           words="frames=100 swap=mem:1500", timeout=80)
        self.assertIn("disk-files: ok", output)
        status, text = e2fsck(image, "-fn")
        self.assertEqual(status, 0, text)

    def test_killed_after_fsync(self):
        for delay in (0, 0.5):
            image = self.copy_of("root")
            with self.session("/test/save-mark stay", disks=["virtio:" + image], keep=True) as s:
                s.expect("saved", 40)
                time.sleep(delay)
            self.assertLessEqual(e2fsck(image, "-fy")[0], 1)
            self.assertEqual(e2fsck(image, "-fn")[0], 0)
            for path, first in (("/by-fsync", "a"), ("/by-msync", "A"), ("/folder/new-name", "0")):
                self.assertEqual(stored(image, path), pattern(first), path)

    def test_fails_now_and_then(self):
        image = self.copy_of("root")
        m = machine(disks=["virtio:" + image], keep=True, words="frames=120 swap=mem:1500 fail=disk:40")
        m.init, m.args = "/bin/sh", ["-c", "/test/disk-files 200 3; true"]
        output = emulator.run(m, 80).output
        self.assertIn("failed", output)
        self.assertRegex(output, r"shisho: init (exited with status|killed by signal) \d+\s*$")
        self.assertLessEqual(e2fsck(image, "-fy")[0], 1)


class Trouble(Case):
    def test_read_errors(self):
        """If a slot cannot be read, only the task that needs it is killed."""
        for bus in KINDS:
            m = machine(f"/test/crypt {MORE_THAN_8_MIB} 2; grep swap_bad /proc/vmstat; /test/verify", mem="8M",
                        disks=["root"], bus=bus)
            bad_drive(m, failing("read", range(8 * 100, 8 * 1000, 8 * 100)), self.copy_of("swap"))
            result = emulator.run(m, 60)
            self.assertEqual(result.status, 0, result.output[-3000:])
            self.assertGreaterEqual(counters(result.output)["swap_bad"], 1)
            self.assertRegex(result.output, r"disk [hv]d\w: reading \d+ pages? at \d+ failed \(device code 0x\w+\)")
            self.assertIn("verify: ok", result.output)

    def test_flush_errors(self):
        """fsync reports what the disk could not save: so flushes do reach the disk."""
        for bus in KINDS:
            m = machine("/test/save-mark; true", disks=[], swap=False, bus=bus)
            bad_drive(m, '[inject-error]\nevent = "none"\niotype = "flush"\nerrno = "5"\n', self.copy_of("root"), 0)
            output = emulator.run(m, 40).output
            self.assertRegex(output, r"save-mark: FAILED.*errno 5\)")
            self.assertIn("its cache could not be written out", output)

    def test_read_only(self):
        """The root is read, the swap area is none; nothing is written to either."""
        extra = drive("root", "", readonly="on") + drive("swap", "", readonly="on")
        output = self.boot("/test/save-mark; cat /proc/swaps; swapon /dev/vdb; cat /data/text.txt | wc -c", disks=[],
                           words="verbose", extra=extra)
        self.assertRegex(output, r"vda: virtio, .*read-only")
        self.assertIn("vda is mounted read-only: the disk cannot be written", output)
        self.assertRegex(output, r"save-mark: FAILED.*errno 30\)")
        self.assertRegex(output, r"swapon.*(?i:read-only)")
        self.assertNotRegex(output, r"(?m)^/dev/vd")
        self.assertRegex(output, r"(?m)^\s*1048576")

    def test_programs_write_only_what_is_not_used(self):
        """In whole pages, and not to a disk with the file system or the swap area."""
        output = self.boot("cat /data/text.txt >/dev/vda; cat /data/text.txt >/dev/vdb; swapoff /dev/vdb; "
                           "cat /data/text.txt >/dev/vdb; echo short >/dev/vdb; head -n 9000 /dev/vdb | cksum; head -n 9000 /data/text.txt | cksum; "
                           "swapon /dev/vdb", bus="virtio", status=1)
        self.assertEqual(len(re.findall(r"(?i)busy", output)), 2, output)
        self.assertEqual(len(re.findall(r"(?i)invalid", output)), 2, output)    # a short write, and what is no swap area any more
        sums = re.findall(r"(?m)^(\d+ \d+)$", output)
        self.assertEqual(sums, sums[:1] * 2, output)

    def test_refused_in_words(self):
        empty = os.path.join(self.temporary(), "empty.img")
        blank = os.path.join(self.temporary(), "blank.img")
        open(empty, "wb").close()
        with open(blank, "wb") as image:
            image.truncate(1 << 20)
        refused = {
            "only the modern interface": drive("a", ",disable-legacy=on,disable-modern=off", blank, snapshot="on"),
            "smaller than a page": drive("b", "", empty),
            "too few pages at once": drive("c", ",queue-size=32", blank, snapshot="on"),
            "queue is too short": drive("d", ",queue-size=32,seg-max-adjust=off", blank, snapshot="on"),
            "blocks are larger than a page": drive("e", ",logical_block_size=8192,physical_block_size=8192", blank,
                                                   snapshot="on"),
        }
        full = [drive(f"f{i}", "", blank, snapshot="on") for i in range(4)]
        refused["there are too many"] = sum(full, [])
        output = self.boot("echo ready", disks=["virtio:root"], extra=sum(refused.values(), []))
        for words in refused:
            self.assertRegex(output, r"virtio disk at PCI 00:\w\w\.0 is not used: .*" + words)
        self.assertEqual(output.count("is not used"), len(refused))
        self.assertIn("ready", output)


    def test_controllers_without_a_driver(self):
        """Each controller is named, and the report about the missing root disk is true."""
        extra = ["-device", "ahci,id=a", "-device", "virtio-scsi-pci", "-device", "lsi53c895a",
                 "-drive", f"if=none,id=r,format=raw,snapshot=on,file={OUT}/root.img", "-device", "ide-hd,drive=r,bus=a.0",
                 "-drive", f"if=none,id=n,format=raw,snapshot=on,file={OUT}/swap.img", "-device", "nvme,drive=n,serial=1"]
        output = self.boot(disks=[], extra=extra, status=None)
        self.assertEqual(re.findall(r"there is no driver for the (.*) controller at PCI 00:\w\w\.0; attach its disks as IDE or "
                                    r"virtio-blk", output), ["SCSI", "SCSI", "AHCI (SATA)", "NVMe"])
        self.assertIn("no root: no disk could be mounted as an ext2 file system", output)


class Silence(Case):
    """A device that does not answer any more: GDB offers it an empty descriptor, after which QEMU requires a reset."""
    BROKEN = ["break virtqueue_offer", "continue", "ignore 1 300", "continue", "set var head = q->size - 1", "delete"]

    def broken(self, *commands):
        port = free_port()
        swap = os.path.join(self.temporary(), "swap.img")
        with open(swap, "wb") as image:
            image.truncate(12 << 20)    # when nothing can be written to it any more, few slots are told of
        subprocess.run(["mkswap", "-q", swap], check=True, env=with_sbin())
        with self.session(f"/test/crypt {MORE_THAN_8_MIB} 1; cat /proc/vmstat", disks=["ide:root", "virtio:" + swap],
                          mem="8M", gdb=port) as s:
            said = gdb(port, [*self.BROKEN, *commands, "detach"], 90)
            result = s.finish(60)
        self.assertIn("disk vda does not answer: reset", result.output, said)
        return result

    @limit(170)
    @needs("gdb")
    def test_reset(self):
        """It is reset, has its requests again, and nothing was lost."""
        result = self.broken()
        self.assertEqual(result.status, 0, result.output)
        self.assertIn("crypt: ok", result.output)
        self.assertGreater(counters(result.output)["pswpout"], 1500)

    @limit(170)
    @needs("gdb")
    def test_given_up(self):
        """If a reset does not help, requests to the disk fail, and the machine powers off normally."""
        result = self.broken("break virtio_run", "continue", "set var v->queue.size = 8", "delete")
        self.assertIn("disk vda: given up", result.output)
        self.assertRegex(result.output, r"shisho: init (exited with status|killed by signal) \d+\s*$")
