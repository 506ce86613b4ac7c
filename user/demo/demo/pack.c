/*
 * pack.c - a page of numbers in fewer bytes: differences instead of values.
 *
 * A measured series changes little from one value to the next. A difference of -127 ... 127 takes one byte; any other is an
 * ESCAPE byte and the four bytes of the value. So a smooth page shrinks to a quarter, and noise grows by a quarter.
 */
#include "pack.h"

#include <string.h>

enum { ESCAPE = 0x80, SMALL = 127 };

size_t pack(const uint32_t *page, unsigned char *to)
{
	unsigned char *start = to;
	uint32_t last = 0;

	for (int i = 0; i < PACK_WORDS; last = page[i++]) {
		int32_t difference = page[i] - last;

		if (difference >= -SMALL && difference <= SMALL) {
			*to++ = difference;
			continue;
		}
		*to++ = ESCAPE;
		memcpy(to, &page[i], sizeof(page[i]));
		to += sizeof(page[i]);
	}
	return to - start;
}

size_t unpack(const unsigned char *from, uint32_t *page)
{
	const unsigned char *start = from;
	uint32_t value = 0;

	for (int i = 0; i < PACK_WORDS; page[i++] = value) {
		unsigned char first = *from++;

		if (first != ESCAPE) {
			value += (int8_t)first;
			continue;
		}
		memcpy(&value, from, sizeof(value));
		from += sizeof(value);
	}
	return from - start;
}
