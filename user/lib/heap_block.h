/*
 * heap_block.h - blocks with boundary tags: what heap_block.c and its users share.
 */
#ifndef HEAP_BLOCK_H
#define HEAP_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A block's size, including its header, is a multiple of 8. A free one has it in its last word too. */
struct block {
	uint32_t head;			/* the size and three flags */
	uint32_t next;			/* free: the address of the next one in its list; 0: none */
	uint32_t link;			/* free: the address of the word that points to this one */
};
enum { USED = 1, PREV_USED = 2, FOREIGN = 4, FLAGS = 7, HEAD = 4, SMALLEST = 16 };

/* Arguments in registers: between files the compiler would not do so by itself. */
#ifdef __i386__
#define HEAP_CALL __attribute__((regparm(3)))
#else
#define HEAP_CALL
#endif

static inline void *heap_at(uint32_t address)
{
	return (void *)(uintptr_t)address;
}

static inline uint32_t heap_address(const void *p)
{
	return (uint32_t)(uintptr_t)p;
}

static inline uint32_t block_size(const struct block *b)
{
	return b->head & ~FLAGS;
}

static inline struct block *block_behind(const struct block *b, uint32_t bytes)
{
	return (struct block *)((char *)b + bytes);
}

static inline struct block *block_after(const struct block *b)
{
	return block_behind(b, block_size(b));
}

/* Only if that one is free: its size is at its end. */
static inline struct block *block_before(const struct block *b)
{
	return (struct block *)((char *)b - ((const uint32_t *)b)[-1]);
}

static inline void *block_payload(struct block *b)
{
	return (char *)b + HEAD;
}

static inline struct block *block_of(const void *payload)
{
	return (struct block *)((char *)payload - HEAD);
}

/* => the size of the block that serves a request; 0: none can */
static inline uint32_t block_need(size_t bytes)
{
	return bytes <= SMALLEST - HEAD ? SMALLEST : bytes > INT32_MAX - 64 ? 0 : (bytes + HEAD + 7) & ~7u;
}

/* --- heap_block.c: sizes are those of blocks --- */

/*
 * The first block, the header of size 0 after the last, and how high that one can go before the break must move: between the
 * two is free memory that no block has. All are 0 before the first call.
 */
extern uint32_t block_first, block_end, block_limit;

/* => a used block of `need` bytes or slightly more, from the free ones or the end; NULL: there is no room */
struct block *block_find(uint32_t need) HEAP_CALL;
/* The same, by moving the break. => NULL and ENOMEM, and nothing has changed: it cannot move */
struct block *block_grow(uint32_t need) HEAP_CALL;

/* Both with a payload on a multiple of `alignment`, a power of two from 8 on. */
struct block *block_find_aligned(uint32_t need, uint32_t alignment);
struct block *block_grow_aligned(uint32_t need, uint32_t alignment);

/* Frees a used block and merges it with its neighbours; much memory at the end goes back to the system. */
void block_give(struct block *b) HEAP_CALL;

/*
 * Resizes a used block, growing into free neighbours or the end. => its new start, with its contents: lower than before if
 * it took the free block before it. NULL, and nothing has changed: there is no room.
 */
struct block *block_resize(struct block *b, uint32_t need) HEAP_CALL;
/* The same for the last block, by moving the break. NULL too if it is not the last. */
struct block *block_grow_last(struct block *b, uint32_t need) HEAP_CALL;

/* --- for heap_fast.h --- */

/* Free memory at the end goes back to the system if it is much. */
void block_trim(void) HEAP_CALL;
/* Lines of the trace, if it is on: a block that was taken and perhaps split; one that will be joined with its free neighbours. */
void block_tell_split(const struct block *b) HEAP_CALL;
void block_tell_joins(const struct block *b) HEAP_CALL;

#endif
