/*
 * memfd_create, and seals.
 *
 * A seal cannot be removed. F_SEAL_WRITE guarantees that the contents do not change, so it is refused while any task has a
 * shared mapping of the file that can be stored to. F_SEAL_FUTURE_WRITE permits existing mappings and refuses new ones. A
 * file of /dev/shm, and a memfd made without MFD_ALLOW_SEALING, has F_SEAL_SEAL: no seal can be added.
 *
 * Sources: memfd_create(2); fcntl(2), "File Sealing".
 */
#include "kernel/fs/memfd.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/syscalls.h"
#include "kernel/fs/tmpfs.h"
#include "mm/addrspace.h"
#include "mm/mapcall.h"
#include "mm/memobj_shm.h"
#include "mm/usercopy.h"

enum { MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_NAME_MAX = 249 };

#define MFD_PREFIX "memfd:" /* of the path in /proc, as on Linux */

/* => 0 and *OUT with one reference */
static int memfd_make(const char *name, u32 length, u32 flags, struct tmpfs_inode **out)
{
	struct tmpfs_name *n;
	int r = tmpfs_name_make(name, length, &n);

	if (r < 0)
		return r;
	r = tmpfs_make(NULL, S_IFREG | 0777, NULL, out);
	if (r < 0) {
		tmpfs_name_free(n);
		return r;
	}
	tmpfs_settle(*out, n, filesystem_root);
	(*out)->inode.dev = INODE_DEV_MEMFD;
	(*out)->inode.unlinked = true;
	(*out)->seals = flags & MFD_ALLOW_SEALING ? 0 : SEAL_SEAL;
	return 0;
}

static s32 memfd_open(const char *name, u32 length, u32 flags)
{
	struct tmpfs_inode *t;
	struct file *f;
	s32 r = memfd_make(name, length, flags, &t);

	if (r < 0)
		return r;
	f = file_create(&t->inode, O_RDWR | O_LARGEFILE);
	if (!f) {
		inode_unref(&t->inode);
		return -ENOMEM;
	}
	r = fs_context_install(fs_context_current(), f, 0, flags & MFD_CLOEXEC);
	if (r < 0)
		file_put(f);
	return r;
}

SYSCALL(memfd_create)
{
	const u32 prefix = sizeof(MFD_PREFIX) - 1;
	char name[sizeof(MFD_PREFIX) + MFD_NAME_MAX];
	int length;

	if (arg[1] & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	memcpy(name, MFD_PREFIX, prefix);
	length = usercopy_string(name + prefix, arg[0], MFD_NAME_MAX + 1);
	if (length < 0)
		return length == -ENAMETOOLONG ? -EINVAL : length;
	return memfd_open(name, prefix + length, arg[1]);
}

/* --- seals --------------------------------------------------------------------------------------------------------- */

static int memfd_seal(struct tmpfs_inode *t, u32 seals)
{
	u32 added = seals & ~t->seals;

	if (t->seals & SEAL_SEAL)
		return -EPERM;
	if ((added & SEAL_WRITE) && addrspace_may_store(t->object))
		return -EBUSY;
	if (added & (SEAL_WRITE | SEAL_FUTURE_WRITE))
		memobj_shm_seal(t->object);
	t->seals |= seals;
	return 0;
}

s32 memfd_add_seals(struct file *f, u32 seals)
{
	int r;

	if (!file_writable(f))
		return -EPERM;
	if ((seals & ~SEALS) || !tmpfs_is_file(f->inode))
		return -EINVAL;
	r = sleeplock_take(&f->inode->write_lock); /* so that no write is under way */
	if (r < 0)
		return r;
	r = memfd_seal(tmpfs_of(f->inode), seals);
	sleeplock_release(&f->inode->write_lock);
	return r;
}

s32 memfd_get_seals(const struct file *f)
{
	return tmpfs_is_file(f->inode) ? (s32)tmpfs_of(f->inode)->seals : -EINVAL;
}

int memfd_may_store(const struct tmpfs_inode *t)
{
	return t->seals & (SEAL_WRITE | SEAL_FUTURE_WRITE) ? -EPERM : 0;
}

/* Whole pages: a page of which a part would lie beyond the end is not written at all, as on Linux. */
u32 memfd_may_write(const struct tmpfs_inode *t, u32 n, u64 pos)
{
	u64 end = t->inode.size;

	if (memfd_may_store(t) < 0)
		return 0;
	if (!(t->seals & SEAL_GROW) || pos + n <= end)
		return n;
	end = ALIGN_DOWN(end, (u64)PAGE_SIZE);
	return pos < end ? (u32)(end - pos) : 0;
}

int memfd_may_resize(const struct tmpfs_inode *t, u64 size)
{
	if (size < t->inode.size && (t->seals & SEAL_SHRINK))
		return -EPERM;
	return size > t->inode.size && (t->seals & SEAL_GROW) ? -EPERM : 0;
}

int memfd_may_map(const struct file *f, u32 prot, u32 flags, u32 *allowed)
{
	u32 seals = tmpfs_is_file(f->inode) ? tmpfs_of(f->inode)->seals : 0;

	if (!(flags & MAP_SHARED) || !file_writable(f) || !(seals & (SEAL_WRITE | SEAL_FUTURE_WRITE)))
		return 0;
	if (prot & REGION_WRITE)
		return -EPERM;
	*allowed &= ~(u32)REGION_WRITE;
	return 0;
}
