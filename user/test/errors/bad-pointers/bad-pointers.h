/*
 * bad-pointers.h - the table of system calls that take an address, and the places where one may point.
 *
 * A row is a call as one would write it, with P for the pointer that is tried; a call with two pointers has two rows.
 * Each row is made with each kind of place (places.c), so to add a call is to add a row for each of its
 * pointers to the table of bad-pointers_*.c where its relatives stand:
 *
 *	{ 116, "sysinfo", OUT, 64, ARGS(P), .flags = VARIES },
 *
 * number, name, who reads or writes, how many bytes, the arguments; then, if it must be, what a good place holds, what
 * is to be done before and after, and flags. tools/test/test_bad_pointers.py names the calls that take no pointer, and
 * where Shisho means to answer otherwise than Linux.
 */
#ifndef BAD_POINTERS_H
#define BAD_POINTERS_H

#include "check.h"

/* In a row's arguments: the pointer that is tried, the queue of messages and the segment that the program has, its number. */
#define P 0x50505050
#define QUEUE 0x51515151
#define SEGMENT 0x52525252
#define SELF 0x53535353

#define KERNEL 0xc0000000u	/* where a 32-bit kernel begins; for a 64-bit one just an address of a program */

/* Descriptors that are open in every case. */
enum { HOME = 10, DATA, EMPTY_DIR, READER, WRITER, TERMINAL, MASTER, ZEROS, NOWHERE };

/* The kernel reads, writes, does both, or reads a string that ends with a null byte. */
enum way { IN, OUT, INOUT, TEXT };

enum {
	VARIES = 1,		/* what is written differs from run to run */
	ANY_RESULT = 2,		/* and so does the result, if it is no error */
	NO_ZEROS = 4,		/* zeros would do what cannot be undone */
	ANYTHING = 8,		/* what is written may look like an address of the kernel */
	ROOT = 16,		/* only root gets this answer; nobody else tries it */
};

struct row {
	int number;
	const char *name;	/* of the call and of its argument */
	enum way way;
	size_t size;		/* bytes; of a text those of CONTENTS, longer ones are tried besides */
	long args[6];
	const void *contents;	/* what a valid place holds; NULL: the places' own pattern */
	long *cell;		/* P goes here, in what another argument points to */
	void (*before)(void);	/* makes what the call needs; may be called twice */
	long (*after)(long result); /* undoes the call => what it did, told on the line */
	unsigned flags;
};

#define ARGS(...) .args = { __VA_ARGS__ }

extern const struct row file_rows[], name_rows[], task_rows[], memory_rows[], wait_rows[]; /* number 0 ends each */

struct place {
	char *p;		/* the pointer */
	char *from, *end;	/* what is accessible around it; none: both NULL */
};

struct kind {
	const char *name;
	bool (*make)(size_t size, size_t n, struct place *at); /* => false: not for such a size */
	size_t n;
	void (*last)(const struct place *at); /* just before the call, when all else is done */
	bool blank;		/* which leaves zeros */
	bool shared;		/* another task has the pages too; it must not see what the call wrote */
};

extern const struct kind kinds[]; /* a name of NULL ends them */

/* What stands where nobody wrote. */
unsigned char place_pattern(const char *address);

/* frames.c: what the kernel reads and writes at ESP. TELL prints a line. */
void frame_cases(void (*tell)(const char *name, const char *kind, const char *result));

/* world.c: goes to a folder of its own and makes there what the rows need. */
void make_world(void);
void end_world(void); /* no file is there but those that it knows of */

extern int queue, shared_segment;
extern bool failed;
void complain(const char *name, const char *kind, const char *what);

#endif
