/* The kernel heap. */
#include "host.h"
#include "mm/kmalloc.h"

static const u32 classes[] = { 16, 32, 48, 64, 96, 128, 192, 272, 400, 512, 672, 1008, 2032 };

static u32 class_of(u32 size)
{
	for (u32 c = 0; c < ARRAY_LEN(classes); c++)
		if (size <= classes[c])
			return classes[c];
	size = (size + PAGE_SIZE - 1) / PAGE_SIZE;
	for (u32 blocks = 1;; blocks *= 2)
		if (blocks >= size)
			return blocks * PAGE_SIZE;
}

/* Every size up to three frames: as many bytes as asked for, aligned, all of them usable, and given back. */
static void test_every_size(void)
{
	u32 free;

	host_memory(1, 1024);
	free = frame_count(FRAME_FREE);
	for (u32 size = 0; size <= 3 * PAGE_SIZE; size++) {
		char *p = kmalloc(size), *q = kmalloc(size);

		CHECK(p && q && p != q);
		SAME((uintptr_t)p % (size >= PAGE_SIZE ? PAGE_SIZE : 16), 0);
		SAME(kmalloc_bytes_used(), 2 * class_of(size));
		memset(p, 0x11, size);
		memset(q, 0x22, size);
		CHECK(!size || (p[0] == 0x11 && p[size - 1] == 0x11));
		kfree(p);
		CHECK(!size || (q[0] == 0x22 && q[size - 1] == 0x22));
		kfree(q);
		SAME(kmalloc_bytes_used(), 0);
	}
	kmalloc_trim();
	SAME(kmalloc_frames(), 0);
	SAME(frame_count(FRAME_FREE), free);
}

/* A slab filled to its last block: blocks do not overlap one another, nor header, nor the frame's end. */
static void test_every_class(void)
{
	static char *block[4096];

	host_memory(1, 1024);
	for (u32 c = 0; c < ARRAY_LEN(classes); c++) {
		u32 n = 0, per_frame;

		do
			block[n++] = kmalloc(classes[c]);
		while (kmalloc_frames() < 3);
		per_frame = (n - 1) / 2;
		SAME(n, 2 * per_frame + 1);
		CHECK(per_frame * classes[c] <= PAGE_SIZE && (per_frame + 1) * classes[c] > PAGE_SIZE - 64);
		for (u32 i = 0; i < n; i++)
			memset(block[i], (int)i, classes[c]);
		for (u32 i = 0; i < n; i++) {
			u32 offset = (uintptr_t)block[i] % PAGE_SIZE;

			SAME(offset % 16, 0);
			CHECK(offset + classes[c] <= PAGE_SIZE);
			for (u32 j = 0; j < classes[c]; j++)
				SAME((u8)block[i][j], (u8)i);
		}
		for (u32 i = 0; i < n; i++)
			kfree(block[i]);
		SAME(kmalloc_bytes_used(), 0);
		kmalloc_trim();
		SAME(kmalloc_frames(), 0);
	}
}

/* One empty slab a class is kept, no more; trimming takes that one too. */
static void test_trim(void)
{
	static void *block[1000];
	u32 free;

	host_memory(1, 1024);
	free = frame_count(FRAME_FREE);
	for (u32 i = 0; i < 1000; i++)
		block[i] = kmalloc(400);
	CHECK(kmalloc_frames() >= 100);
	for (u32 i = 0; i < 1000; i++)
		kfree(block[i]);
	SAME(kmalloc_frames(), 1);
	SAME(kmalloc_trim(), 1);
	SAME(kmalloc_trim(), 0);
	SAME(frame_count(FRAME_FREE), free);

	/* a slab in use stays, and what is in it */
	strcpy(block[0] = kmalloc(16), "stays");
	SAME(kmalloc_trim(), 0);
	CHECK(strcmp(block[0], "stays") == 0);
	kfree(block[0]);
}

static void test_zeroed(void)
{
	host_memory(1, 1024);
	for (u32 size = 1; size < 10000; size += 37) {
		char *p = kmalloc(size);

		memset(p, 0xFF, size);
		kfree(p);
		p = kzalloc(size);
		for (u32 i = 0; i < size; i++)
			SAME(p[i], 0);
		kfree(p);
	}
	kfree(NULL);
}

static u32 fill(void **chain, u32 size, enum frame_class class)
{
	void **p;
	u32 n = 0;

	while ((p = kmalloc_class(size, class))) {
		*p = *chain;
		*chain = p;
		n++;
	}
	return n;
}

static void empty(void *chain)
{
	while (chain) {
		void *next = *(void **)chain;

		kfree(chain);
		chain = next;
	}
}

static void test_exhaustion(void)
{
	host_memory(1, 1024);
	for (u32 c = 0; c < ARRAY_LEN(classes); c++) {
		u32 free = frame_count(FRAME_FREE), first = 0;
		void *chain = NULL;

		for (u32 round = 0; round < 3; round++) {
			u32 n = fill(&chain, classes[c], FRAME_FOR_KERNEL);

			CHECK(n > 0 && (!first || n == first));
			first = n;
			CHECK(fill(&chain, classes[c], FRAME_FOR_FAULT) > 0);
			CHECK(fill(&chain, classes[c], FRAME_FOR_DAEMON) > 0);
			SAME(frame_count(FRAME_FREE), 0);
			CHECK(!kzalloc_class(classes[c], FRAME_FOR_DAEMON));
			empty(chain);
			chain = NULL;
		}
		kmalloc_trim();
		SAME(frame_count(FRAME_FREE), free);
	}
}

/* Sizes that cannot be: no memory, not a small block. */
static void test_bounds(void)
{
	static const u32 sizes[] = { (4u << 20) + 1, 8u << 20, 0x7FFFFFFF, 0x80000000, 0xFFFFF001, 0xFFFFFFFF };

	host_memory(1, 4096);
	CHECK(kmalloc(4u << 20));
	for (u32 i = 0; i < ARRAY_LEN(sizes); i++)
		CHECK(!kmalloc(sizes[i]) && !kzalloc(sizes[i]));
}

static void test_misuse(void)
{
	char *small, *large;
	struct frame *f;

	host_memory(16, 1024);
	small = kmalloc(100);
	large = kmalloc(20000);
	f = frame_alloc(FRAME_TABLE, 0, FRAME_FOR_KERNEL);
	PANICS("SLAB_HEADER", kfree(small + 1));
	PANICS("SLAB_HEADER", kfree(small + 16));
	PANICS("used", { kfree(small); kfree(small); });
	PANICS("state", { kfree(large); kfree(large); });
	PANICS("order", kfree(large + PAGE_SIZE));
	PANICS("state", kfree(frame_ptr(f)));
	PANICS("state", kfree(host_ram));
	PANICS("index", kfree(host_ram + 1024 * PAGE_SIZE));
}

/* A million operations against a shadow of every live block, its bytes included. */
static void test_random(void)
{
	static struct {
		u8 *p;
		u32 size;
		u8 stamp;
	} live[2000];
	u32 bytes = 0, rounds = host_rounds(1000000);

	host_memory(1, 4096);
	for (u32 i = 0; i < rounds; i++) {
		u32 k = host_random(ARRAY_LEN(live));

		if (live[k].p) {
			for (u32 j = 0; j < live[k].size; j += 1 + live[k].size / 8)
				SAME(live[k].p[j], live[k].stamp);
			SAME(live[k].p[live[k].size - 1], live[k].stamp);
			kfree(live[k].p);
			live[k].p = NULL;
			bytes -= class_of(live[k].size);
		} else {
			live[k].size = 1 + host_random(host_random(20) ? 700 : 9000);
			live[k].p = kmalloc(live[k].size);
			live[k].stamp = (u8)i;
			CHECK(live[k].p);
			memset(live[k].p, live[k].stamp, live[k].size);
			bytes += class_of(live[k].size);
		}
		SAME(kmalloc_bytes_used(), bytes);
		if (i % 5000 == 0)
			kmalloc_trim();
	}
	for (u32 k = 0; k < ARRAY_LEN(live); k++)
		kfree(live[k].p);
	kmalloc_trim();
	SAME(kmalloc_frames(), 0);
	SAME(frame_count(FRAME_FREE), 4095);
}

const struct host_test kmalloc_tests[] = {
	{ "every size", test_every_size },
	{ "every class", test_every_class },
	{ "trim", test_trim },
	{ "zeroed", test_zeroed },
	{ "exhaustion", test_exhaustion },
	{ "bounds", test_bounds },
	{ "misuse", test_misuse },
	{ "random", test_random },
	{ NULL, NULL },
};
