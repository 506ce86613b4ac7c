/*
 * heap.c - malloc and its family. HEAP= in the environment chooses the heap at the first call: HEAP=first is the plain
 * first reading, malloc_first.c; without it, heap_best.c. MALLOC_DEBUG= puts the debugger in front of it, heap_debug.c. What all
 * heaps have in common is done here.
 */
#include "heap.h"

#include "heap_trace.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct heap_ops *const heaps[] = { &heap_best, &heap_first };

static bool chosen;
static struct heap_ops heap;		/* a copy: a call is one jump through it */

/* => NULL: there is no heap of that name */
static const struct heap_ops *find(const char *name)
{
	for (size_t i = 0; i < sizeof(heaps) / sizeof(heaps[0]); i++)
		if (strcmp(heaps[i]->name, name) == 0)
			return heaps[i];
	return NULL;
}

static const struct heap_ops *named(void)
{
	const char *name = getenv("HEAP");
	const struct heap_ops *found = name ? find(name) : NULL;

	return found ? found : &heap_best;
}

static void choose(void)
{
	const char *name = getenv("HEAP");

	if (name && *name && !find(name))
		dprintf(STDERR_FILENO, "heap: HEAP=%s: it may be best or first; this is best\n", name);
	heap = *heap_trace_begin(heap_debug_begin(named()));
	chosen = true;
}

const struct heap_ops *heap_chosen(void)
{
	if (!chosen)
		choose();
	return named();
}

static void *choose_malloc(size_t size)
{
	choose();
	return heap.malloc(size);
}

static void *choose_realloc(void *p, size_t size)
{
	choose();
	return heap.realloc(p, size);
}

static void choose_free(void *p)
{
	choose();
	heap.free(p);
}

static void *choose_aligned(size_t alignment, size_t size)
{
	choose();
	return heap.aligned(alignment, size);
}

static size_t choose_usable(void *p)
{
	choose();
	return heap.usable(p);
}

static struct heap_ops heap = {
	"undecided", choose_malloc, choose_realloc, choose_free, choose_aligned, choose_usable,
};

void *malloc(size_t size)
{
	return heap.malloc(size);
}

void free(void *p)
{
	heap.free(p);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	p = heap.malloc(bytes);
	return p ? memset(p, 0, bytes) : NULL;
}

/* What realloc does without a block or a size. */
static __attribute__((noinline)) void *not_resized(void *p, size_t size)
{
	if (!p)
		return heap.malloc(size);
	heap.free(p);
	return NULL;
}

void *realloc(void *p, size_t size)
{
	return p && size ? heap.realloc(p, size) : not_resized(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (alignment && !(alignment & (alignment - 1)))
		return heap.aligned(alignment, size);
	errno = EINVAL;
	return NULL;
}

void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

int posix_memalign(void **p, size_t alignment, size_t size)
{
	int kept = errno;
	void *got;

	if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)))
		return EINVAL;
	got = heap.aligned(alignment, size);
	errno = kept;
	if (!got)
		return ENOMEM;
	*p = got;
	return 0;
}

size_t malloc_usable_size(void *p)
{
	return p ? heap.usable(p) : 0;
}
