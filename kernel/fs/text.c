/*
 * Text buffers: see text.h. What does not fit is only counted; then the caller tries again with a larger buffer.
 */
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/text.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"

struct text *text_create(u32 pages)
{
	u32 size = sizeof(struct text) + pages * sizeof(char *);
	struct text *t = kmalloc_wait(size);

	if (!t)
		return NULL;
	memset(t, 0, size);
	t->pages = pages;
	for (u32 i = 0; i < pages; i++) {
		t->page[i] = kmalloc_wait(PAGE_SIZE);
		if (!t->page[i]) {
			text_free(t);
			return NULL;
		}
	}
	return t;
}

void text_free(struct text *t)
{
	for (u32 i = 0; t && i < t->pages; i++)
		kfree(t->page[i]);
	kfree(t);
}

bool text_fits(const struct text *t)
{
	return t->length <= t->pages * PAGE_SIZE;
}

u32 text_room(const struct text *t)
{
	return t->pages * PAGE_SIZE - MIN(t->length, t->pages * PAGE_SIZE);
}

void text_add(struct text *t, const char *fmt, ...)
{
	char bytes[TEXT_ADD_MAX + 1];
	va_list args;
	u32 n;

	va_start(args, fmt);
	n = (u32)format_v(bytes, sizeof(bytes), fmt, args);
	va_end(args);
	ASSERT_CMP(n, <=, TEXT_ADD_MAX);
	text_add_bytes(t, bytes, n);
}

void text_add_bytes(struct text *t, const char *bytes, u32 n)
{
	while (n && t->length < t->pages * PAGE_SIZE) {
		u32 offset = t->length % PAGE_SIZE, piece = MIN(n, PAGE_SIZE - offset);

		memcpy(t->page[t->length / PAGE_SIZE] + offset, bytes, piece);
		t->length += piece;
		bytes += piece;
		n -= piece;
	}
	t->length += n;
}

void text_pad(struct text *t, u32 start, u32 width)
{
	while (t->length < start + width)
		text_add_bytes(t, " ", 1);
}

u32 text_copy(const struct text *t, u32 pos, char *to, u32 n)
{
	u32 offset = pos % PAGE_SIZE;

	if (pos >= t->length)
		return 0;
	n = MIN(MIN(n, PAGE_SIZE - offset), t->length - pos);
	memcpy(to, t->page[pos / PAGE_SIZE] + offset, n);
	return n;
}
