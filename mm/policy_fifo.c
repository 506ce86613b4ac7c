/*
 * First in, first out: the page that has been in memory longest goes.
 *
 * The argument for it: a queue, and nothing else to keep or look at. Against it: how long ago a page came in says little
 * about whether it will be used again, and with more memory it can even fault more often (Belady, Nelson and Shedler,
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
