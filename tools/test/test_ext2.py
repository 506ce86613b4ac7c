"""Disks made or changed by ext3, ext4 or e2fsprogs: each feature bit and flag is obeyed, or the disk is not written."""
import os
import re
import shutil
import subprocess

from images import ImageCase, change, debugfs, dumpe2fs, e2fsck, with_sbin
from support import OUT, Case

PROGRAMS = ("sh", "sync", "rm", "mv", "ln", "ls", "cat", "mkdir", "rmdir", "grep", "echo", "true")
# What changes every kind of thing once: names, directories, links, contents, sizes.
WORK = ("mkdir /new; echo one > /new/one; echo two > /two; cat /bin/sh > /new/large; mv /two /new/moved; ln /new/one /link;"
        "ln -s one /new/short; rm /link /new/large; mkdir /new/gone; rmdir /new/gone; cat /new/moved; sync")


def superblock(image):
    """=> its fields: {name: value}"""
    return dict(re.findall(r"(?m)^([^:\n]+):\s+(.*)$", dumpe2fs(image, "-h")))


class Disk(ImageCase):
    def folder(self, **files):
        """=> a root to make images of: the programs, and FILES (a name with a value that is None is a folder)"""
        root = self.temporary()
        os.mkdir(os.path.join(root, "bin"))
        for name in PROGRAMS:
            shutil.copy(os.path.join(OUT, "root/bin", name), os.path.join(root, "bin", name))
        for name, text in files.items():
            path = os.path.join(root, name)
            if text is None:
                os.mkdir(path)
                continue
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        return root

    def image(self, features, *options, size="16M", root=None, kind="ext2"):
        path = os.path.join(self.temporary(), "disk.img")
        with open(path, "wb"):
            os.truncate(path, int(size[:-1]) << 20)
        subprocess.run(["mke2fs", "-q", "-F", "-t", kind, "-b", "4096", "-O", features, *options, "-d", root or self.folder(),
                        path], check=True, env=with_sbin(), capture_output=True)
        return path


class Features(Disk):
    def check_written(self, image):
        output = self.run_on(image, WORK)
        self.assertRegex(output, r"(?m)^two$")
        self.assertNotIn("ext2: ", output)
        self.check_clean(image)
        self.assertIn("/moved/", debugfs(image, "ls -p /new"))

    def check_not_written(self, image, words):
        with open(image, "rb") as file:
            before = file.read()
        output = self.run_on(image, "echo x > /new; rm /bin/true; mkdir /bin/y; echo > /bin/true; sync; cat /bin/true | grep ELF",
                             status=None)
        self.assertEqual(re.findall(r"(?m)^ext2: .*", output), [f"ext2: hda is mounted read-only: {words}"])
        self.assertEqual(len(re.findall(r"(?i)read-only file system", output)), 4, output)
        with open(image, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_written_without_any(self):
        """A disk of the first revision has no features at all."""
        self.check_written(self.image("none", "-r", "0"))

    def test_written_with_what_ext3_has(self):
        self.check_written(self.image("has_journal,ext_attr,resize_inode,dir_index,filetype,sparse_super,large_file",
                                      kind="ext3", size="32M"))

    def test_written_with_all_that_ask_nothing(self):
        image = self.image("none,filetype,has_journal,ext_attr,dir_index,sparse_super2,stable_inodes,fast_commit,orphan_file",
                           size="32M")
        change(image, "feature dir_prealloc imagic_inodes")
        self.check_written(image)

    def test_read_only(self):
        """Each is said by its name."""
        basic = "none,filetype,sparse_super,large_file"
        kinds = {
            "it has huge_file, dir_nlink, extra_isize, metadata_csum, which a writer must maintain":
                (f"{basic},huge_file,dir_nlink,extra_isize,metadata_csum", []),
            "it has lazy_bg, feature 0x80000000, snapshot, which a writer must maintain":
                (basic, ["feature lazy_bg", "set_super_value feature_compat 0x80000040", "set_super_value feature_ro_compat 0x83"]),
            "its journal must be replayed first (e2fsck -fy); until then the latest changes may be missing":
                (f"{basic},has_journal", ["feature needs_recovery"]),
            "it lists inodes that must be removed first (e2fsck -fy)": (basic, ["set_super_value last_orphan 12"]),
            "it was made for GNU/Hurd, whose inodes hold more than is known here": (basic, ["set_super_value creator_os 1"]),
        }
        for words, (features, requests) in kinds.items():
            image = self.image(features)
            change(image, *requests)
            self.check_not_written(image, words)

    def test_not_mounted(self):
        """Each disk is refused in one sentence that names the feature; the next one is the root."""
        extents = self.image("none,filetype,extent,64bit,flex_bg", kind="ext4")
        change(extents, "set_super_value feature_incompat 0x400302D2")
        small = self.image("none,filetype", "-b", "1024")
        output = self.run_on(self.image("none,filetype"), "echo ready", extents, small)
        said = re.findall(r"(?m)^ext2: (hd\w) is not mounted: it has (.*)", output)
        self.assertEqual([disk for disk, _ in said], ["hda", "hdb"])
        self.assertIn("meta_bg, extent, 64bit, flex_bg, encrypt, casefold, feature 0x40000000, which this kernel cannot", said[0][1])
        self.assertIn("blocks of 1024 << 0 bytes", said[1][1])
        self.assertEqual(output.count("ext2: "), 2)
        self.assertRegex(output, r"(?m)^ready")


class Document(Case):
    def test_features_and_flags(self):
        """docs/disks.md has a row for each feature that has a name here."""
        with open("kernel/fs/ext2/features.c", encoding="utf-8") as file:
            named = re.search(r"ext2_compat_names.*?ext2_ro_names\[32\] = .*?};", file.read(), re.DOTALL).group()
        with open("docs/disks.md", encoding="utf-8") as file:
            rows = set(re.findall(r"[\w-]+", " ".join(re.findall(r"(?m)^\| ([^|]*)\|", file.read()))))
        names = set(re.findall(r'"([\w-]+)"', named))
        self.assertGreater(len(names), 40)
        self.assertEqual(names - rows, set())


class Indexed(Disk):
    NAME = "a-rather-long-file-name-number-"
    # In the folder that the {} stands for.
    CHANGES = ["echo x > {}/new", f"rm {{}}/{NAME}7", f"mv {{}}/{NAME}8 /other/y", f"mv {{}}/{NAME}9 {{}}/{NAME}10", "mkdir {}/folder",
               "ln -s x {}/link", f"mv /other/z {{}}/{NAME}4"]
    NO_CHANGES = f"ls {{}}; cat {{}}/{NAME}9; echo x > {{}}/{NAME}1; rm {{}}/none"

    def image_with_index(self):
        root = self.folder(other=None)
        for number in range(len(self.CHANGES) + 1):
            os.mkdir(os.path.join(root, f"big{number}"))
            for i in range(300):
                with open(os.path.join(root, f"big{number}/{self.NAME}{i}"), "wb"):
                    pass
        with open(os.path.join(root, "other/z"), "wb"):
            pass
        image = self.image("none,filetype,sparse_super,large_file,dir_index", root=root)
        self.assertLessEqual(e2fsck(image, "-fyD")[0], 1)
        return image

    def flags(self, image):
        return [int(re.search(r"Flags: (0x\w+)", debugfs(image, f"stat /big{number}")).group(1), 16)
                for number in range(len(self.CHANGES) + 1)]

    def test_each_change(self):
        """A change of the directory drops its hash tree; without a change it stays."""
        image = self.image_with_index()
        self.assertEqual(set(self.flags(image)), {0x1000})
        cmds = [cmd.format(*[f"/big{number}"] * 2) for number, cmd in enumerate(self.CHANGES)]
        self.run_on(image, "; ".join(cmds) + "; " + self.NO_CHANGES.format(*[f"/big{len(cmds)}"] * 4) + "; sync")
        self.assertEqual(self.flags(image), [0] * len(cmds) + [0x1000])
        self.check_clean(image)


class Attributes(Disk):
    def test_shared_block(self):
        """Two files share a block of attributes: its count falls, and the second removal frees it."""
        image = self.image("none,filetype,ext_attr", "-I", "128", root=self.folder(a="one", b="two", c="three"))
        change(image, "ea_set /a user.colour green", "ea_set /c user.colour blue")
        block = int(re.search(r"File ACL: (\d+)", debugfs(image, "stat /a")).group(1))
        change(image, f"set_inode_field /b file_acl {block}", "set_inode_field /b blocks 16")
        with open(image, "r+b") as disk:
            disk.seek(block * 4096 + 4)
            disk.write(b"\2\0\0\0")
        self.check_clean(image)
        for name, state in (("a", "marked in use"), ("b", "not in use")):
            self.run_on(image, f"rm /{name}; echo new > /c; sync")
            self.check_clean(image)
            self.assertIn(state, debugfs(image, f"testb {block}"))
        self.assertIn("blue", debugfs(image, "ea_get /c user.colour"))


class Flags(Disk):
    def test_immutable_and_append_only(self):
        image = self.image("none,filetype", root=self.folder(fixed="fixed\n", log="log\n", plain="plain\n", fixed_dir=None,
                                                             log_dir=None))
        change(image, "write README.md /fixed_dir/file", "write README.md /log_dir/file",
               *(f"set_inode_field /{name} flags {flag}" for name, flag in (("fixed", 0x10), ("fixed_dir", 0x10), ("log", 0x20),
                                                                            ("log_dir", 0x20))))
        refused = ["echo x > /fixed", "echo x >> /fixed", "rm /fixed", "mv /fixed /x", "mv /plain /fixed", "ln /fixed /x",
                   "echo x > /log", "rm /log", "mv /log /x", "mv /plain /log", "ln /log /x", "echo x > /fixed_dir/new",
                   "mkdir /fixed_dir/new", "rm /fixed_dir/file", "mv /fixed_dir/file /x", "mv /plain /fixed_dir/plain",
                   "rmdir /fixed_dir", "rm /log_dir/file", "mv /log_dir/file /x", "mv /plain /log_dir/file",
                   "ln -s x /fixed_dir/link"]
        allowed = ["echo more >> /log", "echo new > /log_dir/new", "echo x > /log_dir/file", "echo x > /fixed_dir/file", "cat /log"]
        output = self.run_on(image, "; ".join(f"echo :{i}; {cmd}" for i, cmd in enumerate(refused + allowed)) + "; sync")
        said = re.split(r"(?m)^:\d+\n", output)[1:]
        for cmd, text in zip(refused, said):
            self.assertIn("not permitted", text, cmd)
        for cmd, text in zip(allowed, said[len(refused):]):
            self.assertNotIn("not permitted", text, cmd)
        self.assertIn("log\nmore\n", said[-1])
        self.check_clean(image)

    def test_saved_at_once(self):
        """Flags that make a file's contents, or a folder's changes, be written at once."""
        image = self.image("none,filetype", root=self.folder(now="", later="", now_dir=None, later_dir=None))
        change(image, "set_inode_field /now flags 8", "set_inode_field /now_dir flags 0x10000")
        asked = "grep 'writeback ' /proc/vmstat; "
        cmds = ["echo x >> /later", "echo x >> /now", "echo x > /later_dir/new", "echo x > /now_dir/new", "rm /now_dir/new"]
        output = self.run_on(image, "".join(f"sync; {asked}{cmd}; {asked}" for cmd in cmds) + "true")
        counts = [int(n) for n in re.findall(r"writeback (\d+)", output)]
        self.assertEqual([now > before for before, now in zip(counts[::2], counts[1::2])], [False, True, False, True, True], output)
        self.assertEqual(re.search(r"Flags: (0x\w+)", debugfs(image, "stat /now_dir")).group(1), "0x10000")

    def test_inherited(self):
        """New files and folders inherit the same flags as on Linux."""
        image = self.image("none,filetype", root=self.folder(flagged=None))
        change(image, "set_inode_field /flagged flags 0x351C9")    # S A d j T D, secrm; and the index, which goes
        self.run_on(image, "echo x > /flagged/file; mkdir /flagged/folder; ln -s y /flagged/link; sync")
        flags = {name: re.search(r"Flags: (0x\w+)", debugfs(image, f"stat /flagged/{name}")).group(1)
                 for name in ("file", "folder", "link")}
        self.assertEqual(flags, {"file": "0x40c9", "folder": "0x140c9", "link": "0xc0"})
        self.check_clean(image)

    def test_of_features_that_the_disk_has_not(self):
        """Data that is no list of blocks is neither read nor freed as one; a file with features that a writer cannot maintain is read-only."""
        strange = {"extents": 0x80000, "inline": 0x10000000, "crypt": 0x800, "packed": 0x200, "value": 0x200000}
        fixed = {"verity": 0x100000, "huge": 0x40000}
        names = {**strange, **fixed}
        image = self.image("none,filetype", root=self.folder(**{name: f"text of {name}\n" for name in names}))
        change(image, *(f"set_inode_field /{name} flags {flag}" for name, flag in names.items()))
        output = self.run_on(image, "; ".join(f"cat /{name}; echo x > /{name}; rm /{name}" for name in names) + "; sync; true")
        for name in strange:
            self.assertRegex(output, f"cat: /{name}: .*Input/output", output)
            self.assertIn(f"/{name}/", debugfs(image, "ls -p /"))
        for name in fixed:
            self.assertIn(f"text of {name}\n", output)
            self.assertIn(f"sh: /{name}: Operation not permitted\n", output)
            self.assertIn(f"rm: /{name}: Operation not permitted\n", output)
        self.assertEqual(superblock(image)["Filesystem state"], "clean with errors")


class State(Disk):
    def check(self, image, words, before, after):
        self.assertEqual(superblock(image)["Filesystem state"], before)
        output = self.run_on(image, "echo x > /new; sync")
        self.assertEqual(re.findall(r"(?m)^ext2: .*", output), [f"ext2: hda {words}"] if words else [])
        self.assertEqual(superblock(image)["Filesystem state"], after)
        self.check_clean(image)

    def test_reported_and_kept(self):
        """Only e2fsck marks a disk clean again; mounts are counted."""
        image = self.image("none,filetype")
        self.check(image, None, "clean", "clean")
        self.assertEqual(superblock(image)["Mount count"], "1")
        change(image, "set_super_value max_mnt_count 1")
        self.check(image, "has been mounted as often as it may be without a check; e2fsck -fy puts it in order", "clean", "clean")
        change(image, "set_super_value max_mnt_count -1", "set_super_value checkinterval 10", "set_super_value lastcheck 1000")
        self.check(image, "has not been checked for longer than it should be; e2fsck -fy puts it in order", "clean", "clean")
        change(image, "set_super_value state 3")
        self.check(image, "is marked as having errors; e2fsck -fy puts it in order", "clean with errors", "clean with errors")
        change(image, "set_super_value state 0")
        self.check(image, "was not ended cleanly; e2fsck -fy puts it in order", "not clean", "not clean")

    def test_damage_is_marked(self):
        """Damage found while the disk is used makes e2fsck check it next time."""
        image = self.image("none,filetype", root=self.folder(bad="text"))
        change(image, "set_inode_field /bad block[0] 1000000")
        self.run_on(image, "cat /bad; true")
        self.assertEqual(superblock(image)["Filesystem state"], "clean with errors")
