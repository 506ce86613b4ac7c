/*
 * The reverse map: from a frame to every entry that maps it.
 *
 * Entry and record are set and cleared together here (I2: a user entry is present, and not the zero frame's, if and
 * only if exactly one record says so). The position of a record gives its table and address; it holds only its neighbours.
 * What runs for each page that is mapped or unmapped is inline.
 */
#pragma once

#include "mm/pagetable.h"
#include "mm/vmtrace.h"

extern struct frame *rmap_zero_frame;
void rmap_init(void); /* takes the zero frame */

/* => the entry that maps F */
static inline pte_t rmap_entry(const struct frame *f, bool writable)
{
	return (frame_index(f) << PAGE_SHIFT) | PTE_P | PTE_U | (writable ? PTE_W : 0);
}

/* Maps F at VA. ENTRY is VA's, and not in use. */
static inline void rmap_map(struct pagetable *pt, vaddr_t va, pte_t *entry, struct frame *f, bool writable)
{
	struct rmap *record = pagetable_record(entry);

	ASSERT_CMP(f->flags & FRAME_BUSY, ==, 0);
	pagetable_add_entry(pt, entry, rmap_entry(f, writable));
	record->next = f->maps;
	record->link = &f->maps;
	if (f->maps)
		f->maps->link = &record->next;
	f->maps = record;
	TRACE_MAP(pt->label, va, frame_index(f), writable);
}

/* Makes ENTRY, which is VA's and present, writable or read-only. */
static inline void rmap_set_writable(struct pagetable *pt, vaddr_t va, pte_t *entry, bool writable)
{
	TRACE_UNMAP(pt->label, va, *entry >> PAGE_SHIFT);
	pagetable_change_entry(pt, va, entry, writable ? *entry | PTE_W : *entry & ~PTE_W);
	TRACE_MAP(pt->label, va, *entry >> PAGE_SHIFT, writable);
}

/* Maps the zero frame at VA, read-only and without a record. ENTRY is VA's, and not in use. */
void rmap_map_zero(struct pagetable *pt, vaddr_t va, pte_t *entry);

static inline void rmap_unlink(struct rmap *record)
{
	ASSERT(record->link && *record->link == record);
	*record->link = record->next;
	if (record->next)
		record->next->link = record->link;
	record->link = NULL;
	record->next = NULL;
}

/* Keeps in F what the hardware has noted in an entry that is being removed. */
static inline void rmap_harvest(struct frame *f, pte_t entry)
{
	if (entry & PTE_D)
		f->flags |= FRAME_DIRTY;
	if (entry & PTE_A)
		f->flags |= FRAME_ACCESSED;
}

/*
 * Removes ENTRY, which is VA's and present, and harvests its dirty and accessed bits into the frame.
 * => the frame; NULL: it was the zero frame
 */
static inline struct frame *rmap_unmap_entry(struct pagetable *pt, vaddr_t va, pte_t *entry)
{
	pte_t old = pagetable_clear_entry(pt, va, entry);
	struct frame *f = frame_at(old >> PAGE_SHIFT);

	TRACE_UNMAP(pt->label, va, old >> PAGE_SHIFT);
	if (f == rmap_zero_frame) {
		pt->zeros--;
		return NULL;
	}
	rmap_harvest(f, old);
	ASSERT(f->maps);
	rmap_unlink(f->maps->next ? pagetable_record(entry) : f->maps);
	return f;
}

/* The same for VA, if it has an entry. => NULL: it had none, or the zero frame's */
static inline struct frame *rmap_unmap(struct pagetable *pt, vaddr_t va)
{
	pte_t *entry = pagetable_entry(pt, va);

	return entry && *entry ? rmap_unmap_entry(pt, va, entry) : NULL;
}

/* Removes every entry that maps F. => how many there were */
u32 rmap_unmap_all(struct frame *f);

/* Makes every entry of F read-only. (Those of a range: pagetable_write_protect().) */
void rmap_write_protect_all(struct frame *f);

bool rmap_accessed(const struct frame *f);
void rmap_clear_accessed(struct frame *f);
extern bool rmap_exact; /* with `exact`: clearing flushes the translation, so that the next use is seen */
bool rmap_dirty(const struct frame *f);

/* Moves the hardware's dirty bits into FRAME_DIRTY, and flushes the translations. => is F dirty? */
bool rmap_harvest_dirty(struct frame *f);

u32 rmap_count(const struct frame *f);
bool rmap_is_shared(const struct frame *f); /* => do several entries map F? */
bool rmap_mapped_by(const struct frame *f, const struct pagetable *pt);
