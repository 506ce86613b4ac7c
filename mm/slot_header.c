/*
 * The header of a swap area. A damaged or foreign swap header is distinguished from other contents: so the reason is reported
 * when a swap disk is not used, and a disk with files is not reported as a bad swap disk.
 *
 * Sources: mkswap(8); Linux, include/linux/swap.h, "union swap_header"; for the signatures of hibernated systems, that of
 * Linux and util-linux's libblkid.
 */
#include "mm/slot_header.h"

#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "mm/backing.h"

#define SIGNATURE_BYTES 10u
#define SIGNATURE_NEAR 7u /* this many correct bytes are no coincidence */

static u32 bytes_alike(const char *signature)
{
	u32 n = 0;

	for (u32 i = 0; i < SIGNATURE_BYTES; i++)
		n += signature[i] == SLOT_SIGNATURE[i];
	return n;
}

static bool is_hibernated(const char *signature)
{
	static const char *const known[] = { "S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001" };

	for (u32 i = 0; i < ARRAY_LEN(known); i++)
		if (memcmp(signature, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

/* => without the signature, does the page look like mkswap's, for another page size or damaged? */
static bool is_like_header(const struct slot_header *h, const struct backing *b)
{
	return h->version == 1 && h->last_page && h->last_page < b->npages && h->bad_pages <= SLOT_BAD_MAX && h->uuid[0];
}

/* => is the signature right? If not, WHY says what it is instead; "": no swap area */
static bool check_signature(const struct slot_header *h, const struct backing *b, char *why, u32 size)
{
	const char *signature = (const char *)h + SLOT_SIGNATURE_AT;

	why[0] = '\0';
	if (memcmp(signature, SLOT_SIGNATURE, SIGNATURE_BYTES) == 0)
		return true;
	if (is_hibernated(signature))
		format(why, size, "it holds a hibernated system (%.9s)", signature);
	else if (memcmp(signature, "SWAP-SPACE", SIGNATURE_BYTES) == 0)
		format(why, size, "it has the old signature SWAP-SPACE; mkswap makes a new one");
	else if (bytes_alike(signature) >= SIGNATURE_NEAR)
		format(why, size, "its signature differs from %s", SLOT_SIGNATURE);
	else if (is_like_header(h, b))
		format(why, size, "it has a header, but no signature at byte %u: mkswap made it for another page size, or it is "
		       "damaged", SLOT_SIGNATURE_AT);
	return false;
}

/* => is every number valid? If not, WHY says which is not */
static bool check_numbers(const struct slot_header *h, const struct backing *b, char *why, u32 size)
{
	why[0] = '\0';
	if (h->version == 1u << 24)
		format(why, size, "it was made on a machine of the other byte order");
	else if (h->version != 1)
		format(why, size, "its version is %u, and only 1 is known", h->version);
	else if (!h->last_page)
		format(why, size, "it has no pages");
	else if (h->last_page >= b->npages)
		format(why, size, "its last page is %u, beyond the end of the disk, which has %u", h->last_page, b->npages);
	else if (h->bad_pages > SLOT_BAD_MAX)
		format(why, size, "it lists %u bad pages, and there is room for %u", h->bad_pages, (u32)SLOT_BAD_MAX);
	for (u32 i = 0; !why[0] && i < h->bad_pages; i++)
		if (!h->bad[i] || h->bad[i] > h->last_page)
			format(why, size, "its bad page %u is none of its pages 1 to %u", h->bad[i], h->last_page);
	return !why[0];
}

enum slot_header_is slot_header_check(const void *page, const struct backing *b, char *why, u32 size)
{
	if (!check_signature(page, b, why, size))
		return why[0] ? SLOT_HEADER_WRONG : SLOT_HEADER_NONE;
	return check_numbers(page, b, why, size) ? SLOT_HEADER_GOOD : SLOT_HEADER_WRONG;
}
