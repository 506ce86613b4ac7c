/*
 * Emptying the swap area.
 *
 * First the area is closed: no slot is allocated any more, so only pages of files can be evicted. Then resident pages give up
 * the copies that they have in slots. The others are read slot by slot, with their neighbours; each gives up its slot as soon
 * as it is in memory. Other threads go on meanwhile: a fault finds its page in memory, in its slot or under way, as always.
 *
 * No task is killed for this: it waits for frames in the class that may be refused, and when other threads wait in vain the
 * daemon opens the area again before it kills a task.
 */
#include "mm/swapoff.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/thread.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/slot.h"

#define PAUSE_NS 1000000 /* waits for the I/O of orphans */

/*
 * Brings A into memory. Slots may change while this sleeps, so it makes one step at a time.
 * => 0: look at the slots again; -ENOMEM, -EIO, -EINTR
 */
static int bring_in(struct anon *a)
{
	struct frame *held = NULL;
	int error = anon_make_resident(a, true, &held);

	if (held && (held->flags & FRAME_FAILED))
		error = -EIO;
	if (held)
		frame_unpin(held);
	return error == -EAGAIN ? 0 : error;
}

/* One step towards an empty area. => 0, -ENOMEM, -EIO, -EINTR; -EBUSY: the daemon has opened the area again */
static int swapoff_step(void)
{
	struct waitq nobody = WAITQ_INIT(nobody);
	u32 slot = 1;
	struct anon *a;
	int error = 0;

	if (!slot_closed())
		return -EBUSY;
	anon_reclaim_slots();
	a = slot_next_owner(&slot);
	if (a)
		error = bring_in(a);
	else
		wait_on_until_killed(&nobody, clock_ns() + PAUSE_NS);
	return !error && thread_current()->killed ? -EINTR : error;
}

static int empty_area(void)
{
	int error = 0;

	while (!error && slot_used()) {
		struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };

		do
			error = swapoff_step();
		while (frame_retry(&retry, &error));
	}
	return error == -EBUSY ? -ENOMEM : error;
}

int swapoff(void)
{
	int error;

	if (!slot_enabled())
		return -ENOENT;
	if (!slot_close(true))
		return -EBUSY;
	error = empty_area();
	if (!error)
		slot_disable();
	slot_close(false);
	return error;
}
