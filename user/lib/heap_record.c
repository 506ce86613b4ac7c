/*
 * heap_record.c - a record for each block, found by where it starts.
 *
 * The records are apart from the blocks, so that a buffer overrun does not damage them.
 */
#include "heap_debug.h"

static struct record *unused;
static uint32_t touched;		/* records that were ever in use: the others are zero */

static struct record **bucket_of(uint32_t start)
{
	return &debug_arena->buckets[start / 8 * 2654435761u >> 16];
}

struct record *record_new(void)
{
	struct record *r = unused;

	if (r)
		unused = r->next;
	else if (touched < DEBUG_RECORDS)
		r = &debug_arena->records[touched++];
	if (r)
		*r = (struct record){ 0 };
	return r;
}

void record_put(struct record *r)
{
	struct record **bucket = bucket_of(r->start);

	r->next = *bucket;
	*bucket = r;
}

void record_drop(struct record *r)
{
	struct record **at = bucket_of(r->start);

	while (*at && *at != r)
		at = &(*at)->next;
	if (*at)
		*at = r->next;
	r->mode = NULL;
	r->next = unused;
	unused = r;
}

struct record *record_find(uint32_t start)
{
	struct record *r = *bucket_of(start);

	while (r && r->start != start)
		r = r->next;
	return r;
}

struct record *record_next(struct record *r)
{
	for (r = r ? r + 1 : debug_arena->records; r < debug_arena->records + touched; r++)
		if (r->mode)
			return r;
	return NULL;
}

struct record *record_around(uint32_t address)
{
	struct record *r = NULL;

	while ((r = record_next(r)))
		if (address - r->base < r->bytes)
			return r;
	return NULL;
}
