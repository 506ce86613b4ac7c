/* What the parts of the test of address spaces (space.c) share: the load, and a task with what its memory must hold. */
#pragma once

#include "host.h"
#include "kernel/base/thread.h"
#include "mm/addrspace.h"

#define PRIVATE_VA 0x103F0000u /* two tables */
#define PRIVATE_PAGES 64u
#define SHARED_VA 0x20000000u
#define SHARED_PAGES 32u
#define FILE_VA 0x30000000u
#define FILE_PAGES 48u
#define HEAP_VA 0x08000000u
#define HEAP_PAGES 32u
#define STACK_PAGES 24u

struct space_load {
	u32 frames, limit, swap; /* swap 0: none */
	const char *policy;
	u32 operations;
	u32 disk_fails, frame_fails, heap_fails, slot_fails; /* one in so many; 0: never */
	bool evict_always;
	bool new_policies; /* another policy every few switches of threads */
	bool may_die; /* memory may run out, or the disk fail */
};

struct space_task {
	struct thread *thread; /* NULL: this place is free */
	struct addrspace *as;
	u32 private[PRIVATE_PAGES], file[FILE_PAGES], heap[HEAP_PAGES], stack[STACK_PAGES]; /* what must be there */
	u8 prot[PRIVATE_PAGES];  /* 0: not mapped */
	u32 heap_pages;
	u32 locked;              /* first locked page + 1; 0: none */
	bool unsure;             /* memory ran out half way: what is there need not be known */
};

/* One of the things that a task does; a table of them ends with { 0, NULL }. */
struct space_operation {
	u32 weight; /* how often it is done, compared with the others */
	void (*run)(struct space_task *t);
};
extern const struct space_operation space_uses[], space_changes[];

extern struct space_load space_load;
extern struct memobj *space_shared; /* the object that all tasks have mapped */

static inline bool space_dying(const struct space_task *t)
{
	return t->thread->killed;
}

/* space_use.c */

/* => the offset of the word that is used in page PAGE of a mapping */
vaddr_t space_word_in(u32 page);
/* => that word in page PAGE of the file */
u32 space_file_word(u32 page);

/* Loads every word that no other task can store to: all must be right. */
void space_check_all(struct space_task *t);
