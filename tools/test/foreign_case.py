"""What the tests of programs from elsewhere share: a folder with them and a script, run on a machine of ours and on Linux.

A script is a file of scripts/foreign: each of its lines is a step, and one that begins with a tab goes on with the line before.
What a step says is printed behind its number, then its status. The folder holds the programs, text.txt, words.txt and the other
files of scripts/foreign. The last steps print what files the script has left. Linux's answer is in answers/foreign-NAME.
"""
import difflib
import functools
import os
import re
import shutil

import foreign
import questions
from support import OUT, Case, emulator, image_with, machine

WORDS_BYTES = 3000000    # of the text that is packed and sorted
SCRIPTS = questions.SCRIPTS
# But not the programs: they are no more the same where another compiler has built them.
FIND = "./busybox find . " + " ".join(f"! -path ./{program}" for program in [*foreign.PROGRAMS, "script"])
LEFT = f"""
{FIND} -type f | ./busybox sort | ./busybox xargs ./busybox md5sum
{FIND} ! -type d | ./busybox sort | ./busybox xargs ./busybox stat -c '%N %F %a %h %s'
./busybox find . -mindepth 1 -type d | ./busybox sort | ./busybox xargs ./busybox stat -c '%n %a'; ./busybox true
"""
# Numbers of system calls that a C library tries before it takes another, and why they are not there.
NOT_THERE = {
    386: "rseq: restartable sequences are for many processors; glibc goes without",
    435: "clone3: glibc's posix_spawn goes on to clone",
}


@functools.cache
def programs():
    return foreign.programs()


def contents(name):
    with open(os.path.join(SCRIPTS, name), encoding="utf-8") as file:
        return file.read()


def steps(text):
    """=> a script for busybox's shell; a line `. NAME` stands for the steps of another file"""
    text = re.sub(r"^\. (\S+)$", lambda match: contents(match.group(1)), text, flags=re.MULTILINE)
    lines = re.sub(r"^#.*\n|^\n", "", text, flags=re.MULTILINE)
    script = "export TZ=UTC0; umask 022\n"
    for number, line in enumerate(re.split(r"\n(?!\t)", lines.rstrip("\n")), 1):
        script += f"echo '[{number}]'; {{ {line}\n}} 2>&1; echo status $?\n"
    return script


def make_folder(path, script):
    """Makes a folder in which the file `script` is made of SCRIPT.sh, or does nothing if that is "". Raises Unavailable."""
    os.makedirs(path)
    for program in programs().values():
        shutil.copy(program, path)
    shutil.copy(os.path.join(OUT, "root/data/text.txt"), path)
    for name in os.listdir(SCRIPTS):
        if not name.endswith(".sh"):
            shutil.copy(os.path.join(SCRIPTS, name), path)
    with open(os.path.join(OUT, "root/data/words.txt"), "rb") as words, open(os.path.join(path, "words.txt"), "wb") as cut:
        cut.write(words.read(WORDS_BYTES))
    with open(os.path.join(path, "script"), "w", encoding="utf-8") as file:
        file.write(steps(contents(script + ".sh")) + LEFT if script else "")


class ForeignCase(Case):
    def programs(self):
        try:
            return programs()
        except foreign.Unavailable as error:
            self.skipTest(f"the programs from elsewhere cannot be had: {error}")

    def image(self, script=""):
        """A disk with our programs and, as /work, the folder. => its path"""
        self.programs()
        folder = self.temporary()
        make_folder(os.path.join(folder, "work"), script)
        return image_with(folder, {"work": os.path.join(folder, "work")}, leave_out=["data"])

    def check_calls(self, output):
        """Programs have asked for no system call that is not there, those apart that are known not to be."""
        numbers = {int(number) for number in re.findall(r"unknown system call (\d+)", output)}
        self.assertIn(386, numbers, "busybox always asks for it, so nothing is told any more\n" + output[-3000:])
        self.assertEqual(numbers - set(NOT_THERE), set(), output[-3000:])

    def on_shisho(self, script, behind="", timeout=100, words="", **options):
        """=> the lines that SCRIPT prints, and what BEHIND, a command of our shell, prints then"""
        m = machine(f"{questions.FOREIGN} </dev/null >/out;"
                    f"echo; echo -----; cat /out; echo -----; {behind}", disks=[self.image(script), "swap"],
                    words="verbose " + words, **options)
        result = emulator.run(m, timeout)
        self.assertEqual(result.status, 0, result.output[-3000:])
        log, lines, rest = result.output.split("\n-----\n")
        self.check_calls(log)
        return lines.splitlines(), rest

    def compare(self, script, **options):
        """What SCRIPT, a file's stem, prints and leaves is the same on both. => what the command BEHIND printed"""
        wanted = questions.foreign(script).answer()[1]
        self.assertGreater(len(wanted), 8)
        got, rest = self.on_shisho(script, **options)
        differences = list(difflib.unified_diff(wanted, got, "Linux", "Shisho", lineterm="", n=2))
        if differences:
            self.fail("\n".join(differences[:60]))
        return rest
