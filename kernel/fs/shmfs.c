/*
 * /dev/shm: one directory of files that live in memory only.
 *
 * Each file's pages are a shared memory object, its exact size in bytes stands beside it. The name holds one reference
 * to the inode, each descriptor one, and the inode one to the object; mappings refer to the object alone. So the memory
 * is given back when name, descriptors and mappings are all gone, in whatever order.
 */
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/list.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/alloc.h"
#include "kernel/fs/memfile.h"
#include "kernel/fs/shmfs.h"
#include "kernel/fs/syscalls.h"
#include "mm/kmalloc.h"
#include "mm/memobj_shm.h"
#include "mm/usercopy.h"

struct shmfs_inode {
	struct inode inode;
	struct memobj *object;
	struct list link;   /* shmfs_files, also when the name is gone */
	char name[];
};

static struct list shmfs_files = LIST_INIT(shmfs_files); /* in the order of their numbers */
static u32 shmfs_last_ino = 1;

static const struct inode_ops shmfs_file_ops;

static struct shmfs_inode *shmfs_of(const struct inode *inode)
{
	return container_of(inode, struct shmfs_inode, inode);
}

static struct shmfs_inode *shmfs_find(const char *name, u32 length)
{
	struct shmfs_inode *s;

	list_for_each(s, &shmfs_files, link)
		if (!s->inode.unlinked && strlen(s->name) == length && memcmp(s->name, name, length) == 0)
			return s;
	return NULL;
}

static int shmfs_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	struct shmfs_inode *s = shmfs_find(name, length);

	(void)dir;
	if (!s)
		return -ENOENT;
	inode_ref(&s->inode);
	*out = &s->inode;
	return 0;
}

/* Positions are inode numbers, which only grow: names that come and go meanwhile disturb nobody. */
static int shmfs_next(struct inode *dir, u64 *pos, struct dirent *out)
{
	struct shmfs_inode *s;

	if (dirent_dots(dir, pos, out))
		return 1;
	list_for_each(s, &shmfs_files, link) {
		if (s->inode.unlinked || s->inode.ino < *pos)
			continue;
		dirent_set(out, s->inode.ino, s->inode.mode, s->name, strlen(s->name));
		*pos = (u64)s->inode.ino + 1;
		return 1;
	}
	return 0;
}

static void shmfs_fill(struct shmfs_inode *s, const char *name, u32 length, u32 mode)
{
	u32 now = clock_seconds();

	memset(s, 0, sizeof(*s));
	memcpy(s->name, name, length);
	s->name[length] = 0;
	s->inode = (struct inode){
		.refs = 1, .dev = INODE_DEV_SHM, .ino = ++shmfs_last_ino, .mode = mode,
		.atime = now, .mtime = now, .ctime = now, .ops = &shmfs_file_ops, .file_ops = &memfile_ops,
	};
	sleeplock_init(&s->inode.changing);
}

/* => a file in the list, with one reference; NULL without memory; may sleep */
static struct shmfs_inode *shmfs_make(const char *name, u32 length, u32 mode)
{
	struct shmfs_inode *s = alloc_wait(sizeof(*s) + length + 1);
	struct memobj *object = s ? memobj_shm_create(0) : NULL;

	if (!object) {
		kfree(s);
		return NULL;
	}
	shmfs_fill(s, name, length, mode);
	s->object = object;
	inode_set_place(&s->inode, &shmfs_root, s->name);
	s->inode.unlinked = true; /* until it is known to be the only one of its name */
	list_push_back(&shmfs_files, &s->link);
	return s;
}

static int shmfs_create(struct inode *dir, const char *name, u32 length, u32 mode, struct inode **out)
{
	struct shmfs_inode *s = shmfs_make(name, length, mode);

	(void)dir;
	if (!s)
		return -ENOMEM;
	if (shmfs_find(name, length)) { /* it may have been made while this task slept */
		inode_unref(&s->inode);
		return -EEXIST;
	}
	s->inode.unlinked = false;
	s->inode.links = 1;
	inode_ref(&s->inode); /* the name's own is the first */
	*out = &s->inode;
	return 0;
}

/* --- memfd_create: a file that never has a name -------------------------------------------------------------------- */

enum { MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_NAME_MAX = 249 };

static s32 shmfs_open_unnamed(const char *name, u32 length, bool cloexec)
{
	struct shmfs_inode *s = shmfs_make(name, length, S_IFREG | 0777);
	struct file *f = s ? file_create(&s->inode, O_RDWR | O_LARGEFILE) : NULL;
	s32 fd;

	if (!f) {
		if (s)
			inode_unref(&s->inode);
		return -ENOMEM;
	}
	fd = fs_context_install(fs_context_current(), f, 0, cloexec);
	if (fd < 0)
		file_put(f);
	return fd;
}

SYSCALL(memfd_create)
{
	char name[MFD_NAME_MAX + 1];
	int length;

	if (arg[1] & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	length = usercopy_string(name, arg[0], sizeof(name));
	if (length < 0)
		return length == -ENAMETOOLONG ? -EINVAL : length;
	return shmfs_open_unnamed(name, length, arg[1] & MFD_CLOEXEC);
}

static int shmfs_unlink(struct inode *dir, const char *name, u32 length, struct inode *victim)
{
	(void)dir, (void)name, (void)length;
	if (victim->unlinked) /* by another task while this one slept */
		return -ENOENT;
	victim->unlinked = true;
	victim->links = 0;
	inode_unref(victim);
	return 0;
}

static void shmfs_release(struct inode *inode)
{
	struct shmfs_inode *s = shmfs_of(inode);

	ASSERT(inode->unlinked);
	list_remove(&s->link);
	memobj_unref(s->object);
	inode_unref(inode->parent);
	kfree(s);
}

static struct memobj *shmfs_memobj(struct inode *inode)
{
	return shmfs_of(inode)->object;
}

struct inode *shmfs_inode_of(const struct memobj *obj)
{
	struct shmfs_inode *s;

	list_for_each(s, &shmfs_files, link)
		if (s->object == obj)
			return &s->inode;
	return NULL;
}

static const struct inode_ops shmfs_file_ops = {
	.resize = memfile_resize, .memobj = shmfs_memobj, .release = shmfs_release,
};

static const struct inode_ops shmfs_root_ops = {
	.lookup = shmfs_lookup, .next = shmfs_next, .create = shmfs_create, .unlink = shmfs_unlink,
};

struct inode shmfs_root = {
	.refs = 1, .dev = INODE_DEV_SHM, .ino = 1, .mode = S_IFDIR | 01777, .links = 2, .ops = &shmfs_root_ops,
	.file_ops = &directory_ops,
};
