/*
 * The files of /proc/PID that describe its memory: maps and pagemap, and the sums for status.
 *
 * They read the truth (regions, private pages, objects), and the page table only for what just the table knows: a page
 * that is resident counts as present although its entry may have been dropped or not yet been made.
 *
 * Source: proc(5); Linux's Documentation/admin-guide/mm/pagemap.rst.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/addrspace_held.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/rmap.h"
#include "mm/touched.h"
#include "mm/usercopy.h"

/* The column where Linux on i386 begins the name in a line of maps. */
#define MAPS_NAME_COLUMN 49
#define MAPS_PATH_MAX 512

#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_SWAPPED (1ull << 62)
#define PAGEMAP_SHARED (1ull << 61)    /* a file's page or shared memory's */
#define PAGEMAP_EXCLUSIVE (1ull << 56) /* no other task maps it */
#define PAGEMAP_SOFT_DIRTY (1ull << 55)
#define PAGEMAP_PIECE 32

/* The file behind a region; NULL: none that has a name. */
static const struct inode *maps_inode(const struct region *r)
{
	return r->obj ? filesystem_inode_of(r->obj) : NULL;
}

static void maps_name(struct text *t, u32 start, const char *name)
{
	text_pad(t, start, MAPS_NAME_COLUMN);
	text_add_bytes(t, name, strlen(name));
}

static void maps_path(struct text *t, u32 start, const struct inode *inode)
{
	char path[MAPS_PATH_MAX];

	maps_name(t, start, inode_describe(inode, path, sizeof(path)) < 0 ? inode->name : path);
}

void proc_maps_line(struct text *t, const struct region *r)
{
	const struct inode *inode = maps_inode(r);
	u32 start = t->length, dev = inode ? inode->dev : 0;

	text_add(t, "%08x-%08x %c%c%c%c %08x %02x:%02x %u ", r->start, r->end, r->prot & REGION_READ ? 'r' : '-',
		 r->prot & REGION_WRITE ? 'w' : '-', r->prot & REGION_EXEC ? 'x' : '-',
		 r->flags & REGION_SHARED ? 's' : 'p', r->obj ? r->obj_index << PAGE_SHIFT : 0, dev >> 8,
		 dev & 0xFF, inode ? inode->ino : 0);
	if (inode)
		maps_path(t, start, inode);
	else if (r->obj)
		maps_name(t, start, "/dev/zero (deleted)");
	else if (r->flags & REGION_HEAP)
		maps_name(t, start, "[heap]");
	else if (r->flags & REGION_GROWSDOWN)
		maps_name(t, start, "[stack]");
	text_add_bytes(t, "\n", 1);
}

void proc_regions_show(struct text *t, struct task *task,
		       void (*show)(struct text *t, struct addrspace *as, const struct region *r))
{
	struct region *r = task->as ? region_find_from(&task->as->regions, t->next) : NULL;

	for (; r && text_room(t) >= PROC_REGION_MAX; r = region_next(&task->as->regions, r))
		show(t, task->as, r);
	t->next = r ? r->start : PROC_PARTS_END;
}

static void maps_region(struct text *t, struct addrspace *as, const struct region *r)
{
	(void)as;
	proc_maps_line(t, r);
}

void proc_maps_show(struct text *t, struct task *task)
{
	proc_regions_show(t, task, maps_region);
}

/* Frames in AS's table that are not its private pages. */
static void memory_objects(struct addrspace *as, struct proc_memory *m)
{
	const struct pagetable *pt = &as->pagetable;

	for (vaddr_t va = pagetable_next(pt, 0, USER_END); va < USER_END;
	     va = pagetable_next(pt, va + PAGE_SIZE, USER_END)) {
		const struct frame *f = frame_at(pagetable_get(pt, va) >> PAGE_SHIFT);

		if (f->state == FRAME_FILE)
			m->file++;
		else if (f->state == FRAME_ANON && !addrspace_private(as, va))
			m->shm++;
	}
}

void proc_memory(struct task *task, struct proc_memory *m)
{
	struct addrspace *as = task->as;
	struct region *r;

	*m = (struct proc_memory){ 0 };
	if (!as)
		return;
	for (r = region_find_from(&as->regions, 0); r; r = region_next(&as->regions, r)) {
		u32 pages = (r->end - r->start) >> PAGE_SHIFT;

		m->size += pages;
		if (r->flags & REGION_WIRED)
			m->wired += pages;
		if (r->flags & REGION_GROWSDOWN)
			m->stack += pages;
		else if ((r->prot & REGION_WRITE) && !(r->flags & REGION_SHARED))
			m->data += pages;
		else if (r->prot & REGION_EXEC)
			m->text += pages;
	}
	m->swapped = addrspace_swapped(as);
	m->anon = as->private.count - m->swapped;
	if (as->pagetable.directory)
		memory_objects(as, m);
}

static u64 pagemap_of_frame(const struct frame *f)
{
	return PAGEMAP_PRESENT | frame_index(f);
}

static u64 pagemap_of_anon(const struct anon *a)
{
	u64 entry = a->frame ? pagemap_of_frame(a->frame) : PAGEMAP_SWAPPED | (u64)a->slot << 5;

	return entry | (a->refs == 1 ? PAGEMAP_EXCLUSIVE : 0);
}

/* A page that an object holds; a file's counts only if the task maps it, as on Linux. */
static u64 pagemap_of_object(const struct region *r, vaddr_t va, bool mapped)
{
	void *page = pagemap_find(&r->obj->pages, region_object_index(r, va));
	const struct frame *f = page;

	if (page && r->obj->ops->anonymous) {
		const struct anon *a = page;
		u64 alone = a->frame && !rmap_is_shared(a->frame) ? PAGEMAP_EXCLUSIVE : 0;

		return (pagemap_of_anon(a) & ~PAGEMAP_EXCLUSIVE) | PAGEMAP_SHARED | alone;
	}
	if (!page || !mapped)
		return 0;
	return pagemap_of_frame(f) | PAGEMAP_SHARED | (rmap_count(f) == 1 ? PAGEMAP_EXCLUSIVE : 0);
}

static u64 pagemap_of_page(struct addrspace *as, const struct region *r, vaddr_t va)
{
	const struct anon *a = addrspace_private(as, va);
	pte_t pte = pagetable_get(&as->pagetable, va);

	if (a)
		return pagemap_of_anon(a);
	if (r->obj)
		return pagemap_of_object(r, va, pte & PTE_P);
	/* Nothing but the zero frame can be mapped there. */
	return pte & PTE_P ? PAGEMAP_PRESENT | pte >> PAGE_SHIFT : 0;
}

static u64 pagemap_entry(struct addrspace *as, vaddr_t va)
{
	struct region *r = region_find(&as->regions, va);

	if (!r)
		return 0;
	return pagemap_of_page(as, r, va) | (touched_is_written(as, r, va) ? PAGEMAP_SOFT_DIRTY : 0);
}

s32 proc_pagemap_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	const u64 end = (u64)(USER_END >> PAGE_SHIFT) * sizeof(u64);
	u64 piece[PAGEMAP_PIECE];
	u32 done = 0;

	if (pos % sizeof(u64) || n % sizeof(u64))
		return -EINVAL;
	while (done < n && pos + done < end) {
		u32 first = (pos + done) / sizeof(u64), count = MIN((n - done) / sizeof(u64), PAGEMAP_PIECE);
		struct task *task = proc_file_task(f); /* anew: the copy below may sleep */

		if (!task || !task->as)
			return done ? (s32)done : task ? 0 : -ESRCH;
		count = MIN(count, (USER_END >> PAGE_SHIFT) - first);
		for (u32 i = 0; i < count; i++)
			piece[i] = pagemap_entry(task->as, (first + i) << PAGE_SHIFT);
		if (usercopy_out(dst + done, piece, count * sizeof(u64)) < 0)
			return done ? (s32)done : -EFAULT;
		done += count * sizeof(u64);
	}
	return done;
}
