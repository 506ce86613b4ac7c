"""Every system call that takes an address is given each kind of address (bad-pointers.h): each answer is Linux's."""
import glob
import re

import questions
from support import Case, limit

# Calls of the kernel's tables that no row tries, and why: a number of a call and its name for each.
NO_POINTER = {
    "only numbers": """
        1 exit, 2 fork, 6 close, 19 lseek, 20 getpid, 23 setuid16, 24 getuid16, 27 alarm, 29 pause, 34 nice, 36 sync, 37 kill, 41 dup,
        46 setgid16, 47 getgid16, 49 geteuid16, 50 getegid16, 57 setpgid, 60 umask, 63 dup2, 64 getppid, 65 getpgrp, 66 setsid,
        93 ftruncate, 94 fchmod, 96 getpriority, 97 setpriority, 118 fsync, 132 getpgid, 133 fchdir, 136 personality,
        143 flock, 147 getsid, 148 fdatasync, 152 mlockall, 153 munlockall, 157 sched_getscheduler, 158 sched_yield,
        159 sched_get_priority_max, 160 sched_get_priority_min, 190 vfork, 194 ftruncate64,
        199 getuid, 200 getgid, 201 geteuid, 202 getegid, 203 setreuid, 204 setregid, 207 fchown, 208 setresuid, 210 setresgid,
        213 setuid, 214 setgid, 215 setfsuid, 216 setfsgid, 224 gettid, 225 readahead, 238 tkill, 250 fadvise64,
        252 exit_group, 270 tgkill, 272 fadvise64_64, 324 fallocate, 330 dup3, 375 membarrier, 384 arch_prctl, 395 shmget, 399 msgget""",
    "a handler's address, which is only jumped to": "48 signal",
    "the mask itself is an argument": "72 sigsuspend",
    "root has no further groups, so none are written": "80 getgroups16, 205 getgroups",
    "only what restarts with a command would read it": "88 reboot",
    "a range that is then gone or not: whatever there is, nothing is read": "45 brk, 91 munmap, 257 remap_file_pages",
    "what ESP points at: bad-pointers/frames.c": "119 sigreturn, 173 rt_sigreturn",
    "addresses for pages, at which nothing is read or written": "397 shmat, 398 shmdt",
    "addresses that are looked up in the page table; nothing is read there": "510 va2pa, 511 pages_loaded",
}

# Intended differences from Linux: call, kinds of places, Shisho's exact answer.
DIFFERENT = """
# Linux first refuses a buffer or structure that reaches beyond 3 GiB, whether or not it would access that part. Here read and
# write on files do so too; these calls refuse only what they access.
read folder | kernel in-kernel wrap top 1-to-kernel 4-to-kernel all-but-1-to-kernel | EISDIR
getdents64 | all-but-1-to-kernel | 48
waitid info | all-to-kernel | 0 then 1
getrandom | 1-to-kernel | 1
getrandom | 4-to-kernel | 4
getrandom | all-but-1-to-kernel | 39
poll nothing | in-kernel wrap top | 0
frame of sigreturn | all-but-1-to-kernel | exits with 0
frame of rt_sigreturn | all-but-1-to-kernel | exits with 0

# Linux's stime ignores the error for an invalid time.
stime | read-only all-to-hole all-to-kernel all-to-end-of-file resident shared file swapped copy-on-write | EINVAL

# Linux clears memory by whole words.
read zeros | 1-to-hole | 1 sum 050c5d1f
read zeros | all-but-1-to-hole | 39 sum 2bff9ba7

# Linux reads only 48 of the 128 bytes of a siginfo whose code it knows.
rt_sigqueueinfo | all-but-1-to-hole all-but-1-to-kernel | EFAULT then 0
rt_tgsigqueueinfo | all-but-1-to-hole all-but-1-to-kernel | EFAULT then 0

# A pipe gives one vector after the other, and those before a bad one count: a partial result. Linux's pipe gives all vectors
# that come out of one of its buffers, or none.
readv middle | null one hole forbidden beyond-file | 12 then 28
readv middle | read-only | 12 sum acb79d22 then 28
readv middle | 1-to-hole | 12 sum f50c43ef then 28
readv middle | 4-to-hole 4-to-forbidden 4-to-end-of-file | 12 sum b0930655 then 28
readv middle | all-but-1-to-hole | 12 sum 84929477 then 28
"""


def different():
    """=> {(call, kind): answer}"""
    lines = [line.split(" | ") for line in DIFFERENT.splitlines() if line and line[0] != "#"]
    return {(call, kind): answer for call, kinds, answer in lines for kind in kinds.split()}


def answers(output):
    """=> {(call, kind): answer}, as the program printed them"""
    cases = [line.split(" | ") for line in output.splitlines() if line.count(" | ") == 2]
    return {(call, kind): answer for call, kind, answer in cases}


def found(pattern, *sources):
    """=> the set of what PATTERN finds in the files"""
    texts = [open(path, encoding="utf-8").read() for path in sources]
    return {what for text in texts for what in re.findall(pattern, text, re.MULTILINE)}


def rows(pattern):
    """=> the set of what PATTERN finds in the rows"""
    return found(r"^\t\{ " + pattern, *glob.glob("user/test/errors/bad-pointers/*.c"))


class BadPointers(Case):
    maxDiff = None

    def on_shisho(self, words, **options):
        """With free memory poisoned, and none lost at the end (I9, the kernel checks)."""
        output = self.boot("/test/bad-pointers tell; echo always >/proc/sys/vm/check", words="quiet check=poison " + words,
                           **options)
        self.assertEqual(re.findall("bad-pointers: FAILED.*", output), [])
        self.assertEqual(output.count("\nbad-pointers: ok\n"), 1)
        self.assertEqual(len(re.findall(r"check: (\d+) frames free \(\1 before the first program\), 0 slots", output)), 1)
        return answers(output)

    def compare(self, words="", **options):
        linux, known = answers("\n".join(questions.program("bad-pointers").answer()[1])), different()
        shisho = self.on_shisho(words, timeout=120, **options)
        self.assertGreater(len(linux), 5000)
        self.assertEqual([case for case, answer in known.items() if linux.get(case) == answer], [], "no difference any more")
        self.assertLessEqual(set(known), set(linux))
        self.assertEqual([case for case in shisho if case in linux], list(linux))
        self.assertLessEqual({call for call, kind in shisho.keys() - linux.keys()}, rows(r'\d+, "(.*?)".* ROOT \}'),
                             "rows that Linux has not answered: make reference ONLY=bad-pointers")
        wrong = [f"{' '.join(case)}: {shisho[case]}, not {wanted}" for case, answer in linux.items()
                 if shisho[case] != (wanted := known.get(case, answer))]
        self.assertEqual(wrong, [])

    @limit(200)
    def test_as_on_linux(self):
        self.compare()

    @limit(200)
    def test_as_on_linux_in_little_memory(self):
        """A page is evicted after each fault, so a page that the kernel has just checked may be gone when it copies."""
        self.compare("evict=always", mem="8M")

    def test_no_call_is_missing(self):
        known = found(r"\bX\((\d+), \w+\)", "kernel/syscall.c", "kernel/compat/table.c")
        tried = rows(r'(\d+), "')
        without = {number for text in NO_POINTER.values() for number in re.findall(r"(\d+) \w+", text)}
        self.assertGreater(len(tried), 100)
        self.assertEqual(tried & without, set())
        self.assertEqual(known - tried - without, set(), "calls without a row; see bad-pointers.h")
        self.assertEqual((tried | without) - known, set(), "the kernel has no such calls")
