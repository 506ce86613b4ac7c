/*
 * Load control: detects thrashing, and swaps out whole tasks until it ends.
 *
 * More tasks keep the processor busier, until their working sets do not fit into memory together. Then each fault
 * evicts a page that another task needs at once, and all tasks wait for the disk. That is thrashing. No choice of pages
 * helps against it: there must be fewer tasks. It has two symptoms, which must be seen together in one period:
 *
 *   - Most pages that are read back had been evicted so recently that they would still be in memory if their task had
 *     been alone (mm/refault.c). A task whose pages would not fit even then, or that reads them only once, does not
 *     show this.
 *   - The time for which some task waited for a page exceeds the time for which the processor worked: the mean time
 *     between faults is shorter than a fault takes. A load that pages and yet keeps the processor busy does not show
 *     this.
 *
 * Then one task is swapped out: one that is stopped by a signal, else the one that has been swapped out least often,
 * and among equals the one that has been in memory longest. It is brought back when its pages fit into memory together
 * with those of the others, or in exchange for another task when it has waited long enough. The first program is never
 * swapped out.
 *
 * Source: P. Denning, "Thrashing: Its Causes and Prevention", 1968, and "Working Sets Past and Present", 1980. The L =
 * S criterion: the load is right when the mean time between faults equals the time to serve one.
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
#include "mm/vmtrace.h"

#define PERIOD_NS 100000000ull  /* between two checks, while pages are being read back */
#define LONGEST_NS NS_PER_SEC   /* a slow disk reads back few pages: so long is waited until they can be judged */
#define SETTLE_NS 300000000ull  /* after a task was moved: the figures would show its own paging */
#define MAX_WAIT_NS NS_PER_SEC  /* a task that has been out for this long is exchanged for one that is in */
#define ALARM 32                /* pages read back below which there is nothing to judge */
#define LARGE_SHARE 16          /* swapping out a task smaller than 1/16 of memory does not help */

bool load_control_enabled = true;
u32 load_control_seen;

/* The counters that are compared over a period. */
struct reading {
	u64 clock_ns, idle_ns, stalled_ns;
	u32 back, back_soon; /* pages read back; those of them that had been evicted recently */
};

static struct reading begin;   /* of the period */
static u64 next_check;         /* in clock_ns() */
static bool monitoring; /* the load is checked; otherwise the thread sleeps until a fault wakes it */

static struct reading read_now(void)
{
	return (struct reading){ clock_ns(), thread_idle_ns(), refault_stalled_ns(), vmstat.workingset_refault_anon,
				 vmstat.workingset_activate_anon };
}

static bool is_active(void)
{
	return load_control_enabled && !reclaim_exact && !reclaim_always;
}

/* => so many pages were read back since the period began that the load is worth watching */
static bool is_alarmed(void)
{
	return vmstat.workingset_refault_anon - begin.back >= ALARM && is_active();
}

void load_control_after_refault(void)
{
	load_control_seen = vmstat.workingset_refault_anon;
	if (!monitoring && is_alarmed())
		swapper_wake();
}

/* --- choosing a task --------------------------------------------------------------------------------------------- */

static bool can_swap_out(const struct task *t)
{
	return t->as && !t->exiting && t->pid != 1 && t->swap.state == SWAP_IN && t->swap.command == SWAP_AS_NEEDED &&
	       !t->lender && !t->borrower;
}

static u32 size_of(const struct task *t)
{
	return t->as->pagetable.resident;
}

/*
 * => frames that T has used since the period began. What it has in memory does not show that while the others evict its
 * pages; so the pages that were read back for it count too.
 */
static u32 used_by(const struct task *t)
{
	return size_of(t) + t->as->major_faults - MIN(t->swap.faults_before, t->as->major_faults);
}

static bool is_large(u32 frames)
{
	return frames >= frame_capacity() / LARGE_SHARE;
}

/* => true: A is a better victim than B. A stopped task does not need its pages. */
static bool is_better_victim(const struct task *a, const struct task *b)
{
	if (a->stopped != b->stopped)
		return a->stopped;
	if (a->swap.times != b->swap.times)
		return a->swap.times < b->swap.times;
	return a->swap.since_ns < b->swap.since_ns;
}

/* => how many tasks have used much of memory in the period that ends. Begins to count their faults anew. */
static u32 count_rivals(void)
{
	struct task *t;
	u32 n = 0;

	list_for_each(t, &task_all, all) {
		if (!can_swap_out(t))
			continue;
		n += !t->stopped && is_large(used_by(t));
		t->swap.faults_before = t->as->major_faults;
	}
	return n;
}

/* => the task to be swapped out; NULL: there is none, or the swap area has no room for it */
static struct task *choose_victim(void)
{
	struct task *t, *victim = NULL;

	list_for_each(t, &task_all, all)
		if (can_swap_out(t) && is_large(size_of(t)) && (!victim || is_better_victim(t, victim)))
			victim = t;
	return victim && slot_available() >= procswap_slots_needed(victim->as) ? victim : NULL;
}

/* => the task that has waited longest to be brought back; NULL: none waits */
static struct task *first_in_queue(void)
{
	struct task *t, *first = NULL;

	list_for_each(t, &task_all, all)
		if (t->as && t->swap.state == SWAP_OUT && t->swap.command == SWAP_AS_NEEDED && t->swap.at_gate &&
		    (!first || t->swap.since_ns < first->swap.since_ns))
			first = t;
	return first;
}

/* => true: the pages that WAITING used fit in addition to those that the other tasks use */
static bool fits(const struct task *waiting)
{
	u32 needed = MAX(resident_set_count(&waiting->as->remembered), waiting->swap.needs) + frame_high();
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (can_swap_out(t) && !t->stopped) /* the others are small, or stopped: theirs can be evicted */
			needed += used_by(t);
	return needed <= frame_capacity();
}

/* --- control ----------------------------------------------------------------------------------------------------- */

/* => true: the period until NOW shows both symptoms */
static bool is_thrashing(const struct reading *now)
{
	u64 worked = now->clock_ns - begin.clock_ns - (now->idle_ns - begin.idle_ns);
	u32 soon = now->back_soon - begin.back_soon, back = now->back - begin.back;

	return back >= ALARM && 2 * soon > back && now->stalled_ns - begin.stalled_ns > worked;
}

/* Begins a period that is first checked at FIRST. */
static void begin_period(u64 first)
{
	u32 rivals = count_rivals();

	refault_rivals = rivals ? rivals - 1 : 0;
	begin = read_now();
	next_check = first;
}

/* Swaps out a task because of WHY. => false: no task was moved; sleeps */
static bool swap_out_one(u32 why)
{
	struct task *victim = choose_victim();

	if (!victim)
		return false;
	victim->swap.needs = MIN(used_by(victim), frame_capacity() - frame_high());
	return swapper_out(victim, victim->stopped ? VMTRACE_PROCOUT_WHY_STOPPED : why) == 0;
}

/*
 * Swaps WAITING in if it fits, or in exchange for another task. => true: a task was swapped in; false: none was, though
 * one may have been swapped out for it; sleeps
 */
static bool bring_back(struct task *waiting)
{
	if (fits(waiting))
		return swapper_in(waiting, VMTRACE_PROCIN_WHY_FITS) == 0;
	if (clock_ns() - waiting->swap.since_ns < MAX_WAIT_NS)
		return false;
	/* If that fails, WAITING is swapped in nevertheless: it has waited long enough. */
	swap_out_one(VMTRACE_PROCOUT_WHY_EXCHANGE);
	waiting = first_in_queue(); /* it may have ended meanwhile */
	return waiting && swapper_in(waiting, VMTRACE_PROCIN_WHY_EXCHANGE) == 0;
}

/* A check: decides, and moves at most one task, or exchanges two. The period goes on if it cannot be judged yet. */
static void check(void)
{
	struct reading now = read_now();
	bool can_be_judged = now.back - begin.back >= ALARM, too_long = now.clock_ns - begin.clock_ns >= LONGEST_NS;
	struct task *waiting = first_in_queue();
	bool moved = false;

	monitoring = waiting || can_be_judged || !too_long;
	if (is_active() && is_thrashing(&now)) {
		moved = swap_out_one(VMTRACE_PROCOUT_WHY_THRASHING);
		waiting = first_in_queue(); /* again: swap_out_one() sleeps, and the task that waited may have ended */
	}
	if (!moved && waiting)
		moved = bring_back(waiting);
	if (moved)
		begin_period(clock_ns() + SETTLE_NS);
	else if (can_be_judged || too_long)
		begin_period(clock_ns() + PERIOD_NS);
	else
		next_check = clock_ns() + PERIOD_NS;
}

/* One step of load control: begins a period, checks, or sleeps until one of these is due. */
static void load_control_step(void)
{
	if (!monitoring && !is_alarmed() && !first_in_queue()) {
		begin = read_now();
		swapper_sleep(WAIT_FOREVER);
		return;
	}
	if (!monitoring)
		begin_period(clock_ns() + PERIOD_NS);
	monitoring = true;
	if (clock_ns() < next_check)
		swapper_sleep(next_check);
	else
		check();
}

void load_control_run(void *unused)
{
	(void)unused;
	for (;;)
		if (!swapper_obey_command())
			load_control_step();
}
