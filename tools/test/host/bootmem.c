/* From the loader's memory map to frames: what is given out, what is kept, and maps that are odd. */
#include "host.h"
#include "kernel/base/multiboot.h"
#include "mm/bootmem.h"

#define KIB 1024ull
#define MIB (1024 * KIB)
#define IMAGE_END (2 * MIB) /* where the linker put kernel_end for these tests */

#define MAP_AT 0x5000u      /* in memory that will be given out */
#define MODULES_AT 0x6000u

static struct multiboot_info info;

static void add_range(u64 addr, u64 len, u32 type)
{
	struct multiboot_mmap e = { sizeof(e) - sizeof(e.size), addr, len, type };

	memcpy((char *)paddr_to_ptr(MAP_AT) + info.mmap_length, &e, sizeof(e));
	info.mmap_length += sizeof(e);
}

static void add_module(u32 start, u32 end)
{
	struct multiboot_module m = { start, end, 0, 0 };

	memcpy((struct multiboot_module *)paddr_to_ptr(MODULES_AT) + info.mods_count++, &m, sizeof(m));
	info.flags |= MULTIBOOT_HAS_MODULES;
}

static void begin(void)
{
	info = (struct multiboot_info){ .flags = MULTIBOOT_HAS_MMAP, .mmap_addr = MAP_AT, .mods_addr = MODULES_AT };
	frame_poisoning = true; /* what is given out is overwritten at once */
}

static void begin_usual(void)
{
	begin();
	add_range(0, 0x9FC00, 1);
	add_range(0x9FC00, 0x400, 2);
	add_range(0xF0000, 0x10000, 2);
	add_range(1 * MIB, 15 * MIB, 1);
	add_range(0xFFFC0000, 0x40000, 2);
}

static enum frame_state state_at(u64 paddr)
{
	return frame_at((u32)(paddr >> PAGE_SHIFT))->state;
}

static u32 frame_table_pages(void)
{
	return (u32)((frame_total() * sizeof(struct frame) + PAGE_SIZE - 1) / PAGE_SIZE);
}

static void test_usual(void)
{
	begin_usual();
	CHECK(bootmem_init(&info));
	SAME(frame_total(), 4096);
	SAME(state_at(0), FRAME_RESERVED);
	SAME(state_at(0x1000), FRAME_FREE);
	SAME(state_at(0x9E000), FRAME_FREE);
	SAME(state_at(0x9F000), FRAME_RESERVED); /* only part of it is there */
	SAME(state_at(0xA0000), FRAME_RESERVED);
	SAME(state_at(0xFF000), FRAME_RESERVED);
	SAME(state_at(1 * MIB), FRAME_RESERVED);
	SAME(state_at(IMAGE_END - 1), FRAME_RESERVED);
	SAME(state_at(16 * MIB - 1), FRAME_FREE);
	SAME(frame_count(FRAME_FREE), 0x9E + 14 * 256 - frame_table_pages());
	SAME(bootmem_kib_ignored(), 0);
	/* the table itself was not given out */
	SAME(state_at(ptr_to_paddr(frame_at(0))), FRAME_RESERVED);
	SAME(state_at(ptr_to_paddr(frame_at(4095))), FRAME_RESERVED);
}

static void test_modules(void)
{
	struct bootmem_module m;

	begin_usual();
	memset(paddr_to_ptr(IMAGE_END), 0x42, 5000);
	add_module(IMAGE_END, IMAGE_END + 5000);     /* where the frame table would have gone */
	add_module(0x500000, 0x501000);
	add_module(0x700000, 0x700000);              /* empty */
	add_module(0x800000, 0x700000);              /* ends before it begins */
	CHECK(bootmem_init(&info));
	CHECK(bootmem_module(0, &m) && m.start == IMAGE_END && m.bytes == 5000);
	CHECK(bootmem_module(1, &m) && m.start == 0x500000 && m.bytes == 4096);
	CHECK(!bootmem_module(2, &m));
	SAME(state_at(IMAGE_END), FRAME_RESERVED);
	SAME(state_at(IMAGE_END + 4096), FRAME_RESERVED);
	SAME(state_at(0x500000), FRAME_RESERVED);
	SAME(state_at(0x4FF000), FRAME_FREE);
	SAME(state_at(0x501000), FRAME_FREE);
	SAME(frame_count(FRAME_FREE), 0x9E + 14 * 256 - 3 - frame_table_pages());
	for (u32 i = 0; i < 5000; i++)
		SAME(((char *)paddr_to_ptr(IMAGE_END))[i], 0x42);
}

/* More than the direct map reaches: that much is used, the rest is reported. */
static void test_much(void)
{
	begin();
	frame_poisoning = false;
	add_range(0, 0x9FC00, 1);
	add_range(1 * MIB, 2047 * MIB, 1);
	add_range(4096 * MIB, 1024 * MIB, 1);
	CHECK(bootmem_init(&info));
	SAME(frame_total(), DIRECT_MAX / PAGE_SIZE);
	SAME(bootmem_kib_ignored(), (2048 * MIB - DIRECT_MAX + 1024 * MIB) / KIB);
	SAME(state_at(DIRECT_MAX - 1), FRAME_FREE);
}

static void test_odd(void)
{
	begin();
	add_range(0, 0, 1);
	add_range(0x1001, 0xFFE, 1);             /* no whole frame */
	add_range(0x2FFF, 0x1002, 1);            /* just one: 0x3000 */
	add_range(0x10000, 0x100, 7);
	add_range(0xFFFFFFFFFFFFF000ull, 0x2000, 1); /* wraps round */
	add_range(2 * MIB + 1, 10 * MIB, 1);
	CHECK(bootmem_init(&info));
	SAME(frame_total(), 12 * 256);
	SAME(state_at(0x1000), FRAME_RESERVED);
	SAME(state_at(0x2000), FRAME_RESERVED);
	SAME(state_at(0x3000), FRAME_FREE);
	SAME(state_at(0x4000), FRAME_RESERVED);
	SAME(state_at(2 * MIB), FRAME_RESERVED);
	SAME(frame_count(FRAME_FREE), 1 + 10 * 256 - 1 - frame_table_pages());
}

static void test_too_little(void)
{
	begin();
	CHECK(!bootmem_init(&info)); /* an empty map */
	begin();
	add_range(0, 0x9FC00, 1);
	add_range(1 * MIB, 2 * MIB, 1);
	CHECK(!bootmem_init(&info));
}

static void test_no_map(void)
{
	begin_usual();
	info.flags = 0;
	CHECK(!bootmem_init(&info));
}

const struct host_test bootmem_tests[] = {
	{ "usual", test_usual },
	{ "modules", test_modules },
	{ "much", test_much },
	{ "odd", test_odd },
	{ "too little", test_too_little },
	{ "no map", test_no_map },
	{ NULL, NULL },
};
