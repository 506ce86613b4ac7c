/*
 * Calls about tasks and the system.
 */
#include "bad-pointers.h"

#include <sys/syscall.h>

enum { GARBAGE_MODE = 0755, CAPABILITIES_3 = 0x20080522, FOREVER = -1, WEXITED = 4 };

/* --- execve of what is no program, so that it comes back -------------------------------------------------------- */

static const char *const one_text[] = { "text", NULL };
static long texts[4];

static void set_texts(void)
{
	memcpy(texts, (long[]){ (long)"first", 0, (long)"third", 0 }, sizeof(texts));
}

/* --- children --------------------------------------------------------------------------------------------------- */

static long no_child(long result)
{
	(void)result;
	return waitpid(-1, NULL, WNOHANG) < 0;
}

static void make_zombie(void)
{
	siginfo_t unused;
	sigset_t set = { { 1 << (SIGCHLD - 1), 0 } };

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (fork() == 0)
		_exit(3);
	while (sigtimedwait(&set, &unused, NULL) != SIGCHLD)
		;
}

/* The child ends at once. */
static long end_child(long result)
{
	int status = -1;

	if (result == 0)
		_exit(5);
	return waitpid(-1, &status, 0) > 0 ? status >> 8 : -1;
}

/* --- capabilities, segments ------------------------------------------------------------------------------------- */

static long capability_header[2], capabilities[6];
static const long new_segment[4] = { -1, 0x1000, 0xfffff, 0x51 };
static long segment[4];

static void get_capabilities(void)
{
	capability_header[0] = CAPABILITIES_3;
	CHECK_EQ(syscall(184, capability_header, capabilities), 0);
}

static void take_segment_away(void)
{
	long empty[4] = { segment[0], 0, 0, 0x28 };

	if (segment[0])
		CHECK_EQ(syscall(243, empty), 0);
}

/* The entry number differs between kernels; the rest is reported as it was set. */
static void make_segment(void)
{
	long told[4];

	take_segment_away();
	memcpy(segment, new_segment, sizeof(segment));
	CHECK_EQ(syscall(243, segment), 0);
	told[0] = segment[0];
	CHECK_EQ(syscall(244, told), 0);
	CHECK_EQ(memcmp(told, segment, sizeof(told)), 0);
	segment[1] = 0;
}

static const long no_limit[2] = { FOREVER, FOREVER }, no_limits64[4] = { FOREVER, FOREVER, FOREVER, FOREVER };
static const int no_group[1] = { 0 }, zero[1] = { 0 }, one_processor[1] = { 1 };

const struct row task_rows[] = {
	{ 11, "execve path", TEXT, 5, ARGS(P, (long)one_text, (long)one_text), "data" },
	{ 11, "execve argv", IN, 8, ARGS((long)"garbage", P, (long)one_text), one_text },
	{ 11, "execve envp", IN, 8, ARGS((long)"garbage", (long)one_text, P), one_text },
	{ 11, "execve argument", TEXT, 7, ARGS((long)"garbage", (long)texts, 0), "second", .cell = &texts[1],
	  .before = set_texts },
	{ 11, "execve variable", TEXT, 7, ARGS((long)"garbage", 0, (long)texts), "second", .cell = &texts[1],
	  .before = set_texts },
	{ 358, "execveat path", TEXT, 5, ARGS(-100, P, (long)one_text, (long)one_text, 0), "data" },
	{ 358, "execveat argv", IN, 8, ARGS(-100, (long)"garbage", P, (long)one_text, 0), one_text },
	{ 358, "execveat envp", IN, 8, ARGS(-100, (long)"garbage", (long)one_text, P, 0), one_text },
	{ 7, "waitpid status", OUT, 4, ARGS(-1, P, 0), .before = make_zombie, .after = no_child, .flags = ANY_RESULT },
	{ 114, "wait4 status", OUT, 4, ARGS(-1, P, 0, 0), .before = make_zombie, .after = no_child,
	  .flags = ANY_RESULT },
	{ 114, "wait4 usage", OUT, 72, ARGS(-1, 0, 0, P), .before = make_zombie, .after = no_child,
	  .flags = ANY_RESULT | VARIES },
	{ 284, "waitid info", OUT, 24, ARGS(0, 0, P, WEXITED, 0), .before = make_zombie, .after = no_child,
	  .flags = VARIES },
	{ 284, "waitid usage", OUT, 72, ARGS(0, 0, 0, WEXITED, P), .before = make_zombie, .after = no_child,
	  .flags = VARIES },
	{ 120, "clone parent_tid", OUT, 4, ARGS(0x100000 | SIGCHLD, 0, P, 0, 0), .after = end_child,
	  .flags = ANY_RESULT | VARIES },
	{ 120, "clone child_tid", OUT, 4, ARGS(0x1000000 | SIGCHLD, 0, 0, 0, P), .after = end_child,
	  .flags = ANY_RESULT | VARIES },
	{ 120, "clone child_clear", IN, 4, ARGS(0x200000 | SIGCHLD, 0, 0, 0, P), .after = end_child,
	  .flags = ANY_RESULT },
	{ 258, "set_tid_address", IN, 4, ARGS(P), .flags = ANY_RESULT },
	{ 311, "set_robust_list", IN, 12, ARGS(P, 12) },
	{ 77, "getrusage", OUT, 72, ARGS(0, P), .flags = VARIES },
	{ 75, "setrlimit", IN, 8, ARGS(5, P), no_limit, .flags = NO_ZEROS },
	{ 191, "getrlimit", OUT, 8, ARGS(5, P) },
	{ 76, "old_getrlimit", OUT, 8, ARGS(5, P) },
	{ 340, "prlimit64 new", IN, 16, ARGS(0, 5, P, 0), no_limits64, .flags = NO_ZEROS },
	{ 340, "prlimit64 old", OUT, 16, ARGS(0, 5, 0, P) },
	{ 43, "times", OUT, 16, ARGS(P), .flags = ANY_RESULT | VARIES },
	{ 116, "sysinfo", OUT, 64, ARGS(P), .flags = VARIES },
	{ 122, "uname", OUT, 390, ARGS(P), .flags = VARIES },
	{ 172, "prctl PR_SET_NAME", TEXT, 9, ARGS(15, P), "new name" },
	{ 172, "prctl PR_GET_NAME", OUT, 16, ARGS(16, P) },
	{ 355, "getrandom", OUT, 40, ARGS(P, 40, 0), .flags = VARIES | ANYTHING },
	{ 154, "sched_setparam", IN, 4, ARGS(0, P), zero },
	{ 155, "sched_getparam", OUT, 4, ARGS(0, P) },
	{ 156, "sched_setscheduler", IN, 4, ARGS(0, 0, P), zero },
	{ 161, "sched_rr_get_interval", OUT, 8, ARGS(0, P), .flags = VARIES },
	{ 423, "sched_rr_get_interval_time64", OUT, 16, ARGS(0, P), .flags = VARIES },
	{ 241, "sched_setaffinity", IN, 4, ARGS(0, 4, P), one_processor, .flags = NO_ZEROS },
	{ 318, "getcpu cpu", OUT, 4, ARGS(P, 0, 0), .flags = VARIES },
	{ 318, "getcpu node", OUT, 4, ARGS(0, P, 0), .flags = VARIES },
	{ 242, "sched_getaffinity", OUT, 4, ARGS(0, 4, P), .flags = VARIES },
	{ 209, "getresuid real", OUT, 4, ARGS(P, (long)&texts[1], (long)&texts[2]), .flags = ROOT },
	{ 209, "getresuid effective", OUT, 4, ARGS((long)&texts[0], P, (long)&texts[2]), .flags = ROOT },
	{ 209, "getresuid saved", OUT, 4, ARGS((long)&texts[0], (long)&texts[1], P), .flags = ROOT },
	{ 211, "getresgid saved", OUT, 4, ARGS((long)&texts[0], (long)&texts[1], P), .flags = ROOT },
	{ 206, "setgroups32", IN, 4, ARGS(1, P), no_group, .flags = ROOT },
	{ 184, "capget header", INOUT, 8, ARGS(P, 0), capability_header, .before = get_capabilities },
	{ 184, "capget data", OUT, 24, ARGS((long)capability_header, P), .before = get_capabilities, .flags = VARIES },
	{ 185, "capset header", INOUT, 8, ARGS(P, (long)capabilities), capability_header, .before = get_capabilities },
	{ 185, "capset data", IN, 24, ARGS((long)capability_header, P), capabilities, .before = get_capabilities,
	  .flags = NO_ZEROS },
	{ 243, "set_thread_area", INOUT, 16, ARGS(P), segment, .before = make_segment, .flags = VARIES },
	{ 244, "get_thread_area", INOUT, 16, ARGS(P), segment, .before = make_segment, .flags = VARIES },
	{ 0 },
};
