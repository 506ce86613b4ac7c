/*
 * Adaptive: two clocks, and a balance between them that follows the refaults.
 *
 * Most pages that come in are used once, for a moment: a scan, a buffer. CLOCK lets each of them circle a whole round, and
 * what is worth keeping leaves meanwhile. So a page begins on PROBATION, a queue: if it was used again when it comes to the
 * front it moves to the MAIN clock, else it goes. How long should probation be? That depends on the program, and the program
 * tells: each eviction leaves a note with the page, and a page that is needed again before as many pages have been evicted as
 * memory holds has gone too early. If it went from probation, probation was too short and grows by a page; if it went from
 * the main clock, the main clock grows. Such a page goes straight to the main clock.
 * (Bansal and Modha, CAR: Clock with Adaptive Replacement, 2004, without its lists of pages that are out; probation
 * as in Yang et al., FIFO Queues Are All You Need for Cache Eviction, 2023.)
 *
 * The use for which a page was fetched is none that speaks for it, nor are those right behind it. So the RING holds the last pages
 * that came in, and a page that leaves it has its accessed bit cleared. While nothing is evicted this work is left out.
 *
 * In the main clock a page that was used in two rounds stays for one more round without a use.
 */
#include "mm/policy.h"

#define RING 4

/* f->age: which queue the page is in, or was in when it was evicted, and whether it was used in the round before. */
#define ON_MAIN 1
#define USED_BEFORE 2

static struct list probation, main_clock; /* their fronts are next */
static u32 on_probation, on_main;
static u32 target;                  /* how many pages should be on probation */
static struct frame *ring[RING];
static u32 ring_next;
static u32 since_victim;            /* pages that have come in since a victim was last looked for */

static void adaptive_init(void)
{
	list_init(&probation);
	list_init(&main_clock);
	on_probation = on_main = ring_next = 0;
	target = 1;
	for (u32 i = 0; i < RING; i++)
		ring[i] = NULL;
}

static void enter_main(struct frame *f, u8 used_before)
{
	f->age = ON_MAIN | used_before;
	list_push_back(&main_clock, &f->link);
	on_main++;
}

/* F comes in behind the last RING - 1 others. */
static void enter_ring(struct frame *f)
{
	struct frame **place = &ring[ring_next++ % RING];

	if (*place)
		policy_clear_accessed(*place);
	*place = f;
}

/* F has gone too early: moves the balance. */
static void adapt(const struct frame *f)
{
	u32 members = on_probation + on_main;

	if (!(f->age & ON_MAIN))
		target = MIN(target + 1, members);
	else if (target > 1)
		target--;
}

static void adaptive_admit(struct frame *f)
{
	bool too_early = policy_evictions_since(f) < on_probation + on_main;

	if (since_victim++ < on_probation + on_main)
		enter_ring(f);
	if (too_early) {
		adapt(f);
		enter_main(f, 0);
		return;
	}
	f->age = 0;
	list_push_back(&probation, &f->link);
	on_probation++;
}

static void adaptive_forget(struct frame *f)
{
	for (u32 i = 0; i < RING; i++)
		if (ring[i] == f)
			ring[i] = NULL;
	list_remove(&f->link);
	if (f->age & ON_MAIN)
		on_main--;
	else
		on_probation--;
}

/* F is at the front of its queue. => it can be spared; otherwise it has gone to the back of the main clock */
static bool spare(struct frame *f)
{
	bool used = policy_accessed(f), used_before = f->age & USED_BEFORE;

	if (!used && !used_before)
		return true;
	if (used)
		policy_clear_accessed(f);
	used &= f->age & ON_MAIN;
	adaptive_forget(f);
	enter_main(f, used ? USED_BEFORE : 0);
	return false;
}

/* A page that cannot leave goes to the back of its queue. */
static void pass_over(struct frame *f)
{
	list_remove(&f->link);
	list_push_back(f->age & ON_MAIN ? &main_clock : &probation, &f->link);
}

/* A candidate is looked at four times at most: on probation, and three times in the main clock. */
static struct frame *adaptive_victim(const struct policy_scope *scope)
{
	u32 stuck_on_probation = 0, stuck_on_main = 0; /* pages in succession that cannot leave */

	since_victim = 0;
	for (u32 steps = 6 * (on_probation + on_main); steps > 0; steps--) {
		bool probation_has = stuck_on_probation < on_probation, main_has = stuck_on_main < on_main;
		bool from_probation = probation_has && (on_probation >= target || !main_has);
		u32 *stuck = from_probation ? &stuck_on_probation : &stuck_on_main;
		struct frame *f;

		if (!probation_has && !main_has)
			return NULL;
		f = list_first(from_probation ? &probation : &main_clock, struct frame, link);
		if (!policy_evictable(f) || !policy_in_scope(f, scope)) {
			(*stuck)++;
			pass_over(f);
		} else if (spare(f)) {
			return f;
		} else {
			*stuck = 0;
		}
	}
	return NULL;
}

const struct policy policy_adaptive = {
	.name = "adaptive",
	.init = adaptive_init,
	.admit = adaptive_admit,
	.forget = adaptive_forget,
	.victim = adaptive_victim,
};
