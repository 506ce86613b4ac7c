/*
 * The threads that sleep until a deadline: a binary heap, in which no thread has a later deadline than its two children. So the
 * nearest deadline is at the top, and adding and removing a thread takes a number of steps that is logarithmic in the number
 * of sleepers.
 *
 * Source: Knuth, "The Art of Computer Programming", volume 3, 5.2.3 "Sorting by Selection", on heaps and priority queues.
 */
#include "kernel/base/timed.h"

#include "kernel/base/panic.h"
#include "mm/layout.h"

static struct thread *heap[KSTACK_COUNT]; /* every sleeper has a kernel stack: this is never too small */
static u32 count;

static u32 parent_of(u32 place)
{
	return (place - 1) / 2;
}

static void put(u32 place, struct thread *t)
{
	heap[place] = t;
	t->timed = place + 1;
}

/* Puts T into PLACE, which is empty, or as far above it as its deadline wants. */
static void put_up(u32 place, struct thread *t)
{
	for (; place && heap[parent_of(place)]->deadline > t->deadline; place = parent_of(place))
		put(place, heap[parent_of(place)]);
	put(place, t);
}

/* The same below. */
static void put_down(u32 place, struct thread *t)
{
	for (u32 child; (child = 2 * place + 1) < count; place = child) {
		if (child + 1 < count && heap[child + 1]->deadline < heap[child]->deadline)
			child++;
		if (heap[child]->deadline >= t->deadline)
			break;
		put(place, heap[child]);
	}
	put(place, t);
}

void timed_add(struct thread *t)
{
	ASSERT(!t->timed);
	ASSERT_CMP(count, <, ARRAY_LEN(heap));
	put_up(count++, t);
}

void timed_remove(struct thread *t)
{
	u32 place = t->timed - 1;
	struct thread *last;

	ASSERT_CMP(place, <, count);
	ASSERT(heap[place] == t);
	t->timed = 0;
	last = heap[--count];
	if (last == t)
		return;
	if (place && heap[parent_of(place)]->deadline > last->deadline)
		put_up(place, last);
	else
		put_down(place, last);
}

struct thread *timed_first(void)
{
	return count ? heap[0] : NULL;
}
