"""No system call answers success for what it has not done (effects.h): each that changes something has a row there."""
import glob
import re

import questions
from support import Case, limit

# Calls of the kernel's tables without a row, and why: a number of a call and its name for each.
NO_EFFECT = {
    "they only tell something": """
        20 getpid, 24 getuid16, 33 access, 43 times, 47 getgid16, 49 geteuid16, 50 getegid16, 64 getppid, 65 getpgrp, 73 sigpending,
        76 old_getrlimit, 77 getrusage, 78 gettimeofday, 80 getgroups16, 85 readlink, 96 getpriority, 105 getitimer, 116 sysinfo,
        122 uname, 132 getpgid, 141 getdents, 147 getsid, 155 sched_getparam, 157 sched_getscheduler, 159 sched_get_priority_max,
        160 sched_get_priority_min, 161 sched_rr_get_interval, 176 rt_sigpending, 183 getcwd, 184 capget, 191 getrlimit, 195 stat64,
        196 lstat64, 197 fstat64, 199 getuid, 200 getgid, 201 geteuid, 202 getegid, 205 getgroups, 209 getresuid, 211 getresgid,
        218 mincore, 220 getdents64, 224 gettid, 242 sched_getaffinity, 244 get_thread_area, 265 clock_gettime, 266 clock_getres,
        268 statfs64, 269 fstatfs64, 300 fstatat64, 305 readlinkat, 307 faccessat, 312 get_robust_list, 318 getcpu, 355 getrandom,
        383 statx, 384 arch_prctl, 403 clock_gettime64, 406 clock_getres_time64, 423 sched_rr_get_interval_time64,
        439 faccessat2, 510 va2pa, 511 pages_loaded""",
    "they wait until there is something to tell, which others have done": "142 _newselect, 168 poll, 308 pselect6, 309 ppoll",
    "they never return with success": """
        1 exit, 11 execve, 29 pause, 72 sigsuspend, 119 sigreturn, 173 rt_sigreturn, 179 rt_sigsuspend, 252 exit_group,
        358 execveat""",
    "advice, or a wish, which promises nothing: posix_fadvise(2), readahead(2), sched_yield(2)":
        "158 sched_yield, 225 readahead, 250 fadvise64, 272 fadvise64_64",
    "only the disk shows it: test_ext2.py, test_files.py": "36 sync, 118 fsync, 144 msync, 148 fdatasync",
    "they are about the machine's swap area: test_swap.py, user/test/mm/swap-off.c": "87 swapon, 115 swapoff",
}

# Words of calls that do many things: in which file they stand, and a pattern that finds them.
WORDS = [
    ("kernel/compat/prctl.c", r"\bPR_SET_\w+"), ("kernel/compat/clone.c", r"\bCLONE_(?!KNOWN)\w+"),
    ("kernel/fs/descriptor.c", r"\bF_(?!GET)\w+"), ("kernel/fs/record_call.c", r"\bF_(?:OFD_)?SET\w+"),
    ("kernel/fs/tty/tty.c", r"case ((?:TC|TIOC|FIO)\w+):"), ("kernel/fs/pipe_size.c", r"== (FIO\w+)"), ("kernel/fs/file.h", r"\bO_[A-Z]+"),
    ("kernel/fs/path.h", r"\bRENAME_\w+"), ("kernel/ipc/futex_call.c", r"\bFUTEX_\w+(?= = )"), ("kernel/ipc/sysv/msg_control.c", r"case ((?:IPC|MSG)_\w+):"),
    ("kernel/ipc/sysv/object.h", r"\bIPC_(?:RMID|SET|STAT)\b(?= = )"), ("kernel/ipc/sysv/shm_control.c", r"case ((?:IPC|SHM)_\w+):"), ("mm/advise.c", r"\bMADV_\w+"), ("mm/mapcall.h", r"\bMAP_\w+"),
    ("mm/mapcall.h", r"\bMCL_\w+"), ("mm/mapcall.h", r"\bMLOCK_\w+"), ("mm/remap.h", r"\bMREMAP_\w+"),
    ("kernel/fs/file.h", r"\bFALLOC_\w+"), ("kernel/signal/sys_signal.c", r"\bSIG_(?:UN)?BLOCK|SIG_SETMASK"),
]
LIMITS = """CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME""".split()
# Words without a row, and why.
NO_ROW = {
    "they only ask": "TCGETS TIOCGPGRP TIOCGWINSZ FIONREAD IPC_INFO IPC_STAT MSG_INFO MSG_STAT MSG_STAT_ANY SHM_INFO SHM_STAT "
                     "SHM_STAT_ANY O_ACCMODE O_RDONLY O_WRONLY O_RDWR",
    "they only refuse something, or allow it: calls-errors": "O_DIRECTORY O_NOFOLLOW O_LARGEFILE FUTEX_PRIVATE FUTEX_CLOCK_REALTIME",
    "not Linux's word": "MAP_TYPE O_UNNAMED",
    "Linux's open does nothing with it either": "O_ASYNC",
}

# What Linux does and Shisho refuses, by the words of docs/differences.md that tell it.
REFUSED = {
    "`other-user`": "setuid16, setgid16, setreuid, setregid, setresuid, setresgid, setuid, setgid, setfsuid, setfsgid, capset, "
                    "capset inheritable, setgroups of another group",
    "`limit-of-time`": "setrlimit RLIMIT_RTTIME",
    "`other-machine`": "personality PER_LINUX32, personality ADDR_NO_RANDOMIZE",
    "`packets`": "pipe2 O_DIRECT",
    "`no-cache`": "open O_DIRECT, fcntl F_SETFL O_DIRECT",
    "`signal-driven`": "fcntl F_SETFL O_ASYNC",
    "`unnamed`": "open O_TMPFILE",
    "`reboot-keys`": "reboot LINUX_REBOOT_CMD_CAD_ON",
    "renameat2 with RENAME_WHITEOUT": "renameat2 RENAME_WHITEOUT",
    "a time zone in the kernel": "settimeofday tz_minuteswest, settimeofday tz_dsttime",
}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def rows():
    """=> (number, name) of each row"""
    return [row for path in sorted(glob.glob("user/test/errors/effects/*.c"))
            for row in re.findall(r'^\t\{ (\d+), "(.*?)", \w+, .* \},$', read(path), re.MULTILINE)]


def answers(output):
    """=> {name: "done" or "refused with ..."} of what the program printed"""
    return dict(re.findall(r"^(.*): (done|refused with .*|not done.*)$", output, re.MULTILINE))


class Effects(Case):
    maxDiff = None

    @limit(200)
    def test_each_call_does_it_or_refuses(self):
        output = self.boot("/test/effects; echo always >/proc/sys/vm/check", words="quiet check=poison", timeout=120)
        shisho, linux = answers(output), answers("\n".join(questions.program("effects").answer()[1]))
        self.assertEqual(re.findall("effects.*: FAILED.*|.*: not done.*", output), [])
        self.assertEqual(output.count("\neffects: ok\n"), 1)
        self.assertEqual(shisho.keys() ^ {name for _, name in rows()}, set())
        self.assertEqual(linux.keys() ^ shisho.keys(), set())
        self.assertEqual({name for name in linux if linux[name] == "done" and shisho[name] != "done"},
                         {name for names in REFUSED.values() for name in names.split(", ")})

    def test_each_refusal_stands_in_the_table_of_differences(self):
        differences = read("docs/differences.md")
        self.assertEqual([words for words in REFUSED if f"| {words}" not in differences], [])

    def test_no_call_is_missing(self):
        known = {number for path in ("kernel/syscall.c", "kernel/compat/table.c")
                 for number in re.findall(r"\bX\((\d+), \w+\)", read(path))}
        asked = {number for number, _ in rows()}
        without = {number for text in NO_EFFECT.values() for number in re.findall(r"(\d+) \w+", text)}
        self.assertEqual(asked & without, set())
        self.assertEqual(known - asked - without, set(), "calls without a row; see effects.h")
        self.assertEqual(without - known, set(), "the kernel has no such calls")

    def test_no_word_is_missing(self):
        words = {word for path, pattern in WORDS for word in re.findall(pattern, read(path))}
        words |= {"RLIMIT_" + name for name in LIMITS}
        asked = {word for _, name in rows() for word in name.split()}
        without = {word for text in NO_ROW.values() for word in text.split()}
        self.assertEqual(words - asked - without, set(), "words without a row; see effects.h")
        self.assertEqual(without - words, set(), "the kernel has no such words")
