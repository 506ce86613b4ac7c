/*
 * Shared memory objects: a pagemap of anonymous pages. The object holds the one reference to each page; whoever maps
 * the object sees the same frame, and a store is seen by all because SHARED mappings never copy.
 */
#include "mm/memobj_shm.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

/* Page INDEX does not exist yet: it is born as zeros. => NULL without memory */
static struct anon *new_page(struct memobj *obj, u32 index)
{
	struct anon *a = anon_create_in(&obj->pages, index);

	if (!a)
		return NULL;
	frame_zero(a->frame);
	vmstat.zero_fill++;
	pagemap_set(&obj->pages, index, a);
	TRACE_SHMPAGE(0, obj, index, a);
	return a;
}

static int shm_get(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	struct anon *a;
	int error;

	(void)write;
	if (index >= obj->npages)
		return -ENXIO;
	a = pagemap_find(&obj->pages, index);
	if (!a)
		a = new_page(obj, index);
	if (!a)
		return -ENOMEM;
	error = anon_make_resident(a, anon_readahead, held);
	if (error)
		return error;
	*out = a->frame;
	return 0;
}

static void drop_from(struct memobj *obj, u32 first)
{
	u32 index = first;
	struct anon *a;

	while ((a = pagemap_next(&obj->pages, &index, ~0u))) {
		if (a->frame)
			rmap_unmap_all(a->frame);
		pagemap_remove(&obj->pages, index);
		TRACE_OBJDROP(0, obj, index);
		anon_unref(a);
	}
}

static void shm_destroy(struct memobj *obj)
{
	drop_from(obj, 0);
	pagemap_destroy(&obj->pages);
	kfree(obj);
}

static const struct memobj_ops shm_ops = {
	.name = "shm",
	.anonymous = true,
	.get = shm_get,
	.destroy = shm_destroy,
};

struct memobj *memobj_shm_create(u32 npages)
{
	struct memobj *obj = kmalloc(sizeof(*obj));

	if (obj)
		memobj_init(obj, &shm_ops, npages, NULL);
	return obj;
}

void memobj_shm_resize(struct memobj *obj, u32 npages)
{
	ASSERT(obj->ops == &shm_ops);
	obj->npages = npages;
	drop_from(obj, npages);
}
