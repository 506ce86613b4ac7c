/*
 * gc-edge.h - what the parts of the test gc-edge share: lists of cells, places that refer to them, and how to find out what
 * is kept.
 */
#ifndef USER_TEST_GC_EDGE_H
#define USER_TEST_GC_EDGE_H

#include "check.h"

#include <gc.h>

enum { SOME = 300 };

struct cell {
	struct cell *next, *other;
	uint32_t value;
};

/* Roots, in bss and in data. */
extern struct cell *in_bss, *in_data;

/* Overwrites what functions have left on the stack. */
void clear_stack(void);
/*
 * What gc_stats counts, without its times: 140 ms in ns look like an address in the heap. A time on the stack keeps an object,
 * so that its finalizer is called late or never; and how long a collection takes depends on what else the host does.
 */
struct counts {
	uint32_t live, collections, finalized;
};
struct counts counts(void);
/* => how many objects a collection finds to be in use */
uint32_t live(void);
/* Far down the stack, where clear_stack reaches and no other function's frame takes over old words. */
void deep(void (*make)(void));
/* => how many of the objects that `make` leaves behind are kept */
uint32_t kept(void (*make)(void));

/* The frame of kept() must not hold old words either. */
#define CHECK_KEPT(count, make) \
	do { \
		clear_stack(); \
		CHECK_EQ(kept(make), count); \
	} while (0)

struct cell *list(uint32_t length);
void check_list(const struct cell *cell, uint32_t length);
void make_garbage(void);
void fill_bss(void);

/* --- calls.c --- */

void test_calls(void);
void test_many_calls(void);
void test_fork(void);

/* --- memory.c --- */

void test_sizes(void);
void test_no_memory(void);
void test_malloc_beside(void);
void test_room_between(void);
void test_other_stack(void);

#endif
