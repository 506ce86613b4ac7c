/*
 * Address spaces under pressure: tasks that store, load, fork, map, unmap, protect, lock and exit in far more memory than
 * there are frames, with the kernel's own fault, fork, copy-on-write, reclaim, daemon and swap between them and a disk
 * that is late. Each task knows what every word of its memory must be; vmcheck looks at the whole state now and then; at
 * the end every frame, slot and byte of the heap must have come back.
 */
#include "host.h"
#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "kernel/base/thread.h"
#include "mm/addrspace.h"
#include "mm/addrspace_held.h"
#include "mm/anon.h"
#include "mm/fault.h"
#include "mm/frame_wait.h"
#include "mm/kmalloc.h"
#include "mm/mapcall.h"
#include "mm/memobj_file.h"
#include "mm/memobj_shm.h"
#include "mm/pageout.h"
#include "mm/policy.h"
#include "mm/procswap.h"
#include "mm/reclaim.h"
#include "mm/slot.h"
#include "mm/vmcheck.h"
#include "mm/vmtrace.h"

#define TASKS 8
#define PRIVATE_VA 0x103F0000u /* two tables */
#define PRIVATE_PAGES 64u
#define SHARED_VA 0x20000000u
#define SHARED_PAGES 32u
#define FILE_VA 0x30000000u
#define FILE_PAGES 48u
#define HEAP_VA 0x08000000u
#define HEAP_PAGES 32u
#define STACK_PAGES 24u
#define LOCKED 4u

struct load {
	u32 frames, limit, swap; /* swap 0: none */
	const char *policy;
	u32 operations;
	u32 disk_fails, frame_fails, heap_fails, slot_fails; /* one in so many; 0: never */
	bool evict_always;
	bool may_die; /* memory may run out, or the disk fail */
};

struct task {
	struct thread *thread; /* NULL: this place is free */
	struct addrspace *as;
	u32 private[PRIVATE_PAGES], file[FILE_PAGES], heap[HEAP_PAGES], stack[STACK_PAGES]; /* what must be there */
	u8 prot[PRIVATE_PAGES];  /* 0: not mapped */
	u32 heap_pages;
	u32 locked;              /* first locked page + 1; 0: none */
	bool unsure;             /* memory ran out half way: what is there need not be known */
};

static struct load load;
static struct task tasks[TASKS];
static struct memobj *shared, *file;
static u32 shared_words[SHARED_PAGES];
static u32 operations_left, next_value, next_label, switches, ended_by_force;

/* --- one word of each page ----------------------------------------------------------------------------------------- */

static vaddr_t word_in(u32 page)
{
	return page * 164 % PAGE_SIZE & ~3u;
}

static u32 file_word(u32 page)
{
	return page * 2654435761u | 1;
}

static bool dying(const struct task *t)
{
	return t->thread->killed;
}

/* The access was refused, or not: was that right? With a disk that fails, or without memory, it may be refused. */
static bool judge(struct task *t, bool done, bool permitted)
{
	if (dying(t))
		return false;
	if (!done && permitted && load.disk_fails) {
		t->unsure = true; /* the bus error ends the task */
		thread_kill(t->thread);
		return false;
	}
	SAME(done, permitted);
	return done;
}

static void check_load(struct task *t, vaddr_t va, u32 wanted, bool permitted)
{
	u32 value = 0;

	if (judge(t, host_load(t->as, va, &value), permitted) && value != wanted)
		host_fail(__FILE__, __LINE__, "space %u: %#x holds %u, not %u", t->as->label, va, value, wanted);
}

static void check_store(struct task *t, vaddr_t va, u32 *word, bool permitted)
{
	u32 value = ++next_value;

	if (judge(t, host_store(t->as, va, value), permitted))
		*word = value;
}

static void use(struct task *t, vaddr_t start, u32 page, u32 *words, u32 otherwise)
{
	vaddr_t va = start + page * PAGE_SIZE + word_in(page);

	if (host_random(2))
		check_load(t, va, words[page] ? words[page] : otherwise, true);
	else
		check_store(t, va, &words[page], true);
}

/* --- what a task may do -------------------------------------------------------------------------------------------- */

static void use_private(struct task *t)
{
	u32 page = host_random(PRIVATE_PAGES);
	vaddr_t va = PRIVATE_VA + page * PAGE_SIZE + word_in(page);

	if (host_random(2))
		check_load(t, va, t->private[page], t->prot[page]);
	else
		check_store(t, va, &t->private[page], t->prot[page] & REGION_WRITE);
}

static void use_file(struct task *t)
{
	u32 page = host_random(FILE_PAGES);

	use(t, FILE_VA, page, t->file, file_word(page));
}

static void use_heap(struct task *t)
{
	if (t->heap_pages)
		use(t, HEAP_VA, host_random(t->heap_pages), t->heap, 0);
}

static void use_stack(struct task *t)
{
	use(t, USER_STACK_TOP - STACK_PAGES * PAGE_SIZE, host_random(STACK_PAGES), t->stack, 0);
}

/* Shared by all tasks, so the size and the words are looked at after the access, which may have slept. */
static void use_shared(struct task *t)
{
	u32 page = host_random(SHARED_PAGES), value = ++next_value;
	vaddr_t va = SHARED_VA + page * PAGE_SIZE + word_in(page);
	bool store = host_random(2);
	bool done = store ? host_store(t->as, va, value) : host_load(t->as, va, &value);

	if (done && store)
		shared_words[page] = value; /* the others see it, though this task may have been killed meanwhile */
	else if (done)
		SAME(value, shared_words[page]);
	judge(t, done, page < shared->npages);
}

static void resize_shared(struct task *t)
{
	u32 pages = SHARED_PAGES - host_random(SHARED_PAGES / 2);

	(void)t;
	memobj_shm_resize(shared, pages);
	for (u32 i = pages; i < SHARED_PAGES; i++)
		shared_words[i] = 0;
}

/* As read() and write() reach an object: through the direct map, with a pin held over a sleep. */
static void copy_shared(struct task *t)
{
	u32 page = host_random(SHARED_PAGES);
	struct frame *f;
	int error = memobj_get_pinned(shared, page, true, &f);

	if (dying(t) || error) {
		if (!error)
			frame_unpin(f);
		else
			CHECK(dying(t) || page >= shared->npages || load.disk_fails);
		return;
	}
	SAME(*(u32 *)((char *)frame_ptr(f) + word_in(page)), shared_words[page]);
	shared_words[page] = *(u32 *)((char *)frame_ptr(f) + word_in(page)) = ++next_value;
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
}

/* A pinned frame stays this page's while others run. */
static void hold(struct task *t)
{
	u32 page = host_random(PRIVATE_PAGES);
	struct frame *f;
	bool done;

	if (!t->prot[page])
		return;
	done = fault_resolve_pinned(t->as, PRIVATE_VA + page * PAGE_SIZE, FAULT_READ, &f) == FAULT_OK;
	judge(t, done, true);
	if (!done)
		return;
	host_yield();
	host_yield();
	SAME(*(u32 *)((char *)frame_ptr(f) + word_in(page)), t->private[page]);
	frame_unpin(f);
}

static void choose_range(u32 *first, u32 *n)
{
	*n = 1 + host_random(host_random(4) ? 4 : PRIVATE_PAGES);
	*first = host_random(PRIVATE_PAGES - *n + 1);
}

static bool no_memory(s32 result)
{
	return result == -ENOMEM && load.may_die;
}

/* A range that holds locked pages loses them. */
static void unlock(struct task *t)
{
	s32 result;

	if (!t->locked)
		return;
	result = mapcall_munlock(t->as, PRIVATE_VA + (t->locked - 1) * PAGE_SIZE, LOCKED * PAGE_SIZE);
	CHECK(result == 0 || no_memory(result));
	t->unsure |= result != 0;
	t->locked = 0;
}

static void unmap(struct task *t)
{
	u32 first, n;
	s32 result;

	unlock(t);
	choose_range(&first, &n);
	result = mapcall_munmap(t->as, PRIVATE_VA + first * PAGE_SIZE, n * PAGE_SIZE);
	if (no_memory(result))
		return;
	SAME(result, 0);
	memset(t->private + first, 0, n * sizeof(t->private[0]));
	memset(t->prot + first, 0, n);
}

static void map(struct task *t)
{
	u32 first, n;
	s32 result;

	unlock(t);
	choose_range(&first, &n);
	result = mapcall_mmap(t->as, PRIVATE_VA + first * PAGE_SIZE, n * PAGE_SIZE, REGION_READ | REGION_WRITE, 7,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0);
	if (no_memory(result)) {
		/* what was there may be gone, and nothing new there: as on Linux */
		for (u32 i = first; i < first + n; i++)
			if (!region_find(&t->as->regions, PRIVATE_VA + i * PAGE_SIZE))
				t->prot[i] = t->private[i] = 0;
		return;
	}
	SAME((u32)result, PRIVATE_VA + first * PAGE_SIZE);
	memset(t->private + first, 0, n * sizeof(t->private[0]));
	memset(t->prot + first, REGION_READ | REGION_WRITE, n);
}

static void protect(struct task *t)
{
	u32 first, n, prot = host_random(2) ? REGION_READ : REGION_READ | REGION_WRITE;
	bool hole = false;
	s32 result;

	choose_range(&first, &n);
	for (u32 i = first; i < first + n; i++)
		hole |= !t->prot[i];
	result = mapcall_mprotect(t->as, PRIVATE_VA + first * PAGE_SIZE, n * PAGE_SIZE, prot);
	if (no_memory(result) && !hole)
		return;
	SAME(result, hole ? -ENOMEM : 0);
	/* Up to the hole, as on Linux; or not, if memory was short too. */
	for (u32 i = first; i < first + n && t->prot[i]; i++)
		t->prot[i] = no_memory(result) ? region_find(&t->as->regions, PRIVATE_VA + i * PAGE_SIZE)->prot : prot;
}

static void lock(struct task *t)
{
	u32 first = host_random(PRIVATE_PAGES - LOCKED);

	unlock(t);
	for (u32 i = 0; i < LOCKED; i++)
		if (!t->prot[first + i])
			return;
	if (mapcall_mlock(t->as, PRIVATE_VA + first * PAGE_SIZE, LOCKED * PAGE_SIZE, 0)) {
		CHECK(load.may_die);
		mapcall_munlock(t->as, PRIVATE_VA + first * PAGE_SIZE, LOCKED * PAGE_SIZE);
		return;
	}
	t->locked = first + 1;
}

/* Locked pages are in memory, whatever happens. */
static void check_locked(struct task *t)
{
	for (u32 i = 0; t->locked && i < LOCKED; i++)
		SAME(mapcall_resident(t->as, PRIVATE_VA + (t->locked - 1 + i) * PAGE_SIZE), 1);
}

static void change_break(struct task *t)
{
	u32 pages = host_random(HEAP_PAGES + 1);
	vaddr_t wanted = HEAP_VA + pages * PAGE_SIZE, got = mapcall_brk(t->as, wanted);

	if (got != wanted) {
		CHECK(load.may_die && got == HEAP_VA + t->heap_pages * PAGE_SIZE);
		return;
	}
	for (u32 i = pages; i < HEAP_PAGES; i++)
		t->heap[i] = 0;
	t->heap_pages = pages;
}

static void limit_resident(struct task *t)
{
	t->as->resident_limit = !load.limit || host_random(2) ? 0 : 10 + host_random(30);
}

/* A task that gets no directory would stay swapped out for ever, so it ends. => is it in memory? */
static bool return_to_memory(struct task *t, struct procswap *op)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = 20 };
	int error;

	do
		error = procswap_return(op, t->as) ? 0 : -ENOMEM;
	while (frame_retry(&retry, &error));
	if (!error)
		return true;
	CHECK(load.may_die || dying(t));
	thread_kill(t->thread);
	return false;
}

/* Out as a whole, and in again some time later. What cannot be read now is left to faults. */
static void swap_whole(struct task *t)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = 20 };
	u32 tables = frame_count(FRAME_TABLE);
	struct procswap op;
	int error;

	if (!procswap_leave(&op, t->as))
		return;
	CHECK(frame_count(FRAME_TABLE) <= tables && procswap_is_out(t->as));
	while (procswap_evict(&op))
		;
	for (u32 pause = host_random(20); pause; pause--)
		host_yield();
	if (!return_to_memory(t, &op))
		return;
	do
		error = dying(t) ? -EINTR : procswap_read(&op);
	while (error == -EAGAIN || frame_retry(&retry, &error));
	t->locked = error ? 0 : t->locked; /* they may not all have come back */
	resident_set_clear(&t->as->remembered);
}

static void body(void *argument);

static struct task *free_place(void)
{
	for (u32 i = 0; i < TASKS; i++)
		if (!tasks[i].thread)
			return &tasks[i];
	return NULL;
}

static void fork_task(struct task *t)
{
	struct task *child = free_place();
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

static void check_all(struct task *t)
{
	for (u32 i = 0; i < PRIVATE_PAGES && !dying(t); i++)
		if (t->prot[i])
			check_load(t, PRIVATE_VA + i * PAGE_SIZE + word_in(i), t->private[i], true);
	for (u32 i = 0; i < FILE_PAGES && !dying(t); i++)
		check_load(t, FILE_VA + i * PAGE_SIZE + word_in(i), t->file[i] ? t->file[i] : file_word(i), true);
	for (u32 i = 0; i < t->heap_pages && !dying(t); i++)
		check_load(t, HEAP_VA + i * PAGE_SIZE + word_in(i), t->heap[i], true);
}

static const struct {
	u32 weight;
	void (*run)(struct task *t);
} kinds[] = {
	{ 300, use_private }, { 120, use_shared }, { 150, use_file }, { 100, use_heap }, { 80, use_stack },
	{ 20, copy_shared }, { 20, hold }, { 8, unmap }, { 12, map }, { 16, protect }, { 4, lock }, { 4, unlock },
	{ 100, check_locked }, { 6, change_break }, { 10, fork_task }, { 1, resize_shared }, { 1, limit_resident },
	{ 3, swap_whole },
	{ 100, (void (*)(struct task *))host_yield },
};

static void one_operation(struct task *t)
{
	u32 total = 0, drawn;

	for (u32 i = 0; i < ARRAY_LEN(kinds); i++)
		total += kinds[i].weight;
	drawn = host_random(total);
	for (u32 i = 0;; i++) {
		if (drawn < kinds[i].weight) {
			kinds[i].run(t);
			return;
		}
		drawn -= kinds[i].weight;
	}
}

static bool build(struct task *t);

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
	struct task *t = argument;
	u32 life = 200 + host_random(2000);

	while (life-- && operations_left && !dying(t) && !t->unsure) {
		operations_left--;
		one_operation(t);
	}
	if (!dying(t) && !t->unsure)
		check_all(t);
	ended_by_force += dying(t);
	addrspace_destroy(t->as);
	t->thread = NULL;
	if (operations_left && live() < TASKS / 2)
		build(t);
}

/* --- a new task ---------------------------------------------------------------------------------------------------- */

static bool map_fixed(struct addrspace *as, vaddr_t va, u32 pages, u32 flags, struct memobj *obj)
{
	return mapcall_mmap(as, va, pages * PAGE_SIZE, REGION_READ | REGION_WRITE, 7, flags | MAP_FIXED, obj, 0) ==
	       (s32)va;
}

/* => false without memory */
static bool build(struct task *t)
{
	struct addrspace *as = addrspace_create(++next_label);

	*t = (struct task){ .as = as };
	if (!as)
		return false;
	as->heap_start = as->heap_end = HEAP_VA;
	if (!map_fixed(as, PRIVATE_VA, PRIVATE_PAGES, MAP_PRIVATE | MAP_ANONYMOUS, NULL) ||
	    !map_fixed(as, SHARED_VA, SHARED_PAGES, MAP_SHARED, shared) ||
	    !map_fixed(as, FILE_VA, FILE_PAGES, MAP_PRIVATE, file) ||
	    !map_fixed(as, USER_STACK_TOP - PAGE_SIZE, 1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, NULL)) {
		addrspace_destroy(as);
		return false;
	}
	memset(t->prot, REGION_READ | REGION_WRITE, sizeof(t->prot));
	t->thread = host_thread(body, t, false);
	return true;
}

/* --- the machine around them --------------------------------------------------------------------------------------- */

static u32 weight(const struct task *t)
{
	struct addrspace_held h;

	addrspace_held(t->as, &h);
	return h.pages + h.tables;
}

static void kill_heaviest(bool crowded)
{
	struct task *worst = NULL;

	(void)crowded;
	CHECK(load.may_die);
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

static void daemon_body(void *unused)
{
	(void)unused;
	pageout_run(kill_heaviest);
}

static void look(void)
{
	if (++switches % 512 == 0)
		vmcheck();
}

static void give_back_objects(void)
{
	memobj_unref(shared);
	memobj_unref(file);
	kmalloc_trim();
}

static void make_objects(struct backing *disk)
{
	for (u32 i = 0; i < FILE_PAGES; i++)
		*(u32 *)((char *)host_disk_page(disk, i) + word_in(i)) = file_word(i);
	shared = memobj_shm_create(SHARED_PAGES);
	file = memobj_file_create(disk, FILE_PAGES * PAGE_SIZE);
	CHECK(shared && file);
}

static void start_failing(void)
{
	host_disk_fail_every = load.disk_fails;
	host_inject(INJECT_FRAME, load.frame_fails);
	host_inject(INJECT_HEAP, load.heap_fails);
	host_inject(INJECT_SLOT, load.slot_fails);
}

static void stop_failing(void)
{
	load = (struct load){ .may_die = load.may_die };
	start_failing();
}

static void tell(void)
{
	printf("  %u spaces, %u ended by force; %u faults (%u major), %u copied, %u out, %u in, %u dropped, %u waits, "
	       "%u switches\n", next_label, ended_by_force, vmstat.pgfault, vmstat.pgmajfault, vmstat.cow_break,
	       vmstat.pswpout, vmstat.pswpin, vmstat.clean_drop, vmstat.direct_reclaim, switches);
}

static void run(const struct load *given)
{
	u32 free, bytes;

	load = *given;
	host_boot(load.frames, load.limit);
	if (load.swap)
		host_swap(load.swap);
	CHECK(policy_select(load.policy));
	kmalloc_trim();
	free = frame_count(FRAME_FREE);
	bytes = kmalloc_bytes_used();
	operations_left = host_rounds(load.operations);
	reclaim_always = load.evict_always;
	make_objects(host_disk(FILE_PAGES));
	host_thread(daemon_body, NULL, true);
	for (u32 i = 0; i < TASKS / 2; i++)
		CHECK(build(&tasks[i]));
	host_at_switch = look;
	start_failing();
	host_run();
	stop_failing();
	while (host_disk_finish_one())
		;
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
	run(&(struct load){ .frames = 1600, .limit = 96, .swap = 3000, .policy = "clock", .operations = 200000 });
	CHECK(vmstat.pswpout > 1000 && vmstat.pswpin > 1000 && vmstat.cow_break > 1000 && vmstat.clean_drop > 1000);
}

static void test_fifo(void)
{
	run(&(struct load){ .frames = 1600, .limit = 64, .swap = 3000, .policy = "fifo", .operations = 60000 });
}

static void test_evict_always(void)
{
	run(&(struct load){ .frames = 1600, .limit = 200, .swap = 3000, .policy = "clock", .operations = 40000,
			    .evict_always = true });
}

static void test_without_pressure(void)
{
	run(&(struct load){ .frames = 4000, .swap = 3000, .policy = "clock", .operations = 60000 });
	SAME(vmstat.direct_reclaim, 0);
}

/* The swap area holds a fraction of what the tasks want: some are killed, the others are right. */
static void test_small_swap(void)
{
	run(&(struct load){ .frames = 1600, .limit = 96, .swap = 200, .policy = "clock", .operations = 60000,
			    .may_die = true });
	CHECK(ended_by_force > 0);
}

static void test_no_swap(void)
{
	run(&(struct load){ .frames = 1600, .limit = 300, .policy = "clock", .operations = 60000, .may_die = true });
	CHECK(ended_by_force > 0);
	SAME(vmstat.pswpout, 0);
}

/* Every frame is short, kernel memory too. */
static void test_few_frames(void)
{
	run(&(struct load){ .frames = 420, .swap = 2000, .policy = "clock", .operations = 60000, .may_die = true });
}

static void test_disk_fails(void)
{
	run(&(struct load){ .frames = 1600, .limit = 96, .swap = 6000, .policy = "clock", .operations = 60000,
			    .disk_fails = 50, .may_die = true });
	CHECK(ended_by_force > 0 && vmstat.swap_bad > 0);
}

/* Every allocation fails now and then. */
static void test_failures(void)
{
	run(&(struct load){ .frames = 1600, .limit = 96, .swap = 3000, .policy = "clock", .operations = 60000,
			    .frame_fails = 20, .heap_fails = 20, .slot_fails = 20, .may_die = true });
}

const struct host_test space_tests[] = {
	{ "clock", test_clock },
	{ "fifo", test_fifo },
	{ "evict always", test_evict_always },
	{ "without pressure", test_without_pressure },
	{ "small swap", test_small_swap },
	{ "no swap", test_no_swap },
	{ "few frames", test_few_frames },
	{ "disk fails", test_disk_fails },
	{ "failures", test_failures },
	{ NULL, NULL },
};
