/* The sparse map, against a plain array and against every edge of its radix. */
#include "host.h"
#include "mm/kmalloc.h"
#include "mm/pagemap.h"

static void *value_of(u32 n)
{
	return host_ram + 16 + n; /* only compared, never followed */
}

static void put(struct pagemap *m, u32 key, u32 n)
{
	CHECK(pagemap_reserve(m, key));
	pagemap_set(m, key, value_of(n));
}

static const u32 edges[] = {
	0, 1, 62, 63, 64, 65, 127, 128, 4094, 4095, 4096, 4097, 262143, 262144, 262145, 0xBFFFF, 0xC0000, 0xFFFFF,
	16777215, 16777216, 1073741823, 1073741824, 0x7FFFFFFF, 0x80000000, 0xFFFFFFC0, 0xFFFFFFFE, 0xFFFFFFFF,
};
#define EDGES ARRAY_LEN(edges)

static void test_edges(void)
{
	struct pagemap m;

	host_memory(1, 1024);
	for (u32 first = 0; first < EDGES; first++) {
		pagemap_init(&m);
		for (u32 i = 0; i < EDGES; i++) {
			u32 k = (first + i) % EDGES;

			CHECK(!pagemap_find(&m, edges[k]));
			put(&m, edges[k], k);
			SAME(m.count, i + 1);
		}
		for (u32 i = 0; i < EDGES; i++)
			CHECK(pagemap_find(&m, edges[i]) == value_of(i));
		CHECK(!pagemap_find(&m, 2) && !pagemap_find(&m, 0x12345678));
		for (u32 i = 0; i < EDGES; i++)
			CHECK(pagemap_remove(&m, edges[(first + i) % EDGES]) == value_of((first + i) % EDGES));
		SAME(m.count, 0);
		CHECK(!m.root);
		SAME(kmalloc_bytes_used(), 0);
	}
}

/* Walks the whole map. => entries seen; each must be EDGES' next, if CHECKED */
static u32 walk(struct pagemap *m, u32 from, u32 end)
{
	u32 key = from, n = 0, before = 0;

	for (; pagemap_next(m, &key, end); key++) {
		CHECK(key >= from && key < end && (n == 0 || key > before));
		before = key;
		n++;
		if (key == ~0u)
			break;
	}
	return n;
}

static void test_next(void)
{
	struct pagemap m;

	host_memory(1, 1024);
	pagemap_init(&m);
	SAME(walk(&m, 0, ~0u), 0);
	for (u32 i = 0; i < EDGES; i++)
		put(&m, edges[i], i);
	for (u32 from = 0; from < EDGES; from++) {
		for (u32 to = from; to < EDGES; to++) {
			SAME(walk(&m, edges[from], edges[to]), to - from);
			if (edges[from] != ~0u)
				SAME(walk(&m, edges[from] + 1, edges[to]),
				     to - from - (to > from && edges[from] + 1 <= edges[to] ? 1 : 0));
		}
	}
}

/* What was reserved and not filled goes with the map, and a reservation changes no answer. */
static void test_reserve(void)
{
	struct pagemap m;

	host_memory(1, 1024);
	pagemap_init(&m);
	for (u32 i = 0; i < EDGES; i++) {
		CHECK(pagemap_reserve(&m, edges[i]));
		CHECK(!pagemap_find(&m, edges[i]));
		SAME(m.count, 0);
	}
	SAME(walk(&m, 0, ~0u), 0);
	CHECK(kmalloc_bytes_used() > 0);
	pagemap_destroy(&m);
	SAME(kmalloc_bytes_used(), 0);
	pagemap_destroy(&m);
}

/* Without memory nothing that was there is lost, whichever allocation it is that fails. */
static void test_no_memory(void)
{
	host_memory(1, 64);
	for (u32 i = 0; i < EDGES; i++) {
		struct pagemap m;
		void *hoard = NULL;
		u32 other = edges[i] ^ 0x80000000, before;

		pagemap_init(&m);
		put(&m, edges[i], i);
		before = m.count;
		for (void **p; (p = kmalloc_class(16, FRAME_FOR_DAEMON)); hoard = p)
			*p = hoard;
		for (void **p; (p = kmalloc_class(2000, FRAME_FOR_DAEMON)); hoard = p)
			*p = hoard;
		for (void **p; (p = kmalloc_class(300, FRAME_FOR_DAEMON)); hoard = p)
			*p = hoard;
		for (void **p; (p = kmalloc_class(520, FRAME_FOR_DAEMON)); hoard = p)
			*p = hoard;
		while (!pagemap_reserve(&m, other)) {
			void *next;

			CHECK(pagemap_find(&m, edges[i]) == value_of(i) && !pagemap_find(&m, other));
			SAME(m.count, before);
			CHECK(hoard);
			next = *(void **)hoard;
			kfree(hoard);
			hoard = next;
		}
		pagemap_set(&m, other, value_of(99));
		CHECK(pagemap_remove(&m, edges[i]) == value_of(i) && pagemap_remove(&m, other) == value_of(99));
		pagemap_destroy(&m);
		while (hoard) {
			void *next = *(void **)hoard;

			kfree(hoard);
			hoard = next;
		}
		SAME(kmalloc_bytes_used(), 0);
		kmalloc_trim();
	}
}

static void test_misuse(void)
{
	struct pagemap m;

	host_memory(1, 1024);
	pagemap_init(&m);
	PANICS("leaf", pagemap_set(&m, 5, value_of(1)));
	put(&m, 5, 1);
	PANICS("value", pagemap_set(&m, 5, NULL));
	PANICS("leaf", pagemap_set(&m, 4096, value_of(1)));
	PANICS("count", pagemap_destroy(&m));
}

/* A million operations, on keys that crowd together and on keys far apart, against an array of what must be there. */
static void test_random(void)
{
	enum { KEYS = 5000 };
	static u32 keys[KEYS], values[KEYS];
	u32 count = 0, rounds = host_rounds(1000000);
	struct pagemap m;

	host_memory(1, 4096);
	pagemap_init(&m);
	for (u32 i = 0; i < KEYS; i++) /* sorted, with no two equal */
		keys[i] = i < 3000 ? i : i < 4000 ? 100000 + i * 100 : 1000000000u + (i - 4000) * 3000000u;
	for (u32 i = 0; i < rounds; i++) {
		u32 k = host_random(KEYS), from = k, key = keys[k];

		switch (host_random(4)) {
		case 0:
			put(&m, keys[k], i);
			count += !values[k];
			values[k] = i + 1;
			break;
		case 1:
			CHECK(pagemap_remove(&m, keys[k]) == (values[k] ? value_of(values[k] - 1) : NULL));
			count -= !!values[k];
			values[k] = 0;
			break;
		case 2:
			CHECK(pagemap_find(&m, keys[k]) == (values[k] ? value_of(values[k] - 1) : NULL));
			break;
		default:
			while (from < KEYS && !values[from])
				from++;
			if (from == KEYS)
				CHECK(!pagemap_next(&m, &key, ~0u));
			else
				CHECK(pagemap_next(&m, &key, ~0u) == value_of(values[from] - 1) && key == keys[from]);
		}
		SAME(m.count, count);
	}
	for (u32 k = 0; k < KEYS; k++)
		pagemap_remove(&m, keys[k]);
	SAME(kmalloc_bytes_used(), 0);
}

/* All keys of FROM that lie in [START, END), and only they, are set in TO as well. */
static void copy_runs(struct pagemap *to, struct pagemap *from, u32 start, u32 end)
{
	void *const *values;
	u32 n;

	for (u32 key = start; (n = pagemap_run(from, &key, end, &values)); key += n) {
		CHECK(n <= PAGEMAP_RUN && values[0] && key >= start && key + n <= end);
		CHECK(pagemap_reserve(to, key));
		pagemap_set_run(to, key, values, n);
	}
}

/* The same in many places at once as one by one. */
static void test_runs(void)
{
	struct pagemap a, b;

	host_memory(1, 2048);
	for (u32 round = 0; round < 300; round++) {
		u32 start = host_random(700), end = start + host_random(round % 2 ? 700 : 4), key = start, n, inside = 0, removed = 0;
		void *values[PAGEMAP_RUN];

		pagemap_init(&a);
		pagemap_init(&b);
		for (u32 i = 0; i < 400; i++)
			put(&a, host_random(1000), i);
		copy_runs(&b, &a, start, end);
		for (u32 k = 0; k < 1400; k++) {
			CHECK(pagemap_find(&b, k) == (k >= start && k < end ? pagemap_find(&a, k) : NULL));
			inside += pagemap_find(&b, k) != NULL;
		}
		SAME(b.count, inside);
		while ((n = pagemap_remove_run(&b, &key, end, values))) {
			for (u32 i = 0; i < n; i++) {
				CHECK(values[i] == pagemap_find(&a, key + i));
				removed += values[i] != NULL;
			}
		}
		SAME(removed, inside);
		CHECK(!b.count && !b.root);
		for (key = 0; pagemap_remove_run(&a, &key, 1000, values);)
			;
		SAME(kmalloc_bytes_used(), 0);
	}
}

const struct host_test pagemap_tests[] = {
	{ "edges", test_edges },
	{ "next", test_next },
	{ "reserve", test_reserve },
	{ "no memory", test_no_memory },
	{ "misuse", test_misuse },
	{ "random", test_random },
	{ "runs", test_runs },
	{ NULL, NULL },
};
