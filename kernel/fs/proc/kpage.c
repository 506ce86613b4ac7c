/*
 * /proc/kpagecount and /proc/kpageflags: a word of 64 bits for each frame. How many entries map it; and what it is, in the
 * bits that Linux has for that.
 *
 * Only this kernel's states are reported: a frame with none of the bits BUDDY, PGTABLE, ANON, LRU and RESERVED is the
 * kernel's. ANON includes pages of shared memory. REFERENCED is the bit that the policies read, DIRTY means that the page
 * must be written before it can be evicted.
 *
 * Sources: Linux's Documentation/admin-guide/mm/pagemap.rst; its include/uapi/linux/kernel-page-flags.h.
 */
#include "kernel/base/errno.h"
#include "kernel/fs/file.h"
#include "kernel/fs/proc/proc.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/rmap.h"
#include "mm/usercopy.h"

#define KPAGE_PIECE 32

enum kpage_bit {
	KPF_LOCKED = 0, KPF_ERROR = 1, KPF_REFERENCED = 2, KPF_UPTODATE = 3, KPF_DIRTY = 4, KPF_LRU = 5, KPF_WRITEBACK = 8,
	KPF_BUDDY = 10, KPF_MMAP = 11, KPF_ANON = 12, KPF_SWAPCACHE = 13, KPF_SWAPBACKED = 14, KPF_UNEVICTABLE = 18,
	KPF_ZERO_PAGE = 24, KPF_PGTABLE = 26, KPF_RESERVED = 32,
};

static u64 kpage_bit(enum kpage_bit bit, bool set)
{
	return set ? 1ull << bit : 0;
}

/* Of a frame that holds a page; it may have lost its owner during I/O. */
static u64 kpage_contents(const struct frame *f)
{
	bool anon = f->state == FRAME_ANON, slot = anon && f->anon && f->anon->slot;

	return kpage_bit(KPF_LOCKED, f->flags & FRAME_BUSY) | kpage_bit(KPF_ERROR, f->flags & FRAME_FAILED) |
	       kpage_bit(KPF_UPTODATE, !(f->flags & (FRAME_BUSY | FRAME_FAILED))) |
	       kpage_bit(KPF_REFERENCED, rmap_accessed(f)) | kpage_bit(KPF_DIRTY, rmap_dirty(f) || (anon && !slot)) |
	       kpage_bit(KPF_LRU, true) | kpage_bit(KPF_WRITEBACK, f->flags & FRAME_WRITEBACK) |
	       kpage_bit(KPF_MMAP, f->maps) | kpage_bit(KPF_ANON, anon) | kpage_bit(KPF_SWAPCACHE, slot) |
	       kpage_bit(KPF_SWAPBACKED, anon) | kpage_bit(KPF_UNEVICTABLE, f->wires);
}

static u64 kpage_flags(const struct frame *f)
{
	switch ((enum frame_state)f->state) {
	case FRAME_RESERVED:
		return kpage_bit(KPF_RESERVED, true);
	case FRAME_FREE:
		return kpage_bit(KPF_BUDDY, true);
	case FRAME_TABLE:
		return kpage_bit(KPF_PGTABLE, true);
	case FRAME_ANON:
	case FRAME_FILE:
		return kpage_contents(f);
	default:
		return kpage_bit(KPF_ZERO_PAGE, f == rmap_zero_frame);
	}
}

static u64 kpage_count(const struct frame *f)
{
	return rmap_count(f);
}

static s32 kpage_read(vaddr_t dst, u32 n, u64 pos, u64 (*word)(const struct frame *f))
{
	u64 piece[KPAGE_PIECE];
	u32 done = 0;

	if (pos % sizeof(u64) || n % sizeof(u64))
		return -EINVAL;
	while (done < n && (pos + done) >> 3 < frame_total()) {
		u32 first = (u32)((pos + done) >> 3);
		u32 count = MIN(MIN((n - done) / sizeof(u64), KPAGE_PIECE), frame_total() - first);

		for (u32 i = 0; i < count; i++)
			piece[i] = word(frame_at(first + i));
		if (usercopy_out(dst + done, piece, count * sizeof(u64)) < 0)
			return done ? (s32)done : -EFAULT;
		done += count * sizeof(u64);
	}
	return done;
}

s32 proc_kpagecount_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	(void)f;
	return kpage_read(dst, n, pos, kpage_count);
}

s32 proc_kpageflags_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	(void)f;
	return kpage_read(dst, n, pos, kpage_flags);
}
