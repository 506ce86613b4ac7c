"""More memory than there is: whole loads through the shell, checked against the host's own tools and by counters."""
import functools
import os
import re
import shutil
import subprocess

from images import with_sbin
from support import OUT, PROMPT, Case, bad_drive, counters, emulator, failing, limit, machine

PAGE = 4096


ALL = "sort /data/words.txt | cksum"
PART = "head -n 400000 /data/words.txt | sort | cksum"    # in 8 MiB: a twentieth of the pages that go to swap for ALL


@functools.cache
def host_says(command):
    """=> what the host's own tools print for COMMAND, with the files of the root disk"""
    command = command.replace("/data/", os.path.join(OUT, "root/data/"))
    return subprocess.run(command, shell=True, env=dict(os.environ, LC_ALL="C"), capture_output=True, text=True,
                          check=True).stdout.strip()


class Swap(Case):
    def sort(self, command, timeout=150, **options):
        output = self.boot(f"{command}; cat /proc/vmstat", timeout=timeout, **options)
        self.assertIn(host_says(command), output.splitlines())
        return counters(output)

    @limit(200)
    def test_sort_in_8_mib(self):
        """The steady load of the issue: runs of pages, and the daemon alone keeps up."""
        c = self.sort(ALL, mem="8M")
        self.assertGreater(c["pswpout"], 2 * 1700)
        self.assertGreater(c["pswpin"], 2 * 1700)
        self.assertGreaterEqual(c["pswpout"] / c["swap_runs"], 8)
        self.assertLessEqual(c["direct_reclaim"], c["pswpout"] // 1000)
        self.assertEqual(c["procswap_out"], 0)

    @limit(100)
    def test_sort_by_fifo(self):
        self.assertGreater(self.sort(PART, mem="8M", words="policy=fifo")["pswpout"], 3000)

    @limit(100)
    def test_sort_by_programmed_io(self):
        c = self.sort(PART, mem="8M", words="disk=pio", bus="ide")
        self.assertGreater(c["pswpout"], 3000)
        self.assertGreater(c["pswpin"], 3000)
        self.assertGreaterEqual(c["pswpout"], 8 * c["swap_runs"])
        self.assertGreaterEqual(c["ide_pio_commands"], c["swap_runs"] + c["swap_in_runs"])
        self.assertEqual(c["ide_dma_commands"], 0)

    def test_sort_without_pressure(self):
        self.assertEqual(self.sort("sort /data/text.txt | cksum", mem="128M")["pswpout"], 0)

    @limit(120)
    def test_without_swap(self):
        """When memory is exhausted, a task is killed with a message, the prompt comes back, and the machine works."""
        with self.session(mem="8M", words="swap=off") as s:
            s.expect(PROMPT, 20)
            s.send("sort /data/words.txt | cksum\n")
            s.expect(r"(?i)memory", 60)
            s.expect(PROMPT, 60)
            s.send("cat /data/text.txt | wc -c\n")
            s.expect(r"^\s*1048576", 30)
            s.send("exit\n")
            self.assertEqual(s.finish(20).status, 0)

    @limit(120)
    def test_swap_too_small(self):
        path = os.path.join(self.temporary(), "small.img")
        with open(path, "wb") as image:
            image.truncate(2 << 20)
        subprocess.run(["mkswap", "-q", path], check=True, env=with_sbin())
        with self.session(mem="8M", disks=["root", path]) as s:
            s.expect(PROMPT, 20)
            s.send("sort /data/words.txt | cksum\n")
            s.expect(r"(?i)memory", 90)
            s.expect(PROMPT, 60)
            s.send("exit\n")
            self.assertEqual(s.finish(20).status, 0)

    @limit(100)
    def test_kept_image_holds_the_input(self):
        folder = self.temporary()
        path = os.path.join(folder, "swap.img")
        shutil.copyfile(os.path.join(OUT, "swap.img"), path)
        m = machine(PART, mem="8M", disks=["root", path])
        m.disks[0] = os.path.join(folder, "root.img")
        shutil.copyfile(os.path.join(OUT, "root.img"), m.disks[0])
        m.keep = True
        self.assertEqual(emulator.run(m, 80).status, 0)
        with open(path, "rb") as image:
            swapped = image.read()
        self.assertIn(b"SWAPSPACE2", swapped[:PAGE])
        found = sum(word in swapped for word in (b"librarian", b"basement", b"dictionary", b"afternoon"))
        self.assertEqual(found, 4)

    @limit(280)
    def test_late_and_random_completions(self):
        """Step 5 of the design: four tasks in 64 frames, a swap area whose requests end late and in random order, the
        invariants checked at each scheduling point; at the end every frame and slot has come back (the kernel checks).
        34 rounds are 1.0 * 10^9 instructions of the load itself, beside the checks (counted with -icount)."""
        m = emulator.Machine(out=OUT, mem="8M", disks=["root"], init="/test/torture", args=["34", "7"],
                             words=["swap=mem:1024:7", "frames=64", "check=always"])
        result = emulator.run(m, 270)
        self.assertEqual(result.status, 0, result.output[-3000:])
        self.assertIn("torture: ok", result.output)
        self.assertIn("check: ", result.output)


class Trouble(Case):
    """A swap disk that fails."""

    def area(self, *changes):
        """=> a swap area of 1 MiB in which CHANGES, pairs of a place and bytes, have been made"""
        path = os.path.join(self.temporary(), "swap.img")
        with open(os.path.join(OUT, "swap.img"), "rb") as image:
            data = bytearray(image.read(1 << 20))
        data[1028:1032] = (255).to_bytes(4, "little")
        for place, value in changes:
            data[place:place + len(value)] = value
        with open(path, "wb") as image:
            image.write(data)
        return path

    def refused(self, *areas):
        """=> {disk: why it is not used} for those after the root"""
        output = self.boot("cat /proc/swaps; swapon /dev/vda; echo still here",
                           disks=["ide:root", *("virtio:" + area for area in areas)])
        self.assertIn("still here", output)
        return re.findall(r"(?m)^swap: (vd\w) is not used: (.*)$", output), re.findall(r"(?m)^/dev/(\w+)", output)

    def test_refused(self):
        """One sentence for each disk: what is wrong with it, and that there is no swap."""
        number = lambda n: n.to_bytes(4, "little")    # noqa: E731
        wrong = [((1024, number(2)), "its version is 2, and only 1 is known"),
                 ((1028, number(256)), "its last page is 256, beyond the end of the disk, which has 256"),
                 ((1032, number(638)), "it lists 638 bad pages, and there is room for 637"),
                 ((4086, b"SWAPSPACE3"), "its signature differs from SWAPSPACE2")]
        said, swaps = self.refused(*(self.area(change) for change, _ in wrong))
        self.assertEqual([why for _, why in said], [why + "; there is no swap" for _, why in wrong] + [wrong[0][1]])
        self.assertEqual([disk for disk, _ in said], ["vda", "vdb", "vdc", "vdd", "vda"])    # the last by swapon
        self.assertEqual(swaps, [])

    def test_refused_beside_a_good_one(self):
        swapped = b"\0\0\0\1\0\0\0\xff"
        said, swaps = self.refused(self.area((4086, b"S1SUSPEND\0")), self.area((4086, bytes(10))), self.area((1024, swapped)),
                                   self.area())
        self.assertEqual([why.partition(":")[0] for _, why in said],
                         ["it holds a hibernated system (S1SUSPEND)", "it has a header, but no signature at byte 4086",
                          "it was made on a machine of the other byte order"])
        self.assertEqual(swaps, ["vdd"])

    def test_no_swap_area_at_all(self):
        """A disk with other contents is not reported, until swapon is asked to use it."""
        other = os.path.join(self.temporary(), "other.img")
        with open(other, "wb") as image:
            image.write(b"something else " * 100000)
        said, _ = self.refused(other)
        self.assertEqual(said, [("vda", "it is no swap area")])

    @limit(150)
    def test_write_errors(self):
        """Slots that cannot be written are not used again; the result is right, or the task is killed with a message."""
        m = machine(f"{PART}; cat /proc/vmstat", mem="8M", disks=["root"])
        bad_drive(m, failing("write", (8 * 100, 8 * 333, 8 * 1000)), self.copy_of("swap"))
        result = emulator.run(m, 140)
        self.assertEqual(result.status, 0, result.output[-3000:])
        self.assertIn(host_says(PART), result.output.splitlines())
        self.assertEqual(len(re.findall(r"(?m)^swap: slot (?:100|333|1000) is bad", result.output)), 3, result.output[-3000:])
