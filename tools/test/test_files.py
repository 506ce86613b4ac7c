"""Files on a disk: what programs store, through calls and through memory, is there afterwards, seen by e2fsprogs."""
import os
import re
import shutil
import subprocess
import time

from images import ImageCase, change, debugfs, dumpe2fs, e2fsck, pattern, stored
from support import OUT, counters, emulator, limit, machine


def fnv(data):
    value = 2166136261
    for byte in data:
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


class Files(ImageCase):
    def image(self, source=None):
        path = os.path.join(self.temporary(), "root.img")
        shutil.copyfile(source or os.path.join(OUT, "root.img"), path)
        return path

    def test_dynamically_linked(self):
        """A program that needs a dynamic linker is refused, with advice."""
        with open(os.path.join(OUT, "root/bin/true"), "rb") as file:
            program = bytearray(file.read())
        at = int.from_bytes(program[28:32], "little")    # the first program header, whose type becomes PT_INTERP
        program[at:at + 4] = (3).to_bytes(4, "little")
        path = os.path.join(self.temporary(), "dynamic")
        with open(path, "wb") as file:
            file.write(program)
        image = self.image()
        change(image, f"write {path} /bin/dynamic", "set_inode_field /bin/dynamic mode 0100755")
        output = self.run_on(image, "dynamic; echo status $?")
        self.assertIn("dynamic: dynamically linked, and there is no dynamic linker here: link it with -static\n", output)
        self.assertRegex(output, r"(?m)^status 12[67]$")

    def check_sums(self, image, tasks):
        files = 0
        for task in range(tasks):
            for line in stored(image, f"/disk-files-{task}/sums").decode().splitlines():
                name, size, total = line.split()
                data = stored(image, f"/disk-files-{task}/{name}")
                self.assertEqual((len(data), f"{fnv(data):08x}"), (int(size), total), f"{task}/{name}")
                files += 1
        self.assertGreater(files, tasks)

    @limit(150)
    def test_work_of_four_tasks(self):
        """Made, mapped, cut, renamed, deleted in few frames; then e2fsck finds nothing and the sums are right."""
        image = self.image()
        output = self.run_on(image, "/test/disk-files 200 4; cat /proc/vmstat", words="frames=100 swap=mem:1500")
        self.assertIn("disk-files: ok", output)
        c = counters(output)
        self.assertGreater(c["writeback"], 2000)
        self.assertGreater(c["evict_file"], 2000)
        self.check_clean(image)
        self.check_sums(image, 4)

    @limit(150)
    def test_work_checked_always(self):
        """The invariants at each call and fault; at the end every frame has come back (I9, checked by the kernel)."""
        image = self.image()
        output = self.run_on(image, "/test/disk-files 40 3; /test/map-save; cat /data/words.txt > /copy; rm /data/words.txt",
                             words="frames=100 swap=mem:1500 check=always", mem="12M", timeout=140)
        self.assertIn("disk-files: ok", output)
        self.assertIn("map-save: ok", output)
        self.assertIn("check: ", output)
        self.check_clean(image)
        self.check_sums(image, 3)
        with open(os.path.join(OUT, "root/data/words.txt"), "rb") as file:
            self.assertEqual(stored(image, "/copy"), file.read())

    def test_shared_mapping_of_four_times_memory(self):
        """8 MiB of holes in 500 frames: each page gets its block before it can be stored to; only dirty ones are written."""
        image = self.image()
        output = self.run_on(image, "/test/map-large 2048 keep; cat /proc/vmstat", words="frames=500")
        self.assertIn("map-large: ok", output)
        c = counters(output)
        self.assertGreater(c["evict_file"], 3000)
        self.check_clean(image)
        data = stored(image, "/map-large.tmp")
        self.assertEqual(len(data), 2048 * 4096)
        for page in range(2048):
            word = int.from_bytes(data[page * 4096 + page % 1000 * 4:][:4], "little")
            self.assertEqual(word, (page * 2654435761 + 12345) & 0xFFFFFFFF if page % 1000 != 1023 else page)

    def test_shared_mapping_of_four_times_memory_checked(self):
        output = self.run_on(self.image(), "/test/map-large 900", words="frames=220 check=always")
        self.assertIn("map-large: ok", output)
        self.assertIn("check: ", output)

    def test_killed_after_fsync(self):
        """The machine loses its power after fsync and msync: what was saved is there, e2fsck mends the rest."""
        for delay in (0, 0.3, 1):
            image = self.image()
            m = machine("/test/save-mark stay", words="", disks=[image])
            m.keep = True
            with emulator.Session(m) as s:
                s.expect("saved", 40)
                time.sleep(delay)
            self.assertLessEqual(e2fsck(image, "-fy")[0], 1)
            self.check_clean(image)
            for path, first in (("/by-fsync", "a"), ("/by-msync", "A"), ("/folder/new-name", "0"), ("/by-fsync-2", "k"),
                                ("/folder/other-name", "0")):
                self.assertEqual(stored(image, path), pattern(first), path)
            self.assertEqual(stored(image, "/folder/way"), b"w" * 1000)

    def test_state_while_mounted(self):
        """The file system is marked not clean while it is written, and clean at the end; mounting one that is not clean is reported."""
        image = self.image()
        m = machine("sync; echo here; sleep 60", disks=[image])
        m.keep = True
        with emulator.Session(m) as s:
            s.expect("here", 20)
        header = dumpe2fs(image, "-h")
        self.assertRegex(header, r"Filesystem state: +not clean")
        self.assertIn("was not ended cleanly", self.run_on(image, "true"))
        header = dumpe2fs(image, "-h")
        self.assertRegex(header, r"Filesystem state: +not clean")    # only e2fsck makes it clean again

    def small_disk(self, *mke2fs):
        """A disk of 3 MiB with a shell and the tests that are run there."""
        folder = self.temporary()
        for name in ("bin/sh", "bin/cat", "bin/true", "bin/ln", "test/disk-full", "test/disk-files", "test/save-mark"):
            os.makedirs(os.path.join(folder, "d", os.path.dirname(name)), exist_ok=True)
            shutil.copy(os.path.join(OUT, "root", name), os.path.join(folder, "d", name))
        image = os.path.join(folder, "small.img")
        subprocess.run(["mke2fs", "-q", "-F", "-d", os.path.join(folder, "d"), *mke2fs, image, "3M"], check=True,
                       capture_output=True)
        return image

    def test_full_disk(self):
        """ENOSPC and SIGBUS, nothing lost, and room again after a file was deleted."""
        image = self.small_disk("-t", "ext2", "-b", "4096", "-O", "none,filetype,sparse_super,large_file")
        output = self.run_on(image, "/test/disk-full")
        self.assertIn("disk-full: ok", output)
        self.check_clean(image)

    def test_features_unknown_here_are_only_read(self):
        image = self.small_disk("-t", "ext2", "-b", "4096", "-O", "none,filetype,sparse_super,large_file,huge_file")
        before = open(image, "rb").read()
        output = self.run_on(image, "ln -s x /y; ln /bin/sh /y; /test/save-mark", status=1)
        self.assertIn("is mounted read-only: it has huge_file", output)
        self.assertEqual(output.count("Read-only file system"), 2)
        self.assertRegex(output, r"save-mark: FAILED.*errno 30")
        self.assertEqual(open(image, "rb").read(), before)

    def test_small_blocks_are_refused_in_words(self):
        image = self.small_disk("-t", "ext2", "-b", "1024")
        output = self.run_on(image, "true", status=None)
        self.assertIn("only 4096 are supported", output)

    def test_write_back_fails(self):
        """The disk refuses writes: that is printed, and fsync reports it once; when the disk works again nothing was lost."""
        image = self.image()
        output = self.run_on(image, "/test/save-fails; cat /proc/vmstat")
        self.assertIn("save-fails: ok", output)
        self.assertIn("could not be written; it stays in memory", output)
        self.check_clean(image)
        data = stored(image, "/save-fails.tmp")
        self.assertEqual(data, b"".join(b"%d" % i + (b"x" if i == 2 else b"w") + b"w" * 4094 for i in range(8)))

    def test_disk_fails_now_and_then(self):
        """Whatever a program makes of it: the machine comes to its end, and e2fsck to an end with the disk."""
        image = self.image()
        m = emulator.Machine(out=OUT, disks=[image], keep=True, init="/bin/sh", args=["-c", "/test/disk-files 200 3; true"],
                             words="frames=120 swap=mem:1500 fail=disk:40".split())
        output = emulator.run(m, 100).output
        self.assertIn("failed", output)
        self.assertRegex(output, r"shisho: init (exited with status|killed by signal) \d+\s*$")
        self.assertLessEqual(e2fsck(image, "-fy")[0], 1)
        self.check_clean(image)

    @limit(100)
    def test_inodes_are_bounded(self):
        """Far more files than are kept in memory, in 8 MiB; each is found again."""
        image = self.image()
        output = self.run_on(image, "mkdir /many; cd /many; /test/many-files 600; cat /proc/vmstat; cat /proc/meminfo",
                             mem="8M", timeout=90)
        self.assertIn("many-files: ok", output)
        self.check_clean(image)

    def test_names_looked_up_while_they_go(self):
        """What was found by name and had to be read from the disk may be gone by then: no file, but no damage either."""
        image = self.image()
        output = self.run_on(image, "; ".join(f"/test/name-race 2000 {n}" for n in (5, 20, 400)),
                             words="frames=100 swap=mem:1500")
        self.assertEqual(output.count("name-race: ok"), 3, output)
        self.assertNotIn("damaged", output)
        self.check_clean(image)

    def test_damaged_bitmap(self):
        """Bitmaps that lie: an error in words, never a panic, and no table is overwritten."""
        image = self.image()
        header = dumpe2fs(image)
        block = int(re.search(r"Block bitmap at (\d+)", header).group(1))
        with open(image, "r+b") as disk:
            disk.seek(block * 4096)
            disk.write(bytes(4096))
        output = self.run_on(image, "/test/save-mark", status=None)
        self.assertIn("is damaged", output)
        self.assertIn("shisho: init exited", output)

    def test_damaged_inode_bitmap(self):
        """An inode that is free by its bitmap, but in use: an error in words, and the next name gets another one."""
        image = self.image()
        header = dumpe2fs(image)
        block = int(re.search(r"Inode bitmap at (\d+)", header).group(1))
        with open(image, "r+b") as disk:
            disk.seek(block * 4096 + 1)
            disk.write(bytes(200))
        output = self.run_on(image, "cat < /data/words.txt > /dev/null; cd /bin; " +
                             "; ".join(f"echo {i} > /f{i}" for i in range(9)), status=None)
        self.assertRegex(output, r"inode \d+ is not free")
        self.assertIn("shisho: init exited", output)

    def test_directory_with_the_most_links(self):
        """No other directory can be moved there or made there; those that are in it can have other names."""
        image = self.image()
        change(image, "mkdir /full", "mkdir /full/inside", "mkdir /other", "set_inode_field /full links_count 32000")
        output = self.run_on(image, "mkdir /full/new; mv /other /full/other; mv /full/inside /full/renamed; sync")
        self.assertEqual(output.count("Too many links"), 2, output)
        names = debugfs(image, "ls -p /full")
        for name, there in (("renamed", True), ("new", False), ("other", False), ("inside", False)):
            self.assertEqual(f"/{name}/" in names, there, names)

    def run_links(self, image, words, **options):
        """test/links leaves some of either kind. => output"""
        output = self.run_on(image, "/test/links keep; cat /links-test/short", words=words, **options)
        self.check_answer("links", output)
        self.assertIn("links: ok\nkept", output)
        return output

    def check_links(self, image):
        """They are on the disk as mke2fs would have put them there."""
        self.check_clean(image)
        kept = debugfs(image, "stat /links-test/kept")
        self.assertRegex(kept, r"Links: 2 +Blockcount: 8\b")
        self.assertEqual(kept, debugfs(image, "stat /links-test/kept-too"))
        for name, length, blocks in (("short", 4, 0), ("short-59", 59, 0), ("long-60", 60, 8), ("long", 1000, 8)):
            text = debugfs(image, f"stat /links-test/{name}")
            self.assertRegex(text, r"Type: symlink +Mode: +0777", name)
            self.assertRegex(text, rf"Size: {length}\b", name)
            self.assertRegex(text, rf"Links: 1 +Blockcount: {blocks}\b", name)
            target = b"kept" if name == "short" else b"l" * length
            self.assertEqual(re.findall(r'Fast link dest: "(.*)"', text), [] if blocks else [target.decode()], name)
            if blocks:
                self.assertEqual(stored(image, f"/links-test/{name}"), target)
        self.assertRegex(debugfs(image, "ls -l /links-test"), r"120777 \(7\) .* long-60\n")

    @limit(150)
    def test_links(self):
        """Hard and symbolic links, with the invariants checked and in few frames."""
        image = self.image()
        output = self.run_links(image, "frames=100 swap=mem:300 check=always", mem="8M", timeout=140)
        self.assertIn("check: ", output)
        self.check_links(image)

    @limit(150)
    def test_links_with_every_page_evicted(self):
        image = self.image()
        self.run_links(image, "evict=always", timeout=140)
        self.check_links(image)

    def test_links_on_a_disk_that_fails_now_and_then(self):
        image = self.image()
        m = emulator.Machine(out=OUT, disks=[image], keep=True, init="/bin/sh", args=["-c", "/test/links; true"],
                             words="frames=60 swap=off fail=disk:40".split())
        output = emulator.run(m, 100).output
        self.assertIn("failed", output)
        self.assertRegex(output, r"shisho: init (exited with status|killed by signal) \d+\s*$")
        self.assertLessEqual(e2fsck(image, "-fy")[0], 1)
        self.check_clean(image)

    def test_file_with_the_most_links(self):
        image = self.image()
        change(image, "set_inode_field /data/text.txt links_count 31999")
        output = self.run_on(image, "ln /data/text.txt /one; ln /data/text.txt /two; ls /", status=None)
        self.assertEqual(output.count("Too many links"), 1, output)
        self.assertRegex(output, r"(?m)^one$")
        self.assertNotRegex(output, r"(?m)^two$")

    def printable_block(self, image):
        """=> a block of a file whose number is, as bytes on the disk, a text of two characters; and that text"""
        for block in map(int, debugfs(image, "blocks /data/words.txt").split()):
            text = block.to_bytes(4, "little").rstrip(b"\0")
            if len(text) == 2 and text.isascii() and not set(text) & set(b'\0\t\n\r "\\/'):
                return block, text.decode()
        self.fail("no such block")

    def test_damaged_symbolic_links(self):
        """Sizes and blocks that lie: an error in words for each, and no block of another file is given back."""
        image = self.image()
        block, text = self.printable_block(image)
        header = dumpe2fs(image)
        bitmap = int(re.search(r"Block bitmap at (\d+)", header).group(1))
        lies = {"none": "size 0", "more": "size 30", "over": "size 70", "huge": "size 5000000", "block": "blocks 8"}
        long_lies = {"less": "size 20", "all": "size 4096", "empty": "size 2000", "lost": "blocks 0", "table": f"block[0] {bitmap}",
                     "beyond": "block[0] 99999999"}
        requests = [f"symlink /{name} {text}" for name in lies] + [f"symlink /{name} {'l' * 1000}" for name in long_lies]
        requests += [f"set_inode_field /{name} {lie}" for name, lie in {**lies, **long_lies}.items()]
        requests += ["symlink /self self", "symlink /ring /self"]
        change(image, *requests)
        names = [*lies, *long_lies, "self", "ring"]
        output = self.run_on(image, "; ".join(f"cat /{name}; echo x > /{name}/y; ls -l /{name}" for name in names) +
                             "; rm " + " ".join(f"/{name}" for name in names) + "; sync; cksum /data/words.txt", status=None)
        for name in names:
            error = {"block": "No such file", "self": "Too many", "ring": "Too many"}.get(name, "Input/output")
            self.assertIn(f"cat: /{name}: {error}", output)
        self.assertIn("shisho: init exited", output)
        self.assertRegex(output, r"symbolic link \d+ with 5000000 bytes in 0 sectors cannot be")
        self.assertIn("ends before its size", output)
        self.assertIn("marked in use", debugfs(image, f"testb {block}"))
        self.assertIn("marked in use", debugfs(image, f"testb {bitmap}"))
        with open(os.path.join(OUT, "root/data/words.txt"), "rb") as file:
            self.assertEqual(stored(image, "/data/words.txt"), file.read())

    def test_damaged_inode_points_at_a_bitmap(self):
        """Emptying a file that claims a bitmap as its own takes no change of the bitmap back."""
        image = self.image()
        header = dumpe2fs(image)
        block = int(re.search(r"Block bitmap at (\d+)", header).group(1))
        change(image, f"set_inode_field /data/words.txt block[IND] {block}")
        output = self.run_on(image, "echo one > /first; echo > /data/words.txt; echo two > /second; sync; cat /first",
                             status=None)
        self.assertIn("is damaged", output)
        self.assertRegex(output, r"(?m)^one$")
        taken = debugfs(image, "blocks /first").split()[0]
        self.assertIn("marked in use", debugfs(image, f"testb {taken}"))

    def test_damaged_inode_has_a_bitmap_as_contents(self):
        """What a file claims of the tables is neither read nor written through it."""
        image = self.image()
        header = dumpe2fs(image)
        block = int(re.search(r"Block bitmap at (\d+)", header).group(1))
        change(image, "write README.md /small", "set_inode_field /small size 4", f"set_inode_field /small block[0] {block}")
        output = self.run_on(image, "echo overwritten >> /small; cat /small", status=None)
        self.assertRegex(output, rf"inode \d+, page 0: block {block}")
        with open(image, "rb") as disk:
            disk.seek(block * 4096)
            self.assertNotIn(b"overwritten", disk.read(4096))
