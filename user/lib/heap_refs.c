/*
 * heap_refs.c - HEAP_REFS=N with HEAP_TRACE=1: after every N calls of malloc and its family, and when the program ends, each
 * reference to a block becomes a line of the trace. For pictures: a block without a reference is lost, and a reference to freed
 * memory is stale.
 *
 * Every aligned word of the roots (registers, the stack as far as it is in use, data) and of the blocks in use may be a pointer,
 * to anywhere in a block. Words that a function has left behind in the used part of the stack count too. A stale pointer is one
 * to the beginning of memory: the lists of free blocks are made of the addresses of headers, which lie between.
 */
#include "heap_debug.h"
#include "heap_slab.h"
#include "heap_trace.h"

#include <proc.h>
#include <stdlib.h>

extern char __data_start[], _end[];

static unsigned int every, calls;
static void (*next_at_exit)(void);
static uint32_t stack_low, stack_end;		/* of the region in which the stack was last */
/* No record is outside these pages; most words are, and a search takes long. (An address here would refer to a block.) */
static uint32_t first_page, last_page;

/* --- blocks ------------------------------------------------------------------------------------------------------ */

/* With MALLOC_DEBUG the records know where the program's memory begins, and what it was before it was freed. */
static struct heap_piece piece_of_record(const struct record *r)
{
	return (struct heap_piece){ r->is_freed ? HEAP_FREE : HEAP_USED, heap_at(r->start), r->size };
}

/* => the object of a slab, free or in use, that contains this address; kind HEAP_NOTHING: it is the slab's own data */
static struct heap_piece object_at(const struct slab *s, uint32_t address)
{
	uint32_t first = heap_address(s) + sizeof(*s), size = s->class * 8;
	uint32_t start = address - (address - first) % size;

	if (address < first || start + size > heap_address(s) + SLAB_SIZE - HEAD)
		return (struct heap_piece){ 0 };
	return (struct heap_piece){ map_has(start) ? HEAP_OBJECT : HEAP_FREE, heap_at(start), size };
}

static struct heap_piece piece_at(uint32_t address)
{
	struct heap_piece piece = { 0 };

	if (debug_arena) {
		bool outside = address / 4096 < first_page || address / 4096 > last_page;
		const struct record *r = outside ? NULL : record_around(address);

		if (r)
			piece = piece_of_record(r);
	} else {
		piece = heap_find(heap_at(address));
		if (piece.kind == HEAP_SLAB || piece.kind == HEAP_OBJECT)
			piece = object_at(slab_of(address), address);
	}
	if (address - heap_address(piece.start) >= piece.size)
		return (struct heap_piece){ 0 };
	return piece;
}

/* --- the search -------------------------------------------------------------------------------------------------- */

static void scan_word(const uint32_t *word)
{
	struct heap_piece piece = piece_at(*word);

	if (piece.kind == HEAP_USED || piece.kind == HEAP_OBJECT)
		heap_tell("heap ref at=%p from=%p\n", piece.start, word);
	else if (piece.kind == HEAP_FREE && *word % 8 == 0)
		heap_tell("heap stale at=%p from=%p\n", heap_at(*word), word);
}

static void scan(uint32_t from, uint32_t to)
{
	for (from = (from + 3) & -4u; from + 4 <= to; from += 4)
		scan_word(heap_at(from));
}

static void scan_root(uint32_t from, uint32_t to)
{
	heap_tell("heap root at=%p size=%u\n", heap_at(from), to - from);
	scan(from, to);
}

static void scan_piece(struct heap_piece piece)
{
	uint32_t at = heap_address(piece.start), end = at + piece.size;

	if (piece.kind == HEAP_USED)
		scan(at, end);
	while (piece.kind == HEAP_SLAB && at < end) {
		struct heap_piece object = heap_find(heap_at(at));

		if (object.kind == HEAP_OBJECT)
			scan(at, at + object.size);
		at += object.kind == HEAP_OBJECT ? object.size : 8;
	}
}

static void find_record_borders(void)
{
	first_page = ~0u;
	last_page = 0;
	for (struct record *r = NULL; (r = record_next(r));) {
		uint32_t first = r->base / 4096, last = (r->base + r->bytes) / 4096;

		first_page = first < first_page ? first : first_page;
		last_page = last > last_page ? last : last_page;
	}
}

static void scan_blocks(void)
{
	struct heap_piece piece = { 0 };

	if (!debug_arena)
		while (heap_next(&piece))
			scan_piece(piece);
	for (struct record *r = NULL; debug_arena && (r = record_next(r));)
		if (!r->is_freed)
			scan_piece(piece_of_record(r));
}

static void find_stack(const struct proc_region *region, uint32_t stack)
{
	if (stack - region->start < region->end - region->start) {
		stack_low = region->start;
		stack_end = region->end;
	}
}

void heap_trace_refs(void)
{
	uint32_t stack = (uint32_t)__builtin_frame_address(0) - 3 * sizeof(uint32_t);

	if (!heap_tracing)
		return;
	__builtin_unwind_init();	/* the caller's registers are on the stack now */
	if (stack - stack_low >= stack_end - stack_low)	/* it has grown, or is a signal handler's own */
		regions_each(find_stack, stack);
	if (debug_arena)
		find_record_borders();
	heap_tell("heap refs calls=%u\n", calls);
	scan_root(stack, stack_end);
	scan_root((uint32_t)__data_start, (uint32_t)_end);
	scan_blocks();
}

void heap_refs_count(void)
{
	calls++;
	if (every && calls % every == 0)
		heap_trace_refs();
}

static void refs_exit(void)
{
	heap_trace_refs();
	if (next_at_exit)
		next_at_exit();
}

void heap_refs_begin(void)
{
	const char *number = getenv("HEAP_REFS");

	every = number ? atoi(number) : 0;
	if (!every)
		return;
	next_at_exit = heap_at_exit;
	heap_at_exit = refs_exit;
}
