/* Replacement policies, on textbook reference strings and against plain models of the same algorithms. */
#include "mm/pagetable.h"
#include "mm/policy.h"
#include "mm/rmap.h"
#include "model.h"

static struct frame *resident[NAMES];
static u32 resident_count;

static u32 name_of(const struct frame *f)
{
	return f->index;
}

static void evict(void)
{
	struct frame *f = policy_victim(NULL);

	CHECK(f && resident[name_of(f)] == f);
	resident[name_of(f)] = NULL;
	resident_count--;
	policy_forget(f);
	frame_free(f);
}

/* The page is used; with FRAMES frames in all. => was it a fault? */
static bool use(u32 name, u32 frames)
{
	bool fault = !resident[name];

	if (fault) {
		if (resident_count == frames)
			evict();
		resident[name] = frame_alloc(FRAME_FILE, 0, FRAME_FOR_FAULT);
		CHECK(resident[name]);
		resident[name]->index = name;
		resident_count++;
		policy_admit(resident[name]);
	}
	resident[name]->flags |= FRAME_ACCESSED;
	SAME(policy_pageable(), resident_count);
	return fault;
}

static void start_with(const char *policy)
{
	host_memory(1, 256);
	memset(resident, 0, sizeof(resident));
	resident_count = 0;
	CHECK(policy_select(policy));
	CHECK(strcmp(policy_name(), policy) == 0);
}

static void finish(void)
{
	while (resident_count)
		evict();
	CHECK(!policy_victim(NULL));
}

static u32 faults(const char *policy, const char *string, u32 frames)
{
	u32 n = 0;

	start_with(policy);
	for (; *string; string++)
		n += use((u32)(*string - '0'), frames);
	finish();
	return n;
}

static u32 model_faults(use_of_model *model, const char *string, u32 frames)
{
	struct model m = { 0 };
	u32 n = 0;

	for (; *string; string++)
		n += model(&m, (u32)(*string - '0'), frames);
	return n;
}

#define BELADY "123412512345"     /* Belady, Nelson, Shedler 1969 */
#define TANENBAUM "012301401234"  /* Modern Operating Systems, "Belady's anomaly" */
#define SILBERSCHATZ "70120304230321201701" /* Operating System Concepts, "Page Replacement" */
#define STALLINGS "232152453252"  /* Operating Systems, "Replacement Policy" */

static void test_textbooks(void)
{
	static const struct {
		const char *policy, *string;
		u32 frames, faults;
	} table[] = {
		{ "fifo", BELADY, 3, 9 },         { "fifo", BELADY, 4, 10 },      { "fifo", BELADY, 5, 5 },
		{ "fifo", TANENBAUM, 3, 9 },      { "fifo", TANENBAUM, 4, 10 },
		{ "fifo", SILBERSCHATZ, 3, 15 },  { "fifo", SILBERSCHATZ, 4, 10 },
		{ "fifo", STALLINGS, 3, 9 },      { "clock", STALLINGS, 3, 8 },
		{ "fifo", BELADY, 1, 12 },        { "clock", BELADY, 1, 12 },     { "clock", BELADY, 5, 5 },
	};

	for (u32 i = 0; i < ARRAY_LEN(table); i++) {
		u32 n = faults(table[i].policy, table[i].string, table[i].frames);

		if (n != table[i].faults)
			host_fail(__FILE__, __LINE__, "%s, %u frames, %s: %u faults, not %u", table[i].policy,
				  table[i].frames, table[i].string, n, table[i].faults);
	}
}

/* More memory, more faults: under FIFO it happens; a stack algorithm cannot show it, whatever the string. */
static void test_belady(void)
{
	CHECK(faults("fifo", BELADY, 4) > faults("fifo", BELADY, 3));
	SAME(model_faults(model_lru, BELADY, 3), 10);
	SAME(model_faults(model_lru, BELADY, 4), 8);
	SAME(model_faults(model_lru, SILBERSCHATZ, 3), 12);
	for (u32 i = 0; i < 2000; i++) {
		char string[61] = "";

		for (u32 j = 0; j < 60; j++)
			string[j] = (char)('0' + host_random(9));
		for (u32 frames = 1; frames < 9; frames++)
			CHECK(model_faults(model_lru, string, frames + 1) <= model_faults(model_lru, string, frames));
	}
}

static void compare(const char *policy, use_of_model *model)
{
	u32 rounds = host_rounds(500000), since = 0, frames = 1;
	struct model m = { 0 };

	start_with(policy);
	for (u32 i = 0; i < rounds; i++) {
		u32 name = host_random(3) ? host_random(12) : host_random(NAMES);

		if (since++ > 2000) {
			finish();
			m = (struct model){ 0 };
			since = 0;
			frames = 1 + host_random(40);
		}
		SAME(use(name, frames), model(&m, name, frames));
		for (u32 k = 0; i % 100 == 0 && k < NAMES; k++)
			SAME(resident[k] != NULL, model_find(&m, k) < m.n);
	}
}

static void test_fifo_random(void) { compare("fifo", model_fifo); }
static void test_clock_random(void) { compare("clock", model_clock); }

/* CLOCK keeps what is used every round while a long scan passes; FIFO does not. */
static void test_working_set(void)
{
	static const char *const names[] = { "clock", "fifo" };
	u32 n[2];

	for (u32 p = 0; p < 2; p++) {
		start_with(names[p]);
		n[p] = 0;
		for (u32 i = 0; i < 10000; i++) {
			n[p] += use(i % 4, 16);
			use(4 + i % 50, 16);
		}
		finish();
	}
	CHECK(n[0] < 8); /* the first round clears every bit and takes the one where it began */
	CHECK(n[1] > 1000);
}

/* Pinned, busy, in writing, wired: never a victim. With none left there is none. */
static void test_evictable(void)
{
	for (u32 p = 0; policy_table[p]; p++) {
		start_with(policy_table[p]->name);
		for (u32 i = 0; i < 6; i++)
			use(i, 10);
		resident[0]->pins = 1;
		resident[1]->flags |= FRAME_BUSY;
		resident[2]->flags |= FRAME_WRITEBACK;
		frame_wire(resident[3]);
		for (u32 i = 0; i < 100; i++) {
			u32 victim = name_of(policy_victim(NULL));

			CHECK(victim == 4 || victim == 5);
		}
		policy_forget(resident[4]);
		resident[5]->pins = 1;
		CHECK(!policy_victim(NULL));
		resident[5]->pins = 0;
		CHECK(policy_victim(NULL) == resident[5]);
		policy_forget(resident[5]);
		CHECK(!policy_victim(NULL));
		policy_forget(resident[5]);
		SAME(policy_pageable(), 4);
		for (u32 i = 0; i < 4; i++)
			policy_forget(resident[i]);
		SAME(policy_pageable(), 0);
	}
}

/* An anonymous page without a place to go stays. */
static void test_no_slot(void)
{
	struct frame *f;

	start_with("clock");
	use(0, 10);
	f = resident[0];
	f->state = FRAME_ANON;
	f->anon = calloc(1, 64);
	CHECK(!policy_victim(NULL));
	f->state = FRAME_FILE;
	CHECK(policy_victim(NULL) == f);
}

/* Only what the one space maps; the others keep their place. */
static void test_scope(void)
{
	static struct pagetable mine, other;
	struct policy_scope scope = { &mine };

	for (u32 p = 0; policy_table[p]; p++) {
		host_memory(1, 512);
		pagetable_init();
		memset(resident, 0, sizeof(resident));
		resident_count = 0;
		CHECK(policy_select(policy_table[p]->name) && pagetable_create(&mine) && pagetable_create(&other));
		CHECK(pagetable_ensure(&mine, 0x100000) && pagetable_ensure(&other, 0x100000));
		for (u32 i = 0; i < 20; i++) {
			struct pagetable *pt = i % 4 ? &other : &mine;
			vaddr_t va = 0x100000 + i * PAGE_SIZE;

			use(i, 30);
			rmap_map(pt, va, pagetable_entry(pt, va), resident[i], false);
		}
		for (u32 i = 0; i < 5; i++) {
			struct frame *f = policy_victim(&scope);

			SAME(name_of(f) % 4, 0);
			SAME(rmap_unmap_all(f), 1);
			policy_forget(f);
		}
		CHECK(!policy_victim(&scope));
		CHECK(policy_victim(NULL));
		SAME(policy_pageable(), 15);
		for (u32 i = 0; i < 20; i++)
			rmap_unmap_all(resident[i]);
		for (u32 i = 0; i < 20; i++)
			policy_forget(resident[i]);
	}
}

/* The policy is changed while pages are in memory: the new one has them all, once each. */
static void test_select(void)
{
	start_with("fifo");
	CHECK(!policy_select("nonsense") && !policy_select(""));
	CHECK(strcmp(policy_name(), "fifo") == 0);
	for (u32 round = 0; round < 1000; round++) {
		CHECK(policy_select(policy_table[host_random(6)]->name));
		for (u32 i = 0; i < 50; i++)
			use(host_random(NAMES), 20);
	}
	SAME(policy_pageable(), 20);
	for (u32 i = 0; i < 20; i++)
		evict();
	CHECK(!policy_victim(NULL));
	SAME(policy_pageable(), 0);
}

static void test_misuse(void)
{
	start_with("clock");
	use(0, 10);
	PANICS("LISTED", policy_admit(resident[0]));
	PANICS("FRAME_LISTED", frame_free(resident[0]));
	PANICS("state", policy_admit(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL)));
}

const struct host_test policy_tests[] = {
	{ "textbooks", test_textbooks },
	{ "Belady's anomaly", test_belady },
	{ "fifo at random", test_fifo_random },
	{ "clock at random", test_clock_random },
	{ "working set", test_working_set },
	{ "evictable", test_evictable },
	{ "no slot", test_no_slot },
	{ "scope", test_scope },
	{ "select", test_select },
	{ "misuse", test_misuse },
	{ NULL, NULL },
};
