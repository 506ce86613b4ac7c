"""What the tests of programs from elsewhere share: a folder with them, run on Linux and on a machine of ours, and compared."""
import difflib
import functools
import os
import re
import shutil
import subprocess

import foreign
from support import OUT, Case, machine, qemu
from test_user import linux_runs_i386

WORDS_BYTES = 3000000    # of the text that is packed and sorted
SCRIPTS = "tools/test/scripts"
LEFT = """
./busybox find . -type f | ./busybox sort | ./busybox xargs ./busybox md5sum
./busybox find . ! -type d | ./busybox sort | ./busybox xargs ./busybox stat -c '%N %F %a %h %s'
./busybox find . -mindepth 1 -type d | ./busybox sort | ./busybox xargs ./busybox stat -c '%n %a'
"""
# Numbers of system calls that a C library tries before it takes another, and why they are not there.
NOT_THERE = {
    386: "rseq: restartable sequences are for many processors; glibc goes without",
    435: "clone3: glibc's posix_spawn goes on to clone",
}


@functools.cache
def programs():
    return foreign.programs()


def steps(text):
    """Makes a script of TEXT: what each line (with those behind it that begin with a tab) says, and its status, behind its
    number."""
    lines = re.sub(r"^#.*\n|^\n", "", text, flags=re.MULTILINE)
    script = "export TZ=UTC0; umask 022\n"
    for number, line in enumerate(re.split(r"\n(?!\t)", lines.rstrip("\n")), 1):
        script += f"echo '[{number}]'; {{ {line}\n}} 2>&1; echo status $?\n"
    return script


def script_of(name):
    with open(os.path.join(SCRIPTS, name), encoding="utf-8") as file:
        return file.read()


class ForeignCase(Case):
    def programs(self):
        try:
            return programs()
        except foreign.Unavailable as error:
            self.skipTest(f"the programs from elsewhere cannot be had: {error}")

    def folder(self, script):
        """A folder with all that the script needs, in which it runs. => its path"""
        path = os.path.join(self.temporary(), "work")
        os.makedirs(path)
        for program in self.programs().values():
            shutil.copy(program, path)
        shutil.copy(os.path.join(OUT, "root/data/text.txt"), path)
        for name in os.listdir(SCRIPTS):
            shutil.copy(os.path.join(SCRIPTS, name), path)
        with open(os.path.join(OUT, "root/data/words.txt"), "rb") as words, open(os.path.join(path, "words.txt"), "wb") as cut:
            cut.write(words.read(WORDS_BYTES))
        with open(os.path.join(path, "script"), "w", encoding="utf-8") as file:
            file.write(script + LEFT)
        return path

    def needs_linux(self):
        if not linux_runs_i386():
            self.skipTest("this host cannot run i386 programs, so there is nothing to compare with")

    def on_linux(self, script):
        """=> the lines that SCRIPT prints; the last ones tell what it leaves"""
        self.needs_linux()
        return subprocess.run(["./busybox", "sh", "script"], cwd=self.folder(script), stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PATH": "."}, timeout=60,
                              check=False).stdout.splitlines()

    def image(self, script):
        """A disk with our programs and, as /work, the folder. => its path"""
        tree = os.path.join(self.temporary(), "tree")
        shutil.copytree(os.path.join(OUT, "root"), tree, symlinks=True)
        shutil.rmtree(os.path.join(tree, "data"))
        shutil.copytree(self.folder(script), os.path.join(tree, "work"))
        path = os.path.join(self.temporary(), "root.img")
        subprocess.run(["mke2fs", "-q", "-t", "ext2", "-b", "4096", "-m", "0", "-O", "none,filetype,sparse_super,large_file",
                        "-d", tree, path, "64M"], check=True, capture_output=True)
        return path

    def check_calls(self, output):
        """Programs have asked for no system call that is not there, those apart that are known not to be."""
        numbers = {int(number) for number in re.findall(r"unknown system call (\d+)", output)}
        self.assertIn(386, numbers, "busybox always asks for it, so nothing is told any more\n" + output[-3000:])
        self.assertEqual(numbers - set(NOT_THERE), set(), output[-3000:])

    def on_shisho(self, script, behind="", timeout=100, words="", **options):
        """=> the lines that SCRIPT prints, and what BEHIND, a command of our shell, prints then"""
        m = machine("cd /work; ./busybox env -i PATH=. ./busybox sh script </dev/null 2>/dev/null >/out;"
                    f"echo; echo -----; cat /out; echo -----; {behind}", disks=[self.image(script), "swap"],
                    words="verbose " + words, **options)
        result = qemu.run(m, timeout)
        self.assertEqual(result.status, 0, result.output[-3000:])
        log, lines, rest = result.output.split("\n-----\n")
        self.check_calls(log)
        return lines.splitlines(), rest

    def compare(self, script, **options):
        """What SCRIPT prints and leaves is the same on both. => what the command BEHIND printed"""
        wanted = self.on_linux(script)
        self.assertGreater(len(wanted), 8)
        got, rest = self.on_shisho(script, **options)
        differences = list(difflib.unified_diff(wanted, got, "Linux", "Shisho", lineterm="", n=2))
        if differences:
            self.fail("\n".join(differences[:60]))
        return rest
