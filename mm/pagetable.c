/*
 * i386 page tables of user addresses. (The kernel's own: pagetable_kernel.c.) [SDM3] "32-Bit Paging"; "Caching
 * Translation Information" for when the TLB must be flushed.
 *
 * With each user table come two frames of reverse-map records, for the lower and the upper half of its entries. (Three
 * single frames: a larger block might not be available when memory is fragmented. Four frames of records where pointers have
 * 64 bits: the host tests.) The table's struct frame has their numbers. The struct frames of the records say where they
 * belong: owner = the pagetable, index = the directory entry, age = which part.
 *
 * The TLB holds translations of the loaded directory only (and the kernel's global ones), because every load of CR3
 * drops the rest. So an entry is flushed only if its directory is the loaded one, whatever thread runs; and only if the
 * old translation permits what the new one does not, or leads elsewhere. What is not present is never cached, and a
 * page fault drops what was cached of its address, so that an entry with more rights is found at the second try.
 */
#include "mm/pagetable.h"

#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/vmtrace.h"

#define ENTRIES 1024
#define KERNEL_ENTRY pte_directory_index(KERNEL_BASE)
#define PARTS ARRAY_LEN(((struct frame *)0)->records)
STATIC_ASSERT(PAGETABLE_RECORDS * sizeof(struct rmap) == PAGE_SIZE && PARTS * PAGETABLE_RECORDS == ENTRIES,
	      "records fill frames");

static bool loaded(const struct pagetable *pt)
{
	return pt->cr3 == cpu_cr3();
}

void pagetable_flush_single(const struct pagetable *pt, vaddr_t va)
{
	if (!loaded(pt))
		return;
	vmstat.tlb_invlpg++;
	cpu_invlpg(va);
}

void pagetable_flush(const struct pagetable *pt)
{
	if (!loaded(pt))
		return;
	vmstat.tlb_flush++;
	cpu_set_cr3(pt->cr3);
}

void pagetable_batch_begin(struct pagetable *pt)
{
	ASSERT(!pt->batching);
	pt->batching = true;
	pt->batched = 0;
	pt->peak = pagetable_peak(pt);
}

void pagetable_batch_end(struct pagetable *pt)
{
	ASSERT(pt->batching);
	pt->batching = false;
	if (pt->batched > PAGETABLE_SINGLES)
		pagetable_flush(pt);
}

bool pagetable_create(struct pagetable *pt)
{
	struct frame *f = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);

	if (!f)
		return false;
	pt->directory = frame_ptr(f);
	pt->cr3 = frame_index(f) << PAGE_SHIFT;
	pt->resident = pt->zeros = pt->tables = 0;
	pt->batching = false;
	memset(pt->directory, 0, KERNEL_ENTRY * sizeof(u32));
	memcpy(pt->directory + KERNEL_ENTRY, pagetable_kernel.directory + KERNEL_ENTRY,
	       (ENTRIES - KERNEL_ENTRY) * sizeof(u32));
	return true;
}

/* Frees TABLE and the frames of its records, of which those from part FIRST on exist. */
static void free_parts(struct frame *table, u32 first)
{
	for (u32 part = first; part < PARTS; part++)
		frame_free(frame_at(table->records[part]));
	frame_free(table);
}

/* Takes away the table of directory entry INDEX, in which no entry is present: it and its records are free frames again. */
static void free_table(struct pagetable *pt, u32 index)
{
	/* lab walk: take a table away */
	struct frame *table = frame_at(pt->directory[index] >> PAGE_SHIFT);

	pt->directory[index] = 0;
	pt->tables--;
	free_parts(table, 0);
	/* end of lab walk */
}

void pagetable_destroy(struct pagetable *pt)
{
	ASSERT_CMP(pt->resident, ==, 0);
	if (!pt->directory)
		return;
	if (loaded(pt))
		cpu_set_cr3(pagetable_kernel.cr3);
	ASSERT_CMP(pt->tables, ==, 0);
	frame_free(frame_of_ptr(pt->directory));
	pt->directory = NULL;
	pt->cr3 = 0;
}

/*
 * => a frame of PT's table INDEX, contents undefined; NULL: out of memory. It is noted whose it is, and which PART of the records
 * (pagetable_of_rmap() finds the entry by that). The frame with the entries is no part of them: 0.
 */
static struct frame *new_part(struct pagetable *pt, u32 index, u32 part)
{
	struct frame *f = frame_alloc(FRAME_TABLE, 0, FRAME_FOR_FAULT);

	if (!f)
		return NULL;
	f->owner = pt;
	f->index = index;
	f->age = part;
	return f;
}

/* The records stay undefined: one means something only while its entry is present. */
bool pagetable_make(struct pagetable *pt, vaddr_t va)
{
	u32 index = pte_directory_index(va);
	struct frame *table, *f;

	ASSERT(pt->directory);
	/* lab walk: make a table, with its records */
	table = new_part(pt, index, 0);
	if (!table)
		return false;
	for (u32 part = PARTS; part-- > 0;) {
		f = new_part(pt, index, part);
		if (!f) {
			free_parts(table, part + 1);
			return false;
		}
		table->records[part] = frame_index(f);
	}
	frame_zero(table);
	pt->directory[index] = (frame_index(table) << PAGE_SHIFT) | PTE_P | PTE_W | PTE_U;
	pt->tables++;
	return true;
	/* end of lab walk */
}

void pagetable_free_range(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	bool freed = false;

	ASSERT_CMP((start | end) & (LARGE_PAGE_SIZE - 1), ==, 0);
	for (u32 i = pte_directory_index(start); pt->directory && i < pte_directory_index(end); i++) {
		if (!pt->directory[i])
			continue;
		free_table(pt, i);
		freed = true;
	}
	if (freed)
		pagetable_flush(pt);
}

pte_t pagetable_clear_bits(struct pagetable *pt, vaddr_t va, u32 bits, bool flush)
{
	pte_t *entry = pagetable_entry(pt, va);
	pte_t old = *entry;

	ASSERT(old & PTE_P);
	*entry = old & ~bits;
	if (flush && (old & bits))
		pagetable_flush_entry(pt, va);
	return old;
}

/* => how many entries allowed stores, of those of [START, END), which is in one table */
static u32 protect_table(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	pte_t *entry = pagetable_entry(pt, start);
	u32 changed = 0;

	for (vaddr_t va = start; entry && va < end; va += PAGE_SIZE, entry++) {
		if (!(*entry & PTE_W))
			continue;
		*entry &= ~PTE_W;
		changed++;
		TRACE_READONLY(pt->label, va);
	}
	return changed;
}

void pagetable_write_protect(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	u32 changed = 0;

	while (start < end) {
		vaddr_t border = ALIGN_DOWN(start, LARGE_PAGE_SIZE) + LARGE_PAGE_SIZE;

		changed += protect_table(pt, start, MIN(border, end));
		start = border;
	}
	if (changed)
		pagetable_flush(pt);
}

vaddr_t pagetable_search(const struct pagetable *pt, vaddr_t va, vaddr_t end)
{
	/* lab walk: find the next entry that is present */
	while (va < end) {
		const pte_t *entry = pagetable_entry(pt, va);
		vaddr_t border = ALIGN_DOWN(va, LARGE_PAGE_SIZE) + LARGE_PAGE_SIZE;

		for (; entry && va < MIN(border, end); va += PAGE_SIZE)
			if (*entry++ & PTE_P)
				return va;
		va = border;
	}
	return end;
	/* end of lab walk */
}

struct pagetable *pagetable_of_rmap(const struct rmap *record, vaddr_t *va)
{
	struct frame *f = frame_of_ptr(record);
	u32 index = f->age * PAGETABLE_RECORDS + (u32)(record - (struct rmap *)frame_ptr(f));

	ASSERT_CMP(f->state, ==, FRAME_TABLE);
	*va = (f->index << 22) + index * PAGE_SIZE;
	return f->owner;
}
