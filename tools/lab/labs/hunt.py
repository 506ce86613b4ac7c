"""Lab `hunt`: twenty kernels, each with one small wrong change; students find out which function was changed.

What each kernel does wrong is told here. Which change it has is known only to the teacher's tree (tools/lab/hunt/); a handout has the
kernels, and digests of the answers."""
import json
import os
import shlex
import shutil
from dataclasses import dataclass

import answers
from lab import HERE, Lab, Test, module

SECRET = os.path.join(HERE, "hunt")    # only in the teacher's tree


@dataclass
class Symptom:
    """CMD, run on the kernel, prints SEEN, or at least not RIGHT, which it prints on a good kernel."""
    cmd: str
    right: str
    seen: str = ""
    mem: str = ""
    words: str = ""     # of the kernel command line
    before: str = ""    # what is run in a boot before that, with a disk that is kept

    def commands(self, number):
        """=> the lines to type in a handout"""
        said = (f"MEM={self.mem} " if self.mem else "") + (f"APPEND={shlex.quote(self.words)} " if self.words else "")
        kept = "KEEP=1 " if self.before else ""
        return [f"make run BUG={number} {said}{kept}CMD='{cmd}'" for cmd in (self.before, self.cmd) if cmd]


def program(word, right, seen="", **options):
    return Symptom(f"/test/lab-hunt {word}", right, seen, **options)


SORT, SUM = "sort /data/text.txt | cksum", "4126755157 1048577"
SYMPTOMS = {
    0: Symptom("/test/cow", "cow: ok", "PANIC at mm/vmcheck.c", words="check=always"),
    1: Symptom("/test/break", "break: ok", "break.c:20"),
    2: Symptom("/test/map-file", "map-file: ok", "check_signal_of(check_load, p + mapped) == 7 (got 11, wanted 7"),
    3: Symptom("/test/advise", "advise: ok", "middle[1] == 0 (got 98, wanted 0"),
    4: program("rights", "a file that may only be read: error 13", "a file that may only be read: error 0"),
    5: program("stack", "a store 64 KiB above another mapping: signal 11", "a store 64 KiB above another mapping: signal 0"),
    6: Symptom("/test/touch", "touch: ok", "touch.c:45 p[PAGE] == 0 (got 1, wanted 0"),
    7: Symptom("ls /", "bin\ndata", "sh: ls: Bad address"),
    8: Symptom("ls /", "init exited with status 0", "init killed by signal 11"),
    9: Symptom("/test/recycled", "recycled: ok", "recycled: FAILED"),
    10: Symptom("demo frag --auto | tail -1", "Result    as expected", "frames are in large blocks again"),
    11: program("hot", "always in use: few", "always in use: many", mem="8M", words="frames=100 exact"),
    12: Symptom("/test/shm-anon; grep Shmem /proc/meminfo", "Shmem:                 0 kB"),
    13: Symptom("/test/protect", "protect: ok", "protect: FAILED"),
    14: program("leave", "with all pages unmapped: 0"),
    15: Symptom("cksum /data/copy", "2749950302 1048576", "/data/copy: No such file", before="cp /data/text.txt /data/copy"),
    16: Symptom("ls /", "bin\ndata", "PANIC at mm/writeback.c", words="evict=always"),
    17: Symptom(SORT, SUM, "PANIC at mm/", words="frames=300 swap=mem:1200"),
    18: Symptom(SORT + "; grep swap_bad /proc/vmstat", SUM + "\nswap_bad 0\n", mem="8M", words="frames=300"),
    19: program("edit", "swapped out: kept", "swapped out: lost"),
    20: Symptom(SORT, SUM, mem="8M", words="frames=300"),
}


def teachers(name):
    """=> a module that only the teacher's tree has"""
    return module("hunt", name)


def has_secret():
    return os.path.isdir(SECRET)


def right_answers():
    changes = teachers("changes").CHANGES
    return {number: [change.place] for number, change in changes.items()}


def check(number):
    def of(stops):
        right = answers.Open(right_answers()) if has_secret() else answers.Secret()
        answers.judge(number, stops, right, answers.page_of("hunt"))
    return of


def solution():
    """=> the text with all answers; "" in a handout"""
    changes = teachers("changes").CHANGES if has_secret() else {}
    return "".join(f"{number:2}  {change.place}  {change.what}\n" for number, change in changes.items())


class Hunt(Lab):
    def solution(self):
        return {answers.FILE: solution()}

    def add_to_handout(self, out, build):
        changes, tools = teachers("changes"), os.path.join(out, "tools/lab")
        teachers("kernels").pack({0: changes.EXAMPLE, **changes.CHANGES}, build, os.path.join(tools, "kernels.tar.xz"))
        with open(answers.DIGESTS.replace(HERE, tools), "w", encoding="ascii") as file:
            json.dump(answers.digests(right_answers()), file)
        for name in ("lab.mk", answers.FILE):
            shutil.copy(os.path.join(SECRET, name), out)
        return [line for change in changes.CHANGES.values() for line in change.lines]


LAB = Hunt("hunt", "Twenty wrong kernels", [answers.FILE],
           [answers.Answers([Test(5, f"bug {number}", number, check(number)) for number in SYMPTOMS if number], solution)], is_code=False)
