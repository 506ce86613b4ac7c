/*
 * Locks on ranges of a file's bytes: fcntl(2).
 */
#pragma once

#include "kernel/base/types.h"

struct file;
struct fs_context;
struct inode;

enum { RECORD_SHARED = 0, RECORD_EXCLUSIVE = 1, RECORD_FREE = 2 }; /* Linux's F_RDLCK, F_WRLCK, F_UNLCK */

#define RECORD_LAST_BYTE INT64_MAX
#define RECORD_NO_TASK (~0u)

struct record_range {
	const struct inode *inode;
	const void *owner;     /* a task's struct fs_context, or a struct file */
	u32 pid;               /* of the task that has it, RECORD_NO_TASK: an opened file has it */
	u32 type;
	s64 start, end;        /* first and last byte */
};

/*
 * The owner has R from now on, or has it no more. WAIT: until it can be had. The owner has the file open all the time.
 * => 0, -EAGAIN, -EDEADLK, -ENOLCK (no memory, or there are too many), -ERESTART; sleeps
 */
s32 record_lock_set(const struct record_range *r, bool wait);

/* => the first of those that stand in the way of R; NULL: none does; never sleeps */
const struct record_range *record_lock_obstacle(const struct record_range *r);

/* A task with the descriptors CTX has closed one of INODE: all its locks there go, whatever other descriptors it has. */
void record_lock_close(const struct fs_context *ctx, const struct inode *inode);

/* The last descriptor of F is closed. */
void record_lock_release(const struct file *f);

/* fcntl's commands about locks on F. => as fcntl; -EINVAL: COMMAND is none of them; sleeps */
s32 record_call(struct file *f, u32 command, vaddr_t address);
