/*
 * space_change.c: the tasks of space.c change their address space by the calls that a program would use, and are taken
 * out of memory as a whole. After each change the task knows which accesses are permitted and what they must find.
 */
#include "kernel/base/errno.h"
#include "kernel/base/thread.h"
#include "mm/addrspace.h"
#include "mm/frame_wait.h"
#include "mm/mapcall.h"
#include "mm/procswap.h"
#include "space.h"

#define LOCKED 4u /* pages that a task locks at a time */

static void choose_range(u32 *first, u32 *n)
{
	*n = 1 + host_random(host_random(4) ? 4 : PRIVATE_PAGES);
	*first = host_random(PRIVATE_PAGES - *n + 1);
}

/* A call that is refused a frame is made again, as by the kernel's system calls: another thread may have had the turn. */
static struct frame_retry patience(void)
{
	return (struct frame_retry){ .class = FRAME_FOR_KERNEL, .patience = 20 };
}

static bool no_memory(s32 result)
{
	return result == -ENOMEM && space_load.may_die;
}

/* A range that holds locked pages loses them. */
static void unlock(struct space_task *t)
{
	struct frame_retry retry = patience();
	s32 result;

	if (!t->locked)
		return;
	do
		result = mapcall_munlock(t->as, PRIVATE_VA + (t->locked - 1) * PAGE_SIZE, LOCKED * PAGE_SIZE);
	while (frame_retry(&retry, &result));
	CHECK(result == 0 || no_memory(result));
	t->unsure |= result != 0;
	t->locked = 0;
}

static void unmap(struct space_task *t)
{
	struct frame_retry retry = patience();
	u32 first, n;
	s32 result;

	unlock(t);
	choose_range(&first, &n);
	do
		result = mapcall_munmap(t->as, PRIVATE_VA + first * PAGE_SIZE, n * PAGE_SIZE);
	while (frame_retry(&retry, &result));
	if (no_memory(result))
		return;
	SAME(result, 0);
	memset(t->private + first, 0, n * sizeof(t->private[0]));
	memset(t->prot + first, 0, n);
}

static void map(struct space_task *t)
{
	struct frame_retry retry = patience();
	u32 first, n;
	s32 result;

	unlock(t);
	choose_range(&first, &n);
	do
		result = mapcall_mmap(t->as, PRIVATE_VA + first * PAGE_SIZE, n * PAGE_SIZE, REGION_READ | REGION_WRITE, 7,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0);
	while (frame_retry(&retry, &result));
	if (no_memory(result)) {
		/* what was there may be gone, and nothing new there: as on Linux */
		for (u32 i = first; i < first + n; i++)
			if (!region_find(&t->as->regions, PRIVATE_VA + i * PAGE_SIZE))
				t->prot[i] = t->private[i] = 0;
		return;
	}
	SAME((u32)result, PRIVATE_VA + first * PAGE_SIZE);
	memset(t->private + first, 0, n * sizeof(t->private[0]));
	memset(t->prot + first, REGION_READ | REGION_WRITE, n);
}

static void protect(struct space_task *t)
{
	u32 first, n, prot = host_random(2) ? REGION_READ : REGION_READ | REGION_WRITE;
	struct frame_retry retry = patience();
	bool hole = false;
	s32 result;

	choose_range(&first, &n);
	for (u32 i = first; i < first + n; i++)
		hole |= !t->prot[i];
	do
		result = mapcall_mprotect(t->as, PRIVATE_VA + first * PAGE_SIZE, n * PAGE_SIZE, prot);
	while (!hole && frame_retry(&retry, &result));
	if (no_memory(result) && !hole)
		return;
	SAME(result, hole ? -ENOMEM : 0);
	/* Up to the hole, as on Linux; or not, if memory was short too. */
	for (u32 i = first; i < first + n && t->prot[i]; i++)
		t->prot[i] = no_memory(result) ? region_find(&t->as->regions, PRIVATE_VA + i * PAGE_SIZE)->prot : prot;
}

static void lock(struct space_task *t)
{
	struct frame_retry retry = patience();
	u32 first = host_random(PRIVATE_PAGES - LOCKED);
	s32 result;

	unlock(t);
	for (u32 i = 0; i < LOCKED; i++)
		if (!t->prot[first + i])
			return;
	do
		result = mapcall_mlock(t->as, PRIVATE_VA + first * PAGE_SIZE, LOCKED * PAGE_SIZE, 0);
	while (frame_retry(&retry, &result));
	if (result) {
		CHECK(space_load.may_die);
		mapcall_munlock(t->as, PRIVATE_VA + first * PAGE_SIZE, LOCKED * PAGE_SIZE);
		return;
	}
	t->locked = first + 1;
}

/* Locked pages are in memory, whatever happens. */
static void check_locked(struct space_task *t)
{
	for (u32 i = 0; t->locked && i < LOCKED; i++)
		SAME(mapcall_resident(t->as, PRIVATE_VA + (t->locked - 1 + i) * PAGE_SIZE), 1);
}

static void change_break(struct space_task *t)
{
	u32 pages = host_random(HEAP_PAGES + 1);
	vaddr_t wanted = HEAP_VA + pages * PAGE_SIZE, got;
	struct frame_retry retry = patience();
	s32 result;

	do {
		got = mapcall_brk(t->as, wanted);
		result = got == wanted ? 0 : -ENOMEM;
	} while (frame_retry(&retry, &result));
	if (got != wanted) {
		CHECK(space_load.may_die && got == HEAP_VA + t->heap_pages * PAGE_SIZE);
		return;
	}
	for (u32 i = pages; i < HEAP_PAGES; i++)
		t->heap[i] = 0;
	t->heap_pages = pages;
}

static void limit_resident(struct space_task *t)
{
	t->as->resident_limit = !space_load.limit || host_random(2) ? 0 : 10 + host_random(30);
}

/* A task that gets no directory would stay swapped out for ever, so it ends. => is it in memory? */
static bool return_to_memory(struct space_task *t, struct procswap *op)
{
	struct frame_retry retry = patience();
	int error;

	do
		error = procswap_return(op, t->as) ? 0 : -ENOMEM;
	while (frame_retry(&retry, &error));
	if (!error)
		return true;
	CHECK(space_load.may_die || space_dying(t));
	thread_kill(t->thread);
	return false;
}

/* Out as a whole, and in again some time later. What cannot be read now is left to faults. */
static void swap_whole(struct space_task *t)
{
	struct frame_retry retry = patience();
	u32 tables = frame_count(FRAME_TABLE);
	struct procswap op;
	int error;

	if (!procswap_leave(&op, t->as))
		return;
	CHECK(frame_count(FRAME_TABLE) <= tables && procswap_is_out(t->as));
	while (procswap_evict(&op))
		;
	for (u32 pause = host_random(20); pause; pause--)
		host_yield();
	if (!return_to_memory(t, &op))
		return;
	do
		error = space_dying(t) ? -EINTR : procswap_read(&op);
	while (error == -EAGAIN || frame_retry(&retry, &error));
	t->locked = error ? 0 : t->locked; /* they may not all have come back */
	resident_set_clear(&t->as->remembered);
}

const struct space_operation space_changes[] = {
	{ 8, unmap }, { 12, map }, { 16, protect }, { 4, lock }, { 4, unlock }, { 100, check_locked }, { 6, change_break },
	{ 1, limit_resident }, { 3, swap_whole },
	{ 0, NULL },
};
