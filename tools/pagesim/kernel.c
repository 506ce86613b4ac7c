/*
 * The kernel around its policies: frames that each hold an anonymous page with a slot of its own. policy.c and the policies' files
 * are linked as they stand; the answers to their questions come from here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/anon.h"
#include "mm/policy.h"
#include "mm/readahead.h"
#include "mm/rmap.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"
#include "sim.h"

#define DRAWN_APART 10007u

struct frame *frame_table;
u32 frame_table_length;
u32 vmtrace_mask;

static const struct string *string;
static struct anon *anons;     /* of each page */
static u32 *evicted;           /* of each slot; slot N is page N - 1's */
static u8 *ages;
static u8 *noted;             /* of each frame: the policy's note, before a question */
static struct frame **free_frames;
static u32 free_count, bystanders;
static struct anon bystander; /* a page without a slot; all of them share it */

bool rmap_accessed(const struct frame *f) { return f->flags & FRAME_ACCESSED; }
void rmap_clear_accessed(struct frame *f) { f->flags &= ~FRAME_ACCESSED; }
bool rmap_dirty(const struct frame *f) { return f->flags & FRAME_DIRTY; }
bool rmap_mapped_by(const struct frame *f, const struct pagetable *pt) { return f && pt; } /* so a scope of NULL has no page */

u32 slot_available(void) { return 1; }
bool readahead_pays(void) { return false; }
u32 slot_evicted(u32 slot) { return evicted[slot]; }
u8 slot_age(u32 slot) { return ages[slot]; }
void slot_forget_eviction(u32 slot) { evicted[slot] = 0; }

void slot_set_evicted(u32 slot, u32 time, u8 age)
{
	evicted[slot] = time & SLOT_TIME_MASK;
	ages[slot] = age;
}

void vmtrace_event(u32 label, u32 at, const char *key, const char *text, const char *format, ...)
{
	(void)label, (void)at, (void)key, (void)text, (void)format;
}

void printk(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
}

void panic_at(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	sim_end(3);
}

void *sim_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void sim_init(const struct string *s, u32 n)
{
	string = s;
	bystanders = n;
	anons = sim_alloc(s->distinct, sizeof(*anons));
	evicted = sim_alloc(s->distinct + 1ul, sizeof(*evicted));
	ages = sim_alloc(s->distinct + 1ul, sizeof(*ages));
	frame_table = sim_alloc((size_t)s->distinct + n, sizeof(*frame_table));
	noted = sim_alloc((size_t)s->distinct + n, sizeof(*noted));
	free_frames = sim_alloc(s->distinct, sizeof(struct frame *));
}

/* Admits a page that cannot leave. */
static void admit_pinned(struct frame *f)
{
	f->state = FRAME_ANON;
	f->anon = &bystander;
	f->pins = 1;
	policy_admit(f);
}

/* `random` takes a number whenever it is asked for a victim, even if no page can leave. */
static void skip_numbers(u32 n)
{
	u32 length = frame_table_length;

	admit_pinned(&frame_table[0]);
	frame_table_length = 1;
	while (n--)
		policy_victim(NULL);
	frame_table_length = length;
	policy_forget(&frame_table[0]);
	memset(&frame_table[0], 0, sizeof(frame_table[0]));
}

/* As at boot: FRAMES free frames, no page in a slot, and the bystanders in the set of a policy that has just been selected. */
static void start(const char *policy, u32 frames)
{
	for (u32 i = 0; i < frame_table_length; i++)
		policy_forget(&frame_table[i]);
	frame_table_length = frames + bystanders;
	memset(frame_table, 0, frame_table_length * sizeof(*frame_table));
	memset(anons, 0, string->distinct * sizeof(*anons));
	memset(evicted, 0, (string->distinct + 1ul) * sizeof(*evicted));
	free_count = 0;
	for (u32 i = frames; i-- > 0;)
		free_frames[free_count++] = &frame_table[i];
	for (u32 i = frames; i < frame_table_length; i++)
		admit_pinned(&frame_table[i]);
	if (!policy_select(policy))
		sim_end(2);
}

static void evict(void)
{
	struct frame *f = policy_victim(NULL);

	if (!f)
		panic("%s has returned NULL (frames whose page can leave: %u)", policy_name(), frame_table_length - bystanders);
	policy_forget(f);
	f->anon->slot = (u32)(f->anon - anons) + 1;
	policy_evicted(f);
	f->anon->frame = NULL;
	free_frames[free_count++] = f;
}

static void bring_in(struct anon *a)
{
	if (!free_count)
		evict();
	a->frame = free_frames[--free_count];
	a->frame->state = FRAME_ANON;
	a->frame->flags = 0;
	a->frame->anon = a;
	policy_admit(a->frame);
}

u32 sim_policy(const char *policy, u32 frames, u32 draw, char *marks)
{
	u32 faults = 0;

	start(policy, MIN(frames, string->distinct));
	if (draw)
		skip_numbers(draw * DRAWN_APART);
	for (u32 i = 0; i < string->length; i++) {
		struct anon *a = &anons[string->pages[i]];
		bool fault = !a->frame;

		if (marks)
			marks[i] = fault ? 'F' : '.';
		faults += fault;
		if (fault)
			bring_in(a);
		a->frame->flags |= FRAME_ACCESSED | (string->writes[i] ? FRAME_DIRTY : 0);
	}
	return faults;
}

/* Asks for a victim in SCOPE where there is none, because WHY. */
static void ask_in_vain(const struct policy_scope *scope, const char *why)
{
	for (u32 i = 0; i < frame_table_length; i++) {
		frame_table[i].flags |= FRAME_ACCESSED;
		noted[i] = frame_table[i].age;
	}
	if (policy_victim(scope))
		panic("%s has returned a frame, but %s", policy_name(), why);
	for (u32 i = 0; i < frame_table_length; i++) {
		if (!(frame_table[i].flags & FRAME_ACCESSED))
			panic("%s has cleared the accessed bit of a frame that cannot be the victim: %s", policy_name(), why);
		if (frame_table[i].age != noted[i])
			panic("%s has changed f->age of a frame that cannot be the victim: %s", policy_name(), why);
	}
}

void sim_ask_in_vain(void)
{
	ask_in_vain(&(struct policy_scope){ NULL }, "no page is in scope");
	for (u32 i = 0; i < frame_table_length; i++)
		frame_table[i].pins = 1;
	ask_in_vain(NULL, "no page can leave");
}
