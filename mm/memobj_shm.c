/*
 * Shared memory objects: a pagemap of anonymous pages. The object holds the only reference to each page. All mappings
 * of the object share its frames, and a store is visible in all of them because SHARED mappings never copy.
 *
 * Memory is freed page by page: when the object becomes smaller, and when a hole is punched into it. In both cases
 * every entry that maps the page is removed first, in all address spaces, wired or not; then the object's reference is
 * dropped, which frees frame and slot. I/O under way on the page is not waited for: it frees both when it is done
 * (anon_unref()). The next access to a hole makes a new page of zeros.
 */
#include "mm/memobj_shm.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/commit.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/rmap.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

struct memobj_shm {
	struct memobj base;
	bool limited, sealed, locked;
	u32 committed; /* pages promised (commit.h) for as long as the object exists; 0: only existing pages are */
};

static u32 limited_pages; /* of all limited objects */
static u32 locked_pages;  /* sizes of all locked objects, whether their pages exist or not */
static u32 promised_pages; /* to objects that are not limited */
static u32 limited_nodes; /* leaf nodes of the limited objects' maps, each for PAGEMAP_RUN pages */

static struct memobj_shm *shm_of(struct memobj *obj)
{
	return container_of(obj, struct memobj_shm, base);
}

u32 memobj_shm_max(void)
{
	return (frame_usable() + slot_total()) / 2;
}

u32 memobj_shm_count(void)
{
	return limited_pages + promised_pages;
}

int memobj_shm_promise(u32 pages)
{
	u32 most = memobj_shm_max();

	if (pages > most || limited_pages + promised_pages > most - pages)
		return -ENOSPC;
	promised_pages += pages;
	return 0;
}

void memobj_shm_unpromise(u32 pages)
{
	ASSERT_CMP(promised_pages, >=, pages);
	promised_pages -= pages;
}

u32 memobj_shm_locked(void)
{
	return locked_pages;
}

/* A page far from all others takes nodes of the map, which cannot be swapped: one leaf for two frames is permitted. */
static bool memobj_shm_is_full(struct memobj *obj)
{
	return shm_of(obj)->limited &&
	       (limited_pages + promised_pages >= memobj_shm_max() || limited_nodes >= frame_total() / 2);
}

/* => is OBJ limited, and page INDEX, which is about to be added or was just removed, the only one in its leaf of the map? */
static bool takes_leaf(struct memobj *obj, u32 index)
{
	u32 first = ALIGN_DOWN(index, PAGEMAP_RUN);

	return shm_of(obj)->limited && !pagemap_next(&obj->pages, &first, first + PAGEMAP_RUN);
}

/* Counts a page more or less (CHANGE); LEAF: takes_leaf() of it. */
static void count(struct memobj *obj, bool leaf, s32 change)
{
	if (!shm_of(obj)->committed)
		commit_count(change);
	if (!shm_of(obj)->limited)
		return;
	limited_pages += change;
	if (leaf)
		limited_nodes += change;
}

/* Makes page INDEX, which does not exist yet, of zeros. => NULL: out of memory */
static struct anon *new_page(struct memobj *obj, u32 index)
{
	bool leaf = takes_leaf(obj, index);
	struct anon *a = anon_create_in(&obj->pages, index, NULL);

	if (!a)
		return NULL;
	vmstat.zero_fill++;
	count(obj, leaf, 1);
	TRACE_SHMPAGE(0, obj, index, a);
	return a;
}

/* F, a page of a locked object, stays wired until the object is unlocked or the page is freed. */
static void memobj_shm_wire(struct frame *f)
{
	if (!f->locked)
		frame_wire(f);
	f->locked = true;
}

static void unwire(struct frame *f)
{
	if (f->locked)
		frame_unwire(f);
	f->locked = false;
}

/* As memobj_ops.get for a page that does not exist yet. */
static NOINLINE int get_new(struct memobj *obj, u32 index, struct anon **a)
{
	if (memobj_shm_is_full(obj))
		return -ENOSPC;
	*a = new_page(obj, index);
	return *a ? 0 : -ENOMEM;
}

/* As memobj_ops.get, beyond the end too. Neighbours in swap may be read, too (AHEAD of anon_make_resident()). */
static inline int get_any(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	(void)write;
	/* lab share: the object's page, made now if there is none, in memory, and wired if the object is locked */
	struct anon *a = pagemap_find(&obj->pages, index);
	int error = a ? 0 : get_new(obj, index, &a);

	if (!error)
		error = anon_make_resident(a, true, held);
	if (error)
		return error;
	if (shm_of(obj)->locked)
		memobj_shm_wire(a->frame);
	*out = a->frame;
	return 0;
	/* end of lab share */
}

static int shm_get(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	return index < obj->npages ? get_any(obj, index, write, out, held) : -ENXIO;
}

/* Frees pages [FIRST, END). */
static void memobj_shm_drop(struct memobj *obj, u32 first, u32 end)
{
	u32 index = first;
	struct anon *a;

	while ((a = pagemap_next(&obj->pages, &index, end))) {
		/* lab share: no task has the page any more, nor has the object */
		if (a->frame)
			rmap_unmap_all(a->frame);
		pagemap_remove(&obj->pages, index);
		/* end of lab share */
		count(obj, takes_leaf(obj, index), -1);
		TRACE_OBJDROP(0, obj, index);
		anon_unref(a);
	}
}

static int shm_punch(struct memobj *obj, u32 first, u32 end)
{
	if (shm_of(obj)->sealed)
		return -EPERM;
	memobj_shm_drop(obj, first, end);
	return 0;
}

/* A BUSY frame is leaving or being filled: get_any() wires it the next time. */
void memobj_shm_lock(struct memobj *obj, bool locked)
{
	const struct anon *a;

	if (shm_of(obj)->locked == locked)
		return;
	shm_of(obj)->locked = locked;
	locked_pages += locked ? obj->npages : -obj->npages;
	for (u32 index = 0; (a = pagemap_next(&obj->pages, &index, ~0u)); index++) {
		if (!a->frame || (a->frame->flags & FRAME_BUSY))
			continue;
		if (locked)
			memobj_shm_wire(a->frame);
		else
			unwire(a->frame);
	}
}

static void shm_destroy(struct memobj *obj)
{
	memobj_shm_lock(obj, false);
	memobj_shm_drop(obj, 0, ~0u);
	commit_count(-(s32)shm_of(obj)->committed);
	pagemap_destroy(&obj->pages);
	kfree(shm_of(obj));
}

static const struct memobj_ops shm_ops = {
	.name = "shm",
	.anonymous = true,
	.get = shm_get,
	.punch = shm_punch,
	.destroy = shm_destroy,
};

struct memobj *memobj_shm_create(u32 npages)
{
	struct memobj_shm *shm = kmalloc(sizeof(*shm));

	if (!shm)
		return NULL;
	shm->limited = shm->sealed = shm->locked = false;
	memobj_init(&shm->base, &shm_ops, npages, NULL);
	shm->committed = npages;
	commit_count(npages);
	return &shm->base;
}

void memobj_shm_limit(struct memobj *obj)
{
	ASSERT_CMP(obj->pages.count, ==, 0);
	shm_of(obj)->limited = true;
}

void memobj_shm_seal(struct memobj *obj)
{
	ASSERT(obj->ops == &shm_ops);
	shm_of(obj)->sealed = true;
}

void memobj_shm_resize(struct memobj *obj, u32 npages)
{
	ASSERT(obj->ops == &shm_ops && !shm_of(obj)->locked);
	obj->npages = npages;
	memobj_shm_drop(obj, npages, ~0u);
}

int memobj_shm_get_pinned(struct memobj *obj, u32 index, struct frame **out)
{
	return memobj_pin(get_any, obj, index, true, out);
}
