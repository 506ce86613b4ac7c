/*
 * From the loader's memory map to frames.
 *
 * Usable memory is what the map calls available, without the kernel's image, the modules, the frame table itself, frame 0 (a
 * physical address of 0 means "none" in too many places) and memory above the direct map.
 * [Multiboot] "Boot information format"; the map comes from the BIOS call "E820".
 */
#include "mm/bootmem.h"

#include "kernel/base/multiboot.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/frame.h"
#include "mm/layout.h"

#define MODULES_MAX 4
#define RANGES_MAX 16
#define LEAST_FRAMES 700 /* 2.75 MiB besides the image: below this not even the shell runs */

struct range {
	paddr_t start, end;
};

extern const char kernel_end[];

static struct bootmem_module modules[MODULES_MAX];
static u32 module_count;
static struct range taken[MODULES_MAX + 2]; /* image, modules, frame table */
static u32 taken_count;
static struct range available[RANGES_MAX];
static u32 available_count;
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

static void bootmem_take(paddr_t start, paddr_t end)
{
	ASSERT_CMP(taken_count, <, ARRAY_LEN(taken));
	taken[taken_count++] = (struct range){ ALIGN_DOWN(start, PAGE_SIZE), ALIGN_UP(end, PAGE_SIZE) };
}

static void take_image_and_modules(const struct multiboot_info *mbi)
{
	const struct multiboot_module *m = paddr_to_ptr(mbi->mods_addr);

	bootmem_take(KERNEL_LOAD, ptr_to_paddr(kernel_end));
	if (!(mbi->flags & MULTIBOOT_HAS_MODULES))
		return;
	for (u32 i = 0; i < mbi->mods_count && i < MODULES_MAX; i++) {
		if (m[i].end <= m[i].start || m[i].end > DIRECT_MAX)
			continue;
		bootmem_take(m[i].start, m[i].end);
		modules[module_count++] = (struct bootmem_module){ m[i].start, m[i].end - m[i].start };
	}
}

/*
 * Copies the available ranges that the direct map covers, as whole frames: the loader's map itself lies in memory that is
 * about to be given out.
 */
static void copy_map(const struct multiboot_info *mbi)
{
	const char *p = paddr_to_ptr(mbi->mmap_addr);
	const char *end = p + mbi->mmap_length;

	while (p < end && available_count < RANGES_MAX) {
		const struct multiboot_mmap *e = (const void *)p;
		u64 last = e->addr + e->len;

		p += e->size + sizeof(e->size);
		if (e->type != MULTIBOOT_MMAP_AVAILABLE)
			continue;
		if (last > DIRECT_MAX)
			ignored_kib += (u32)((last - MAX(e->addr, DIRECT_MAX)) >> 10);
		if (e->addr < DIRECT_MAX)
			available[available_count++] =
				(struct range){ ALIGN_UP((u32)e->addr, PAGE_SIZE),
						ALIGN_DOWN((u32)MIN(last, DIRECT_MAX), PAGE_SIZE) };
	}
}

static paddr_t find_top(void)
{
	paddr_t top = 0;

	for (u32 i = 0; i < available_count; i++)
		top = MAX(top, available[i].end);
	return top;
}

static struct range *overlapping(struct range r)
{
	for (u32 i = 0; i < taken_count; i++)
		if (taken[i].start < r.end && r.start < taken[i].end)
			return &taken[i];
	return NULL;
}

/* => the first free place for BYTES in R; 0: there is none */
static paddr_t place_in(struct range r, u32 bytes)
{
	struct range place = { MAX(r.start, KERNEL_LOAD), 0 };
	struct range *other;

	place.end = place.start + bytes;
	while ((other = overlapping(place))) {
		place.start = other->end;
		place.end = place.start + bytes;
	}
	return place.end <= r.end ? place.start : 0;
}

/* => where the frame table was put; 0: nowhere */
static paddr_t place_frame_table(u32 bytes)
{
	paddr_t place = 0;

	for (u32 i = 0; !place && i < available_count; i++)
		place = place_in(available[i], bytes);
	if (place)
		bootmem_take(place, place + bytes);
	return place;
}

/* => is the page at P neither taken nor added already by an overlapping range? */
static bool is_unused(paddr_t p)
{
	return frame_at(p >> PAGE_SHIFT)->state == FRAME_RESERVED && !overlapping((struct range){ p, p + PAGE_SIZE });
}

/* Adds the unused frames of R. */
static void add_frames(struct range r)
{
	paddr_t p = MAX(r.start, PAGE_SIZE), first;

	while (p < r.end) {
		for (first = p; p < r.end && is_unused(p); p += PAGE_SIZE)
			;
		if (p > first)
			frame_add(first >> PAGE_SHIFT, (p - first) >> PAGE_SHIFT);
		else
			p += PAGE_SIZE;
	}
}

static bool bootmem_enough(void)
{
	u32 free = frame_count(FRAME_FREE);

	if (free >= LEAST_FRAMES)
		return true;
	printk("too little memory: %u KiB, of which %u KiB are free; Shisho needs 8 MiB\n", find_top() >> 10,
	       free * (PAGE_SIZE >> 10));
	return false;
}

bool bootmem_init(const struct multiboot_info *mbi)
{
	u32 frames;
	paddr_t table;

	if (!(mbi->flags & MULTIBOOT_HAS_MMAP)) {
		printk("the boot loader gave no memory map\n");
		return false;
	}
	copy_map(mbi);
	take_image_and_modules(mbi);
	frames = find_top() >> PAGE_SHIFT;
	table = place_frame_table(frames * sizeof(struct frame));
	if (!table) {
		printk("too little memory: no room for the frame table\n");
		return false;
	}
	frame_init(paddr_to_ptr(table), frames);
	for (u32 i = 0; i < available_count; i++)
		add_frames(available[i]);
	return bootmem_enough();
}
