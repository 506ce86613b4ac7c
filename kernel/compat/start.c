/*
 * System calls that a C library makes before main(): a segment for thread-local storage, random numbers, and calls that
 * matter only with threads.
 *
 * Sources: set_thread_area(2), set_tid_address(2); Linux's asm/ldt.h for struct user_desc.
 */
#include "kernel/base/string.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/devfs.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

struct user_desc {
	u32 entry, base, limit;
	u32 seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1, seg_not_present : 1, useable : 1,
	    unused : 25;
};
STATIC_ASSERT(sizeof(struct user_desc) == 16, "Linux's struct user_desc");

#define FIRST_SEGMENT (GDT_TLS / 8)

/* Bits of a descriptor: [SDM3] "Segment Descriptors". */
enum {
	BIT_WRITABLE = 41, BIT_EXPAND_DOWN = 42, BIT_PRESENT = 47, BIT_USEABLE = 52, BIT_32BIT = 54, BIT_IN_PAGES = 55,
};

/* => true: D removes a segment: it is all zero, or only "not present" and "read and execute only" are set */
static bool is_empty(const struct user_desc *d)
{
	return !d->base && !d->limit && !d->contents && !d->seg_32bit && !d->limit_in_pages && !d->useable &&
	       d->read_exec_only == d->seg_not_present;
}

static bool start_is_data(const struct user_desc *d)
{
	return d->seg_32bit && d->contents <= 1 && !d->seg_not_present;
}

static u64 pack(const struct user_desc *d)
{
	return gdt_data_segment(d->base, d->limit, d->limit_in_pages, !d->read_exec_only) |
	       (u64)d->contents << BIT_EXPAND_DOWN | (u64)d->useable << BIT_USEABLE;
}

static struct user_desc unpack(u32 entry, u64 segment)
{
	return (struct user_desc){
		.entry = entry,
		.base = (u32)(segment >> 16 & 0xFFFFFF) | (u32)(segment >> 56) << 24,
		.limit = (u32)(segment & 0xFFFF) | (u32)(segment >> 48 & 0xF) << 16,
		.seg_32bit = segment >> BIT_32BIT,
		.contents = segment >> BIT_EXPAND_DOWN,
		.read_exec_only = !(segment >> BIT_WRITABLE & 1),
		.limit_in_pages = segment >> BIT_IN_PAGES,
		.seg_not_present = !(segment >> BIT_PRESENT & 1),
		.useable = segment >> BIT_USEABLE,
	};
}

static s32 free_segment(const struct thread *t)
{
	for (u32 i = 0; i < THREAD_SEGMENTS; i++)
		if (!t->segments[i])
			return FIRST_SEGMENT + i;
	return -ESRCH;
}

SYSCALL(set_thread_area)
{
	struct thread *t = thread_current();
	struct user_desc d;
	s32 entry;

	if (usercopy_in(&d, arg[0], sizeof(d)))
		return -EFAULT;
	if (!is_empty(&d) && !start_is_data(&d))
		return -EINVAL;
	entry = (s32)d.entry == -1 ? free_segment(t) : (s32)d.entry;
	if (entry == -ESRCH)
		return -ESRCH;
	if (entry < FIRST_SEGMENT || entry >= FIRST_SEGMENT + THREAD_SEGMENTS)
		return -EINVAL;
	if ((s32)d.entry == -1 && usercopy_out(arg[0], &entry, sizeof(entry)))
		return -EFAULT;
	t->segments[entry - FIRST_SEGMENT] = is_empty(&d) ? 0 : pack(&d);
	gdt_enter_thread(t);
	return 0;
}

SYSCALL(get_thread_area)
{
	struct user_desc d;
	u32 entry;

	if (usercopy_in(&entry, arg[0], sizeof(entry)))
		return -EFAULT;
	if (entry < FIRST_SEGMENT || entry >= FIRST_SEGMENT + THREAD_SEGMENTS)
		return -EINVAL;
	d = unpack(entry, thread_current()->segments[entry - FIRST_SEGMENT]);
	return usercopy_out(arg[0], &d, sizeof(d)) ? -EFAULT : 0;
}

/*
 * Sets the address of a word that is cleared when the task leaves an address space that another task uses (robust.c).
 */
SYSCALL(set_tid_address)
{
	task_current()->clear_tid = arg[0];
	return task_current()->pid;
}

SYSCALL(getrandom)
{
	return arg[2] & ~7u ? -EINVAL : devfs_random(arg[0], arg[1]);
}

enum { ARCH_GET_CPUID = 0x1011 };

/* The only command for 32-bit programs: is CPUID enabled? */
SYSCALL(arch_prctl)
{
	return arg[0] == ARCH_GET_CPUID ? 1 : -EINVAL;
}

/* The only personality is PER_LINUX. */
SYSCALL(personality)
{
	return arg[0] == 0 || arg[0] == ~0u ? 0 : -EINVAL;
}
