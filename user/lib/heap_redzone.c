/*
 * heap_redzone.c - MALLOC_DEBUG=redzone: 16 guard bytes before and after each block, and poison in freed blocks, which are held
 * back for a while. Changes are detected when the block is freed, when its memory is reused, and at the end.
 * MALLOC_DEBUG=leaks alone places blocks in the same way, but without zones.
 */
#include "heap_debug.h"

#include <stdlib.h>
#include <string.h>

enum { HOLD = 256 << 10 };

static bool take(struct record *r, size_t alignment, uint32_t zone)
{
	size_t front = zone && alignment > zone ? alignment : zone, bytes = front + r->size + zone;
	char *base;

	base = alignment > 8 ? debug_below->aligned(alignment, bytes) : debug_below->malloc(bytes);
	r->base = r->low = (uint32_t)base;
	r->bytes = bytes ? bytes : 1;
	r->start = r->base + front;
	r->high = r->base + bytes;
	return base;
}

static bool redzone_take(struct record *r, size_t alignment)
{
	return take(r, alignment, DEBUG_ZONE_BYTES);
}

static bool plain_take(struct record *r, size_t alignment)
{
	return take(r, alignment, 0);
}

static void redzone_retire(struct record *r)
{
	memset((void *)r->start, DEBUG_FREED, r->size);
}

static void redzone_drop(struct record *r)
{
	debug_expect(r, r->start, r->size, DEBUG_FREED, "of", "when its memory was to be used again");
	debug_below->free((void *)r->base);
}

static void plain_retire(struct record *r)
{
	(void)r;
}

static void plain_drop(struct record *r)
{
	debug_below->free((void *)r->base);
}

const struct debug_mode debug_redzone = {
	.poison = true, .hold = HOLD, .take = redzone_take, .retire = redzone_retire, .drop = redzone_drop,
};
const struct debug_mode debug_plain = { .hold = HOLD, .take = plain_take, .retire = plain_retire, .drop = plain_drop };
