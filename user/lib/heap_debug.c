/*
 * heap_debug.c - MALLOC_DEBUG: malloc that keeps a record of each block and ends the program with a message when it was
 * misused. The mode decides where blocks are, and what can be touched around them (heap_debug.h has the list).
 *
 * Every block moves when it is resized, so that uses of its old address are detected. Freed blocks are held back, the oldest
 * is reused first; until then it is known that they were freed, and where.
 */
#include "heap_debug.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct debug_arena *debug_arena;
const struct heap_ops *debug_below;

enum { MOST = 1 << 30 };		/* sums of what is asked for and what is added do not overflow */

static const struct debug_mode *mode;
static bool wants_leaks;

static struct record *oldest, *newest;		/* of those that were freed */
static size_t held;

void debug_say_sites(const struct record *r)
{
	site_say("allocated", r->allocated);
	if (r->is_freed)
		site_say("freed", r->freed);
}

/* Of the n bytes the first and the last that are not `byte`; false: all are. */
static bool find_changed(const uint8_t *bytes, uint32_t n, uint8_t byte, uint32_t *first, uint32_t *last)
{
	for (*first = 0; *first < n && bytes[*first] == byte; ++*first)
		;
	for (*last = n; *last > *first && bytes[*last - 1] == byte; --*last)
		;
	return (*last)-- > *first;
}

void debug_expect(const struct record *r, uint32_t from, uint32_t n, uint8_t byte, const char *where, const char *seen)
{
	char bytes[40];
	uint32_t first, last, back;

	if (!find_changed((const uint8_t *)from, n, byte, &first, &last))
		return;
	if (from < r->start) {		/* counted from the block: byte 1 is next to it */
		back = first;
		first = n - last;
		last = n - back;
	}
	if (first == last)
		snprintf(bytes, sizeof(bytes), "byte %u", first);
	else
		snprintf(bytes, sizeof(bytes), "bytes %u to %u", first, last);
	dprintf(STDERR_FILENO, "heap: overwritten%s: %s %s the block of %u bytes at %#x, seen %s\n",
		r->is_freed ? " after it was freed" : "", bytes, where, r->size, r->start, seen);
	debug_say_sites(r);
	abort();
}

static uint32_t rim(uint32_t bytes)
{
	return bytes < DEBUG_ZONE_BYTES ? bytes : DEBUG_ZONE_BYTES;
}

static void paint(const struct record *r)
{
	uint32_t front = rim(r->start - r->low), end = r->start + r->size;

	memset((void *)(r->start - front), DEBUG_ZONE, front);
	memset((void *)end, DEBUG_ZONE, rim(r->high - end));
	if (r->mode->poison)
		memset((void *)r->start, DEBUG_FRESH, r->size);
}

static void expect_zones(const struct record *r, const char *seen)
{
	uint32_t front = rim(r->start - r->low), end = r->start + r->size;

	debug_expect(r, end, rim(r->high - end), DEBUG_ZONE, "behind", seen);
	debug_expect(r, r->start - front, front, DEBUG_ZONE, "before", seen);
}

static void drop_oldest(void)
{
	struct record *r = oldest;

	oldest = r->link;
	held -= r->bytes;
	r->mode->drop(r);
	record_drop(r);
}

static bool take(struct record *r, size_t alignment, const struct debug_mode *in)
{
	static bool said;

	r->mode = in;
	if (!in || !in->take(r, alignment))
		return false;
	if (in != mode && !said)
		dprintf(STDERR_FILENO, "heap: no room for a page behind each block: others get red zones\n");
	said |= in != mode;
	return true;
}

/* When memory is short, the blocks held back are released. */
static bool place(struct record *r, size_t alignment)
{
	while (!take(r, alignment, mode) && !take(r, alignment, mode->instead)) {
		if (!oldest)
			return false;
		drop_oldest();
	}
	return true;
}

static void *debug_aligned(size_t alignment, size_t size)
{
	bool possible = size <= MOST && alignment <= MOST;
	struct record *r = possible ? record_new() : NULL;

	if (!r) {
		errno = ENOMEM;
		return NULL;
	}
	r->size = size;
	r->allocated = site_here();
	if (!place(r, alignment < 8 ? 8 : alignment)) {
		record_drop(r);
		errno = ENOMEM;
		return NULL;
	}
	paint(r);
	record_put(r);
	return (void *)r->start;
}

static void *debug_malloc(size_t size)
{
	return debug_aligned(8, size);
}

static __attribute__((noreturn)) void refuse(const char *call, void *p)
{
	struct record *r = record_find((uint32_t)p);
	bool before;

	r = r ? r : record_around((uint32_t)p);
	before = r && (uint32_t)p < r->start;
	if (!r)
		dprintf(STDERR_FILENO, "heap: %s(%p): malloc never gave this, or it was freed long ago\n", call, p);
	else if ((uint32_t)p == r->start)
		dprintf(STDERR_FILENO, "heap: %s(%p): the block of %u bytes was freed already\n", call, p, r->size);
	else
		dprintf(STDERR_FILENO, "heap: %s(%p): it points %u bytes %s the block of %u bytes at %#x%s\n", call, p,
			before ? r->start - (uint32_t)p : (uint32_t)p - r->start, before ? "before" : "into", r->size, r->start,
			r->is_freed ? ", which was freed" : "");
	site_say("called", site_here());
	if (r)
		debug_say_sites(r);
	abort();
}

static struct record *record_of(const char *call, void *p)
{
	struct record *r = record_find((uint32_t)p);

	if (!r || r->is_freed)
		refuse(call, p);
	return r;
}

static void debug_free(void *p)
{
	struct record *r;

	if (!p)
		return;
	r = record_of("free", p);
	expect_zones(r, "when it was freed");
	r->is_freed = true;
	r->freed = site_here();
	r->mode->retire(r);
	r->link = NULL;
	if (oldest)
		newest->link = r;
	else
		oldest = r;
	newest = r;
	held += r->bytes;
	while (held > mode->hold)
		drop_oldest();
}

static void *debug_realloc(void *p, size_t size)
{
	struct record *r = record_of("realloc", p);
	void *new;

	expect_zones(r, "when it was resized");
	new = debug_malloc(size);
	if (new) {
		memcpy(new, p, r->size < size ? r->size : size);
		debug_free(p);
	}
	return new;
}

static size_t debug_usable(void *p)
{
	return record_of("malloc_usable_size", p)->size;
}

static const struct heap_ops debug_ops = {
	"debug", debug_malloc, debug_realloc, debug_free, debug_aligned, debug_usable,
};

/* Checks all guarded bytes once more: some blocks are never freed. */
static void check_all(void)
{
	for (struct record *r = NULL; (r = record_next(r));)
		if (!r->is_freed)
			expect_zones(r, "at the end");
		else if (r->mode == &debug_redzone)
			debug_expect(r, r->start, r->size, DEBUG_FREED, "of", "at the end");
}

/* Called by exit. Its caller's registers are on the stack from here on. */
static void debug_exit(void)
{
	__builtin_unwind_init();
	check_all();
	if (wants_leaks)
		leaks_report((uint32_t)__builtin_frame_address(0) - 3 * sizeof(uint32_t));
}

static bool choose(const char *words)
{
	static const char *const known[] = { "fence:before", "fence", "redzone", "leaks" };
	size_t n, i;

	for (; *words; words += n + strspn(words + n, ",")) {
		n = strcspn(words, ",");
		for (i = 0; i < 4 && (strlen(known[i]) != n || memcmp(known[i], words, n) != 0); i++)
			;
		if (i == 4)
			dprintf(STDERR_FILENO, "heap: MALLOC_DEBUG=%s: it may be redzone, fence, fence:before, leaks, or two of "
				"these\n", words);
		else if (i == 3)
			wants_leaks = true;
		else
			mode = i == 2 ? &debug_redzone : &debug_fence;
		if (i < 2)
			fence_before = i == 0;
	}
	if (!mode && wants_leaks)
		mode = &debug_plain;
	return mode;
}

const struct heap_ops *heap_debug_begin(const struct heap_ops *ops)
{
	const char *words = getenv("MALLOC_DEBUG");

	if (!words || !choose(words))
		return ops;
	debug_arena = mmap(NULL, sizeof(*debug_arena), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (debug_arena == MAP_FAILED) {
		dprintf(STDERR_FILENO, "heap: MALLOC_DEBUG: there is no room for what it must remember\n");
		debug_arena = NULL;
		return ops;
	}
	debug_below = ops;
	heap_at_exit = debug_exit;
	sites_begin();
	if (mode == &debug_fence)
		fence_begin();
	return &debug_ops;
}
