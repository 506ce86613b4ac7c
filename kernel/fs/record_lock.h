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
	u32 pid;               /* of the task that holds it; RECORD_NO_TASK: an open file does */
	u32 type;
	s64 start, end;        /* first and last byte */
};

/*
 * Takes or releases R for its owner, which has the file open until the call returns. WAIT: until it can be taken.
 * => 0, -EAGAIN, -EDEADLK, -ENOLCK (no memory, or there are too many), -ERESTART; sleeps
 */
s32 record_lock_set(const struct record_range *r, bool wait);

/* => the first lock that conflicts with R; NULL: none; never sleeps */
const struct record_range *record_lock_obstacle(const struct record_range *r);

/* A task with the descriptors CTX closes one of INODE: releases all its locks on it, whatever other descriptors it has. */
void record_lock_close(const struct fs_context *ctx, const struct inode *inode);

/* The last descriptor of F is closed. */
void record_lock_release(const struct file *f);

/* fcntl's commands on record locks of F. => as fcntl; -EINVAL: COMMAND is none of them; sleeps */
s32 record_call(struct file *f, u32 command, vaddr_t address);
