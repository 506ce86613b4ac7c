/*
 * Ageing: CLOCK with a counter for each page.
 *
 * CLOCK knows one thing about a page: was it used since the hand's last round? Ageing looks back over several rounds. Each round
 * in which a page was used adds to its counter, up to a limit; each other round subtracts one. The victim is a page that was not
 * used in this round and whose counter is 0. So a page that is used in most rounds stays longer than one that was used once, a
 * moment ago. The disadvantage: after a program has moved on to other pages, the old ones stay for several rounds.
 *
 * The source is the counters of Tanenbaum, Modern Operating Systems, "Simulating LRU in Software", but those are shifted by a
 * timer. Here the hand updates a page's counter when it passes over it. A call of victim is not a tick: there are as many calls
 * as evictions, and counters that all lose a bit in each would forget every use after eight.
 */
#include "mm/policy.h"

#define USED 2     /* what a round with a use adds */
#define OLDEST 4

static struct list circle; /* its front is the hand, as in policy_clock.c */
static u32 members;

static void ageing_init(void)
{
	list_init(&circle);
	members = 0;
}

static void ageing_admit(struct frame *f)
{
	/* lab policy: where a new page stands, and what its counter says */
	f->age = 0;
	list_push_back(&circle, &f->link);
	members++;
	/* end of lab policy */
}

static void ageing_forget(struct frame *f)
{
	list_remove(&f->link);
	members--;
}

/* The hand passes over F. */
static void age_frame(struct frame *f)
{
	/* lab policy: what the counter learns from this round */
	if (policy_accessed(f)) {
		policy_clear_accessed(f);
		f->age = MIN(f->age + USED, OLDEST);
	} else if (f->age) {
		f->age--;
	}
	/* end of lab policy */
}

static struct frame *ageing_victim(const struct policy_scope *scope)
{
	/* lab policy: choose the victim */
	for (u32 steps = (OLDEST + 2) * members; steps > 0; steps--) {
		struct frame *f = list_first(&circle, struct frame, link);
		bool candidate = policy_evictable(f) && policy_in_scope(f, scope);

		if (candidate && !f->age && !policy_accessed(f))
			return f;
		if (candidate)
			age_frame(f);
		list_remove(&f->link);
		list_push_back(&circle, &f->link);
	}
	return NULL;
	/* end of lab policy */
}

const struct policy policy_ageing = {
	.name = "ageing",
	.init = ageing_init,
	.admit = ageing_admit,
	.forget = ageing_forget,
	.victim = ageing_victim,
};
