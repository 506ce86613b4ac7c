/*
 * heap_sites.c - the calls that led to the heap, each chain of them once, by number.
 *
 * Programs are compiled with frame pointers: each frame begins with the address of the caller's frame, and the return address.
 * The chain ends at crt0.S, which leaves 0, or where it cannot be right.
 */
#include "heap_debug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAME_LARGEST = 65536, MOST = DEBUG_SITES * 3 / 4 };

static uint32_t stack_end, count;

void sites_begin(void)
{
	stack_end = (uint32_t)environ;
}

static uint32_t number_of(const struct site *s)
{
	uint32_t hash = 0, i;

	for (i = 0; i < SITE_DEPTH; i++)
		hash = (hash ^ s->calls[i]) * 2654435761u;
	for (i = hash >> 20;; i = (i + 1) % DEBUG_SITES) {
		struct site *kept = &debug_arena->sites[i];

		if (i && memcmp(kept, s, sizeof(*s)) == 0)
			return i;
		if (i && !kept->calls[0])
			break;
	}
	if (count == MOST)
		return 0;
	count++;
	debug_arena->sites[i] = *s;
	return i;
}

uint32_t site_from(uint32_t call, uint32_t frame)
{
	struct site s = { { call } };

	for (int i = 1; i < SITE_DEPTH && frame % 4 == 0 && frame < stack_end; i++) {
		const uint32_t *words = (const uint32_t *)frame;

		if (words[0] <= frame || words[0] - frame > FRAME_LARGEST)
			break;
		s.calls[i] = words[1];
		frame = words[0];
	}
	return number_of(&s);
}

uint32_t site_here(void)
{
	const uint32_t *words = __builtin_frame_address(0);

	return site_from(words[1], words[0]);
}

/* The heap's own calls are not shown. */
static bool is_heap(const struct place *place)
{
	return strncmp(place->file, "heap", 4) == 0 && strchr("._", place->file[4]);
}

void site_say(const char *what, uint32_t site)
{
	const struct site *s = &debug_arena->sites[site];
	const char *before = " at";
	struct place place;

	dprintf(STDERR_FILENO, "    %s", what);
	for (int i = 0; i < SITE_DEPTH && s->calls[i]; i++) {
		if (!lines_find(s->calls[i] - 1, &place))
			dprintf(STDERR_FILENO, "%s %#x", before, s->calls[i] - 1);
		else if (is_heap(&place))
			continue;
		else
			dprintf(STDERR_FILENO, "%s %s:%u in %s", before, place.file, place.line, place.function);
		before = ", from";
	}
	dprintf(STDERR_FILENO, "%s\n", before[0] == ' ' ? " at a place that was not kept" : "");
}
