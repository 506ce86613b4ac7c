/*
 * Address spaces under pressure: tasks that store, load, fork, map, unmap, protect, lock and exit in far more memory than
 * there are frames, with the kernel's own fault, fork, copy-on-write, reclaim, daemon and swap between them and a disk
 * that is late. Each task knows what every word of its memory must be; vmcheck looks at the whole state now and then; at
 * the end every frame, slot and byte of the heap must have come back.
 */
#include "host.h"
#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "mm/addrspace_held.h"
#include "mm/kmalloc.h"
#include "mm/mapcall.h"
#include "mm/memobj_file.h"
#include "mm/memobj_shm.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/slot.h"
#include "mm/vmcheck.h"
#include "mm/vmtrace.h"
#include "space.h"

#define TASKS 8

struct space_load space_load;
struct memobj *space_shared;
static struct memobj *file;
static struct space_task tasks[TASKS];
static u32 operations_left, next_label, switches, ended_by_force;

/* --- the life of a task -------------------------------------------------------------------------------------------- */

static void body(void *argument);

static struct space_task *free_place(void)
{
	for (u32 i = 0; i < TASKS; i++)
		if (!tasks[i].thread)
			return &tasks[i];
	return NULL;
}

static void fork_task(struct space_task *t)
{
	struct space_task *child = free_place();
	struct addrspace *as;
	int error;

	if (!child)
		return;
	error = addrspace_fork(t->as, ++next_label, &as);
	if (error) {
		SAME(error, -ENOMEM);
		return;
	}
	*child = *t;
	child->as = as;
	child->locked = 0;
	child->thread = host_thread(body, child, false);
}

static bool map_fixed(struct addrspace *as, vaddr_t va, u32 pages, u32 flags, struct memobj *obj)
{
	return mapcall_mmap(as, va, pages * PAGE_SIZE, REGION_READ | REGION_WRITE, 7, flags | MAP_FIXED, obj, 0) ==
	       (s32)va;
}

/* => false without memory */
static bool build(struct space_task *t)
{
	struct addrspace *as = addrspace_create(++next_label);

	*t = (struct space_task){ .as = as };
	if (!as)
		return false;
	as->heap_start = as->heap_end = HEAP_VA;
	if (!map_fixed(as, PRIVATE_VA, PRIVATE_PAGES, MAP_PRIVATE | MAP_ANONYMOUS, NULL) ||
	    !map_fixed(as, SHARED_VA, SHARED_PAGES, MAP_SHARED, space_shared) ||
	    !map_fixed(as, FILE_VA, FILE_PAGES, MAP_PRIVATE, file) ||
	    !map_fixed(as, USER_STACK_TOP - PAGE_SIZE, 1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, NULL)) {
		addrspace_destroy(as);
		return false;
	}
	memset(t->prot, REGION_READ | REGION_WRITE, sizeof(t->prot));
	t->thread = host_thread(body, t, false);
	return true;
}

static void rest(struct space_task *t)
{
	(void)t;
	host_yield();
}

static const struct space_operation others[] = { { 10, fork_task }, { 100, rest }, { 0, NULL } };
static const struct space_operation *const tables[] = { space_uses, space_changes, others };

static void one_operation(struct space_task *t)
{
	u32 total = 0, drawn;

	for (u32 i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct space_operation *o = tables[i]; o->run; o++)
			total += o->weight;
	drawn = host_random(total);
	for (u32 i = 0; i < ARRAY_LEN(tables); i++) {
		for (const struct space_operation *o = tables[i]; o->run; o++) {
			if (drawn < o->weight) {
				o->run(t);
				return;
			}
			drawn -= o->weight;
		}
	}
}

static u32 live(void)
{
	u32 n = 0;

	for (u32 i = 0; i < TASKS; i++)
		n += tasks[i].thread != NULL;
	return n;
}

/* A task lives for a while, then all it knows is checked; a new one begins in its place. */
static void body(void *argument)
{
	struct space_task *t = argument;
	u32 life = 200 + host_random(2000);

	while (life-- && operations_left && !space_dying(t) && !t->unsure) {
		operations_left--;
		one_operation(t);
	}
	if (!space_dying(t) && !t->unsure)
		space_check_all(t);
	ended_by_force += space_dying(t);
	addrspace_destroy(t->as);
	t->thread = NULL;
	if (operations_left && live() < TASKS / 2)
		build(t);
}

/* --- the machine around them --------------------------------------------------------------------------------------- */

static u32 weight(const struct space_task *t)
{
	struct addrspace_held h;

	addrspace_held(t->as, &h);
	return h.pages + h.tables;
}

static void kill_heaviest(bool crowded)
{
	struct space_task *worst = NULL;

	(void)crowded;
	CHECK(space_load.may_die);
	for (u32 i = 0; i < TASKS; i++) {
		if (!tasks[i].thread)
			continue;
		if (tasks[i].thread->killed)
			return;
		if (!worst || weight(&tasks[i]) > weight(worst))
			worst = &tasks[i];
	}
	if (worst)
		thread_kill(worst->thread);
}

static void look(void)
{
	u32 policies = 0;

	while (policy_table[policies])
		policies++;
	if (space_load.new_policies && switches % 64 == 0)
		CHECK(policy_select(policy_table[host_random(policies)]->name));
	if (++switches % 512 == 0)
		vmcheck();
}

static void give_back_objects(void)
{
	memobj_unref(space_shared);
	memobj_unref(file);
	kmalloc_trim();
}

static void make_objects(struct backing *disk)
{
	for (u32 i = 0; i < FILE_PAGES; i++)
		*(u32 *)((char *)host_disk_page(disk, i) + space_word_in(i)) = space_file_word(i);
	space_shared = memobj_shm_create(SHARED_PAGES);
	file = memobj_file_create(disk, FILE_PAGES * PAGE_SIZE);
	CHECK(space_shared && file);
}

static void start_failing(void)
{
	host_disk_fail_every = space_load.disk_fails;
	host_inject(INJECT_FRAME, space_load.frame_fails);
	host_inject(INJECT_HEAP, space_load.heap_fails);
	host_inject(INJECT_SLOT, space_load.slot_fails);
}

static void stop_failing(void)
{
	space_load = (struct space_load){ .may_die = space_load.may_die };
	start_failing();
}

static void tell(void)
{
	printf("  %u spaces, %u ended by force; %u faults (%u major), %u copied, %u out, %u in, %u dropped, %u waits, "
	       "%u switches\n", next_label, ended_by_force, vmstat.pgfault, vmstat.pgmajfault, vmstat.cow_break,
	       vmstat.pswpout, vmstat.pswpin, vmstat.clean_drop, vmstat.direct_reclaim, switches);
}

static void run(const struct space_load *given)
{
	u32 free, bytes;

	space_load = *given;
	host_boot(space_load.frames, space_load.limit);
	if (space_load.swap)
		host_swap(space_load.swap);
	CHECK(policy_select(space_load.policy));
	kmalloc_trim();
	free = frame_count(FRAME_FREE);
	bytes = kmalloc_bytes_used();
	operations_left = host_rounds(space_load.operations);
	reclaim_always = space_load.evict_always;
	make_objects(host_disk(FILE_PAGES));
	host_daemon(kill_heaviest);
	for (u32 i = 0; i < TASKS / 2; i++)
		CHECK(build(&tasks[i]));
	host_at_switch = look;
	start_failing();
	host_run();
	stop_failing();
	host_disk_finish_all();
	give_back_objects();
	vmcheck();
	tell();
	SAME(io_in_flight(), 0);
	SAME(policy_pageable(), 0);
	SAME(slot_used(), 0);
	SAME(kmalloc_bytes_used(), bytes);
	SAME(frame_count(FRAME_FREE), free);
}

/* HOST_ROUNDS=500 makes them five times as long. */
static void test_clock(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 96, .swap = 3000, .policy = "clock", .operations = 200000 });
	CHECK(vmstat.pswpout > 1000 && vmstat.pswpin > 1000 && vmstat.cow_break > 1000 && vmstat.clean_drop > 1000);
}

static void test_fifo(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 64, .swap = 3000, .policy = "fifo", .operations = 60000 });
}

static void run_with_policy(const char *policy)
{
	run(&(struct space_load){ .frames = 1600, .limit = 96, .swap = 3000, .policy = policy, .operations = 20000 });
	CHECK(vmstat.pswpout > 100 && vmstat.pswpin > 100);
}

static void test_ageing(void) { run_with_policy("ageing"); }
static void test_wsclock(void) { run_with_policy("wsclock"); }
static void test_random_policy(void) { run_with_policy("random"); }
static void test_adaptive(void) { run_with_policy("adaptive"); }

/* The policy changes while pages are on their way, and the notes of one are found by another. */
static void test_new_policies(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 96, .swap = 3000, .policy = "adaptive", .operations = 60000,
			    .new_policies = true });
	CHECK(vmstat.pswpout > 1000 && vmstat.pswpin > 1000);
}

static void test_evict_always(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 200, .swap = 3000, .policy = "clock", .operations = 40000,
			    .evict_always = true });
}

static void test_without_pressure(void)
{
	run(&(struct space_load){ .frames = 4000, .swap = 3000, .policy = "clock", .operations = 60000 });
	SAME(vmstat.direct_reclaim, 0);
}

/* The swap area holds a fraction of what the tasks want: some are killed, the others are right. */
static void test_small_swap(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 96, .swap = 200, .policy = "clock", .operations = 60000,
			    .may_die = true });
	CHECK(ended_by_force > 0);
}

static void test_no_swap(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 300, .policy = "clock", .operations = 60000, .may_die = true });
	CHECK(ended_by_force > 0);
	SAME(vmstat.pswpout, 0);
}

/* Every frame is short, kernel memory too. */
static void test_few_frames(void)
{
	run(&(struct space_load){ .frames = 420, .swap = 2000, .policy = "clock", .operations = 60000, .may_die = true });
}

static void test_disk_fails(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 96, .swap = 6000, .policy = "clock", .operations = 60000,
			    .disk_fails = 50, .may_die = true });
	CHECK(ended_by_force > 0 && vmstat.swap_bad > 0);
}

/* Every allocation fails now and then. */
static void test_failures(void)
{
	run(&(struct space_load){ .frames = 1600, .limit = 96, .swap = 3000, .policy = "clock", .operations = 60000,
			    .frame_fails = 20, .heap_fails = 20, .slot_fails = 20, .may_die = true });
}

const struct host_test space_tests[] = {
	{ "clock", test_clock },
	{ "fifo", test_fifo },
	{ "ageing", test_ageing },
	{ "wsclock", test_wsclock },
	{ "random", test_random_policy },
	{ "adaptive", test_adaptive },
	{ "new policies", test_new_policies },
	{ "evict always", test_evict_always },
	{ "without pressure", test_without_pressure },
	{ "small swap", test_small_swap },
	{ "no swap", test_no_swap },
	{ "few frames", test_few_frames },
	{ "disk fails", test_disk_fails },
	{ "failures", test_failures },
	{ NULL, NULL },
};
