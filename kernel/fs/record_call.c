/*
 * fcntl's commands on record locks: decoding and filling the user's struct flock.
 *
 * There are two forms: the one with 32 bits cannot describe a lock beyond 2 GiB. A range is relative to the beginning, the
 * position or the end of the file; a negative length extends backwards, length 0 means without an end.
 *
 * Source: fcntl(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/fs/record_lock.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

enum {
	F_GETLK = 5, F_SETLK = 6, F_SETLKW = 7, F_GETLK64 = 12, F_SETLK64 = 13, F_SETLKW64 = 14,
	F_OFD_GETLK = 36, F_OFD_SETLK = 37, F_OFD_SETLKW = 38,
};

/* Linux's struct flock and struct flock64 for i386. */
struct flock_narrow {
	s16 type, whence;
	s32 start, length, pid;
};
struct flock_wide {
	s16 type, whence;
	s64 start, length;
	s32 pid;
} __attribute__((packed, aligned(4)));
STATIC_ASSERT(sizeof(struct flock_narrow) == 16 && sizeof(struct flock_wide) == 24, "as Linux has them");

/* Computes R's first and last byte from the user's structure. => 0, -EINVAL, -EOVERFLOW */
static int record_call_find_bytes(const struct file *f, const struct flock_wide *u, struct record_range *r)
{
	u64 base;
	int error = file_seek_base(f, u->whence, &base);

	if (error)
		return error;
	if (u->start > RECORD_LAST_BYTE - (s64)base)
		return -EOVERFLOW;
	r->start = (s64)base + u->start;
	if (r->start < 0)
		return -EINVAL;
	if (u->length > 0 && u->length - 1 > RECORD_LAST_BYTE - r->start)
		return -EOVERFLOW;
	if (u->length < 0 && r->start + u->length < 0)
		return -EINVAL;
	r->end = u->length > 0 ? r->start + u->length - 1 : u->length < 0 ? r->start - 1 : RECORD_LAST_BYTE;
	r->start += MIN(u->length, 0);
	return (u16)u->type > RECORD_FREE ? -EINVAL : 0;
}

/* F_GETLK: describes in U a lock that conflicts with R, or that there is none. => 0; -EOVERFLOW: struct flock is too NARROW */
static int record_call_describe_obstacle(struct flock_wide *u, const struct record_range *r, bool narrow)
{
	const struct record_range *l = record_lock_obstacle(r);

	if (!l) {
		u->type = RECORD_FREE;
		return 0;
	}
	if (narrow && (l->start > INT32_MAX || (l->end != RECORD_LAST_BYTE && l->end > INT32_MAX)))
		return -EOVERFLOW;
	*u = (struct flock_wide){
		.type = l->type, .start = l->start, .pid = l->pid,
		.length = l->end == RECORD_LAST_BYTE ? 0 : l->end - l->start + 1,
	};
	return 0;
}

static int record_call_copy_in(struct flock_wide *u, vaddr_t address, bool narrow)
{
	struct flock_narrow n;

	if (!narrow)
		return usercopy_in(u, address, sizeof(*u));
	if (usercopy_in(&n, address, sizeof(n)))
		return -EFAULT;
	*u = (struct flock_wide){ n.type, n.whence, n.start, n.length, n.pid };
	return 0;
}

static int record_call_copy_out(vaddr_t address, const struct flock_wide *u, bool narrow)
{
	struct flock_narrow n = { u->type, u->whence, u->start, u->length, u->pid };

	return narrow ? usercopy_out(address, &n, sizeof(n)) : usercopy_out(address, u, sizeof(*u));
}

static s32 record_call_get_lock(const struct record_range *r, struct flock_wide *u, vaddr_t address, bool narrow)
{
	int error = record_call_describe_obstacle(u, r, narrow);

	return error ? error : record_call_copy_out(address, u, narrow);
}

s32 record_call(struct file *f, u32 command, vaddr_t address)
{
	bool of_file = command >= F_OFD_GETLK, narrow = command <= F_SETLKW;
	u32 kind = command - (of_file ? F_OFD_GETLK : narrow ? F_GETLK : F_GETLK64); /* 0: get, 1: set, 2: wait */
	struct record_range r = { f->inode, of_file ? (const void *)f : fs_context_current(),
			   of_file ? RECORD_NO_TASK : task_current()->pid, 0, 0, 0 };
	struct flock_wide u;
	int error;

	if (kind > 2)
		return -EINVAL;
	if (record_call_copy_in(&u, address, narrow))
		return -EFAULT;
	error = !kind && u.type == RECORD_FREE ? -EINVAL : record_call_find_bytes(f, &u, &r);
	if (error)
		return error;
	r.type = u.type;
	if (kind && ((r.type == RECORD_SHARED && !file_readable(f)) || (r.type == RECORD_EXCLUSIVE && !file_writable(f))))
		return -EBADF;
	if (of_file && u.pid)
		return -EINVAL;
	return kind ? record_lock_set(&r, kind == 2) : record_call_get_lock(&r, &u, address, narrow);
}
