"""No toy: mechanisms, asserted by what the kernel counted and never by time; and what bad input leaves behind."""
import os
import random
import re
import shutil
import time

from support import OUT, PROMPT, Case, bad_drive, counters, emulator, failing, limit, machine

BLOCK = 4096
MORE_THAN_8_MIB = 9000    # KiB


def image(name):
    return os.path.join(OUT, name + ".img")


class Machine(Case):
    def first_program(self, path, *args, status=0, timeout=60, **options):
        """Runs PATH as the first program. => what was printed"""
        m = machine(**options)
        m.init, m.args = path, list(args)
        result = emulator.run(m, timeout)
        self.assertEqual(result.status, status, result.output[-3000:])
        self.assertNotIn("PANIC", result.output)
        return result.output

    def survives(self, output, status):
        """Whatever the machine made of it: it ended by itself, and not in a panic."""
        self.assertNotIn("PANIC", output)
        self.assertNotIn(status, (emulator.TIMED_OUT, emulator.PANIC), output[-2000:])


class Proof(Machine):
    def belady(self, frames, string=()):
        output = self.first_program("/test/belady", str(frames), *string, words="policy=fifo exact")
        return int(re.search(r"belady: (\d+) faults", output).group(1))

    def test_textbook_counts_of_fifo(self):
        """Belady's string: more frames, more faults. And a loop of four pages, which FIFO with three always misses."""
        self.assertEqual((self.belady(3), self.belady(4)), (9, 10))
        self.assertEqual((self.belady(3, ["01230123"]), self.belady(4, ["01230123"])), (8, 4))

    def test_others_run_while_one_waits(self):
        output = self.boot(f"/test/overlap {MORE_THAN_8_MIB}", mem="8M")
        waits, ran = map(int, re.search(r"overlap: (\d+) waits, counted on in (\d+);", output).groups())
        self.assertGreaterEqual(waits, 100)
        self.assertGreaterEqual(ran, waits * 9 // 10)

    def test_runs_by_dma(self):
        """On IDE disks, whatever the other tests run on. (By programmed I/O: Swap.test_sort_by_programmed_io.)"""
        c = counters(self.boot(f"/test/crypt {MORE_THAN_8_MIB} 2; cat /proc/vmstat", mem="8M", words="disk=dma", bus="ide"))
        self.assertGreater(c["pswpout"], 3000)
        self.assertGreater(c["pswpin"], 3000)
        self.assertGreaterEqual(c["pswpout"], 8 * c["swap_runs"])
        self.assertGreaterEqual(c["ide_dma_commands"], c["swap_runs"] + c["swap_in_runs"])
        self.assertLess(c["ide_pio_commands"], 10)

    def test_daemon_serves_a_steady_load(self):
        # By DMA: programmed I/O keeps the processor, so that no load beside it is steady. The disk's completions come from the
        # host: if that is busy, a single one may come late.
        output = self.boot(f"/test/steady {MORE_THAN_8_MIB} 2; cat /proc/vmstat", mem="8M", words="disk=dma", icount=True)
        direct, out = map(int, re.search(r"direct_reclaim rose by (\d+), pswpout by (\d+)", output).groups())
        self.assertGreater(out, 1000)
        self.assertLess(direct, out / 500)
        self.assertEqual(counters(output)["procswap_out"], 0)

    def test_three_mappers(self):
        for words in ("exact", "exact policy=fifo"):
            output = self.boot(f"/test/three {MORE_THAN_8_MIB}", mem="8M", words=words)
            self.assertIn("three: ok", output)


class Exhaust(Machine):
    """Each kind of memory is filled until nothing is left; the first program and its shell come through (exhaust-all)."""
    KINDS = "private private-tables full-pipes".split()
    TIMES = int(os.environ.get("EXHAUST", 0))    # for the whole table: EXHAUST=10 make test TESTS=Exhaust

    def exhaust(self, times, *kinds, timeout=100, **options):
        output = self.first_program("/test/exhaust-all", str(times), *kinds, icount=True, timeout=timeout, **options)
        self.assertIn("\nexhaust-all: ok\n", output)
        return output

    @limit(120)
    def test_every_kind(self):
        output = self.exhaust(1, mem="8M", swap=False)
        self.assertGreaterEqual(len(re.findall(r"^exhaust-all: [\w-]+: \d+ pieces", output, re.MULTILINE)), 65)

    if TIMES:
        @limit(6 * 3600)
        def test_whole_table(self):
            for mem in ("8M", "16M", "64M"):
                for swap in (False, True):
                    self.exhaust(self.TIMES, mem=mem, swap=swap, timeout=3600)

    def test_full_without_a_fault(self):
        """All memory holds pages that cannot leave, and nothing but calls asks for more: they are not refused for ever."""
        output = self.exhaust(1, "sealed-memfds", mem="64M", swap=False)
        self.assertRegex(output, r"out of memory: exhaust-all\[\d+\] is killed; it held \d{5} KiB of pages,")

    def test_pipes_and_tables(self):
        """Neither can be evicted. The task that holds most of them must end, with a message that says why."""
        output = self.exhaust(1, *self.KINDS, mem="8M")
        self.assertRegex(output, r"out of memory: exhaust-all\[\d+\] is killed; it held \d+ KiB of page tables,")
        self.assertRegex(output, r"out of memory: exhaust-all\[\d+\] is killed; it held \d+ KiB of pages,")


class Bad(Machine):
    """What a machine must survive, with a message in words."""
    PROGRAMS = "elf-lies exhaust guard trap stack bad-pointers protect signal map-refuse".split()

    def ordeal(self, *programs, **options):
        output = self.first_program("/test/ordeal", *("/test/" + p for p in programs), timeout=80, **options)
        self.assertEqual(len(re.findall(r"^ordeal: \S+ ended with status 0$", output, re.MULTILINE)), len(programs))
        self.assertIn("\nordeal: ok\n", output)
        return output

    @limit(100)
    def test_programs_leave_nothing(self):
        """One boot, one bad program after the other, a verifier beside; then all frames and slots are there again."""
        output = self.ordeal(*self.PROGRAMS)
        self.assertRegex(output, r"guard\[\d+\]: segmentation fault: .*: that is the kernel's memory")
        self.assertRegex(output, r"trap\[\d+\]: divide error")
        self.assertRegex(output, r"stack\[\d+\]: segmentation fault")
        self.assertRegex(output, r"out of memory: exhaust\[\d+\] is killed")

    def test_fork_bombs_leave_nothing(self):
        """They are refused, and no other task is killed for them."""
        for mem in ("8M", "16M"):
            output = self.ordeal("fork-bomb", "fork-bomb", "fork-bomb", mem=mem)
            self.assertNotRegex(output, r"out of memory: verify")

    def test_noise_on_the_command_line(self):
        words = ("frames=4294967295 frames=-1 policy= policy=fifo,clock check=maybe evict=perhaps fail=frame fail=:::: "
                 "disk= swap=mem:99999999999 trace=,,, tracedev=x exact=7 selftest=no = == ")
        noise = random.Random(2)
        words += " ".join("".join(noise.choices("abz019=:,;%$#@!~*'\"\\/", k=9)) for _ in range(30))
        output = self.boot("echo ready", words=words)
        self.assertIn("\nready\n", output)
        self.assertIn("frames=-1 is not a number", output)
        self.assertIn("policy=fifo,clock: there is no such policy", output)
        self.assertRegex(output, "fail=:+ not understood")
        self.assertIn("swap=mem:99999999999 is not understood", output)
        self.assertGreater(output.count(" is not known; ignored"), 20)

    @limit(180)
    def test_failures_are_fair(self):
        """Whatever the period, the first program is spared and every repetition ends, the kernel's own and a program's."""
        for kind in ("frame", "slot", "heap", "disk"):
            with self.session(words=f"fail={kind}:1") as s:
                s.expect(PROMPT, 40)
        output = self.boot("/test/fail-fair", words="frames=300 swap=mem:2000", timeout=100)
        self.assertIn("fail-fair: ok", output)
        self.assertIn("trace: the ring needs 64 KiB in one piece, and no such piece is free; no trace\n", output)

    def test_first_program_that_is_none(self):
        for path, why in (("/bin", "it is not an executable file"), ("/data/text.txt", "it is not an executable file"),
                          ("/nowhere/at/all", "there is no such file")):
            result = emulator.run(emulator.Machine(out=OUT, words=["init=" + path]), 20)
            self.survives(result.output, result.status)
            self.assertRegex(result.output, f"the first program {path} cannot be run: {why}")

    def damaged_root(self, seed, first, blocks, share):
        """=> a copy of the root whose blocks FIRST... have bytes overwritten, one of SHARE"""
        path = os.path.join(self.temporary(), "root.img")
        noise = random.Random(seed)
        shutil.copyfile(image("root"), path)
        with open(path, "r+b") as file:
            file.seek(first * BLOCK)
            data = bytearray(file.read(blocks * BLOCK))
            for i in range(len(data)):
                # The magic number stays: it is to be taken for an ext2.
                if noise.randrange(share) == 0 and first * BLOCK + i not in (1024 + 56, 1024 + 57):
                    data[i] = noise.randrange(256)
            file.seek(first * BLOCK)
            file.write(data)
        return path

    def test_damaged_root(self):
        """Superblock, group descriptors, inode tables, directories, the programs' own text: some bytes are others."""
        said = 0
        for seed, (first, blocks, share) in enumerate([(0, 1, 8), (0, 1, 60), (0, 2, 300), (1, 1, 20), (1, 12, 40),
                                                       (2, 200, 400), (2, 600, 60)]):
            m = machine("ls -l / /bin /test; cat /data/text.txt | cksum; pages sh; /test/verify", mem="8M",
                        disks=[self.damaged_root(seed, first, blocks, share), "swap"])
            result = emulator.run(m, 30)
            self.survives(result.output, result.status)
            said += bool(re.search(r"ext2: |no root|cannot be run|killed|: [A-Z]\w+ .*", result.output))
        self.assertGreaterEqual(said, 4)

    def test_swap_without_a_signature(self):
        path = os.path.join(self.temporary(), "swap.img")
        with open(path, "wb") as file:
            file.write(random.Random(5).randbytes(1 << 20))
        with self.session(disks=["root", path]) as s:
            s.expect("No swap", 20)
            s.expect(PROMPT, 20)
            s.send("cat /proc/swaps | wc -l; exit\n")
            s.expect(r"^\s*1\b", 20)
            self.assertEqual(s.finish(20).status, 0)

    @limit(120)
    def test_changed_behind_the_back(self):
        """The swap image is overwritten while pages are in it: no task may read wrong data as if it were right."""
        path = os.path.join(self.temporary(), "swap.img")
        shutil.copyfile(image("swap"), path)
        os.truncate(path, BLOCK)  # the header alone: `make run KEEP=1` may have left pages
        os.truncate(path, 64 << 20)
        m = machine(mem="8M", disks=["root", path])
        m.disks[0] = os.path.join(self.temporary(), "root.img")
        shutil.copyfile(image("root"), m.disks[0])
        m.keep = True
        m.init, m.args = "/test/verify", [str(MORE_THAN_8_MIB), "1000"]
        with emulator.Session(m) as s:
            self.wait_for_pages(path)
            with open(path, "r+b") as file:
                file.seek(BLOCK)
                file.write(bytes(8 << 20))
            s.expect(r"swap: slot \d+ could not be read back as it was written", 60)
            result = s.finish(30)
        self.assertNotIn("verify: FAILED", result.output)
        self.assertIn("init killed by signal 7", result.output)
        self.survives(result.output, result.status)

    def wait_for_pages(self, path):
        for _ in range(300):
            with open(path, "rb") as file:
                file.seek(BLOCK)
                area = file.read(4 << 20)
            if sum(any(area[at:at + BLOCK]) for at in range(0, len(area), BLOCK)) > 500:
                return
            time.sleep(0.1)
        self.fail("nothing was written to swap")

    def test_read_errors(self):
        """If a slot cannot be read, only the task that needs it is killed."""
        m = machine(f"/test/crypt {MORE_THAN_8_MIB} 2; grep swap_bad /proc/vmstat; /test/verify", mem="8M",
                    disks=["root"])
        bad_drive(m, failing("read", range(8 * 100, 8 * 1000, 8 * 100)), self.copy_of("swap"))
        result = emulator.run(m, 60)
        self.assertEqual(result.status, 0, result.output[-3000:])
        self.assertGreaterEqual(counters(result.output)["swap_bad"], 1)
        self.assertNotIn("crypt: ", result.output.replace("crypt: killed", ""))
        self.assertIn("verify: ok", result.output)
