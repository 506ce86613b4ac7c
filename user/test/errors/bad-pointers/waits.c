/*
 * Calls about signals, time, waiting and messages.
 */
#include "bad-pointers.h"

#include <sys/msg.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { MASK_BYTES = 8, OTHER_SIGNAL = 1 << (SIGUSR2 - 1), STAT_64 = IPC_STAT | 0x100, SET_64 = IPC_SET | 0x100 };
enum { SHM_REMAP = 040000, SHARED_AT = 0x60000000 };

static const long action[5] = { (long)SIG_IGN, 0, 0, 0, 0 }, old_action[4] = { (long)SIG_IGN, 0, 0, 0 };
static const long other[2] = { OTHER_SIGNAL, 0 }, nothing[2] = { 0, 0 };
static const long no_time[4] = { 0, 0, 0, 0 }, short_time[4] = { 0, 1000, 0, 0 };
static const long short_time64[4] = { 0, 0, 1000, 0 }, second64[4] = { 1, 0, 0, 0 }, second[2] = { 1, 0 };
static const long far[4] = { 0, 0, 1000, 0 };
static const long no_stack[3] = { 0, SS_DISABLE, 0 };

/* --- signals ---------------------------------------------------------------------------------------------------- */

static void default_action(void)
{
	signal(SIGUSR2, SIG_DFL);
}

/* => is it ignored now? */
static long ignored(long result)
{
	struct sigaction old;

	(void)result;
	CHECK_EQ(sigaction(SIGUSR2, NULL, &old), 0);
	return old.sa_handler == SIG_IGN;
}

static void no_mask(void)
{
	CHECK_EQ(sigprocmask(SIG_SETMASK, (const sigset_t *)nothing, NULL), 0);
}

static long mask(long result)
{
	sigset_t old;

	(void)result;
	CHECK_EQ(sigprocmask(SIG_SETMASK, NULL, &old), 0);
	return old.bits[0];
}

static void make_pending(void)
{
	CHECK_EQ(sigprocmask(SIG_SETMASK, (const sigset_t *)other, NULL), 0);
	raise(SIGUSR2);
}

static long pending(long result)
{
	sigset_t set;

	(void)result;
	CHECK_EQ(sigpending(&set), 0);
	return set.bits[0];
}

static const long queued[32] = { SIGUSR2, 0, -1 /* SI_QUEUE */ };

static void block(void)
{
	signal(SIGUSR2, SIG_IGN); /* nothing is pending any more */
	signal(SIGUSR2, SIG_DFL);
	CHECK_EQ(sigprocmask(SIG_SETMASK, (const sigset_t *)other, NULL), 0);
}

/* --- time ------------------------------------------------------------------------------------------------------- */

static void wake(int signal)
{
	(void)signal;
}

static void disarm(void)
{
	CHECK_EQ(setitimer(ITIMER_REAL, (const struct itimerval *)no_time, NULL), 0);
}

/* SIGALRM comes soon, and repeatedly, in case the call misses one. */
static void arm(void)
{
	struct sigaction action = { .sa_handler = wake };
	struct itimerval soon = { { 0, 20000 }, { 0, 20000 } };

	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

static long stop(long result)
{
	disarm();
	return result == 0;
}

/* => was the alarm set? */
static long armed(long result)
{
	struct itimerval left;

	(void)result;
	CHECK_EQ(getitimer(ITIMER_REAL, &left), 0);
	disarm();
	return left.it_value.tv_sec > 0;
}

/* --- messages --------------------------------------------------------------------------------------------------- */

static const long message[5] = { 7, 1, 2, 3, 4 };
static long inner[2];
static struct msqid_ds status;

/* => how many were in the queue */
static long drain(long result)
{
	long got[5], n = 0;

	(void)result;
	while (msgrcv(queue, got, 16, 0, IPC_NOWAIT) >= 0)
		n++;
	return n;
}

static void no_message(void)
{
	drain(0);
}

static void one_message(void)
{
	drain(0);
	CHECK_EQ(msgsnd(queue, message, 16, 0), 0);
	inner[0] = inner[1] = 0;
}

static void get_status(void)
{
	CHECK_EQ(msgctl(queue, IPC_STAT, &status), 0);
}

/* The call may have set a limit that leaves no room for messages. */
static long reset_status(long result)
{
	CHECK_EQ(msgctl(queue, IPC_SET, &status), 0);
	return result == 0;
}

static void one_with_inner(void)
{
	static long buffer[5];

	one_message();
	inner[0] = (long)buffer;
}

static long segment_status[21];

static void get_segment_status(void)
{
	CHECK_EQ(syscall(396, shared_segment, IPC_STAT, segment_status), 0);
}

/* If the address cannot be written the segment is attached all the same. */
static long detach(long result)
{
	(void)result;
	return syscall(398, SHARED_AT); /* shmdt */
}

/* --- waiting ---------------------------------------------------------------------------------------------------- */

static const long polled[4] = { READER, 1, WRITER, 4 }, in_sets = 1 << READER, out_sets = 1 << WRITER;
static const long seven = 7;
static long robust_list, robust_size;
static long mask_argument[2] = { 0, MASK_BYTES };

static void fill_pipe(void)
{
	CHECK_EQ(write(WRITER, "x", 1), 1);
}

static long empty_pipe(long result)
{
	char got[16];

	(void)result;
	return read(READER, got, sizeof(got));
}

static const int bad_time[2] = { -1, 0 }, greenwich[2] = { 0, 0 };
static const long long bad_time64[2] = { -1, 0 };

const struct row wait_rows[] = {
	{ 174, "rt_sigaction act", IN, 20, ARGS(SIGUSR2, P, 0, MASK_BYTES), action, .before = default_action,
	  .after = ignored },
	{ 174, "rt_sigaction old", OUT, 20, ARGS(SIGUSR2, (long)action, P, MASK_BYTES), .before = default_action,
	  .after = ignored },
	{ 67, "sigaction act", IN, 16, ARGS(SIGUSR2, P, 0), old_action, .before = default_action, .after = ignored },
	{ 67, "sigaction old", OUT, 16, ARGS(SIGUSR2, (long)old_action, P), .before = default_action,
	  .after = ignored },
	{ 175, "rt_sigprocmask set", IN, 8, ARGS(SIG_BLOCK, P, 0, MASK_BYTES), other, .before = no_mask, .after = mask },
	{ 175, "rt_sigprocmask old", OUT, 8, ARGS(SIG_BLOCK, (long)other, P, MASK_BYTES), .before = no_mask,
	  .after = mask },
	{ 126, "sigprocmask set", IN, 4, ARGS(SIG_BLOCK, P, 0), other, .before = no_mask, .after = mask },
	{ 126, "sigprocmask old", OUT, 4, ARGS(SIG_BLOCK, (long)other, P), .before = no_mask, .after = mask },
	{ 176, "rt_sigpending", OUT, 8, ARGS(P, MASK_BYTES), .before = make_pending },
	{ 73, "sigpending", OUT, 4, ARGS(P), .before = make_pending },
	{ 179, "rt_sigsuspend", IN, 8, ARGS(P, MASK_BYTES), nothing, .before = arm, .after = stop },
	{ 177, "rt_sigtimedwait set", IN, 8, ARGS(P, 0, (long)no_time, MASK_BYTES), other, .before = make_pending,
	  .after = pending },
	{ 177, "rt_sigtimedwait info", OUT, 128, ARGS((long)other, P, (long)no_time, MASK_BYTES),
	  .before = make_pending, .after = pending, .flags = VARIES },
	{ 177, "rt_sigtimedwait time", IN, 8, ARGS((long)other, 0, P, MASK_BYTES), no_time, .before = make_pending,
	  .after = pending },
	{ 421, "rt_sigtimedwait64 set", IN, 8, ARGS(P, 0, (long)no_time, MASK_BYTES), other, .before = make_pending,
	  .after = pending },
	{ 421, "rt_sigtimedwait64 info", OUT, 128, ARGS((long)other, P, (long)no_time, MASK_BYTES),
	  .before = make_pending, .after = pending, .flags = VARIES },
	{ 421, "rt_sigtimedwait64 time", IN, 16, ARGS((long)other, 0, P, MASK_BYTES), no_time, .before = make_pending,
	  .after = pending },
	{ 178, "rt_sigqueueinfo", IN, 128, ARGS(SELF, SIGUSR2, P), queued, .before = block, .after = pending },
	{ 335, "rt_tgsigqueueinfo", IN, 128, ARGS(SELF, SELF, SIGUSR2, P), queued, .before = block, .after = pending },
	{ 186, "sigaltstack new", IN, 12, ARGS(P, 0), no_stack },
	{ 186, "sigaltstack old", OUT, 12, ARGS(0, P), .flags = VARIES },
	{ 104, "setitimer new", IN, 16, ARGS(ITIMER_REAL, P, 0), far, .before = disarm, .after = armed },
	{ 104, "setitimer old", OUT, 16, ARGS(ITIMER_REAL, (long)far, P), .before = disarm, .after = armed },
	{ 105, "getitimer", OUT, 16, ARGS(ITIMER_REAL, P), .before = disarm },
	{ 78, "gettimeofday time", OUT, 8, ARGS(P, 0), .flags = VARIES },
	{ 78, "gettimeofday zone", OUT, 8, ARGS(0, P), .flags = VARIES },
	{ 264, "clock_settime", IN, 8, ARGS(0, P), bad_time, .flags = NO_ZEROS },
	{ 404, "clock_settime64", IN, 16, ARGS(0, P), bad_time64, .flags = NO_ZEROS },
	{ 266, "clock_getres", OUT, 8, ARGS(1, P), .flags = VARIES },
	{ 406, "clock_getres_time64", OUT, 16, ARGS(1, P), .flags = VARIES },
	{ 79, "settimeofday time", IN, 8, ARGS(P, 0), bad_time, .flags = NO_ZEROS },
	{ 79, "settimeofday zone", IN, 8, ARGS(0, P), greenwich },
	{ 25, "stime", IN, 4, ARGS(P), bad_time, .flags = NO_ZEROS },
	{ 265, "clock_gettime", OUT, 8, ARGS(CLOCK_MONOTONIC, P), .flags = VARIES },
	{ 403, "clock_gettime64", OUT, 16, ARGS(CLOCK_MONOTONIC, P), .flags = VARIES },
	{ 162, "nanosleep time", IN, 8, ARGS(P, 0), short_time },
	{ 162, "nanosleep unused rest", OUT, 8, ARGS((long)short_time, P) },
	{ 162, "nanosleep rest", OUT, 8, ARGS((long)second, P), .before = arm, .after = stop, .flags = VARIES },
	{ 267, "clock_nanosleep time", IN, 8, ARGS(CLOCK_MONOTONIC, 0, P, 0), short_time },
	{ 267, "clock_nanosleep rest", OUT, 8, ARGS(CLOCK_MONOTONIC, 0, (long)second, P), .before = arm, .after = stop,
	  .flags = VARIES },
	{ 407, "clock_nanosleep64 time", IN, 16, ARGS(CLOCK_MONOTONIC, 0, P, 0), short_time64 },
	{ 407, "clock_nanosleep64 rest", OUT, 16, ARGS(CLOCK_MONOTONIC, 0, (long)second64, P), .before = arm,
	  .after = stop, .flags = VARIES },
	{ 142, "select read", INOUT, 4, ARGS(20, P, 0, 0, (long)no_time), &in_sets, .before = fill_pipe,
	  .after = empty_pipe },
	{ 142, "select write", INOUT, 4, ARGS(20, 0, P, 0, (long)no_time), &out_sets },
	{ 142, "select except", INOUT, 4, ARGS(20, 0, 0, P, (long)no_time), &in_sets },
	{ 142, "select time", INOUT, 8, ARGS(20, 0, (long)&out_sets, 0, P), no_time },
	{ 308, "pselect6 read", INOUT, 4, ARGS(20, P, 0, 0, (long)no_time, 0), &in_sets, .before = fill_pipe,
	  .after = empty_pipe },
	{ 308, "pselect6 write", INOUT, 4, ARGS(20, 0, P, 0, (long)no_time, 0), &out_sets },
	{ 308, "pselect6 except", INOUT, 4, ARGS(20, 0, 0, P, (long)no_time, 0), &in_sets },
	{ 308, "pselect6 time", INOUT, 8, ARGS(20, 0, (long)&out_sets, 0, P, 0), no_time },
	{ 308, "pselect6 pair", IN, 8, ARGS(20, 0, (long)&out_sets, 0, (long)no_time, P), nothing },
	{ 308, "pselect6 mask", IN, 8, ARGS(20, 0, (long)&out_sets, 0, (long)no_time, (long)mask_argument), nothing,
	  .cell = &mask_argument[0] },
	{ 168, "poll", INOUT, 16, ARGS(P, 2, 0), polled, .before = fill_pipe, .after = empty_pipe },
	{ 168, "poll nothing", INOUT, 16, ARGS(P, 0, 0), polled },
	{ 309, "ppoll", INOUT, 16, ARGS(P, 2, (long)no_time, 0, 0), polled, .before = fill_pipe, .after = empty_pipe },
	{ 309, "ppoll time", INOUT, 8, ARGS(0, 0, P, (long)nothing, MASK_BYTES), no_time, .before = arm,
	  .after = stop },
	{ 309, "ppoll mask", IN, 8, ARGS(0, 0, (long)no_time, P, MASK_BYTES), nothing },
	{ 240, "futex wait word", IN, 4, ARGS(P, 0, 7, (long)short_time), &seven },
	{ 240, "futex private wait word", IN, 4, ARGS(P, 128, 7, (long)short_time), &seven },
	{ 240, "futex wait time", IN, 8, ARGS((long)&seven, 0, 8, P), short_time },
	{ 240, "futex wake word", IN, 4, ARGS(P, 1, 1), &seven },
	{ 240, "futex private wake word", IN, 4, ARGS(P, 129, 1), &seven },
	{ 240, "futex wait bits time", IN, 8, ARGS((long)&seven, 9, 8, P, 0, -1), short_time },
	{ 422, "futex64 wait time", IN, 16, ARGS((long)&seven, 0, 8, P), short_time64 },
	{ 240, "futex requeue to", IN, 4, ARGS((long)&seven, 3, 1, 1, P), &seven },
	{ 240, "futex compared word", IN, 4, ARGS(P, 4, 1, 1, (long)&seven, 7), &seven },
	{ 240, "futex changed word", INOUT, 4, ARGS((long)&seven, 5, 1, 1, P, 0x10001000), &seven },
	{ 312, "get_robust_list list", OUT, 4, ARGS(0, P, (long)&robust_size), .flags = VARIES },
	{ 312, "get_robust_list size", OUT, 4, ARGS(0, (long)&robust_list, P) },
	{ 400, "msgsnd", IN, 20, ARGS(QUEUE, P, 16, IPC_NOWAIT), message, .before = no_message, .after = drain },
	{ 400, "msgsnd empty", IN, 4, ARGS(QUEUE, P, 0, IPC_NOWAIT), message, .before = no_message, .after = drain },
	{ 401, "msgrcv", OUT, 20, ARGS(QUEUE, P, 16, 0, IPC_NOWAIT), .before = one_message, .after = drain },
	{ 401, "msgrcv short", OUT, 8, ARGS(QUEUE, P, 4, 0, IPC_NOWAIT | MSG_NOERROR), .before = one_message,
	  .after = drain },
	{ 402, "msgctl IPC_STAT", OUT, 88, ARGS(QUEUE, IPC_STAT, P), .flags = VARIES },
	{ 402, "msgctl IPC_SET", IN, 88, ARGS(QUEUE, IPC_SET, P), &status, .before = get_status,
	  .after = reset_status },
	{ 402, "msgctl IPC_INFO", OUT, 32, ARGS(QUEUE, 3, P), .flags = VARIES | ANY_RESULT },
	{ 402, "msgctl MSG_INFO", OUT, 32, ARGS(QUEUE, 12, P), .flags = VARIES | ANY_RESULT },
	{ 396, "shmctl IPC_INFO", OUT, 36, ARGS(SEGMENT, 3, P), .flags = VARIES | ANY_RESULT | ANYTHING },
	{ 396, "shmctl SHM_INFO", OUT, 24, ARGS(SEGMENT, 14, P), .flags = VARIES | ANY_RESULT },
	{ 396, "shmctl IPC_STAT", OUT, 84, ARGS(SEGMENT, IPC_STAT, P), .flags = VARIES },
	{ 396, "shmctl IPC_SET", IN, 84, ARGS(SEGMENT, IPC_SET, P), segment_status, .before = get_segment_status },
	{ 117, "ipc shmctl IPC_STAT", OUT, 84, ARGS(24, SEGMENT, STAT_64, 0, P), .flags = VARIES },
	{ 117, "ipc shmat", OUT, 4, ARGS(21, SEGMENT, SHM_REMAP, P, SHARED_AT), .after = detach },
	{ 117, "ipc msgsnd", IN, 20, ARGS(11, QUEUE, 16, IPC_NOWAIT, P), message, .before = no_message,
	  .after = drain },
	{ 117, "ipc msgrcv", OUT, 20, ARGS(0x1000c, QUEUE, 16, IPC_NOWAIT, P, 0), .before = one_message,
	  .after = drain },
	{ 117, "ipc msgrcv arguments", IN, 8, ARGS(12, QUEUE, 16, IPC_NOWAIT, P), inner, .before = one_with_inner,
	  .after = drain },
	{ 117, "ipc msgrcv inner", OUT, 20, ARGS(12, QUEUE, 16, IPC_NOWAIT, (long)inner), .cell = &inner[0],
	  .before = one_message, .after = drain },
	{ 117, "ipc msgctl IPC_STAT", OUT, 88, ARGS(14, QUEUE, STAT_64, 0, P), .flags = VARIES },
	{ 117, "ipc msgctl IPC_SET", IN, 88, ARGS(14, QUEUE, SET_64, 0, P), &status, .before = get_status,
	  .after = reset_status },
	{ 0 },
};
