/*
 * How much memory may be wired.
 *
 * Wired frames are gone for everybody else, so all spaces together may have half of memory. What counts is how many pages
 * the wired regions have, since each of them may be touched at any time; an object that two of them map counts twice.
 * Upshot: mlock is refused (ENOMEM, and EAGAIN where a mapping would be wired) before anybody has to be ended for it.
 * (Linux bounds each task by RLIMIT_MEMLOCK, mlock(2), and says so with the same errors.)
 */
#include "mm/wired.h"

#include "mm/frame.h"

/* => pages of wired regions of AS, without those in [START, END) */
static u32 pages_outside(const struct addrspace *as, vaddr_t start, vaddr_t end)
{
	const struct region *r;
	u32 bytes = 0;

	list_for_each(r, &as->regions.head, link) {
		vaddr_t from = MAX(r->start, start), to = MIN(r->end, end);

		if (r->flags & REGION_WIRED)
			bytes += r->end - r->start - (from < to ? to - from : 0);
	}
	return bytes >> PAGE_SHIFT;
}

bool wired_may_be(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages)
{
	const struct addrspace *other;

	list_for_each(other, &addrspace_all, all)
		pages += pages_outside(other, start, other == as ? end : start);
	return pages <= frame_total() / 2;
}
