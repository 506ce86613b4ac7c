/*
 * record-lock.h - what the parts of the test record-lock share: the file, and how its locks are requested and observed.
 */
#ifndef RECORD_LOCK_H
#define RECORD_LOCK_H

#include "check.h"

#include <sys/syscall.h>

enum { READ = 0, WRITE = 1, FREE = 2 };                          /* F_RDLCK, F_WRLCK, F_UNLCK */
enum { GET = 12, SET = 13, SET_WAIT = 14, OLD_GET = 5, OLD_SET = 6 }; /* of 64 bits, of 32 */
enum { FILE_GET = 36, FILE_SET = 37, FILE_SET_WAIT = 38 };       /* F_OFD_ */
enum { DEADLOCK = 35, NO_LOCKS = 37, FCNTL = 221, NOT_OPEN = 50, PLACE = 010000000 };

struct lock {
	short type, whence;
	long long start, length;
	int pid;
} __attribute__((packed, aligned(4)));

struct old_lock {
	short type, whence;
	int start, length, pid;
};

extern volatile int *ready;	/* words that all tasks share */
extern int fd;			/* of the file, by this task */

static inline int opened(int flags)
{
	int other = open("record.tmp", flags | O_CREAT, 0600);

	CHECK(other >= 0);
	return other;
}

static inline int ask(int at, int command, int type, long long start, long long length)
{
	struct lock l = { type, SEEK_SET, start, length, 0 };

	return syscall(FCNTL, at, command, &l);
}

#define LOCK(type, start, length) CHECK_EQ(ask(fd, SET, type, start, length), 0)

/* What another task meets on each of the file's first bytes: r and w for locks of this task, '.' for none. */
void check_locks(const char *wanted, int line);
#define CHECK_LOCKS(wanted) check_locks(wanted, __LINE__)

/* --- tasks.c --- */

void test_ends(char *program);	/* PROGRAM: this one's path; with an argument it only waits */
void test_order(void);
void test_deadlock(void);
void test_signals(void);

#endif
