/*
 * The kernel heap.
 *
 * Small sizes come from slabs: one frame cut into equal blocks, with a header at its start. A free block holds the
 * pointer to the next. Each class keeps one empty slab until kmalloc_trim(); another is freed at once. Sizes above the largest
 * class are whole blocks of frames.
 * (Bonwick, The Slab Allocator, 1994, without its caches of constructed objects.)
 */
#include "mm/kmalloc.h"

#include "kernel/base/inject.h"
#include "kernel/base/list.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/frame_wait.h"

#define POISON 0x5A

struct slab {
	struct list link;  /* in its class's list of slabs with room, while it has room */
	void *free;        /* first free block */
	u32 used, class;
	u32 size;          /* of a block */
};

static const u16 class_size[] = { 16, 32, 48, 64, 96, 128, 192, 272, 400, 512, 672, 1008, 2032 };
#define CLASSES ARRAY_LEN(class_size)

#define CLASS_MAX 2032 /* bytes */

static u8 class_of_units[CLASS_MAX / 16 + 1]; /* by size in units of 16 bytes */
static struct list with_room[CLASSES];
static u32 empty_slabs[CLASSES];
static u32 bytes_used, frames_held;
static bool initialised;

/* Blocks begin at a multiple of 16 behind the header. */
#define SLAB_HEADER ALIGN_UP(sizeof(struct slab), 16)

static void init_once(void)
{
	u32 c = 0;

	for (u32 i = 0; i < CLASSES; i++)
		list_init(&with_room[i]);
	for (u32 units = 0; units < ARRAY_LEN(class_of_units); units++) {
		c += class_size[c] < 16 * units;
		class_of_units[units] = c;
	}
	initialised = true;
}

static u32 class_of(u32 size)
{
	return class_of_units[(size + 15) / 16];
}

static struct slab *new_slab(u32 c, enum frame_class class)
{
	struct frame *f = frame_alloc(FRAME_KERNEL, 0, class);
	struct slab *s;

	if (!f)
		return NULL;
	s = frame_ptr(f);
	f->owner = s;
	*s = (struct slab){ .class = c, .size = class_size[c] };
	list_init(&s->link);
	for (u32 i = (PAGE_SIZE - SLAB_HEADER) / s->size; i-- > 0;) {
		void **block = (void **)((char *)s + SLAB_HEADER + i * s->size);

		*block = s->free;
		s->free = block;
	}
	list_push_front(&with_room[c], &s->link);
	empty_slabs[c]++;
	frames_held++;
	return s;
}

/* => NULL: there is none, or nothing is initialised yet: a slab begins with its link */
static struct slab *slab_with_room(u32 c)
{
	return list_empty(&with_room[c]) ? NULL : list_first(&with_room[c], struct slab, link);
}

static inline void *pop_block(struct slab *s)
{
	void *block = s->free;

	if (s->used++ == 0)
		empty_slabs[s->class]--;
	s->free = *(void **)block;
	if (!s->free)
		list_remove(&s->link);
	bytes_used += s->size;
	return block;
}

static u32 order_of(u32 size)
{
	u32 order = 0;

	while (((u64)PAGE_SIZE << order) < size)
		order++;
	return order;
}

static void *alloc_large(u32 size, enum frame_class class)
{
	u32 order = order_of(size);
	struct frame *f = order <= FRAME_MAX_ORDER ? frame_alloc(FRAME_KERNEL, order, class) : NULL;

	if (!f)
		return NULL;
	bytes_used += PAGE_SIZE << order;
	frames_held += 1u << order;
	return frame_ptr(f);
}

static NOINLINE void *alloc_slowly(u32 size, enum frame_class class)
{
	struct slab *s;

	if (!initialised)
		init_once();
	if (inject_now(INJECT_HEAP))
		return NULL;
	if (size > CLASS_MAX)
		return alloc_large(size, class);
	s = slab_with_room(class_of(size));
	if (!s)
		s = new_slab(class_of(size), class);
	return s ? pop_block(s) : NULL;
}

/* Mostly the size is small, and there is a slab with room. */
void *kmalloc_class(u32 size, enum frame_class class)
{
	struct slab *s = size <= CLASS_MAX && !inject_armed ? slab_with_room(class_of(size)) : NULL;

	return s ? pop_block(s) : alloc_slowly(size, class);
}

void *kzalloc_class(u32 size, enum frame_class class)
{
	void *p = kmalloc_class(size, class);

	return p ? memset(p, 0, size) : NULL;
}

void *kmalloc(u32 size)
{
	return kmalloc_class(size, FRAME_FOR_KERNEL);
}

void *kzalloc(u32 size)
{
	return kzalloc_class(size, FRAME_FOR_KERNEL);
}

void *kmalloc_wait(u32 size)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };
	void *p;
	int error;

	do {
		p = kmalloc(size);
		error = p ? 0 : -ENOMEM;
	} while (frame_retry(&retry, &error));
	return p;
}

static NOINLINE void release_slab(struct slab *s)
{
	struct frame *f = frame_of_ptr(s);

	empty_slabs[s->class]--;
	frames_held--;
	list_remove(&s->link);
	f->owner = NULL;
	frame_free(f);
}

static void free_small(struct slab *s, void *p)
{
	u32 size = s->size;

	ASSERT_CMP(((uintptr_t)p - (uintptr_t)s - SLAB_HEADER) % size, ==, 0);
	ASSERT_CMP(s->used, >, 0);
	if (frame_poisoning)
		memset(p, POISON, size);
	if (!s->free)
		list_push_front(&with_room[s->class], &s->link);
	*(void **)p = s->free;
	s->free = p;
	bytes_used -= size;
	if (--s->used > 0)
		return;
	if (++empty_slabs[s->class] > 1)
		release_slab(s);
}

static void free_large(struct frame *f)
{
	ASSERT_CMP(f->order, <=, FRAME_MAX_ORDER); /* else it is the inside of a block */
	bytes_used -= PAGE_SIZE << f->order;
	frames_held -= 1u << f->order;
	frame_free(f);
}

void kfree(void *p)
{
	struct frame *f;

	if (!p)
		return;
	f = frame_of_ptr(p);
	if (f->state != FRAME_KERNEL)
		panic("kfree(%p): frame %u has state %u", p, frame_index(f), f->state);
	if (f->owner)
		free_small(f->owner, p);
	else
		free_large(f);
}

u32 kmalloc_size(u32 size)
{
	return size <= class_size[CLASSES - 1] ? class_size[class_of(size)] : PAGE_SIZE << order_of(size);
}

u32 kmalloc_trim(void)
{
	u32 freed = 0;

	for (u32 c = 0; initialised && c < CLASSES; c++) {
		struct slab *s, *tmp;

		list_for_each_safe(s, tmp, &with_room[c], link) {
			if (s->used)
				continue;
			release_slab(s);
			freed++;
		}
	}
	return freed;
}

u32 kmalloc_bytes_used(void) { return bytes_used; }
u32 kmalloc_frames(void) { return frames_held; }
