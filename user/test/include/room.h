/*
 * room.h - how much is free, for programs that check that other programs left nothing allocated.
 *
 * Frames of the kernel's heap count as free, but its bytes in use must be the same: a few long-lived
 * blocks may be spread over more slabs than before.
 */
#ifndef USER_TEST_ROOM_H
#define USER_TEST_ROOM_H

#include "file.h"

struct room {
	long long frames, swap_kib;	/* free */
	long long heap;			/* bytes in use in the kernel */
};

/* => what is free when caches are empty */
static struct room room_now(void)
{
	sync(); /* dirty pages are not dropped */
	file_set("/proc/sys/vm/drop_caches", "3");
	return (struct room){
		.frames = check_counter("nr_free_pages") + proc_number("/proc/meminfo", "Slab") / 4,
		.swap_kib = proc_number("/proc/meminfo", "SwapFree"),
		.heap = check_counter("kmalloc_bytes"),
	};
}

static void room_check(const struct room *before, const struct room *after)
{
	CHECK_EQ(after->frames, before->frames);
	CHECK_EQ(after->swap_kib, before->swap_kib);
	CHECK_EQ(after->heap, before->heap);
}

/* Locks all memory of this task, so that its pages neither leave memory nor come in. */
static void room_wire(void)
{
	static char text[4096];
	struct proc_region region;

	CHECK(proc_text("/proc/self/maps", text, sizeof(text)) > 0);
	for (char *line = text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		CHECK(proc_parse_region(line, &region));
		mlock((void *)region.start, region.end - region.start);
	}
}

#endif
