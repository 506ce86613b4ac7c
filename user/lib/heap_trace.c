/*
 * heap_trace.c - HEAP_TRACE=1: a line to /dev/trace for each event; another value names a file. The lines are the events of
 * class heap in tools/trace.schema; `tools/heap/totrace` makes a trace for heapbench of them.
 *
 * Calls are traced by functions between malloc and the heap; the heap itself traces its internal events.
 */
#include "heap_trace.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool heap_tracing;
static int trace_fd;
static const struct heap_ops *below;

/* A line is one write, so that it stays in one piece; it is composed on the stack, since the heap cannot be used now. */
void heap_tell(const char *format, ...)
{
	char line[120];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (n > 0)
		write(trace_fd, line, n);
}

static void *traced_malloc(size_t size)
{
	void *p = below->malloc(size);

	heap_tell("heap alloc at=%p size=%zu\n", p, size);
	heap_refs_count();
	return p;
}

static void *traced_realloc(void *p, size_t size)
{
	void *new = below->realloc(p, size);

	heap_tell("heap realloc at=%p from=%p size=%zu\n", new, p, size);
	heap_refs_count();
	return new;
}

static void traced_free(void *p)
{
	if (!p)
		return;
	heap_tell("heap free at=%p size=%zu\n", p, below->usable(p));
	below->free(p);
	heap_refs_count();
}

static void *traced_aligned(size_t alignment, size_t size)
{
	void *p = below->aligned(alignment, size);

	heap_tell("heap alloc at=%p size=%zu\n", p, size);
	heap_refs_count();
	return p;
}

static size_t traced_usable(void *p)
{
	return below->usable(p);
}

static const struct heap_ops traced = {
	"traced", traced_malloc, traced_realloc, traced_free, traced_aligned, traced_usable,
};

const struct heap_ops *heap_trace_begin(const struct heap_ops *ops)
{
	const char *to = getenv("HEAP_TRACE");

	if (!to)
		return ops;
	trace_fd = open(strcmp(to, "1") == 0 ? "/dev/trace" : to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (trace_fd < 0)
		return ops;
	heap_tracing = true;
	heap_watched = UINT32_MAX;
	below = ops;
	heap_refs_begin();
	return &traced;
}
