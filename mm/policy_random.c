/*
 * Random: any page.
 *
 * For it: nothing has to be kept, and no order of references is its worst case; on a loop that is a little larger than memory
 * it does better than FIFO, CLOCK and LRU, all of which then evict each page just before it is needed. Against it: it
 * evicts the page that is used most as readily as any other. So it is the measure: a policy that does worse on a program has
 * drawn the wrong conclusions from the past. (Belady, A Study of Replacement Algorithms for a Virtual-Storage Computer, 1966.)
 *
 * The numbers are the same in each run (xorshift; Marsaglia, Xorshift RNGs, 2003).
 */
#include "mm/policy.h"

static u32 seed;

static void random_init(void)
{
	seed = 2463534242u;
}

static void random_admit(struct frame *f)
{
	(void)f;
}

static void random_forget(struct frame *f)
{
	(void)f;
}

static u32 random_next(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* The first candidate from a random frame on. */
static struct frame *random_victim(const struct policy_scope *scope)
{
	u32 start = random_next() % frame_total();

	for (u32 i = 0; i < frame_total(); i++) {
		struct frame *f = frame_at((start + i) % frame_total());

		if ((f->flags & FRAME_LISTED) && policy_evictable(f) && policy_in_scope(f, scope))
			return f;
	}
	return NULL;
}

const struct policy policy_random = {
	.name = "random",
	.init = random_init,
	.admit = random_admit,
	.forget = random_forget,
	.victim = random_victim,
};
