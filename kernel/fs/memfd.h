/*
 * Files in memory that never have a name (memfd_create), and seals: what can be promised about such a file for good, so
 * that a task may use memory that it got from another one without fear that it changes meanwhile.
 */
#pragma once

#include "kernel/base/types.h"

struct file;
struct tmpfs_inode;

/* What is refused for good: to add a seal; to make the file shorter, or longer; any store; any but through old mappings. */
enum { SEAL_SEAL = 1, SEAL_SHRINK = 2, SEAL_GROW = 4, SEAL_WRITE = 8, SEAL_FUTURE_WRITE = 16, SEALS = 31 };

/* fcntl F_ADD_SEALS, F_GET_SEALS. => 0 or the seals; -EINVAL: the file cannot have any; -EPERM, -EBUSY, -EINTR; may sleep */
s32 memfd_add_seals(struct file *f, u32 seals);
s32 memfd_get_seals(const struct file *f);

/*
 * What the seals of a file allow. For a write of N > 0 bytes at POS: => how many of them, 0: none. For a new size, and for a
 * hole: => 0, -EPERM. Of others than the file's own: each is allowed everything.
 */
u32 memfd_may_write(const struct tmpfs_inode *t, u32 n, u64 pos);
int memfd_may_resize(const struct tmpfs_inode *t, u64 size);
int memfd_may_store(const struct tmpfs_inode *t);

/* F is to be mapped with PROT and FLAGS of mmap(). => 0, and *ALLOWED is what mprotect may ask for later; -EPERM */
int memfd_may_map(const struct file *f, u32 prot, u32 flags, u32 *allowed);
