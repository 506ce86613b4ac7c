/*
 * Clock: FIFO with a second chance.
 *
 * The frames stand in a circle under a hand. The hand passes over a page that was used since its last round, but clears its
 * accessed bit; the first page that was not used is the victim. So a page must be used once a round to stay: an
 * approximation of "least recently used" that needs only the bit that the processor sets anyway. (Corbato, A
 * Paging Experiment with the Multics System, 1968.)
 *
 * The circle is a list whose front is the hand: to pass over a page is to move it to the back.
 */
#include "mm/policy.h"

static struct list circle;
static u32 members;

static void clock_policy_init(void)
{
	list_init(&circle);
	members = 0;
}

/* Just behind the hand: the last place that it comes to. */
static void clock_policy_admit(struct frame *f)
{
	list_push_back(&circle, &f->link);
	members++;
}

static void clock_policy_forget(struct frame *f)
{
	list_remove(&f->link);
	members--;
}

/* The second round at the latest finds every accessed bit cleared. */
static struct frame *clock_policy_victim(const struct policy_scope *scope)
{
	for (u32 steps = 2 * members; steps > 0; steps--) {
		struct frame *f = list_first(&circle, struct frame, link);
		bool candidate = policy_evictable(f) && policy_in_scope(f, scope);

		if (candidate && !policy_accessed(f))
			return f;
		if (candidate)
			policy_clear_accessed(f);
		list_remove(&f->link);
		list_push_back(&circle, &f->link);
	}
	return NULL;
}

const struct policy policy_clock = {
	.name = "clock",
	.init = clock_policy_init,
	.admit = clock_policy_admit,
	.forget = clock_policy_forget,
	.victim = clock_policy_victim,
};
