/*
 * Inodes of /dev/shm: creation, accounting, release.
 *
 * A name holds one reference to its inode, each descriptor one, and the inode of a regular file one to the object with
 * its pages; mappings refer to the object alone. So memory is freed when names, descriptors and mappings are all gone,
 * in whatever order.
 *
 * An inode points to one of its names, for its path. When that name is removed from its directory it stays with the
 * inode, so that /proc can still show it.
 */
#include "kernel/fs/tmpfs.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/memfd.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/memobj_shm.h"
#include "mm/wired.h"

/* What an inode with a short name costs: for statfs, and for the limit. */
#define TMPFS_INODE_COST 256u

static u32 tmpfs_charged; /* bytes of kernel memory in inodes, names and directories' maps; bounded by wired_persistent_allowed() */
static u32 tmpfs_last_ino = 1;

/* --- cost ---------------------------------------------------------------------------------------------------------- */

/* BYTES more, or fewer. */
static void tmpfs_charge(s32 bytes)
{
	tmpfs_charged += bytes;
	wired_persistent_add(bytes);
}

/*
 * => SIZE bytes of kernel memory, charged with BESIDE that the caller allocates; or NULL and *ERROR: -ENOSPC, -ENOMEM;
 * may sleep
 */
static void *tmpfs_alloc(u32 size, u32 beside, int *error)
{
	u32 bytes = kmalloc_size(size) + beside;
	void *p;

	*error = -ENOSPC;
	if (!wired_persistent_allowed(bytes))
		return NULL;
	*error = -ENOMEM;
	tmpfs_charge(bytes);
	p = kmalloc_wait(size);
	if (!p)
		tmpfs_charge(-bytes);
	return p;
}

static void tmpfs_free(void *p, u32 size, u32 beside)
{
	tmpfs_charge(-(kmalloc_size(size) + beside));
	kfree(p);
}

/*
 * The nodes of a directory's map are charged once they exist, so the sum may exceed the limit by the nodes of one name;
 * the next name is refused. Without this charge, names at distant positions would cost ten times what is charged for
 * them.
 */
void tmpfs_charge_map(struct tmpfs_inode *dir)
{
	u32 bytes = pagemap_bytes(&dir->names);

	tmpfs_charge(bytes - dir->map_charged);
	dir->map_charged = bytes;
}

static void tmpfs_usage(const struct filesystem *fs, struct filesystem_usage *u)
{
	u32 most = memobj_shm_max(), limit = wired_persistent_max();

	(void)fs;
	u->blocks += most;
	u->blocks_free += most - MIN(memobj_shm_count(), most);
	u->inodes += limit / TMPFS_INODE_COST;
	u->inodes_free += (limit - MIN(tmpfs_charged, limit)) / TMPFS_INODE_COST;
}

/* --- names in no directory ----------------------------------------------------------------------------------------- */

int tmpfs_name_make(const char *text, u32 length, struct tmpfs_name **out)
{
	int error;
	struct tmpfs_name *n = tmpfs_alloc(sizeof(*n) + length + 1, 0, &error);

	if (!n)
		return error;
	*n = (struct tmpfs_name){ .length = length };
	memcpy(n->text, text, length);
	n->text[length] = 0;
	*out = n;
	return 0;
}

void tmpfs_name_free(struct tmpfs_name *n)
{
	ASSERT(!n->dir);
	tmpfs_free(n, sizeof(*n) + n->length + 1, 0);
}

void tmpfs_settle(struct tmpfs_inode *t, struct tmpfs_name *n, struct inode *parent)
{
	struct tmpfs_name *old = t->place;
	struct inode *old_parent = t->inode.parent;

	t->place = n;
	t->inode.parent = NULL;
	t->inode.unlinked = false;
	inode_set_place(&t->inode, parent, n->text);
	if (old && old != n && !old->dir)
		tmpfs_name_free(old);
	if (old_parent)
		inode_unref(old_parent);
}

/* --- times --------------------------------------------------------------------------------------------------------- */

void tmpfs_changed(struct tmpfs_inode *t, bool contents)
{
	struct inode_time now = inode_now();

	t->inode.ctime = now.seconds;
	t->inode.ctime_ns = now.ns;
	if (contents) {
		t->inode.mtime = now.seconds;
		t->inode.mtime_ns = now.ns;
	}
}

static bool tmpfs_is_later(u32 seconds, u32 ns, u32 than, u32 than_ns)
{
	return seconds > than || (seconds == than && ns > than_ns);
}

void tmpfs_accessed(struct tmpfs_inode *t)
{
	struct inode *i = &t->inode;
	struct inode_time now = inode_now();

	if (tmpfs_is_later(i->atime, i->atime_ns, i->mtime, i->mtime_ns) &&
	    tmpfs_is_later(i->atime, i->atime_ns, i->ctime, i->ctime_ns) && now.seconds - i->atime < 24 * 60 * 60)
		return;
	i->atime = now.seconds;
	i->atime_ns = now.ns;
}

int tmpfs_touch(struct inode *inode)
{
	tmpfs_changed(tmpfs_of(inode), false);
	return 0;
}

/* A mapping stores to a page of which it has no entry yet. */
static void tmpfs_will_write(struct backing *b)
{
	tmpfs_changed(container_of(b, struct tmpfs_inode, backing), true);
}

/* Never used for I/O: the pages go to the swap area. */
static const struct backing_ops tmpfs_backing_ops = { .will_write = tmpfs_will_write };

/* --- inodes -------------------------------------------------------------------------------------------------------- */

/* Allocates what T holds besides its own struct. => 0, -ENOMEM */
static int tmpfs_fill(struct tmpfs_inode *t, const char *target)
{
	switch (t->inode.mode & S_IFMT) {
	case S_IFDIR:
		pagemap_init(&t->names);
		t->last = 1; /* `.` and `..` come before */
		t->inode.ops = &tmpfs_directory_ops;
		t->inode.file_ops = &directory_ops;
		return 0;
	case S_IFLNK:
		t->inode.ops = &tmpfs_symlink_ops;
		t->inode.size = strlen(target);
		t->target = kmalloc_wait(t->inode.size + 1);
		if (t->target)
			memcpy(t->target, target, t->inode.size + 1);
		return t->target ? 0 : -ENOMEM;
	default:
		t->inode.ops = &tmpfs_file_inode_ops;
		t->inode.file_ops = &tmpfs_file_ops;
		t->object = memobj_shm_create(0);
		if (!t->object)
			return -ENOMEM;
		t->backing.ops = &tmpfs_backing_ops;
		t->object->backing = &t->backing;
		return 0;
	}
}

int tmpfs_make(const struct tmpfs_inode *dir, u32 mode, const char *target, struct tmpfs_inode **out)
{
	u32 beside = target ? kmalloc_size(strlen(target) + 1) : (mode & S_IFMT) == S_IFREG ? sizeof(struct memobj) : 0;
	int error;
	struct tmpfs_inode *t = tmpfs_alloc(sizeof(*t), beside, &error);

	if (!t)
		return error;
	memset(t, 0, sizeof(*t));
	t->charged_beside = beside;
	t->inode = (struct inode){ .refs = 1, .dev = INODE_DEV_SHM, .ino = ++tmpfs_last_ino, .mode = mode };
	t->seals = SEAL_SEAL;
	if (dir)
		inode_inherit(&t->inode, &dir->inode);
	sleeplock_init(&t->inode.write_lock);
	tmpfs_changed(t, true);
	t->inode.atime = t->inode.mtime;
	t->inode.atime_ns = t->inode.mtime_ns;
	error = tmpfs_fill(t, target);
	if (error)
		tmpfs_free(t, sizeof(*t), t->charged_beside);
	else if (dir && inode_is(&t->inode, S_IFREG))
		memobj_shm_limit(t->object);
	*out = t;
	return error;
}

static void tmpfs_destroy(struct tmpfs_inode *t)
{
	if (inode_is(&t->inode, S_IFDIR)) {
		ASSERT_CMP(t->names.count, ==, 0);
		pagemap_destroy(&t->names);
		tmpfs_charge_map(t);
	} else if (inode_is(&t->inode, S_IFLNK)) {
		kfree(t->target);
	} else {
		t->object->backing = NULL;
		memobj_unref(t->object);
	}
	if (t->place)
		tmpfs_name_free(t->place);
	tmpfs_free(t, sizeof(*t), t->charged_beside);
}

/* Removed directories may hold references to each other in a long chain, so their release must not recurse. */
void tmpfs_release(struct inode *inode)
{
	struct inode *parent;

	do {
		parent = inode->parent;
		ASSERT_CMP(inode->links, ==, 0);
		tmpfs_destroy(tmpfs_of(inode));
		inode = parent;
	} while (inode && inode->ops->release == tmpfs_release && --inode->refs == 0);
	if (inode && inode->ops->release != tmpfs_release)
		inode_unref(inode);
}

static struct inode *tmpfs_inode_of(const struct memobj *obj)
{
	struct backing *b = obj->backing;

	return b && b->ops == &tmpfs_backing_ops ? &container_of(b, struct tmpfs_inode, backing)->inode : NULL;
}

struct tmpfs_inode tmpfs_root = {
	.inode = {
		.refs = 1, .dev = INODE_DEV_SHM, .ino = 1, .mode = S_IFDIR | 01777, .links = 2,
		.ops = &tmpfs_directory_ops, .file_ops = &directory_ops,
	},
	.names = { .leaf_number = ~0u }, .last = 1,
};

static const struct filesystem_ops tmpfs_filesystem_ops = { .usage = tmpfs_usage, .inode_of = tmpfs_inode_of };
struct filesystem tmpfs_filesystem = {
	.name = "tmpfs", .dev = INODE_DEV_SHM, .type = TMPFS_MAGIC, .ops = &tmpfs_filesystem_ops, .root = &tmpfs_root.inode,
};
