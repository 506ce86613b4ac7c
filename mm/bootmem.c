/*
 * From the loader's memory map to frames.
 *
 * Usable is what the map calls available, less the kernel's image, the modules, the frame table itself, frame 0 (a
 * physical address of 0 means "none" in too many places) and what lies above the direct map.
 * [Multiboot] "Boot information format"; the map comes from the BIOS call "E820".
 */
#include "mm/bootmem.h"

#include "kernel/base/multiboot.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/frame.h"
#include "mm/layout.h"

#define MODULES_MAX 4
#define LEAST_FRAMES 700 /* 2.75 MiB besides the image: below this not even the shell runs */

struct range {
	paddr_t start, end;
};

extern const char kernel_end[];

static struct bootmem_module modules[MODULES_MAX];
static u32 module_count;
static struct range taken[MODULES_MAX + 2]; /* image, modules, frame table */
static u32 taken_count;
static u32 ignored_kib;

bool bootmem_module(u32 number, struct bootmem_module *m)
{
	if (number >= module_count)
		return false;
	*m = modules[number];
	return true;
}

u32 bootmem_kib_ignored(void)
{
	return ignored_kib;
}

static void take(paddr_t start, paddr_t end)
{
	ASSERT_CMP(taken_count, <, ARRAY_LEN(taken));
	taken[taken_count++] = (struct range){ ALIGN_DOWN(start, PAGE_SIZE), ALIGN_UP(end, PAGE_SIZE) };
}

static void take_image_and_modules(const struct multiboot_info *mbi)
{
	const struct multiboot_module *m = paddr_to_ptr(mbi->mods_addr);

	take(KERNEL_LOAD, ptr_to_paddr(kernel_end));
	if (!(mbi->flags & MULTIBOOT_HAS_MODULES))
		return;
	for (u32 i = 0; i < mbi->mods_count && i < MODULES_MAX; i++) {
		if (m[i].end <= m[i].start || m[i].end > DIRECT_MAX)
			continue;
		take(m[i].start, m[i].end);
		modules[module_count++] = (struct bootmem_module){ m[i].start, m[i].end - m[i].start };
	}
}

/* Calls VISIT with each range of whole frames that the map calls available and the direct map reaches. */
static void for_each_available(const struct multiboot_info *mbi, void (*visit)(struct range r))
{
	const char *p = paddr_to_ptr(mbi->mmap_addr);
	const char *end = p + mbi->mmap_length;

	while (p < end) {
		const struct multiboot_mmap *e = (const void *)p;
		u64 last = e->addr + e->len;

		p += e->size + sizeof(e->size);
		if (e->type != MULTIBOOT_MMAP_AVAILABLE)
			continue;
		if (last > DIRECT_MAX)
			ignored_kib += (u32)((last - MAX(e->addr, DIRECT_MAX)) >> 10);
		if (e->addr < DIRECT_MAX)
			visit((struct range){ ALIGN_UP((u32)e->addr, PAGE_SIZE),
					      ALIGN_DOWN((u32)MIN(last, DIRECT_MAX), PAGE_SIZE) });
	}
}

static paddr_t top;

static void find_top(struct range r)
{
	top = MAX(top, r.end);
}

static struct range *overlapping(struct range r)
{
	for (u32 i = 0; i < taken_count; i++)
		if (taken[i].start < r.end && r.start < taken[i].end)
			return &taken[i];
	return NULL;
}

static u32 wanted_bytes;
static paddr_t found;

/* The first place for the frame table that nothing else has taken. */
static void find_place(struct range r)
{
	struct range place = { MAX(r.start, KERNEL_LOAD), 0 };
	struct range *other;

	if (found)
		return;
	place.end = place.start + wanted_bytes;
	while ((other = overlapping(place))) {
		place.start = other->end;
		place.end = place.start + wanted_bytes;
	}
	if (place.end <= r.end && place.start >= r.start)
		found = place.start;
}

/* Hands over R, going round what is taken. */
static void add_frames(struct range r)
{
	for (paddr_t p = MAX(r.start, PAGE_SIZE); p < r.end; p += PAGE_SIZE)
		if (!overlapping((struct range){ p, p + PAGE_SIZE }))
			frame_add(p >> PAGE_SHIFT, 1);
}

bool bootmem_init(const struct multiboot_info *mbi)
{
	if (!(mbi->flags & MULTIBOOT_HAS_MMAP)) {
		printk("the boot loader gave no memory map\n");
		return false;
	}
	take_image_and_modules(mbi);
	for_each_available(mbi, find_top);
	ignored_kib = 0;
	wanted_bytes = (top >> PAGE_SHIFT) * sizeof(struct frame);
	for_each_available(mbi, find_place);
	if (found) {
		take(found, found + wanted_bytes);
		frame_init(paddr_to_ptr(found), top >> PAGE_SHIFT);
		ignored_kib = 0;
		for_each_available(mbi, add_frames);
	}
	if (!found || frame_count(FRAME_FREE) < LEAST_FRAMES) {
		printk("too little memory: %u KiB in all, of which %u KiB are free; Shisho needs 8 MiB\n",
		       top >> 10, found ? frame_count(FRAME_FREE) * 4 : 0);
		return false;
	}
	return true;
}
