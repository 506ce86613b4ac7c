/* A text that grows in a buffer of fixed size and remembers how long it would have become. */
#pragma once

#include "kernel/base/types.h"

struct text {
	char *buf;
	u32 size;   /* of buf */
	u32 length; /* of the whole text; beyond SIZE: it did not fit */
};

void text_add(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_add_bytes(struct text *t, const char *bytes, u32 n);
/* Blanks until the line that began at START has WIDTH characters. */
void text_pad(struct text *t, u32 start, u32 width);
