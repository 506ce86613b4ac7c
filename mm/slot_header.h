/* The header that mkswap(8) writes in the first page of a swap area, and why an area cannot be used. */
#pragma once

#include "mm/layout.h"

struct backing;

struct slot_header {
	char bootbits[1024];
	u32 version, last_page, bad_pages;
	u8 uuid[16], label[16];
	u32 padding[117];
	u32 bad[1];
};
#define SLOT_SIGNATURE "SWAPSPACE2"
#define SLOT_SIGNATURE_AT (PAGE_SIZE - 10)
#define SLOT_BAD_MAX ((SLOT_SIGNATURE_AT - offsetof(struct slot_header, bad)) / sizeof(u32))

#define SLOT_HEADER_WHY 128 /* bytes; enough for any reason */

enum slot_header_is { SLOT_HEADER_GOOD, SLOT_HEADER_WRONG, SLOT_HEADER_NONE };

/*
 * => is PAGE, the first of B, the header of a usable swap area? If not, writes the reason to WHY, of SIZE bytes; nothing if it
 * is no swap area at all.
 */
enum slot_header_is slot_header_check(const void *page, const struct backing *b, char *why, u32 size);
