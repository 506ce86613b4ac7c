/*
 * What all memory objects have in common: references, size, pages.
 */
#include "mm/memobj.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"

struct list memobj_all = LIST_INIT(memobj_all);

void memobj_init(struct memobj *obj, const struct memobj_ops *ops, u32 npages, struct backing *b)
{
	obj->refs = 1;
	obj->npages = npages;
	obj->ops = ops;
	obj->backing = b;
	obj->introduced = false;
	obj->counted = 0;
	pagemap_init(&obj->pages);
	list_init(&obj->regions);
	list_push_back(&memobj_all, &obj->all);
}

void memobj_ref(struct memobj *obj)
{
	ASSERT_CMP(obj->refs, >, 0);
	obj->refs++;
}

void memobj_unref(struct memobj *obj)
{
	ASSERT_CMP(obj->refs, >, 0);
	if (--obj->refs)
		return;
	ASSERT(list_empty(&obj->regions));
	list_remove(&obj->all);
	obj->ops->destroy(obj);
}

/* A turn that was not waited for here belongs to a fault further out, and stays with it. */
int memobj_pin(memobj_get_fn get, struct memobj *obj, u32 index, bool write, struct frame **out)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };
	struct frame *held = NULL;
	int error;

	do
		error = get(obj, index, write, out, &held);
	while (error == -EAGAIN || frame_retry(&retry, &error));
	if (!error)
		frame_pin(*out);
	if (held)
		frame_unpin(held);
	return error;
}

int memobj_get_pinned(struct memobj *obj, u32 index, bool write, struct frame **out)
{
	return memobj_pin(obj->ops->get, obj, index, write, out);
}

int memobj_hold_and_wait(struct frame *f, struct frame **held)
{
	frame_hold(f, held);
	frame_wait(f);
	return -EAGAIN;
}
