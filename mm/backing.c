/*
 * The fixed pool of I/O requests: enough for the daemon to have several runs of writes under way in addition to the
 * reads that tasks wait for, and few enough that their memory does not matter.
 */
#include "mm/backing.h"

#include "kernel/base/panic.h"
#include "mm/vmtrace.h"

#define REQUESTS 24

static struct io requests[REQUESTS];
static struct list pool = LIST_INIT(pool);
static struct waitq waiters = WAITQ_INIT(waiters);
static u32 in_flight;

void backing_init(void)
{
	for (u32 i = 0; i < REQUESTS; i++)
		list_push_back(&pool, &requests[i].link);
}

struct io *io_get(void)
{
	struct list *link = list_pop_front(&pool);
	struct io *io;

	if (!link)
		return NULL;
	io = list_entry(link, struct io, link);
	io->n = 0;
	io->page = 0;
	io->error = 0;
	io->done = NULL;
	io->cookie = NULL;
	in_flight++;
	return io;
}

void io_put(struct io *io)
{
	ASSERT(list_empty(&io->link));
	io->leaving = 0;
	list_push_back(&pool, &io->link);
	in_flight--;
	wake_all(&waiters);
}

bool io_available(void)
{
	return !list_empty(&pool);
}

void io_wait(void)
{
	TRACE_WAIT(0, VMTRACE_WAIT_WHAT_REQUEST, 0);
	wait_on(&waiters);
	TRACE_RESUME(0, VMTRACE_RESUME_WHAT_REQUEST, 0);
}

u32 io_frames_leaving(void)
{
	u32 n = 0;

	for (const struct io *io = requests; io < requests + REQUESTS; io++)
		n += io->leaving;
	return n;
}

u32 io_in_flight(void)
{
	return in_flight;
}
