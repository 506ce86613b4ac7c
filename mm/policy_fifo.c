/*
 * First in, first out: the victim is the page that has been in memory longest.
 *
 * For it: a queue is all that has to be kept. Against it: how long ago a page came in says little about whether it will be
 * used again, and with more memory there can even be more faults (Belady, Nelson and Shedler,
 * An Anomaly in Space-Time Characteristics of Certain Programs Running in a Paging Machine, 1969).
 */
#include "mm/policy.h"

static struct list queue; /* the oldest first */

static void fifo_init(void)
{
	list_init(&queue);
}

static void fifo_admit(struct frame *f)
{
	list_push_back(&queue, &f->link);
}

static void fifo_forget(struct frame *f)
{
	list_remove(&f->link);
}

static struct frame *fifo_victim(const struct policy_scope *scope)
{
	struct frame *f;

	list_for_each(f, &queue, link)
		if (policy_evictable(f) && policy_in_scope(f, scope))
			return f;
	return NULL;
}

const struct policy policy_fifo = {
	.name = "fifo",
	.init = fifo_init,
	.admit = fifo_admit,
	.forget = fifo_forget,
	.victim = fifo_victim,
};
