/*
 * pack.h - a page of numbers in fewer bytes, for demo_userpager.
 */
#ifndef USER_DEMO_DEMO_PACK_H
#define USER_DEMO_DEMO_PACK_H

#include <stddef.h>
#include <stdint.h>

enum {
	PACK_WORDS = 1024,		/* in a page */
	PACK_MOST = PACK_WORDS * 5	/* bytes that a page of noise takes */
};

/* Packs the page; `to` has room for PACK_MOST bytes. => the number of bytes */
size_t pack(const uint32_t *page, unsigned char *to);

/* Unpacks the page that pack() made these bytes of. => the number of bytes */
size_t unpack(const unsigned char *from, uint32_t *page);

#endif
