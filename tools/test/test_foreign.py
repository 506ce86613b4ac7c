"""Programs from elsewhere, unmodified: what they print, their status and the files they leave are what Linux gets from them."""
from foreign_case import ForeignCase
from support import counters, limit

# They run in a folder with the programs, text.txt and words.txt.
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
./busybox realpath a/folder/up a/chain a/b/../dangling | ./busybox sed "s,$PWD,.,"
./busybox readlink -f a/folder/too | ./busybox sed "s,$PWD,.,"
./busybox tar cf links.tar a/file a/b/too a/b/up a/dangling a/dangling-too a/folder a/chain
./busybox tar tvf links.tar | ./busybox sed 's/.* [0-9:]* a/a/'
./busybox mkdir out; ./busybox tar xf links.tar -C out; echo $?
cd out; for f in a/b/up a/dangling a/folder a/chain; do ../busybox readlink $f; done
../busybox stat -c '%N %h %s %F' a/file a/b/*; ../busybox cmp a/file a/b/up; ../busybox cmp a/chain ../text.txt; echo $?
../busybox cp -a a c; ../busybox stat -c '%N %h' c/b/* c/dangling; ../busybox rm -r a/folder; ../busybox find . | ../busybox sort
../busybox rm -r a c; cd ..; ./busybox rm links.tar a/absolute; ./busybox ls -l /proc/self/exe | ./busybox sed 's/.* //;s,.*/,,'
"""
PACKER_ALONE = """
./bzip2 -k9 words.txt; echo $?
"""


class Foreign(ForeignCase):
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

    @limit(300)
    def test_packer_in_less_memory(self):
        """It sorts blocks of 900 KB in some 8 MB. (To unpack with a tenth too little is a page fault for nearly each byte.)"""
        rest = self.compare(PACKER_ALONE, mem="8M", words="frames=1000", behind="cat /proc/vmstat")
        self.assertGreater(counters(rest)["pswpin"], 500)
        self.assertGreater(counters(rest)["pswpout"], 500)
