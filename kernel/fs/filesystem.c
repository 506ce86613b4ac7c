/*
 * The table of mounted file systems: see filesystem.h.
 */
#include "kernel/fs/filesystem.h"

#include "kernel/base/clock.h"
#include "kernel/base/panic.h"
#include "kernel/base/wait.h"
#include "kernel/fs/inode.h"
#include "mm/writeback.h"

#define FILESYSTEM_SYNC_NS 5000000000ull /* stores in memory reach the disk after this at the latest */

struct list filesystems = LIST_INIT(filesystems);
struct inode *filesystem_root;

void filesystem_mount(struct filesystem *fs, struct inode *over, const char *name)
{
	struct inode *root = fs->root;

	ASSERT(inode_is(root, S_IFDIR) && !over == !filesystem_root);
	fs->over = over;
	fs->entry = name;
	list_push_back(&filesystems, &fs->link);
	if (!over) {
		filesystem_root = root;
		return;
	}
	inode_set_place(root, over, name);
	root->atime = root->mtime = root->ctime = clock_seconds();
}

struct inode *filesystem_mounted(const struct inode *dir, const char *name, u32 length)
{
	struct filesystem *fs;

	list_for_each(fs, &filesystems, link)
		if (fs->over == dir && inode_name_is(name, length, fs->entry))
			return fs->root;
	return NULL;
}

struct filesystem *filesystem_of(const struct inode *inode)
{
	struct filesystem *fs;

	list_for_each(fs, &filesystems, link)
		if (fs->dev == inode->dev)
			return fs;
	return NULL;
}

struct inode *filesystem_inode_of(const struct memobj *obj)
{
	struct filesystem *fs;

	list_for_each(fs, &filesystems, link) {
		struct inode *inode = fs->ops->inode_of ? fs->ops->inode_of(obj) : NULL;

		if (inode)
			return inode;
	}
	return NULL;
}

struct filesystem_usage filesystem_usage(const struct filesystem *fs)
{
	struct filesystem_usage u = { 0 };
	const struct filesystem *each;

	list_for_each(each, &filesystems, link)
		if (each->ops->usage && (!fs || each == fs))
			each->ops->usage(each, &u);
	return u;
}

int filesystem_sync(void)
{
	struct filesystem *fs;
	int error = 0;

	list_for_each(fs, &filesystems, link) {
		int r = fs->ops->sync ? fs->ops->sync(fs) : 0;

		error = error ? error : r;
	}
	return error;
}

void filesystem_end(void)
{
	struct filesystem *fs;

	list_for_each(fs, &filesystems, link)
		if (fs->ops->end)
			fs->ops->end(fs);
}

void filesystem_drop_caches(void)
{
	struct filesystem *fs;

	list_for_each(fs, &filesystems, link)
		if (fs->ops->drop_caches)
			fs->ops->drop_caches(fs);
}

void filesystem_writer(void *unused)
{
	(void)unused;
	for (;;) {
		wait_on_until(&writeback_wanted, clock_ns() + FILESYSTEM_SYNC_NS);
		filesystem_sync();
	}
}
