/*
 * An address space: regions and private pages (the truth) and a page table (the cache).
 */
#pragma once

#include "mm/anon.h"
#include "mm/pagemap.h"
#include "mm/pagetable.h"
#include "mm/region.h"
#include "mm/resident_set.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

struct addrspace {
	struct list all;            /* every address space, for vmcheck and the daemon */
	struct pagetable pagetable;
	struct region_list regions;
	struct pagemap private;     /* page number -> struct anon */
	struct resident_set remembered; /* while it is swapped out as a whole (procswap.h): which pages were resident */
	vaddr_t heap_start, heap_end; /* brk, in bytes */
	u32 wired;                  /* pages of its wired regions (mlock) */
	u32 resident_limit;         /* RLIMIT_RSS in pages, RESIDENT_LEAST at least; 0: none */
	u32 resident_excess;        /* pages by which the limit is exceeded, since below it an instruction got no further */
	u32 stack_limit;            /* RLIMIT_STACK in bytes */
	vaddr_t mmap_top;           /* mappings without a fixed address are placed below it */
	u32 soft_dirty_epoch;       /* the anon_epoch that began when its soft-dirty bits were cleared; 0: never cleared */
	bool lock_future;           /* mlockall(MCL_FUTURE): what is mapped from now on is wired, */
	bool lock_on_fault;         /* and comes into memory only when it is touched (MCL_ONFAULT) */
	u32 label;                  /* the owner's number in events and messages */
	u32 minor_faults, major_faults;
};

extern struct list addrspace_all;

/* An instruction needs fewer pages than this at the same time. */
#define RESIDENT_LEAST 8

/* Until a space that exec builds gets its task's label (addrspace_rename()), it has that plus this. */
#define ADDRSPACE_BUILDING 100000u

/* => empty space, NULL: out of memory; never sleeps */
struct addrspace *addrspace_create(u32 label);

/*
 * Copies PARENT for fork: the same contents, each private page shared until a store.
 * => 0; -ENOMEM, nothing has changed
 */
int addrspace_fork(struct addrspace *parent, u32 label, struct addrspace **child) MUST_CHECK;

/* Commits an exec: AS takes LABEL from the space that had it, which is gone. NAME: the program. */
void addrspace_rename(struct addrspace *as, u32 label, const char *name);

/* Frees AS and everything that it holds. Never sleeps, allocates nothing. */
void addrspace_destroy(struct addrspace *as);

/* => does AS have more regions than permitted (regions_max)? Then nothing more can be mapped. */
bool addrspace_is_full(const struct addrspace *as);

/*
 * Maps [START, START+LENGTH), page-aligned and free, to OBJ (NULL: zeros) from page OBJ_INDEX on. Takes its own
 * reference to OBJ. => 0 or -ENOMEM
 */
int addrspace_map(struct addrspace *as, vaddr_t start, u32 length, u32 prot, u32 max_prot, u32 flags,
		  struct memobj *obj, u32 obj_index) MUST_CHECK;

/*
 * The same, but the new region is not joined with its neighbours: the caller calls region_merge().
 * => NULL: out of memory
 */
struct region *addrspace_map_apart(struct addrspace *as, vaddr_t start, u32 length, u32 prot, u32 max_prot, u32 flags,
				   struct memobj *obj, u32 obj_index) MUST_CHECK;

/*
 * Makes START and END borders of regions, so that the next change of exactly [START, END) cannot fail for want of
 * memory. region_merge() undoes it. => 0, or -ENOMEM with nothing changed
 */
int addrspace_make_borders(struct addrspace *as, vaddr_t start, vaddr_t end) MUST_CHECK;

/* Unmaps [START, START+LENGTH), which may contain holes. => 0 or -ENOMEM (splitting a region takes memory) */
int addrspace_unmap(struct addrspace *as, vaddr_t start, u32 length) MUST_CHECK;

/* Sets the protection of the range to PROT. => 0, -ENOMEM (a hole, or no memory), -EACCES (beyond max_prot) */
int addrspace_protect(struct addrspace *as, vaddr_t start, u32 length, u32 prot) MUST_CHECK;

/* Wires (mlock) or unwires the range; faults bring its pages in. => 0, -ENOMEM (a hole, or no memory) */
int addrspace_wire(struct addrspace *as, vaddr_t start, u32 length, bool wired) MUST_CHECK;

/*
 * Sets or clears FLAG (REGION_NOFORK, REGION_WIPED), which tells fork how to treat the range.
 * => 0, -ENOMEM (no memory)
 */
int addrspace_set_fork(struct addrspace *as, vaddr_t start, vaddr_t end, u32 flag, bool on) MUST_CHECK;

/*
 * Removes the entries and private pages of [START, END), a part of region R. The next access finds zeros, or the
 * object's page. Never sleeps.
 */
void addrspace_discard(struct addrspace *as, const struct region *r, vaddr_t start, vaddr_t end);

/*
 * OBJ, to which the caller has a reference, has become shorter: discards all spaces' private copies of pages beyond its
 * end, as Linux does. Never sleeps.
 */
void addrspace_truncate(const struct memobj *obj);

/*
 * => does any space map OBJ, to which the caller has a reference, so that stores reach it, or would after mprotect()?
 */
bool addrspace_may_store(const struct memobj *obj);

/* Makes A the private page at VA, which is reserved in the map; takes over the caller's reference. */
static inline void addrspace_set_private(struct addrspace *as, vaddr_t va, struct anon *a)
{
	pagemap_set(&as->private, va >> PAGE_SHIFT, a);
	TRACE_PRIVATE(as->label, va, a);
}

/*
 * For the fault: a new private page at VA, with SOURCE's contents (NULL: zeros). What was the private page there is not
 * unreferenced. => NULL: out of memory, nothing has changed; never sleeps
 */
static inline struct anon *addrspace_new_private(struct addrspace *as, vaddr_t va, const struct frame *source)
{
	struct anon *a = anon_create_in(&as->private, va >> PAGE_SHIFT, source);

	if (a)
		TRACE_PRIVATE(as->label, va, a);
	return a;
}

/* For the fault: removes ENTRY, which is VA's and present. R is the region of VA. */
void addrspace_leave(struct addrspace *as, const struct region *r, vaddr_t va, pte_t *entry);

/* For the fault: makes ENTRY, which is VA's (pagetable_ensure()), map F, whatever it maps now. */
static inline void addrspace_enter(struct addrspace *as, const struct region *r, vaddr_t va, pte_t *entry, struct frame *f,
				   bool writable)
{
	if (*entry && *entry >> PAGE_SHIFT == frame_index(f)) {
		rmap_set_writable(&as->pagetable, va, entry, writable);
		return;
	}
	if (*entry)
		addrspace_leave(as, r, va, entry);
	rmap_map(&as->pagetable, va, entry, f, writable);
	if (r->flags & REGION_WIRED)
		frame_wire(f);
}

/* Removes all entries of R's part [START, END), with one batch of TLB flushes. VA: the first one. */
void addrspace_leave_from(struct addrspace *as, const struct region *r, vaddr_t va, vaddr_t end);
static inline void addrspace_leave_all(struct addrspace *as, const struct region *r, vaddr_t start, vaddr_t end)
{
	vaddr_t va = pagetable_next(&as->pagetable, start, end);

	if (va != end)
		addrspace_leave_from(as, r, va, end);
}

/* => the space of R, a region that maps an object */
static inline struct addrspace *addrspace_of(const struct region *r)
{
	return container_of(r->space, struct addrspace, regions);
}

/* The page at VA that is private to this space, or NULL. */
static inline struct anon *addrspace_private(struct addrspace *as, vaddr_t va)
{
	return pagemap_find(&as->private, va >> PAGE_SHIFT);
}

/*
 * May an entry of AS for private page A in region R be writable (I3, I13)? Not while others refer to the page: a store
 * must copy it first. And not before the first store since the soft-dirty bits were cleared: that store must fault to
 * be noticed.
 */
static inline bool addrspace_may_write(const struct addrspace *as, const struct region *r, const struct anon *a)
{
	return a->refs == 1 && (r->prot & REGION_WRITE) && a->written_epoch >= as->soft_dirty_epoch;
}
