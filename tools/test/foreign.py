"""Programs from elsewhere, for i386: fetched from Debian by their packages' names, or built from a package's source.

They are kept in OUT/foreign, never in the tree; debian.py fetches them there. Where something cannot be had, Unavailable says why.
"""
import glob
import os
import re
import shlex
import shutil
import subprocess
import time

from support import OUT, alone
from debian import FOLDER, Unavailable, apt, run, update

ROOT = os.path.join(FOLDER, "root")            # where the packages are unpacked
MUSL = os.path.join(ROOT, "usr/lib/i386-linux-musl")
GLIBC = os.path.join(ROOT, "usr/lib/i386-linux-gnu")
BZIP2 = "blocksort huffman crctable randtable compress decompress bzlib bzip2".split()

HELLO = r"""
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

int main(int argc, char **argv)
{
	static int numbers[1000];
	char *text = malloc(3000000);
	time_t zero = 0;

	for (int i = 0; i < 1000; i++)
		numbers[i] = i * 7919 % 1000;
	qsort(numbers, 1000, sizeof(int), by_number);
	memset(text, 'x', 3000000);
	text = realloc(text, 5000000);
	printf("%d %s %d %d %.3f %s", argc, argv[1], numbers[0], numbers[999], sqrt(2.0), asctime(gmtime(&zero)));
	printf("%c %s\n", text[2999999], getenv("HOME") ? "home" : "no home");
	free(text);
	return 7;
}
"""

SIGNALS = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf out;
static volatile int calls;
static __thread int own = 77;

static void count(int signal) { calls += own == 77; }

static void fault(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	printf("fault at %p, code %d, trap %d\n", info->si_addr, info->si_code, (int)u->uc_mcontext.gregs[REG_TRAPNO]);
	siglongjmp(out, 1);
}

static void catch(int signal, void *handler, int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigaction(signal, &action, NULL);
}

int main(void)
{
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	struct timespec time = { 5, 0 };
	sigset_t set, open;
	int status;

	setvbuf(stdout, NULL, _IONBF, 0);
	sigaltstack(&stack, NULL);
	catch(SIGSEGV, fault, SA_SIGINFO | SA_ONSTACK);
	if (!sigsetjmp(out, 1))
		*(volatile int *)16 = 1;
	if (!sigsetjmp(out, 1))
		*(volatile int *)16 = 1;
	catch(SIGALRM, count, 0);
	alarm(1);
	status = nanosleep(&time, &time);
	printf("slept: %d %s %d, %s left\n", status, strerror(errno), calls, time.tv_sec >= 3 ? "much" : "little");
	catch(SIGUSR1, count, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &open);
	raise(SIGUSR1);
	printf("waits: %d\n", calls);
	status = ppoll(NULL, 0, &time, &open);
	printf("polled: %d %s %d\n", status, strerror(errno), calls);
	sigprocmask(SIG_BLOCK, NULL, &open);
	printf("blocked again: %d\n", sigismember(&open, SIGUSR1));
	catch(SIGCHLD, count, SA_RESTART);
	if (fork() == 0)
		_exit(4);
	wait(&status);
	printf("child: %d %d\n", WEXITSTATUS(status), calls);
	abort();
}
"""


def fetch():
    major = run(["gcc", "-dumpversion"]).split(".", maxsplit=1)[0].strip() if shutil.which("gcc") else "12"
    debs = os.path.join(FOLDER, "debs")
    os.makedirs(debs, exist_ok=True)
    update()
    apt("download", "busybox-static", "musl-dev", "libc6-dev", f"libgcc-{major}-dev", cwd=debs)
    for deb in glob.glob(debs + "/*.deb"):
        run(["dpkg", "-x", deb, ROOT])
    apt("source", "--download-only", "bzip2", "lua5.4", "libdbd-sqlite3-perl", cwd=debs)  # the last: SQLite in one file
    os.makedirs(os.path.join(FOLDER, "source"), exist_ok=True)
    for tar in glob.glob(debs + "/*.orig.tar.gz"):
        run(["tar", "-xf", tar, "-C", os.path.join(FOLDER, "source")])


def compiler():
    with open(os.path.join(OUT, "config.mk"), encoding="utf-8") as file:
        return shlex.split(re.search(r"^UCC\s*:?=\s*(.*)$", file.read(), re.MULTILINE).group(1))


def libgcc():
    return glob.glob(ROOT + "/usr/lib/gcc/i686-linux-gnu/*/libgcc.a")[0]


def build_with_musl(name, sources, pie=False, defines=()):
    """=> the path of a static program"""
    out = os.path.join(FOLDER, name)
    flags = ["-fPIE"] if pie else ["-fno-pic"]
    link = ["-static", "-Wl,-pie", "-Wl,--no-dynamic-linker"] if pie else ["-static", "-no-pie"]
    run([*compiler(), "-O1", "-w", "-fno-stack-protector", *flags, *defines, *link, "-nostdlib", "-nostdinc",
         "-isystem", os.path.join(ROOT, "usr/include/i386-linux-musl"), "-o", out,
         os.path.join(MUSL, "rcrt1.o" if pie else "crt1.o"), os.path.join(MUSL, "crti.o"), *sources,
         "-L" + MUSL, "-lc", libgcc(), os.path.join(MUSL, "crtn.o")])
    return out


def build_with_glibc(name, *sources, flags=(), libraries=()):
    """=> the path of a static program"""
    out = os.path.join(FOLDER, name)
    place = os.path.dirname(libgcc())
    run([*compiler(), "-O1", "-w", "-fno-stack-protector", "-fno-pic", "-no-pie", "-static", "-nostdlib", "-nostdinc",
         "-isystem", os.path.join(MUSL, "../../include/i386-linux-musl"), "-D__GLIBC__=2", *flags, "-o", out,
         os.path.join(GLIBC, "crt1.o"), os.path.join(GLIBC, "crti.o"), os.path.join(place, "crtbeginT.o"), *sources, *libraries,
         "-L" + GLIBC, "-L" + place, "-lm", "-Wl,--start-group", "-lc", "-lgcc", "-lgcc_eh", "-Wl,--end-group",
         os.path.join(place, "crtend.o"), os.path.join(GLIBC, "crtn.o")])
    return out


def boehm():
    """=> the path of Boehm's collector, a library; raises Unavailable"""
    path = os.path.join(GLIBC, "libgc.a")
    if not os.path.exists(path):
        debs = os.path.join(FOLDER, "debs")
        apt("download", "libgc-dev", cwd=debs)
        run(["dpkg", "-x", glob.glob(debs + "/libgc-dev*.deb")[0], ROOT])
    return path


def make():
    fetch()
    source = os.path.join(FOLDER, "hello.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(HELLO)
    build_with_musl("hello-musl", [source])
    build_with_musl("hello-pie", [source], pie=True)
    build_with_glibc("hello-glibc", source)
    source = os.path.join(FOLDER, "signals.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(SIGNALS)
    build_with_musl("signals-musl", [source])
    folder = glob.glob(os.path.join(FOLDER, "source/bzip2-*"))[0]
    build_with_musl("bzip2", [os.path.join(folder, stem + ".c") for stem in BZIP2])
    folder = glob.glob(os.path.join(FOLDER, "source/lua-*/src"))[0]
    build_with_musl("lua", set(glob.glob(folder + "/*.c")) - {folder + "/luac.c"}, defines=["-DLUA_USE_POSIX"])
    folder = glob.glob(os.path.join(FOLDER, "source/DBD-SQLite-*"))[0]
    build_with_musl("sql", ["tools/test/scripts/sql.c", folder + "/sqlite3.c"],
                    defines=["-I", folder, "-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION"])
    shutil.copy(glob.glob(ROOT + "/bin/busybox")[0], os.path.join(FOLDER, "busybox"))


PROGRAMS = ["busybox", "bzip2", "lua", "sql", "hello-musl", "hello-pie", "hello-glibc", "signals-musl"]


def make_once(paths):
    """Makes what is not there yet. What could not be had a short time ago is not tried again."""
    done, failed = os.path.join(FOLDER, "done"), os.path.join(FOLDER, "failed")
    if all(map(os.path.exists, [done, *paths])):
        return
    if os.path.exists(failed) and time.time() - os.path.getmtime(failed) < 300:
        with open(failed, encoding="utf-8") as file:
            raise Unavailable(file.read())
    try:
        make()
    except (OSError, IndexError, subprocess.TimeoutExpired, Unavailable) as error:
        with open(failed, "w", encoding="utf-8") as file:
            file.write(str(error) if isinstance(error, Unavailable) else f"{type(error).__name__}: {error}")
        raise Unavailable(str(error)) from error
    with open(done, "w", encoding="utf-8"):
        pass


def programs():
    """=> {name: path}; made by the first test that needs them. Raises Unavailable."""
    paths = {name: os.path.join(FOLDER, name) for name in PROGRAMS}
    with alone(FOLDER):
        make_once(paths.values())
    return paths
