/*
 * mark.c - marks what is reachable from words.
 *
 * Objects that are marked but not scanned are on a stack of fixed size. If it is full, an object is only marked, and the
 * overflow is recorded: when the stack is empty, all marked objects are scanned again, in the order of addresses, until no
 * overflow occurs. Each such pass follows at least one more reference, so it terminates.
 *
 * A large range is scanned piece by piece, from its end: what is reachable from a piece is marked before the next one, so the
 * depth of the stack is that of the nesting of the data, not their length. In lists whose last field is the link, the other
 * fields of an element come before the next element for the same reason.
 */
#include "mark.h"

#include "inside.h"
#include "page.h"
#include "lib/heap.h"
#include "lib/heap_trace.h"

enum { STACK = 4096, PIECE = 512 };

struct range {
	uint32_t from, to;
};

uint32_t gc_mark_room = STACK;
static struct range *stack, *top;		/* a block of the heap: in bss it would be a root; where the next goes */
static bool was_full;

bool mark_ready(void)
{
	if (!stack)
		stack = top = heap_best.malloc(STACK * sizeof(*stack));
	return stack;
}

/* False: there is no room. */
static inline bool push(uint32_t from, uint32_t size)
{
	if (__builtin_expect(top >= stack + gc_mark_room, 0))
		return false;
	*top++ = (struct range){ from, from + size };
	return true;
}

static __attribute__((noinline)) void tell(uint32_t at, uint32_t size, const uint32_t *where, bool pushed)
{
	heap_tell("gc mark at=%#x size=%u from=%p\n", at, size, (const void *)where);
	if (pushed)
		heap_tell("gc push at=%#x size=%u\n", at, size);
}

/* `word` stands at `where` and is an address in the page. */
static inline void mark(struct gc_page *p, uint32_t word, const uint32_t *where)
{
	uint32_t i = page_index(p, word), bit = 1u << i % 32, at;

	if (!(p->used[i / 32] & ~p->marked[i / 32] & bit))
		return;
	p->marked[i / 32] |= bit;
	at = p->start + i * p->size;
	if (!p->is_atomic && !push(at, p->size))
		was_full = true;
	if (__builtin_expect(heap_tracing, 0))
		tell(at, p->size, where, !p->is_atomic && top[-1].from == at);
}

static void mark_words(const uint32_t *from, const uint32_t *to)
{
	while (to > from) {
		uint32_t word = *--to;
		struct gc_page *p = page_of(word);

		if (p && word - p->start < p->extent)
			mark(p, word, to);
	}
}

static void drain(void)
{
	while (top > stack) {
		uint32_t from = top[-1].from, to = top[-1].to;

		if (to - from > PIECE)
			top[-1].to = from = to - PIECE;
		else
			top--;
		HEAP_TELL("gc scan at=%#x size=%u\n", from, to - from);
		mark_words((const uint32_t *)from, (const uint32_t *)to);
	}
}

/* From the lowest marked object as far as all are marked: these are scanned in one go. The bits after them remain. */
static uint32_t look_into_run(const struct gc_page *p, uint32_t word, uint32_t bits)
{
	uint32_t first = __builtin_ctz(bits), behind = bits + (1u << first);
	uint32_t n = behind ? __builtin_ctz(behind) - first : 32 - first;

	push(p->start + (word * 32 + first) * p->size, n * p->size);
	drain();
	return bits & behind;
}

static void look_into(const struct gc_page *p)
{
	for (uint32_t w = 0; w < p->words && !p->is_atomic; w++)
		for (uint32_t bits = p->marked[w]; bits;)
			bits = look_into_run(p, w, bits);
}

/* Repeats until the stack has not overflowed. */
static void finish(void)
{
	struct gc_page *p;

	while (was_full) {
		was_full = false;
		HEAP_TELL("gc again room=%u\n", gc_mark_room);
		for (uint32_t n = 0; (p = page_next(&n));)
			look_into(p);
	}
}

void mark_scan(uint32_t from, uint32_t to)
{
	from = (from + 3) & -4u;
	HEAP_TELL("gc root at=%#x size=%u\n", from, (to - from) & -4u);
	push(from, (to - from) & -4u);
	drain();
	finish();
}

void mark_objects(const struct gc_page *p)
{
	HEAP_TELL("gc root at=%#x size=%u\n", p->start, p->extent);
	look_into(p);
	finish();
}

bool mark_is(const void *object)
{
	struct gc_page *p = page_of((uint32_t)object);
	uint32_t i = p ? page_index(p, (uint32_t)object) : 0;

	return p && p->marked[i / 32] >> i % 32 & 1;
}
