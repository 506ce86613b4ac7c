/* Objects of shared memory: a page is made when first asked for, and freed when the object shrinks or is destroyed. */
#include "host.h"
#include "kernel/base/errno.h"
#include "mm/kmalloc.h"
#include "mm/memobj_shm.h"
#include "mm/policy.h"
#include "mm/slot.h"

static u32 frames_before;

static void start(void)
{
	host_boot(512, 0);
	host_swap(101);
	CHECK(policy_select("fifo"));
	kmalloc_trim();
	frames_before = frame_count(FRAME_FREE);
}

static void finish(void)
{
	kmalloc_trim();
	SAME(slot_used(), 0);
	SAME(policy_pageable(), 0);
	SAME(frame_count(FRAME_FREE), frames_before);
}

static void test_pages(void)
{
	struct memobj *obj;
	struct frame *f, *g;

	start();
	obj = memobj_shm_create(10);
	SAME(memobj_get_pinned(obj, 10, true, &f), -ENXIO);
	SAME(memobj_get_pinned(obj, ~0u, true, &f), -ENXIO);
	SAME(memobj_get_pinned(obj, 9, false, &f), 0);
	SAME(memobj_get_pinned(obj, 9, true, &g), 0);
	CHECK(f == g && f->pins == 2);
	CHECK(!policy_evictable(f));
	memobj_shm_resize(obj, 5); /* the page is gone; a holder of the frame may still read it */
	CHECK(f->flags & FRAME_RELEASED);
	frame_unpin(f);
	frame_unpin(f);
	SAME(f->state, FRAME_FREE);
	memobj_shm_resize(obj, 10);
	SAME(memobj_get_pinned(obj, 9, false, &f), 0);
	SAME(((u32 *)frame_ptr(f))[0], 0);
	frame_unpin(f);
	memobj_ref(obj);
	memobj_unref(obj);
	CHECK(f->state == FRAME_ANON);
	memobj_unref(obj);
	CHECK(f->state == FRAME_FREE);
	finish();
}

const struct host_test shm_tests[] = {
	{ "pages", test_pages },
	{ NULL, NULL },
};
