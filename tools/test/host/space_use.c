/*
 * space_use.c: the tasks of space.c use their memory. One word of each page is used, and the task knows what it holds:
 * a load must find that, and an access that is not permitted must be refused.
 */
#include "mm/fault.h"
#include "mm/memobj_shm.h"
#include "space.h"

static u32 next_value;
static u32 shared_words[SHARED_PAGES]; /* what all tasks see there */

/* --- one word of each page ----------------------------------------------------------------------------------------- */

vaddr_t space_word_in(u32 page)
{
	return page * 164 % PAGE_SIZE & ~3u;
}

u32 space_file_word(u32 page)
{
	return page * 2654435761u | 1;
}

/* The access was refused, or not: was that right? With a disk that fails, or without memory, it may be refused. */
static bool judge(struct space_task *t, bool done, bool permitted)
{
	if (space_dying(t))
		return false;
	if (!done && permitted && space_load.disk_fails) {
		t->unsure = true; /* the bus error ends the task */
		thread_kill(t->thread);
		return false;
	}
	SAME(done, permitted);
	return done;
}

static void check_load(struct space_task *t, vaddr_t va, u32 wanted, bool permitted)
{
	u32 value = 0;

	if (judge(t, host_load(t->as, va, &value), permitted) && value != wanted)
		host_fail(__FILE__, __LINE__, "space %u: %#x holds %u, not %u", t->as->label, va, value, wanted);
}

static void check_store(struct space_task *t, vaddr_t va, u32 *word, bool permitted)
{
	u32 value = ++next_value;

	if (judge(t, host_store(t->as, va, value), permitted))
		*word = value;
}

static void use(struct space_task *t, vaddr_t start, u32 page, u32 *words, u32 otherwise)
{
	vaddr_t va = start + page * PAGE_SIZE + space_word_in(page);

	if (host_random(2))
		check_load(t, va, words[page] ? words[page] : otherwise, true);
	else
		check_store(t, va, &words[page], true);
}

/* --- accesses ------------------------------------------------------------------------------------------------------ */

static void use_private(struct space_task *t)
{
	u32 page = host_random(PRIVATE_PAGES);
	vaddr_t va = PRIVATE_VA + page * PAGE_SIZE + space_word_in(page);

	if (host_random(2))
		check_load(t, va, t->private[page], t->prot[page]);
	else
		check_store(t, va, &t->private[page], t->prot[page] & REGION_WRITE);
}

static void use_file(struct space_task *t)
{
	u32 page = host_random(FILE_PAGES);

	use(t, FILE_VA, page, t->file, space_file_word(page));
}

static void use_heap(struct space_task *t)
{
	if (t->heap_pages)
		use(t, HEAP_VA, host_random(t->heap_pages), t->heap, 0);
}

static void use_stack(struct space_task *t)
{
	use(t, USER_STACK_TOP - STACK_PAGES * PAGE_SIZE, host_random(STACK_PAGES), t->stack, 0);
}

/* A pinned frame stays this page's while others run. */
static void hold(struct space_task *t)
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
	SAME(*(u32 *)((char *)frame_ptr(f) + space_word_in(page)), t->private[page]);
	frame_unpin(f);
}

/* --- the shared object --------------------------------------------------------------------------------------------- */

/* Shared by all tasks, so the size and the words are looked at after the access, which may have slept. */
static void use_shared(struct space_task *t)
{
	u32 page = host_random(SHARED_PAGES), value = ++next_value;
	vaddr_t va = SHARED_VA + page * PAGE_SIZE + space_word_in(page);
	bool store = host_random(2);
	bool done = store ? host_store(t->as, va, value) : host_load(t->as, va, &value);

	if (done && store)
		shared_words[page] = value; /* the others see it, though this task may have been killed meanwhile */
	else if (done)
		SAME(value, shared_words[page]);
	judge(t, done, page < space_shared->npages);
}

static void resize_shared(struct space_task *t)
{
	u32 pages = SHARED_PAGES - host_random(SHARED_PAGES / 2);

	(void)t;
	memobj_shm_resize(space_shared, pages);
	for (u32 i = pages; i < SHARED_PAGES; i++)
		shared_words[i] = 0;
}

/* As read() and write() reach an object: through the direct map, with a pin held over a sleep. */
static void copy_shared(struct space_task *t)
{
	u32 page = host_random(SHARED_PAGES);
	struct frame *f;
	int error = memobj_get_pinned(space_shared, page, true, &f);

	if (space_dying(t) || error) {
		if (!error)
			frame_unpin(f);
		else
			CHECK(space_dying(t) || page >= space_shared->npages || space_load.disk_fails);
		return;
	}
	SAME(*(u32 *)((char *)frame_ptr(f) + space_word_in(page)), shared_words[page]);
	shared_words[page] = *(u32 *)((char *)frame_ptr(f) + space_word_in(page)) = ++next_value;
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
}

const struct space_operation space_uses[] = {
	{ 300, use_private }, { 120, use_shared }, { 150, use_file }, { 100, use_heap }, { 80, use_stack },
	{ 20, copy_shared }, { 20, hold }, { 1, resize_shared },
	{ 0, NULL },
};

void space_check_all(struct space_task *t)
{
	for (u32 i = 0; i < PRIVATE_PAGES && !space_dying(t); i++)
		if (t->prot[i])
			check_load(t, PRIVATE_VA + i * PAGE_SIZE + space_word_in(i), t->private[i], true);
	for (u32 i = 0; i < FILE_PAGES && !space_dying(t); i++)
		check_load(t, FILE_VA + i * PAGE_SIZE + space_word_in(i), t->file[i] ? t->file[i] : space_file_word(i), true);
	for (u32 i = 0; i < t->heap_pages && !space_dying(t); i++)
		check_load(t, HEAP_VA + i * PAGE_SIZE + space_word_in(i), t->heap[i], true);
}
