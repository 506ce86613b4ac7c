/*
 * i386 page tables: the only writers of entries. A port to PAE or x86-64 replaces these files.
 *
 * Tables are a cache of the truth (regions, anonymous pages, objects): any user entry may disappear at any moment, and
 * a fault makes it again. With each user table come its reverse-map records (rmap.h), 1024 of 8 bytes: the pair is
 * allocated together, so that mapping a page later allocates nothing.
 */
#pragma once

#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/pte.h"

/* A record of the reverse map, which tells that the entry beside it maps a frame (rmap.h). */
struct rmap {
	struct rmap *next;   /* next entry that maps the same frame */
	struct rmap **link;  /* what points to this record; NULL: not in use */
};
#define PAGETABLE_RECORDS ((u32)(PAGE_SIZE / sizeof(struct rmap))) /* in a frame */

struct pagetable {
	u32 *directory;   /* as the kernel sees it; NULL: none (swapped out whole) */
	paddr_t cr3;
	u32 resident;     /* user entries present, the zero frame's included */
	u32 zeros;        /* those of the zero frame */
	u32 peak;         /* the most entries of other frames that there were when one was removed: pagetable_peak() */
	u32 tables;       /* user tables */
	u32 label;        /* of the address space, in events */
	bool batching;    /* between pagetable_batch_begin() and pagetable_batch_end() ... */
	u32 batched;      /* so many entries were removed */
};

/* Builds the kernel's final directory (direct map, stacks' tables) and loads it. Called once. */
void pagetable_init(void);

/* => false: out of memory; never sleeps */
bool pagetable_create(struct pagetable *pt) MUST_CHECK;

/* Frees the directory; there must be no user table any more. Leaves the directory first if it is loaded. */
void pagetable_destroy(struct pagetable *pt);

/* Makes the table of VA, which has none. => false: out of memory; never sleeps */
bool pagetable_make(struct pagetable *pt, vaddr_t va) MUST_CHECK;

/* Frees the tables of [START, END), whole tables in which no entry is present. */
void pagetable_free_range(struct pagetable *pt, vaddr_t start, vaddr_t end);

/* => VA's entry in its table, to be changed by the functions below alone; NULL if there is no table */
static inline pte_t *pagetable_entry(const struct pagetable *pt, vaddr_t va)
{
	paddr_t table; /* 0: there is none */

	ASSERT_CMP(va, <, USER_END);
	if (!pt->directory)
		return NULL;
	/* lab walk: the entry of VA, through both levels */
	table = pt->directory[pte_directory_index(va)] & PTE_ADDR;
	return table ? (pte_t *)paddr_to_ptr(table) + pte_table_index(va) : NULL;
	/* end of lab walk */
}

/* Makes sure that VA has a table. => VA's entry in it; NULL: out of memory; never sleeps */
static inline MUST_CHECK pte_t *pagetable_ensure(struct pagetable *pt, vaddr_t va)
{
	pte_t *entry = pagetable_entry(pt, va);

	return entry || !pagetable_make(pt, va) ? entry : pagetable_entry(pt, va);
}

/* => how many entries map a frame that is not the zero frame */
static inline u32 pagetable_frames(const struct pagetable *pt)
{
	return pt->resident - pt->zeros;
}

/* => the most of them that there have been at a time; fork copies the present number */
static inline u32 pagetable_peak(const struct pagetable *pt)
{
	return MAX(pt->peak, pagetable_frames(pt));
}

/* => VA's entry; 0 if there is no table */
static inline pte_t pagetable_get(const struct pagetable *pt, vaddr_t va)
{
	const pte_t *entry = pagetable_entry(pt, va);

	return entry ? *entry : 0;
}

/* Entries of a batch that are flushed one by one; more would cost more than refilling the TLB (Linux's number). */
#define PAGETABLE_SINGLES 33u

/* The cached translation of VA is wrong now: flushes it, or leaves that to the end of the batch. */
void pagetable_flush_single(const struct pagetable *pt, vaddr_t va);
static inline void pagetable_flush_entry(struct pagetable *pt, vaddr_t va)
{
	if (!pt->batching || ++pt->batched <= PAGETABLE_SINGLES)
		pagetable_flush_single(pt, va);
}

/* => is a cached translation of OLD wrong now? One that lacks rights is not: the fault it causes drops it. */
static inline bool pagetable_needs_flush(pte_t old, pte_t new)
{
	return (old & ~new) || (old ^ new) & PTE_ADDR;
}

/* Sets ENTRY, which is not in use: nothing is to be flushed. */
static inline void pagetable_add_entry(struct pagetable *pt, pte_t *entry, pte_t value)
{
	ASSERT(!*entry && (value & PTE_P));
	*entry = value;
	pt->resident++;
}

/*
 * Changes ENTRY, which is VA's and present. Flushes the TLB only if a cached translation of the old entry would be wrong. A
 * translation that only lacks rights is left: the access faults once more at worst, and then finds the new entry.
 */
static inline void pagetable_change_entry(struct pagetable *pt, vaddr_t va, pte_t *entry, pte_t value)
{
	pte_t old = *entry;

	ASSERT(old & value & PTE_P);
	*entry = value;
	if (pagetable_needs_flush(old, value))
		pagetable_flush_entry(pt, va);
}

/* Adds or changes the entry of VA, whose table exists. */
static inline void pagetable_set(struct pagetable *pt, vaddr_t va, pte_t value)
{
	pte_t *entry = pagetable_entry(pt, va);

	ASSERT(entry);
	if (*entry)
		pagetable_change_entry(pt, va, entry, value);
	else
		pagetable_add_entry(pt, entry, value);
}

/* Removes ENTRY, which is VA's and present, and flushes its translation. => the entry before */
static inline pte_t pagetable_clear_entry(struct pagetable *pt, vaddr_t va, pte_t *entry)
{
	pte_t old = *entry;

	if (!pt->batching)
		pt->peak = pagetable_peak(pt);
	/* lab walk: the entry goes, from memory and from the TLB */
	*entry = 0;
	pt->resident--;
	pagetable_flush_entry(pt, va);
	/* end of lab walk */
	return old;
}

/* The same for VA, if it has an entry. => 0: it had none */
static inline pte_t pagetable_clear(struct pagetable *pt, vaddr_t va)
{
	pte_t *entry = pagetable_entry(pt, va);

	return entry && (*entry & PTE_P) ? pagetable_clear_entry(pt, va, entry) : 0;
}

/* Removes BITS (PTE_W, PTE_A, PTE_D) from a present entry. FLUSH: from the TLB too. => the entry before */
pte_t pagetable_clear_bits(struct pagetable *pt, vaddr_t va, u32 bits, bool flush);

/*
 * Removing many entries: after pagetable_batch_begin() only the first few are flushed one by one; if there are more,
 * pagetable_batch_end() flushes the whole TLB. Until then the caller must not sleep, and none of the frames may be used
 * again.
 */
void pagetable_batch_begin(struct pagetable *pt);
void pagetable_batch_end(struct pagetable *pt);

/* Makes the entries of [START, END) read-only and flushes the TLB once. */
void pagetable_write_protect(struct pagetable *pt, vaddr_t start, vaddr_t end);

/*
 * Finds the first present entry of [VA, END). Both are multiples of PAGE_SIZE, and END is at most USER_END.
 * => the address that it maps; END: there is none. (pagetable_next() finds the entry of VA without a call.)
 */
vaddr_t pagetable_search(const struct pagetable *pt, vaddr_t va, vaddr_t end);
static inline vaddr_t pagetable_next(const struct pagetable *pt, vaddr_t va, vaddr_t end)
{
	if (va >= end || (pagetable_get(pt, va) & PTE_P))
		return va;
	return va + PAGE_SIZE == end ? end : pagetable_search(pt, va, end);
}

/* => the record beside ENTRY, which is in a table */
static inline struct rmap *pagetable_record(const pte_t *entry)
{
	u32 index = ((uintptr_t)entry & PAGE_MASK) / sizeof(*entry);
	u32 records = frame_of_ptr(entry)->records[index / PAGETABLE_RECORDS];

	return (struct rmap *)paddr_to_ptr(records << PAGE_SHIFT) + index % PAGETABLE_RECORDS;
}

/* => the record of VA's entry; NULL if there is no table */
static inline struct rmap *pagetable_rmap(const struct pagetable *pt, vaddr_t va)
{
	const pte_t *entry = pagetable_entry(pt, va);

	return entry ? pagetable_record(entry) : NULL;
}

/* => the page table of RECORD, and its address in *VA */
struct pagetable *pagetable_of_rmap(const struct rmap *record, vaddr_t *va);

/* Flushes all user translations, if PT is loaded. */
void pagetable_flush(const struct pagetable *pt);

/* Kernel stacks: maps two frames at VA (in the stacks' region) or unmaps them. */
void pagetable_map_kernel(vaddr_t va, struct frame *f);
struct frame *pagetable_unmap_kernel(vaddr_t va);

extern struct pagetable pagetable_kernel;
