/*
 * The queue of real-time signals.
 *
 * A task has one list for the signals of all numbers: it is short, and the wanted one is usually the first.
 *
 * Source: POSIX, "Signal Generation and Delivery", "Realtime Signal Generation and Delivery"; signal(7), sigqueue(3).
 */
#include "kernel/signal/queue.h"

#include "kernel/base/errno.h"
#include "mm/kmalloc.h"

struct queued_signal {
	struct list link;
	u32 signal;
	struct signal_info info;
};

static u32 length;

u32 signal_queue_length(void)
{
	return length;
}

int signal_queue_add(struct list *queue, u32 signal, const struct signal_info *info, u32 most)
{
	struct queued_signal *q;

	if (length >= most)
		return -EAGAIN;
	q = kmalloc(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->signal = signal;
	q->info = *info;
	list_push_back(queue, &q->link);
	length++;
	return 0;
}

static void signal_queue_drop(struct queued_signal *q)
{
	list_remove(&q->link);
	kfree(q);
	length--;
}

/* => the first signal with that number from AT on; NULL: there is none */
static struct queued_signal *signal_queue_find(struct list *queue, struct list *at, u32 signal)
{
	for (; at != queue; at = at->next)
		if (list_entry(at, struct queued_signal, link)->signal == signal)
			return list_entry(at, struct queued_signal, link);
	return NULL;
}

bool signal_queue_take(struct list *queue, u32 signal, struct signal_info *info)
{
	struct queued_signal *q = signal_queue_find(queue, queue->next, signal), *more;

	*info = (struct signal_info){ .code = SI_USER };
	if (!q)
		return false;
	more = signal_queue_find(queue, q->link.next, signal);
	*info = q->info;
	signal_queue_drop(q);
	return more;
}

void signal_queue_forget(struct list *queue, u64 signals)
{
	struct queued_signal *q, *next;

	list_for_each_safe(q, next, queue, link)
		if (signals & SIGNAL_BIT(q->signal))
			signal_queue_drop(q);
}
