/*
 * bad-pointers.h - the table of system calls that take an address, and the places where one may point.
 *
 * A row is a call with P for the pointer under test; a call with two pointers has two rows. Each row is tried with each
 * kind of place (places.c), so to add a call is to add a row for each of its pointers to the table of related calls:
 *
 *	{ 116, "sysinfo", OUT, 64, ARGS(P), .flags = VARIES },
 *
 * number, name, direction, number of bytes, arguments; then, if necessary, the contents of a good place, actions before
 * and after, and flags. tools/test/test_bad_pointers.py lists the calls that take no pointer, and the intended
 * differences from Linux.
 */
#ifndef BAD_POINTERS_H
#define BAD_POINTERS_H

#include "check.h"

/* In a row's arguments: the pointer under test, the program's message queue and segment, its pid. */
#define P 0x50505050
#define QUEUE 0x51515151
#define SEGMENT 0x52525252
#define SELF 0x53535353

#define KERNEL 0xc0000000u	/* where a 32-bit kernel begins; on a 64-bit one an address of a program */

/* Descriptors that are open in every case. */
enum { HOME = 10, DATA, EMPTY_DIR, READER, WRITER, TERMINAL, MASTER, ZEROS, NOWHERE };

/* The kernel reads, writes, does both, or reads a null-terminated string. */
enum way { IN, OUT, INOUT, TEXT };

enum {
	VARIES = 1,		/* the bytes written differ from run to run */
	ANY_RESULT = 2,		/* and so does the result, unless it is an error */
	NO_ZEROS = 4,		/* a call with zeros could not be undone */
	ANYTHING = 8,		/* the bytes written may look like an address of the kernel */
	ROOT = 16,		/* only root gets this result; not tried by others */
};

struct row {
	int number;
	const char *name;	/* of the call and of its argument */
	enum way way;
	size_t size;		/* bytes; for a string those of CONTENTS, longer ones are tried too */
	long args[6];
	const void *contents;	/* contents of a valid place; NULL: the places' own pattern */
	long *cell;		/* P is stored here, in the structure that another argument points to */
	void (*before)(void);	/* creates what the call needs; may be called twice */
	long (*after)(long result); /* undoes the call => its effect, printed on the line */
	unsigned flags;
};

#define ARGS(...) .args = { __VA_ARGS__ }

extern const struct row file_rows[], name_rows[], task_rows[], memory_rows[], wait_rows[]; /* number 0 ends each */

struct place {
	char *p;		/* the pointer */
	char *from, *end;	/* the accessible range around it; none: both NULL */
};

struct kind {
	const char *name;
	bool (*make)(size_t size, size_t n, struct place *at); /* => false: not for this size */
	size_t n;
	void (*last)(const struct place *at); /* just before the call, when all else is done */
	bool blank;		/* its pages are zero afterwards */
	bool shared;		/* another task has the pages too; it must not see what the call wrote */
};

extern const struct kind kinds[]; /* a name of NULL ends them */

/* The pattern of bytes that nothing has written. */
unsigned char place_pattern(const char *address);

/* frames.c: what the kernel reads and writes at ESP. TELL prints a line. */
void frame_cases(void (*tell)(const char *name, const char *kind, const char *result));

/* world.c: enters a folder of its own and creates there what the rows need. */
void make_world(void);
void end_world(void); /* the folder has no files but those that it knows */

extern int queue, shared_segment;
extern bool failed;
void complain(const char *name, const char *kind, const char *what);

#endif
