/*
 * A text in a buffer of fixed size, which counts how long the whole text would be. The buffer consists of single pages,
 * so that it can be allocated however fragmented free memory is.
 */
#pragma once

#include "kernel/base/types.h"

struct text {
	u32 pages;    /* of room */
	u32 length;   /* of the whole text, also of what did not fit */
	/* Of a text made in parts (proc.h): the position of this part's first byte, and where the next part continues. */
	u32 from, next;
	char *page[];
};

/* => an empty text with room for PAGES pages; NULL: killed, or no memory. May sleep. */
struct text *text_create(u32 pages);
void text_free(struct text *t); /* may be NULL */
bool text_fits(const struct text *t);

/* => bytes that still fit */
u32 text_room(const struct text *t);

/* At most TEXT_ADD_MAX bytes at a time. */
#define TEXT_ADD_MAX 511u
void text_add(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_add_bytes(struct text *t, const char *bytes, u32 n);
/* Adds blanks until the line that began at START has WIDTH characters. */
void text_pad(struct text *t, u32 start, u32 width);

/* Copies at most N bytes from byte POS on, of a text that fits. => how many; 0 at the end */
u32 text_copy(const struct text *t, u32 pos, char *to, u32 n);
