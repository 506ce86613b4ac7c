/*
 * Text buffers: see text.h. What does not fit is only counted; whoever sees length > size tries again with more.
 */
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/text.h"

void text_add(struct text *t, const char *fmt, ...)
{
	u32 room = t->length < t->size ? t->size - t->length : 0;
	va_list args;

	va_start(args, fmt);
	t->length += format_v(room ? t->buf + t->length : NULL, room, fmt, args);
	va_end(args);
}

void text_add_bytes(struct text *t, const char *bytes, u32 n)
{
	if (t->length < t->size)
		memcpy(t->buf + t->length, bytes, MIN(n, t->size - t->length));
	t->length += n;
}

void text_pad(struct text *t, u32 start, u32 width)
{
	while (t->length < start + width)
		text_add_bytes(t, " ", 1);
}
