/*
 * calls-errors: tasks, identities, resource usage, clocks, and the machine.
 */
#include "calls-errors.h"

#include <time.h>

enum { GETPGID = 132, GETSID = 147, SETSID = 66, GETPRIORITY = 96, PERSONALITY = 136, PRCTL = 172, MEMBARRIER = 375, CAPGET = 184 };
enum { AFFINITY = 242, SET_THREAD_AREA, GET_THREAD_AREA, SET_TID = 258, ROBUST = 311, GETRANDOM = 355, CLONE = 120 };
enum { ARCH_PRCTL = 384, TIMES = 43, CLOCK_NANOSLEEP = 267, CLOCK_GETTIME64 = 403, SWAPON = 87, NOBODY = 4000000 };
enum { GETUID = 199, GETGROUPS = 205, GETRESUID = 209, SETUID = 213, OLD_GETUID = 24, RSEQ = 386 };

static void exit_at_once(void *argument)
{
	(void)argument;
}

static void cases_of_waiting_for_children(void)
{
	int status;
	pid_t pid;

	CASE("waitpid without children", -ECHILD, waitpid(-1, &status, 0));
	CASE("wait4 without children", -ECHILD, wait4(-1, &status, 0, NULL));
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	CASE("waitpid at once", 0, waitpid(pid, &status, 1));
	CASE("waitpid somebody else's", -ECHILD, waitpid(1, &status, 0));
	CASE("waitpid nobody's", -ECHILD, waitpid(NOBODY, &status, 0));
	CASE("waitpid options", -EINVAL, waitpid(pid, &status, 0x1000));
	CASE("wait4 options", -EINVAL, wait4(pid, &status, 0x1000, NULL));
	CASE("getpgid of a child", 1, syscall(GETPGID, pid) == getpgrp());
	CASE("setpgid of a child", 0, setpgid(pid, pid));
	CASE("setpgid to no group", -EPERM, setpgid(pid, NOBODY));
	CASE("waitpid another group", -ECHILD, waitpid(0, &status, 0));
	CASE("kill a group", 0, kill(-pid, SIGKILL));
	CASE("waitpid a group", 1, waitpid(-pid, &status, 0) == pid);
	CASE("kill that ended it", SIGKILL, status);
	CASE("fork and exit", 0, check_in_child(exit_at_once, NULL));
	CASE("clone unknown", -EINVAL, syscall(CLONE, 0x10000, 0, 0, 0, 0)); /* a thread without shared handlers */
}

static void become_leader(void *argument)
{
	(void)argument;
	CHECK(syscall(SETSID) == getpid());
	CHECK(syscall(GETSID, 0) == getpid());
	CHECK_ERROR(syscall(SETSID), EPERM);
	CHECK_ERROR(setpgid(0, 0), EPERM);
}

static void cases_of_identity(void)
{
	unsigned ids[3];

	CASE("setsid", 0, check_in_child(become_leader, NULL));
	CASE("getpgid of nobody", -ESRCH, syscall(GETPGID, NOBODY));
	CASE("getsid of nobody", -ESRCH, syscall(GETSID, NOBODY));
	CASE("setpgid of nobody", -ESRCH, setpgid(NOBODY, 0));
	CASE("setpgid negative", -EINVAL, setpgid(0, -1));
	CASE("getppid", FINE, getppid());
	CASE("getpriority", 20, syscall(GETPRIORITY, 0, 0));
	CASE("getpriority unknown", -EINVAL, syscall(GETPRIORITY, 3, 0));
	CASE("getpriority of nobody", -ESRCH, syscall(GETPRIORITY, 0, NOBODY));
	CASE("personality", 0, syscall(PERSONALITY, -1) & ~0xFF); /* PER_LINUX32 has its number on a 64-bit kernel */
	CASE("getuid", FINE, syscall(GETUID));
	CASE("getuid of 16 bits", FINE, syscall(OLD_GETUID));
	CASE("getgroups negative", -EINVAL, syscall(GETGROUPS, -1, ids));
	CASE("getresuid", 0, syscall(GETRESUID, &ids[0], &ids[1], &ids[2]));
	CASE("setuid to itself", 0, syscall(SETUID, ids[0]));
	CASE("setuid to no number", -EINVAL, syscall(SETUID, -1));
}

static void cases_of_start(void)
{
	struct {
		unsigned entry, base, limit, flags;
	} segment = { 5, 0, 0, 0 };
	unsigned header[2] = { 1, 0 };

	CASE("prctl unknown", -EINVAL, syscall(PRCTL, 9999, 0, 0, 0, 0));
	CASE("prctl names", 0, syscall(PRCTL, 15, "renamed", 0, 0, 0));
	CASE("prctl tells", 0, syscall(PRCTL, 16, buffer, 0, 0, 0));
	CASE("prctl has named", 0, strcmp(buffer, "renamed"));
	CASE("membarrier unknown", -EINVAL, syscall(MEMBARRIER, -1, 0, 0));
	CASE("membarrier flags", -EINVAL, syscall(MEMBARRIER, 0, 2, 0));
	CASE("membarrier global", 0, syscall(MEMBARRIER, 1, 0, 0));
	CASE("membarrier of no registered one", -EPERM, syscall(MEMBARRIER, 8, 0, 0));
	CASE("membarrier of no registered one for code", -EPERM, syscall(MEMBARRIER, 32, 0, 0));
	CASE("capget version", -EINVAL, syscall(CAPGET, header, buffer));
	CASE("capget tells its version", 0x20080522, header[0]);
	CASE("capget", 0, syscall(CAPGET, header, buffer));
	CASE("setpriority", 0, syscall(97, 0, 0, 0));
	CASE("setpriority unknown", -EINVAL, syscall(97, 3, 0, 0));
	CASE("setpriority of nobody", -ESRCH, syscall(97, 0, NOBODY, 0));
	CASE("nice", 0, syscall(34, 0));
	CASE("sched_setscheduler", 0, syscall(156, 0, 0, &header[1]));
	CASE("sched_setscheduler unknown", -EINVAL, syscall(156, 0, 77, &header[1]));
	CASE("sched_setscheduler of nobody", -ESRCH, syscall(156, NOBODY, 0, &header[1]));
	CASE("sched_getscheduler", 0, syscall(157, 0));
	CASE("sched_getscheduler negative", -EINVAL, syscall(157, -1));
	CASE("sched_setparam priority", -EINVAL, syscall(154, 0, &header[0]));
	CASE("sched_getparam of nobody", -ESRCH, syscall(155, NOBODY, buffer));
	CASE("sched_get_priority_max unknown", -EINVAL, syscall(159, 77));
	CASE("sched_rr_get_interval of nobody", -ESRCH, syscall(161, NOBODY, buffer));
	CASE("sched_setaffinity to none", -EINVAL, syscall(241, 0, 4, &header[1]));
	CASE("sched_getaffinity without room", -EINVAL, syscall(AFFINITY, 0, 2, buffer));
	CASE("sched_getaffinity of nobody", -ESRCH, syscall(AFFINITY, NOBODY, 128, buffer));
	CASE("sched_getaffinity", FINE, syscall(AFFINITY, 0, 128, buffer));
	CASE("set_thread_area unknown", -EINVAL, syscall(SET_THREAD_AREA, &segment));
	CASE("get_thread_area unknown", -EINVAL, syscall(GET_THREAD_AREA, &segment));
	CASE("set_tid_address", 1, syscall(SET_TID, NULL) == getpid());
	CASE("set_robust_list size", -EINVAL, syscall(ROBUST, buffer, 5));
	CASE("set_robust_list", 0, syscall(ROBUST, NULL, 12));
	CASE("getrandom", 100, syscall(GETRANDOM, buffer, 100, 0));
	CASE("getrandom flags", -EINVAL, syscall(GETRANDOM, buffer, 1, 0x100));
	CASE("arch_prctl unknown", -EINVAL, syscall(ARCH_PRCTL, 0x9999, 0));
	CASE("arch_prctl of 64 bits", -EINVAL, syscall(ARCH_PRCTL, 0x1002, 0));
	CASE("sched_yield", 0, syscall(SYS_sched_yield));
	DIFFERS("rseq", -EINVAL, -ENOSYS, "no task moves between processors here", syscall(RSEQ, NULL, 0, 0, 0));
}

static void cases_of_clocks(void)
{
	struct timespec t, bad = { 0, 1000000000 }, negative = { -1, 0 }, none = { 0, 0 };

	CASE("clock_gettime", 0, syscall(SYS_clock_gettime, 1, &t));
	CASE("clock_gettime unknown", -EINVAL, syscall(SYS_clock_gettime, 99, &t));
	CASE("clock_gettime64 unknown", -EINVAL, syscall(CLOCK_GETTIME64, 99, buffer));
	CASE("gettimeofday", 0, syscall(78, &t, NULL));
	CASE("nanosleep", 0, syscall(SYS_nanosleep, &none, NULL));
	CASE("nanosleep ns", -EINVAL, syscall(SYS_nanosleep, &bad, NULL));
	CASE("nanosleep negative", -EINVAL, syscall(SYS_nanosleep, &negative, NULL));
	CASE("clock_nanosleep", 0, syscall(CLOCK_NANOSLEEP, 1, 1, &none, NULL));
	CASE("clock_nanosleep ns", -EINVAL, syscall(CLOCK_NANOSLEEP, 1, 0, &bad, NULL));
	CASE("clock_nanosleep negative", -EINVAL, syscall(CLOCK_NANOSLEEP, 1, 0, &negative, NULL));
	CASE("clock_nanosleep unknown", -EINVAL, syscall(CLOCK_NANOSLEEP, 99, 0, &none, NULL));
	CASE("clock_getres", 0, syscall(266, 1, &t));
	CASE("clock_getres unknown", -EINVAL, syscall(266, 99, &t));
	CASE("clock_settime of another clock", -EINVAL, syscall(264, 1, &none));
	CASE("clock_settime ns", -EINVAL, syscall(264, 0, &bad));
	CASE("settimeofday negative", -EINVAL, syscall(79, &negative, NULL));
	DIFFERS("stime negative", 0, -EINVAL, "Linux drops the error", syscall(25, &negative.tv_sec));
	CASE("clock_nanosleep coarse", -EOPNOTSUPP, syscall(CLOCK_NANOSLEEP, 6, 0, &none, NULL));
	CASE("times", FINE, syscall(TIMES, buffer));
	CASE("times to nowhere", FINE, syscall(TIMES, NULL));
	CASE("getrusage", 0, syscall(SYS_getrusage, 0, buffer));
	CASE("getrusage of children", 0, syscall(SYS_getrusage, -1, buffer));
	CASE("getrusage unknown", -EINVAL, syscall(SYS_getrusage, 5, buffer));
}

static void cases_of_machine(void)
{
	CASE("sysinfo", 0, syscall(SYS_sysinfo, buffer));
	CASE("uname", 0, syscall(SYS_uname, buffer));
	CASE("reboot magic", -EINVAL, syscall(SYS_reboot, 1, 2, 3, NULL));
	CASE("swapon missing", -ENOENT, syscall(SWAPON, "missing", 0));
	CASE("swapon nothing", -ENOENT, syscall(SWAPON, "", 0));
	CASE("swapon flags", -EINVAL, syscall(SWAPON, "file", 0x80000000));
	CASE("swapon a device", -EINVAL, syscall(SWAPON, "/dev/null", 0));
	CASE("swapoff missing", -ENOENT, syscall(SYS_swapoff, "missing"));
	CASE("swapoff a file", -EINVAL, syscall(SYS_swapoff, "file"));
	CASE("unknown", -ENOSYS, syscall(500));
	CASE("unknown and high", -ENOSYS, syscall(0x7FFFFFFF));
}

void cases_of_tasks(void)
{
	cases_of_waiting_for_children();
	cases_of_identity();
	cases_of_start();
	cases_of_clocks();
	cases_of_machine();
}
