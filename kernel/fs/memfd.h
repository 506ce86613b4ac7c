/*
 * Files in memory without a name (memfd_create), and seals: permanent restrictions on changing such a file, so that a task
 * can use memory that it got from another task without fear that it changes meanwhile.
 */
#pragma once

#include "kernel/base/types.h"

struct file;
struct tmpfs_inode;

/* What a seal forbids: more seals; shrinking; growing; every store; every store but through existing mappings. */
enum { SEAL_SEAL = 1, SEAL_SHRINK = 2, SEAL_GROW = 4, SEAL_WRITE = 8, SEAL_FUTURE_WRITE = 16, SEALS = 31 };

/* fcntl F_ADD_SEALS, F_GET_SEALS. => 0 or the seals; -EINVAL: the file cannot have any; -EPERM, -EBUSY, -EINTR; may sleep */
s32 memfd_add_seals(struct file *f, u32 seals);
s32 memfd_get_seals(const struct file *f);

/*
 * What the seals of a file permit. A write of N > 0 bytes at POS: => how many of them. A new size, and punching a hole:
 * => 0, -EPERM. Files that cannot have seals permit everything.
 */
u32 memfd_may_write(const struct tmpfs_inode *t, u32 n, u64 pos);
int memfd_may_resize(const struct tmpfs_inode *t, u64 size);
int memfd_may_store(const struct tmpfs_inode *t);

/* For mmap() of F with PROT and FLAGS. => 0, and *ALLOWED is reduced to what mprotect may grant later; -EPERM */
int memfd_may_map(const struct file *f, u32 prot, u32 flags, u32 *allowed);
