/* /dev/shm: names for shared memory objects. */
#pragma once

#include "kernel/fs/inode.h"

extern struct inode shmfs_root; /* lives for ever */

/* => the file whose pages OBJ holds, by name or only by descriptors; NULL: none. No reference. */
struct inode *shmfs_inode_of(const struct memobj *obj);
