/*
 * Load control.
 *
 * With more tasks the processor does more, until their working sets do not fit into memory together; then each fault
 * takes a page that another task wants back at once, and everybody waits for the disk. That is thrashing, and no choice of
 * pages helps: there must be fewer tasks. Two signs together show it, over a period:
 *
 *   most pages that come back had left so lately that they would still be there, had their task been alone
 *   (mm/refault.c), and
 *   somebody waited for a page longer than the processor worked: the mean time between faults is shorter than what a
 *   fault takes.
 *
 * The first spares whoever would fault even alone, since his pages do not fit or he reads them once; the second spares a
 * load that pages and yet keeps the processor busy. Then one task is taken out: who is stopped by a signal, or else was
 * out least often and is in memory longest. It comes back when its pages fit beside the others', or when it has waited
 * long enough, in exchange for another. The first program stays.
 *
 * (P. Denning, "Thrashing: Its Causes and Prevention", 1968, and "Working Sets Past and Present", 1980: the criterion of
 * equal lifetime and swapping time.)
 */
#include "kernel/pressure/load_control.h"

#include "kernel/base/clock.h"
#include "kernel/base/thread.h"
#include "kernel/pressure/swapper.h"
#include "kernel/task/task.h"
#include "mm/mm.h"
#include "mm/reclaim.h"
#include "mm/refault.h"
#include "mm/slot.h"

#define PERIOD_NS 100000000ull  /* between two looks, while there is something to see */
#define SETTLE_NS 300000000ull  /* after a change nothing is judged */
#define TURN_NS NS_PER_SEC      /* who has waited so long changes places with another */
#define ALARM 32                /* pages that came back: then it is worth looking */
#define LARGE_SHARE 16          /* a task with less than this part of memory is no help */

bool load_control_enabled = true;

struct reading {
	u64 clock_ns, idle_ns, stalled_ns;
	u32 back, back_soon;
};

static struct reading begin;   /* of the period */
static u64 judge_from;         /* clock_ns() */
static bool looking;           /* there was something to see lately */

static struct reading read_now(void)
{
	return (struct reading){ clock_ns(), thread_idle_ns(), refault_stalled_ns(), vmstat.workingset_refault_anon,
				 vmstat.workingset_activate_anon };
}

static bool is_active(void)
{
	return load_control_enabled && !reclaim_exact && !reclaim_always;
}

void load_control_after_fault(void)
{
	if (!looking && vmstat.workingset_refault_anon - begin.back >= ALARM && is_active())
		swapper_wake();
}

/* --- who --------------------------------------------------------------------------------------------------------- */

static u32 capacity(void)
{
	return frame_count(FRAME_ANON) + frame_count(FRAME_FILE) + frame_room();
}

static bool is_in(const struct task *t)
{
	return t->as && !t->exiting && t->pid != 1 && t->swap.state == SWAP_IN && t->swap.order == SWAP_AS_NEEDED &&
	       !t->lender && !t->borrower;
}

static u32 size_of(const struct task *t)
{
	return t->as->pagetable.resident;
}

static bool is_large(const struct task *t)
{
	return size_of(t) >= capacity() / LARGE_SHARE;
}

/* Who is stopped loses nothing by it. */
static bool goes_before(const struct task *a, const struct task *b)
{
	if (a->stopped != b->stopped)
		return a->stopped;
	if (a->swap.times != b->swap.times)
		return a->swap.times < b->swap.times;
	return a->swap.since_ns < b->swap.since_ns;
}

static u32 count_large(void)
{
	const struct task *t;
	u32 n = 0;

	list_for_each(t, &task_all, all)
		n += is_in(t) && is_large(t) && !t->stopped;
	return n;
}

/* => the task to be stopped; NULL: there is none, or no room for it on the swap area */
static struct task *choose_victim(void)
{
	struct task *t, *victim = NULL;

	list_for_each(t, &task_all, all)
		if (is_in(t) && is_large(t) && (!victim || goes_before(t, victim)))
			victim = t;
	return victim && slot_available() >= procswap_slots_needed(victim->as) ? victim : NULL;
}

/* => the task that waits longest to come back; NULL: none does */
static struct task *first_in_queue(void)
{
	struct task *t, *first = NULL;

	list_for_each(t, &task_all, all)
		if (t->as && t->swap.state == SWAP_OUT && t->swap.order == SWAP_AS_NEEDED && t->swap.at_gate &&
		    (!first || t->swap.since_ns < first->swap.since_ns))
			first = t;
	return first;
}

static bool fits(const struct task *out)
{
	u32 needed = resident_set_count(&out->as->remembered) + frame_high();
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (is_in(t) && !t->stopped) /* a stopped one does without its pages */
			needed += size_of(t);
	return needed <= capacity();
}

/* --- what -------------------------------------------------------------------------------------------------------- */

/* Looks back at the period that ends now. */
static bool is_thrashing(const struct reading *now)
{
	u64 worked = now->clock_ns - begin.clock_ns - (now->idle_ns - begin.idle_ns);
	u32 soon = now->back_soon - begin.back_soon, back = now->back - begin.back;

	return soon >= ALARM && 2 * soon > back && now->stalled_ns - begin.stalled_ns > worked;
}

static void settle(u64 from)
{
	u32 large = count_large();

	refault_rivals = large ? large - 1 : 0;
	begin = read_now();
	judge_from = from;
}

/* => false: nobody was moved */
static bool relieve(void)
{
	struct task *victim = choose_victim();

	return victim && swapper_out(victim) == 0;
}

/* => false: nobody was moved */
static bool let_in(struct task *waiting)
{
	struct task *victim;

	if (fits(waiting))
		return swapper_in(waiting) == 0;
	if (clock_ns() - waiting->swap.since_ns < TURN_NS)
		return false;
	victim = choose_victim();
	if (victim)
		swapper_out(victim);
	waiting = first_in_queue(); /* it may have ended meanwhile */
	return waiting && swapper_in(waiting) == 0;
}

static void act(void)
{
	struct reading now = read_now();
	struct task *waiting = first_in_queue();
	bool moved = false, thrashing = is_active() && is_thrashing(&now);

	looking = waiting || now.back - begin.back >= ALARM;
	if (thrashing) {
		moved = relieve();
		waiting = first_in_queue(); /* again: relieve() sleeps, and the task that waited may have ended */
	}
	if (!moved && waiting)
		moved = let_in(waiting);
	settle(clock_ns() + (moved ? SETTLE_NS : PERIOD_NS));
}

/* Does what is to be done now, or sleeps until there may be something. */
static void control(void)
{
	bool alarmed = is_active() && vmstat.workingset_refault_anon - begin.back >= ALARM;

	if (!looking && !alarmed && !first_in_queue()) {
		begin = read_now();
		swapper_sleep(WAIT_FOREVER);
		return;
	}
	if (!looking)
		settle(clock_ns() + PERIOD_NS);
	looking = true;
	if (clock_ns() < judge_from)
		swapper_sleep(judge_from);
	else
		act();
}

void load_control_run(void *unused)
{
	(void)unused;
	for (;;)
		if (!swapper_follow_order())
			control();
}
