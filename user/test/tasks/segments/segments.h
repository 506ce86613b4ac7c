/*
 * segments.h - what the parts of segments share: segment registers, and descriptors that a program can define.
 */
#ifndef USER_TEST_SEGMENTS_H
#define USER_TEST_SEGMENTS_H

#include <sys/syscall.h>

#include "check.h"

enum segment_register { DS, ES, FS, GS, SS, SEGMENT_REGISTERS };

/* A selector of entry E, with the privilege of programs. */
#define SELECTOR(e) ((e) * 8 + 3)

/* Linux's three entries for thread-local storage. */
enum { FIRST_ENTRY = 6, ENTRIES = 3 };

struct user_desc {
	unsigned int entry, base, limit, flags;
};

/* The bits of `flags`; CODE and EXPAND_DOWN are the two bits of what is called contents. */
enum { BITS_32 = 1, EXPAND_DOWN = 2, CODE = 4, READ_ONLY = 8, IN_PAGES = 16, NOT_PRESENT = 32 };

/* => the call's result, negative as the kernel returns it */
static inline long call(long number, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(b), "c"(c), "d"(0) : "memory");
	return result;
}

#define CALL_HOLDING(name) \
	__asm__ volatile("movl %%" name ", %%edi; movl %%esi, %%" name "; int $0x80; movl %%" name ", %%edx; movl %%edi, %%" name \
			 : "=a"(result), "=d"(*after) : "0"(number), "b"(b), "c"(c), "1"(0), "S"(selector) : "edi", "memory")

/* The same call made while REG holds SELECTOR. *after: what it holds when the call has returned. */
static inline long call_holding(enum segment_register reg, unsigned int selector, long number, long b, long c,
				unsigned int *after)
{
	long result;

	switch (reg) {
	case DS:
		CALL_HOLDING("ds");
		break;
	case ES:
		CALL_HOLDING("es");
		break;
	case FS:
		CALL_HOLDING("fs");
		break;
	case GS:
		CALL_HOLDING("gs");
		break;
	default:
		CALL_HOLDING("ss");
	}
	return result;
}

static inline int set_entry(int entry, unsigned int base, unsigned int limit, unsigned int flags)
{
	struct user_desc d = { entry, base, limit, flags };

	return call(SYS_set_thread_area, (long)&d, 0);
}

/* A segment like the one that programs start with. */
static inline int set_flat(int entry)
{
	return set_entry(entry, 0, 0xfffff, BITS_32 | IN_PAGES);
}

/* The parts. Each ends the program if a child ends in another way than expected. */
void segments_held(const char *program);
void segments_code(void);
void segments_random(void);

#endif
