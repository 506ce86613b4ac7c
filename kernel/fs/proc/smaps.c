/*
 * /proc/PID/smaps: what each region has in memory and in swap, and how much of that is shared with others; smaps_rollup: the
 * sums.
 *
 * Pss divides each page among the tasks that map it: summed over all tasks it is the memory in use. A private page counts
 * as present while it has a frame, whether or not its entry has been made; an object's page counts where it is mapped.
 *
 * Source: proc(5).
 */
#include "kernel/fs/proc/proc.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/rmap.h"

#define KIB_PER_PAGE (PAGE_SIZE / 1024)

struct smaps {
	u32 rss, shared_clean, shared_dirty, private_clean, private_dirty, referenced, anonymous, swap; /* pages */
	u64 pss, swap_pss, locked; /* bytes */
};

/* Adds a page in frame F that SHARERS tasks have. */
static void smaps_present(struct smaps *s, const struct frame *f, u32 sharers, bool dirty)
{
	s->rss++;
	s->pss += PAGE_SIZE / sharers;
	s->referenced += rmap_accessed(f);
	if (sharers > 1)
		*(dirty ? &s->shared_dirty : &s->shared_clean) += 1;
	else
		*(dirty ? &s->private_dirty : &s->private_clean) += 1;
}

static void smaps_anon(struct smaps *s, const struct anon *a, u32 sharers)
{
	if (a->frame) {
		smaps_present(s, a->frame, sharers, !a->slot || rmap_dirty(a->frame));
		return;
	}
	s->swap++;
	s->swap_pss += PAGE_SIZE / sharers;
}

static void smaps_page(struct smaps *s, struct addrspace *as, const struct region *r, vaddr_t va)
{
	const struct anon *a = addrspace_private(as, va);
	void *page;

	if (a) {
		s->anonymous += a->frame != NULL;
		smaps_anon(s, a, a->refs);
		return;
	}
	page = r->obj ? pagemap_find(&r->obj->pages, region_object_index(r, va)) : NULL;
	if (!page)
		return;
	if (r->obj->ops->anonymous) {
		a = page;
		if (!a->frame || pagetable_get(&as->pagetable, va))
			smaps_anon(s, a, a->frame ? rmap_count(a->frame) : 1);
	} else if (pagetable_get(&as->pagetable, va)) {
		smaps_present(s, page, rmap_count(page), rmap_dirty(page));
	}
}

static void smaps_line(struct text *t, const char *name, u32 kib)
{
	u32 start = t->length;

	text_add(t, "%s:", name);
	text_pad(t, start, 16);
	text_add(t, "%8u kB\n", kib);
}

static void smaps_flags(struct text *t, const struct region *r)
{
	text_add(t, "VmFlags:%s%s%s%s mr%s me%s%s%s ac%s\n", r->prot & REGION_READ ? " rd" : "",
		 r->prot & REGION_WRITE ? " wr" : "", r->prot & REGION_EXEC ? " ex" : "",
		 r->flags & REGION_SHARED ? " sh" : "", r->max_prot & REGION_WRITE ? " mw" : "",
		 r->flags & REGION_GROWSDOWN ? " gd" : "", r->flags & REGION_WIRED ? " lo" : "",
		 r->flags & REGION_NOFORK ? " dc" : "", r->flags & REGION_WIPED ? " wf" : "");
}

/* Adds what AS has of region R. */
static void smaps_add(struct smaps *s, struct addrspace *as, const struct region *r)
{
	u64 before = s->pss;

	for (vaddr_t va = r->start; va < r->end; va += PAGE_SIZE)
		smaps_page(s, as, r, va);
	s->locked += r->flags & REGION_WIRED ? s->pss - before : 0;
}

static void smaps_figures(struct text *t, const struct smaps *s)
{
	smaps_line(t, "Rss", s->rss * KIB_PER_PAGE);
	smaps_line(t, "Pss", (u32)(s->pss >> 10));
	smaps_line(t, "Shared_Clean", s->shared_clean * KIB_PER_PAGE);
	smaps_line(t, "Shared_Dirty", s->shared_dirty * KIB_PER_PAGE);
	smaps_line(t, "Private_Clean", s->private_clean * KIB_PER_PAGE);
	smaps_line(t, "Private_Dirty", s->private_dirty * KIB_PER_PAGE);
	smaps_line(t, "Referenced", s->referenced * KIB_PER_PAGE);
	smaps_line(t, "Anonymous", s->anonymous * KIB_PER_PAGE);
	smaps_line(t, "Swap", s->swap * KIB_PER_PAGE);
	smaps_line(t, "SwapPss", (u32)(s->swap_pss >> 10));
	smaps_line(t, "Locked", (u32)(s->locked >> 10));
}

static void smaps_region(struct text *t, struct addrspace *as, const struct region *r)
{
	struct smaps s = { 0 };

	smaps_add(&s, as, r);
	proc_maps_line(t, r);
	smaps_line(t, "Size", (r->end - r->start) / 1024);
	smaps_line(t, "KernelPageSize", KIB_PER_PAGE);
	smaps_line(t, "MMUPageSize", KIB_PER_PAGE);
	smaps_figures(t, &s);
	smaps_flags(t, r);
}

void proc_smaps_show(struct text *t, struct task *task)
{
	proc_regions_show(t, task, smaps_region);
}

void proc_smaps_rollup_show(struct text *t, struct task *task)
{
	struct smaps s = { 0 };
	vaddr_t start = 0, end = 0;
	const struct region *r;

	for (; task->as && (r = region_find_from(&task->as->regions, end)); end = r->end) {
		start = start ? start : r->start;
		smaps_add(&s, task->as, r);
	}
	text_add(t, "%08x-%08x ---p 00000000 00:00 0%34s[rollup]\n", start, end, "");
	smaps_figures(t, &s);
}
