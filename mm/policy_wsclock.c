/*
 * WSClock: a clock that evicts the pages which have left the working set.
 *
 * The working set of a program is the set of pages that it has used within the last TAU of time. When the hand passes over a
 * page that was used, the page gets the present time. A page that was not used for longer than TAU is out of the working set,
 * and becomes the victim if it is clean. A dirty page must be written first, so the hand goes on to look for a clean one, and
 * the dirty page is the victim only if there is none. If every page is in the working set, memory is too small for it, and the
 * page that was unused for longest leaves. (Carr and Hennessy, WSCLOCK: A Simple and Effective Algorithm for Virtual Memory
 * Management, 1981.)
 *
 * For it: a page stays for a time, not for one round, so a slow hand and a fast one agree. Against it: the right TAU differs
 * from program to program.
 *
 * Time is counted in pages that came in, so that it stands still while nothing has to be replaced: a PERIOD is an eighth of the
 * pages in memory, TAU is two periods. f->age is the low byte of a time; an idle time above 127 periods is kept at 127.
 * A search looks at SEARCH pages at most, so that its cost does not grow with memory.
 */
#include "mm/policy.h"

#define TAU 2
#define SEARCH 256

static struct list circle; /* its front is the hand, as in policy_clock.c */
static u32 members;
static u32 admitted;       /* in this period */
static u8 now;             /* in periods */

static void wsclock_init(void)
{
	list_init(&circle);
	members = 0;
	admitted = 0;
	now = 0;
}

static void wsclock_admit(struct frame *f)
{
	if (++admitted > members / 8) {
		now++;
		admitted = 0;
	}
	f->age = now;
	list_push_back(&circle, &f->link);
	members++;
}

static void wsclock_forget(struct frame *f)
{
	list_remove(&f->link);
	members--;
}

/* => for how many periods F has not been used */
static u8 idle_periods(struct frame *f)
{
	u8 idle;

	if (policy_accessed(f)) {
		policy_clear_accessed(f);
		f->age = now;
	}
	idle = (u8)(now - f->age);
	if (idle > 127)
		f->age = (u8)(now - 127);
	return MIN(idle, 127);
}

static struct frame *wsclock_victim(const struct policy_scope *scope)
{
	struct frame *dirty = NULL, *oldest = NULL;
	u32 looks = 0;
	u8 most = 0;

	for (u32 steps = members; steps > 0 && looks < SEARCH; steps--) {
		struct frame *f = list_first(&circle, struct frame, link);
		u8 idle;

		list_remove(&f->link);
		list_push_back(&circle, &f->link);
		if (!policy_evictable(f) || !policy_in_scope(f, scope))
			continue;
		looks++;
		idle = idle_periods(f);
		if (idle > TAU && !policy_dirty(f))
			return f;
		if (idle > TAU && !dirty)
			dirty = f;
		if (!oldest || idle > most) {
			oldest = f;
			most = idle;
		}
	}
	return dirty ? dirty : oldest;
}

const struct policy policy_wsclock = {
	.name = "wsclock",
	.init = wsclock_init,
	.admit = wsclock_admit,
	.forget = wsclock_forget,
	.victim = wsclock_victim,
};
