/*
 * The limits of a task, as root has them on Linux.
 *
 *  - Obeyed: the sizes of files, of the address space and of what is written in it, of the stack; the number of descriptors
 *    and of queued signals (of all tasks together, for each that queues one); processor time; resident pages (victims are
 *    chosen among the task's own then).
 *  - Stored only, since they limit nothing that exists here, or do not apply to root: core files, tasks, locked memory, file
 *    locks, POSIX message queues, nice values, real-time priorities.
 *  - Refused: the time for which a real-time task may run without sleeping, which is not watched here.
 *
 * The hard limit bounds the soft one only: root may raise it, up to what is possible.
 *
 * Source: getrlimit(2).
 */
#include "kernel/task/limit.h"

#include "kernel/base/clock.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/signal/queue.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/usercopy.h"

enum {
	RLIMIT_CPU = 0, RLIMIT_FSIZE = 1, RLIMIT_DATA = 2, RLIMIT_STACK = 3, RLIMIT_CORE = 4, RLIMIT_RSS = 5, RLIMIT_NOFILE = 7,
	RLIMIT_AS = 9, RLIMIT_SIGPENDING = 11, RLIMIT_RTTIME = 15,
};

/* Fewer resident pages than these and an instruction that touches several could never finish. */
#define LEAST_RESIDENT 8

void limit_init(struct task *t)
{
	for (u32 i = 0; i < LIMITS; i++)
		t->limits[i] = (struct limit){ LIMIT_NONE, LIMIT_NONE };
	t->limits[RLIMIT_CORE].soft = 0;
	t->limits[RLIMIT_NOFILE] = (struct limit){ FS_FILES, FS_FILES };
	t->limits[RLIMIT_SIGPENDING].soft = SIGNAL_QUEUE_MAX;
}

struct limit limit_of(const struct task *t, u32 which)
{
	struct limit l = t->limits[which];

	if (which == RLIMIT_STACK)
		l.soft = t->as->stack_limit;
	if (which == RLIMIT_RSS)
		l.soft = t->as->resident_limit ? t->as->resident_limit << PAGE_SHIFT : LIMIT_NONE;
	return l;
}

static bool is_possible(u32 which, struct limit l)
{
	switch (which) {
	case RLIMIT_RTTIME:
		return l.soft == LIMIT_NONE;
	case RLIMIT_NOFILE:
		return l.hard <= FS_FILES;
	case RLIMIT_SIGPENDING:
		return l.soft <= SIGNAL_QUEUE_MAX;
	default:
		return true;
	}
}

int limit_set(struct task *t, u32 which, struct limit wanted)
{
	if (wanted.soft > wanted.hard)
		return -EINVAL;
	if (!is_possible(which, wanted))
		return -EPERM;
	t->limits[which] = wanted;
	if (which == RLIMIT_CPU)
		limit_watch_time(t);
	if (which == RLIMIT_STACK)
		t->as->stack_limit = wanted.soft;
	if (which == RLIMIT_RSS)
		t->as->resident_limit =
			wanted.soft == LIMIT_NONE ? 0 : MAX(wanted.soft >> PAGE_SHIFT, LEAST_RESIDENT);
	return 0;
}

/* --- processor time -------------------------------------------------------------------------------------------------- */

/* No second at all counts as one, as on Linux. */
void limit_watch_time(struct task *t)
{
	u32 seconds = t->limits[RLIMIT_CPU].soft;
	u64 used = thread_run_ns(&t->thread), end = (u64)MAX(seconds, 1u) * NS_PER_SEC;

	itimer_set(t, ITIMER_LIMIT, seconds == LIMIT_NONE ? 0 : end > used ? end - used : 1, NS_PER_SEC);
}

u32 limit_time_is_up(struct task *t)
{
	struct limit *l = &t->limits[RLIMIT_CPU];

	if (thread_run_ns(&t->thread) >= (u64)l->hard * NS_PER_SEC)
		return SIGKILL;
	l->soft = MIN(l->soft + 1, l->hard);
	return SIGXCPU;
}

/* --- obeyed --------------------------------------------------------------------------------------------------------- */

u32 limit_files(void)
{
	return MIN(task_current()->limits[RLIMIT_NOFILE].soft, FS_FILES);
}

u32 limit_queued_signals(const struct task *t)
{
	return t->limits[RLIMIT_SIGPENDING].soft;
}

int limit_check_file_size(u64 size)
{
	u32 most = task_current()->limits[RLIMIT_FSIZE].soft;

	if (most == LIMIT_NONE || size <= most)
		return 0;
	signal_send(task_current(), SIGXFSZ, (struct signal_info){ .code = SI_KERNEL });
	return -EFBIG;
}

int limit_cut_write(u64 pos, u32 *n)
{
	u32 most = task_current()->limits[RLIMIT_FSIZE].soft;

	if (most == LIMIT_NONE || pos + *n <= most)
		return 0;
	if (pos >= most)
		return limit_check_file_size(pos + *n);
	*n = most - pos;
	return 0;
}

/* => whether R counts as data: private and writable, and not the stack */
static bool is_data(const struct region *r)
{
	return (r->prot & REGION_WRITE) && !(r->flags & (REGION_SHARED | REGION_GROWSDOWN));
}

/* => bytes of the regions, or only of data, but for those within [START, END), which are about to be replaced */
static u32 mapped_bytes(struct addrspace *as, bool data, vaddr_t start, vaddr_t end)
{
	struct region *r;
	u32 bytes = 0;

	for (r = region_find_from(&as->regions, 0); r; r = region_next(&as->regions, r)) {
		vaddr_t from = MAX(r->start, start), to = MIN(r->end, end);

		if (!data || is_data(r))
			bytes += r->end - r->start - (from < to ? to - from : 0);
	}
	return bytes;
}

bool limit_allows_memory(u32 length, bool data, vaddr_t start, vaddr_t end)
{
	const struct task *t = task_current();
	u32 most = t->limits[RLIMIT_AS].soft, most_data = t->limits[RLIMIT_DATA].soft;

	if (most == LIMIT_NONE && most_data == LIMIT_NONE)
		return true;
	length = ALIGN_UP(MIN(length, LIMIT_NONE - PAGE_SIZE), PAGE_SIZE);
	if (most != LIMIT_NONE && (u64)mapped_bytes(t->as, false, start, end) + length > most)
		return false;
	return !data || most_data == LIMIT_NONE || (u64)mapped_bytes(t->as, true, start, end) + length <= most_data;
}

/* --- calls ---------------------------------------------------------------------------------------------------------- */

SYSCALL(getrlimit)
{
	struct limit l;

	if (arg[0] >= LIMITS)
		return -EINVAL;
	l = limit_of(task_current(), arg[0]);
	return usercopy_out(arg[1], &l, sizeof(l));
}

SYSCALL(setrlimit)
{
	struct limit l;

	if (arg[0] >= LIMITS)
		return -EINVAL;
	if (usercopy_in(&l, arg[1], sizeof(l)))
		return -EFAULT;
	return limit_set(task_current(), arg[0], l);
}
