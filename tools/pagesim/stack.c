/*
 * The optimum and LRU: what a kernel cannot have, since no hardware tells it the future, or each use.
 */
#include <stdlib.h>

#include "sim.h"

/* Pages in memory, the one to evict at the top: a heap by key, in which an entry whose page has got another key is stale. */
struct entry {
	u64 key;
	u32 page;
};

static struct entry *heap;
static u32 heap_size;

static void heap_push(u64 key, u32 page)
{
	u32 i = ++heap_size;

	for (; i > 1 && heap[i / 2].key < key; i /= 2)
		heap[i] = heap[i / 2];
	heap[i] = (struct entry){ key, page };
}

static struct entry heap_pop(void)
{
	struct entry top = heap[1], last = heap[heap_size--];
	u32 i = 1;

	while (2 * i <= heap_size) {
		u32 child = 2 * i;

		if (child < heap_size && heap[child + 1].key > heap[child].key)
			child++;
		if (heap[child].key <= last.key)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return top;
}

/* Takes the page with the highest key out of memory. KEY[i] is page i's; 0: it is not in memory. */
static void evict_highest(u64 *key)
{
	struct entry victim = heap_pop();

	while (key[victim.page] != victim.key)
		victim = heap_pop();
	key[victim.page] = 0;
}

/* Evicts the page with the highest key. The reference i gives its page the key KEYS[i]. */
static u32 count(const struct string *s, u32 frames, const u64 *keys, char *marks)
{
	u64 *key = sim_alloc(s->distinct, sizeof(*key));
	u32 resident = 0, faults = 0;

	heap = sim_alloc(s->length + 2ul, sizeof(*heap));
	heap_size = 0;
	for (u32 i = 0; i < s->length; i++) {
		u32 page = s->pages[i];
		bool fault = !key[page];

		if (marks)
			marks[i] = fault ? 'F' : '.';
		faults += fault;
		if (fault && resident == frames)
			evict_highest(key);
		else
			resident += fault;
		key[page] = keys[i];
		heap_push(keys[i], page);
	}
	free(heap);
	free(key);
	return faults;
}

u32 sim_opt(const struct string *s, u32 frames, char *marks)
{
	u64 *keys = sim_alloc(s->length, sizeof(*keys)), *next = sim_alloc(s->distinct, sizeof(*next));
	u32 faults;

	for (u32 page = 0; page < s->distinct; page++)
		next[page] = (u64)s->length + 1 + page; /* never again */
	for (u32 i = s->length; i-- > 0;) {
		keys[i] = next[s->pages[i]];
		next[s->pages[i]] = i + 1;
	}
	faults = count(s, frames, keys, marks);
	free(keys);
	free(next);
	return faults;
}

u32 sim_lru(const struct string *s, u32 frames, char *marks)
{
	u64 *keys = sim_alloc(s->length, sizeof(*keys));
	u32 faults;

	for (u32 i = 0; i < s->length; i++)
		keys[i] = s->length - i; /* the older, the higher */
	faults = count(s, frames, keys, marks);
	free(keys);
	return faults;
}
