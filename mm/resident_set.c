/* The resident set of an address space that is out as a whole. */
#include "mm/resident_set.h"

#include "kernel/base/panic.h"
#include "mm/frame.h"

char resident_set_away[1];

void resident_set_init(struct resident_set *s)
{
	pagemap_init(&s->pages);
}

bool resident_set_add(struct resident_set *s, u32 page, struct frame *kept)
{
	if (!pagemap_reserve(&s->pages, page))
		return false;
	if (kept)
		frame_pin(kept);
	pagemap_set(&s->pages, page, kept ? (void *)kept : resident_set_away);
	return true;
}

bool resident_set_next(struct resident_set *s, u32 *page, struct frame **kept)
{
	void *value = pagemap_next(&s->pages, page, ~0u);

	*kept = value == resident_set_away ? NULL : value;
	return value != NULL;
}

void resident_set_remove(struct resident_set *s, u32 page)
{
	void *value = pagemap_remove(&s->pages, page);

	ASSERT(value);
	if (value != resident_set_away)
		frame_unpin(value);
}

void resident_set_clear(struct resident_set *s)
{
	struct frame *kept;

	for (u32 page = 0; resident_set_next(s, &page, &kept);)
		resident_set_remove(s, page);
	pagemap_destroy(&s->pages);
}
