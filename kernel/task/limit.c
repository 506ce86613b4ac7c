/*
 * The limits of a task, as root has them on Linux.
 *
 *  - Enforced: the sizes of files, of the address space, of data and of the stack; the number of descriptors; the number of
 *    queued signals (of all tasks together, compared with the limit of the receiver); processor time; resident pages (a
 *    task above its limit evicts its own pages).
 *  - Stored only, since nothing here is limited by them, or they do not apply to root: core files, tasks, locked memory,
 *    file locks, POSIX message queues, nice values, real-time priorities.
 *  - Refused: the time for which a real-time task may run without sleeping, which is not measured here.
 *
 * The hard limit only bounds the soft one: root may raise it, up to the kernel's own maximum.
 *
 * Source: getrlimit(2).
 */
#include "kernel/task/limit.h"

#include "kernel/task/task.h"
#include "mm/addrspace.h"

void limit_init(struct task *t)
{
	for (u32 i = 0; i < LIMITS; i++)
		t->limits[i] = (struct limit){ LIMIT_NONE, LIMIT_NONE };
	t->limits[RLIMIT_CORE].soft = 0;
	t->limits[RLIMIT_NOFILE] = (struct limit){ LIMIT_FILES, LIMIT_FILES };
	t->limits[RLIMIT_SIGPENDING].soft = LIMIT_QUEUED_SIGNALS;
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

u32 limit_files(void)
{
	return MIN(task_current()->limits[RLIMIT_NOFILE].soft, LIMIT_FILES);
}

u32 limit_queued_signals(const struct task *t)
{
	return t->limits[RLIMIT_SIGPENDING].soft;
}

/* => true: R counts as data: private and writable, and not the stack */
static bool limit_is_data(const struct region *r)
{
	return (r->prot & REGION_WRITE) && !(r->flags & (REGION_SHARED | REGION_GROWSDOWN));
}

/* => bytes of all regions, or only of data, without those in [START, END), which are about to be replaced */
static u32 mapped_bytes(struct addrspace *as, bool data, vaddr_t start, vaddr_t end)
{
	struct region *r;
	u32 bytes = 0;

	for (r = region_find_from(&as->regions, 0); r; r = region_next(&as->regions, r)) {
		vaddr_t from = MAX(r->start, start), to = MIN(r->end, end);

		if (!data || limit_is_data(r))
			bytes += r->end - r->start - (from < to ? to - from : 0);
	}
	return bytes;
}

static NOINLINE bool memory_fits(const struct task *t, u32 length, bool data, vaddr_t start, vaddr_t end)
{
	u32 most = t->limits[RLIMIT_AS].soft, most_data = t->limits[RLIMIT_DATA].soft;

	length = ALIGN_UP(MIN(length, LIMIT_NONE - PAGE_SIZE), PAGE_SIZE);
	if (most != LIMIT_NONE && (u64)mapped_bytes(t->as, false, start, end) + length > most)
		return false;
	return !data || most_data == LIMIT_NONE || (u64)mapped_bytes(t->as, true, start, end) + length <= most_data;
}

bool limit_allows_memory(u32 length, bool data, vaddr_t start, vaddr_t end)
{
	const struct task *t = task_current();

	if (t->limits[RLIMIT_AS].soft == LIMIT_NONE && t->limits[RLIMIT_DATA].soft == LIMIT_NONE)
		return true;
	return memory_fits(t, length, data, start, end);
}
