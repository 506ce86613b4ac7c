"""Programs from elsewhere, unmodified: what they print, their status and the files they leave are what Linux gets from them."""
import functools
import os
import shutil
import subprocess

import foreign
from support import OUT, Case, limit, machine, qemu
from test_user import linux_runs_i386

# Runs in a folder with the programs, text.txt and words.txt; ends with a sum of every file that is left.
START_UP = """
./hello-musl one two; echo $?
./hello-pie one two; echo $?
./hello-glibc one two; echo $?
HOME=/ ./hello-musl x
"""
PACKER = """
./bzip2 -k9 words.txt; echo $?
./bzip2 -dc words.txt.bz2 | ./busybox md5sum
./bzip2 -t words.txt.bz2; echo $?
./busybox head -c 1000 words.txt.bz2 > cut.bz2; ./bzip2 -t cut.bz2 2>/dev/null; echo $?
"""
SIGNALS = """
./signals-musl; echo $?
./busybox sh traps; echo $?
"""
# A shell script that catches what it sends itself and what its children send.
TRAPS = """
trap 'echo usr1' USR1
trap 'echo at exit' EXIT
kill -USR1 $$
./busybox sleep 9 & kill -TERM $!
wait $!; echo waited $?
(./busybox sleep 1; kill -USR1 $$) &
wait; echo $?
./busybox sh -c 'kill -SEGV $$'; echo $?
trap 'echo int; exit 5' INT
kill -INT $$
"""
# Links of both kinds; a tar archive of them is unpacked to the same.
LINKS = """
./busybox mkdir a a/b; ./busybox cp text.txt a/file; ./busybox ln a/file a/b/too; ./busybox ln -s ../file a/b/up
./busybox ln -s nowhere a/dangling; ./busybox ln -s b a/folder; ./busybox ln -s $PWD/a/file a/absolute
./busybox ln a/dangling a/dangling-too; ./busybox ln a/file a/file; ./busybox ln -s x a/file; echo $?; ./busybox ln -sf b/up a/chain
./busybox ln -s x /dev/shm/../../work-not-there/x; echo $?
for f in a/b/up a/dangling a/dangling-too a/folder a/chain a/file; do ./busybox readlink $f; echo $?; done
./busybox stat -c '%N %h %s %F' a/file a/b/* a/dangling* a/folder a/chain
./busybox realpath a/folder/up a/chain a/b/../dangling | ./busybox sed "s,$PWD,.,"; ./busybox readlink -f a/folder/too | ./busybox sed "s,$PWD,.,"
./busybox tar cf links.tar a/file a/b/too a/b/up a/dangling a/dangling-too a/folder a/chain; ./busybox tar tvf links.tar | ./busybox sed 's/.* [0-9:]* a/a/'
./busybox mkdir out; ./busybox tar xf links.tar -C out; echo $?
cd out; for f in a/b/up a/dangling a/folder a/chain; do ../busybox readlink $f; done
../busybox stat -c '%N %h %s %F' a/file a/b/*; ../busybox cmp a/file a/b/up; ../busybox cmp a/chain ../text.txt; echo $?
../busybox cp -a a c; ../busybox stat -c '%N %h' c/b/* c/dangling; ../busybox rm -r a/folder; ../busybox find . | ../busybox sort
../busybox rm -r a c; cd ..; ./busybox rm links.tar a/absolute; ./busybox ls -l /proc/self/exe | ./busybox sed 's/.* //;s,.*/,,'
"""
SUMS = """
./busybox find . -type f | ./busybox sort | ./busybox xargs ./busybox md5sum
"""
WORDS_BYTES = 3000000    # of the text that is packed


@functools.cache
def programs():
    return foreign.programs()


class Foreign(Case):
    def programs(self):
        try:
            return programs()
        except foreign.Unavailable as error:
            self.skipTest(f"the programs from elsewhere cannot be had: {error}")

    def folder(self, name, script):
        """A folder with all that the script needs. => its path"""
        path = os.path.join(self.temporary(), name)
        os.makedirs(path)
        for program in self.programs().values():
            shutil.copy(program, path)
        shutil.copy(os.path.join(OUT, "root/data/text.txt"), path)
        with open(os.path.join(OUT, "root/data/words.txt"), "rb") as words, open(os.path.join(path, "words.txt"), "wb") as cut:
            cut.write(words.read(WORDS_BYTES))
        with open(os.path.join(path, "script"), "w", encoding="utf-8") as file:
            file.write(script + SUMS)
        return path

    def on_linux(self, script):
        return subprocess.run(["./busybox", "sh", "script"], cwd=self.folder("work", script), stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PATH": "."}, timeout=60, check=False).stdout

    def image(self, script):
        tree = os.path.join(self.temporary(), "tree")
        shutil.copytree(os.path.join(OUT, "root"), tree, symlinks=True)
        shutil.rmtree(os.path.join(tree, "data"))
        shutil.copytree(self.folder("work", script), os.path.join(tree, "work"))
        path = os.path.join(self.temporary(), "root.img")
        subprocess.run(["mke2fs", "-q", "-t", "ext2", "-b", "4096", "-m", "0", "-O", "none,filetype,sparse_super,large_file",
                        "-d", tree, path, "64M"], check=True, capture_output=True)
        return path

    def on_shisho(self, script, **options):
        m = machine("cd /work; ./busybox sh script 2>/dev/null", disks=[self.image(script), "swap"], **options)
        result = qemu.run(m, 100)
        self.assertEqual(result.status, 0, result.output[-3000:])
        return [line for line in result.output.splitlines() if not line.startswith(("shisho:", "sh["))]

    def compare(self, script, **options):
        if not linux_runs_i386():
            self.skipTest("this host cannot run i386 programs, so there is nothing to compare with")
        wanted = self.on_linux(script).splitlines()
        self.assertGreater(len(wanted), 8)
        self.assertEqual(self.on_shisho(script, **options), wanted)

    @limit(300)
    def test_start_up(self):
        """musl and glibc, static and position-independent."""
        self.compare(START_UP)

    @limit(300)
    def test_signals(self):
        """A C library's handlers, masks and stacks, and a shell's traps."""
        self.compare("./busybox cat > traps <<'END'\n" + TRAPS + "END\n" + SIGNALS)

    @limit(300)
    def test_links(self):
        """ln, readlink, realpath, cp and tar of links."""
        self.compare(LINKS)

    @limit(300)
    def test_packer(self):
        self.compare(PACKER, mem="32M")
