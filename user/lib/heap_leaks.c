/*
 * heap_leaks.c - MALLOC_DEBUG=leaks: the blocks in use when the program ended, by the place where they were allocated: definitely
 * lost, since no pointer refers to them any more, or still reachable.
 *
 * Every aligned word may be a pointer, to anywhere in a block. The search covers the program's data, private mappings, memory
 * that the program itself took from the break, the stack as far as it is in use, and the blocks reached from these. Blocks that
 * only lost blocks point to are lost. A number that looks like a pointer can hide a leak; a block with a pointer in one of these
 * places is never reported as lost.
 */
#include "heap_debug.h"

#include <proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* user/gc/page.c, if the program collects: its pages are no blocks of malloc, but hold pointers. */
extern bool gc_has(const void *p) __attribute__((weak));

static uint32_t live;				/* number of entries of debug_arena->sorted */
static struct record *found;			/* reached, but not scanned yet */
static int in_data = 1;				/* where it is, the program's data is */

static int by_address(const void *a, const void *b)
{
	const struct record *left = *(struct record *const *)a, *right = *(struct record *const *)b;

	return left->start < right->start ? -1 : left->start > right->start;
}

static void sort_live(void)
{
	live = 0;
	for (struct record *r = NULL; (r = record_next(r));) {
		if (r->is_freed)
			continue;
		r->is_reached = false;
		debug_arena->sorted[live++] = r;
	}
	qsort(debug_arena->sorted, live, sizeof(debug_arena->sorted[0]), by_address);
}

/* => the last one that starts at this address or below; NULL: none */
static struct record *below(uint32_t address)
{
	uint32_t from = 0, to = live;

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (debug_arena->sorted[middle]->start <= address)
			from = middle + 1;
		else
			to = middle;
	}
	return from ? debug_arena->sorted[from - 1] : NULL;
}

/* If this is the address of a byte of a block that was not reached before, or of one without bytes, it is, and will be scanned. */
static void reach(uint32_t address)
{
	/* lab leak: mark the block, and put it into the list */
	struct record *r = below(address);

	if (!r || r->is_reached || address - r->start >= (r->size ? r->size : 1))
		return;
	r->is_reached = true;
	r->link = found;
	found = r;
	/* end of lab leak */
}

static void scan(uint32_t from, uint32_t to)
{
	for (from = (from + 3) & -4u; from + 4 <= to; from += 4)
		reach(*(const uint32_t *)from);
}

/* Fenced blocks, and the debugger's own data, are mappings too, but no roots. */
static bool is_root(uint32_t page)
{
	const struct record *r = below(page | 4095);

	return page - (uint32_t)debug_arena >= sizeof(*debug_arena) &&
	       !(r && r->mode == &debug_fence && page - (r->low & -4096u) < r->high - (r->low & -4096u));
}

static void scan_mapping(uint32_t from, uint32_t to)
{
	for (; from < to; from += 4096)
		if (is_root(from))
			scan(from, from + 4096);
}

/* Of the break's memory only what is no block: other users of the break may have pointers there. A header may be overwritten. */
static void scan_break(uint32_t from, uint32_t to)
{
	struct heap_piece piece = { 0 };

	while (debug_below == &heap_best && heap_next(&piece)) {
		if (piece.size >= to - (uint32_t)piece.start)
			return;
		if (piece.kind == HEAP_FOREIGN || (gc_has && gc_has(piece.start)))
			continue;
		scan(from, (uint32_t)piece.start - sizeof(uint32_t));
		from = (uint32_t)piece.start + piece.size;
	}
	if (debug_below == &heap_best)
		scan(from, to);
}

static void scan_region(const struct proc_region *region, uint32_t stack)
{
	bool is_data = (uint32_t)&in_data - region->start < region->end - region->start;
	bool is_stack = stack - region->start < region->end - region->start;

	if (memcmp(region->prot, "rw-p", 4) != 0)
		return;
	if (strcmp(region->name, "[heap]") == 0)
		scan_break(region->start, region->end);
	else if (is_stack)
		scan(stack, region->end);
	else if (is_data || !*region->name || strcmp(region->name, "[stack]") == 0)
		scan_mapping(region->start, region->end);
}

/* The list is empty afterwards: all that blocks in it lead to is reached too. */
static void scan_found(void)
{
	/* lab leak: scan the blocks in the list */
	while (found) {
		struct record *r = found;

		found = r->link;
		scan(r->start, r->start + r->size);
	}
	/* end of lab leak */
}

/* Prints the sum of all, and of each place, the largest first. */
static void report(const char *what, bool reached)
{
	uint32_t blocks = 0, bytes = 0, largest;

	memset(debug_arena->sums, 0, sizeof(debug_arena->sums));
	for (uint32_t i = 0; i < live; i++) {
		const struct record *r = debug_arena->sorted[i];

		if (r->is_reached != reached)
			continue;
		debug_arena->sums[r->allocated].blocks++;
		debug_arena->sums[r->allocated].bytes += r->size;
		blocks++;
		bytes += r->size;
	}
	if (blocks)
		dprintf(STDERR_FILENO, "heap: %s: %u bytes in %u block%s\n", what, bytes, blocks, blocks == 1 ? "" : "s");
	for (; blocks; blocks -= debug_arena->sums[largest].blocks, debug_arena->sums[largest].blocks = 0) {
		char text[60];

		largest = 0;
		for (uint32_t i = 0; i < DEBUG_SITES; i++)
			if (debug_arena->sums[i].blocks && (!debug_arena->sums[largest].blocks ||
							    debug_arena->sums[i].bytes > debug_arena->sums[largest].bytes))
				largest = i;
		snprintf(text, sizeof(text), "%u bytes in %u block%s, allocated", debug_arena->sums[largest].bytes,
			 debug_arena->sums[largest].blocks, debug_arena->sums[largest].blocks == 1 ? "" : "s");
		site_say(text, largest);
	}
}

void leaks_report(uint32_t stack)
{
	sort_live();
	found = NULL;
	if (!regions_each(scan_region, stack)) {
		dprintf(STDERR_FILENO, "heap: no /proc/self/maps, so nobody knows what is lost\n");
		return;
	}
	scan_found();
	report("definitely lost", false);
	report("still reachable", true);
}
