/*
 * Inodes: references, places in the tree, directory entries. See inode.h.
 */
#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/inode.h"

void inode_unref(struct inode *inode)
{
	ASSERT_CMP(inode->refs, >, 0);
	if (--inode->refs == 0)
		inode->ops->release(inode);
}

int inode_begin_write(struct inode *inode)
{
	if (inode->writers < 0)
		return -ETXTBSY;
	inode->writers++;
	return 0;
}

void inode_end_write(struct inode *inode)
{
	ASSERT(inode->writers > 0);
	inode->writers--;
}

int inode_begin_run(struct inode *inode)
{
	if (inode->writers > 0)
		return -ETXTBSY;
	inode->writers--;
	return 0;
}

void inode_end_run(struct inode *inode)
{
	ASSERT(inode->writers < 0);
	inode->writers++;
}

struct inode_time inode_now(void)
{
	struct inode_time now;

	now.seconds = (u32)div64(clock_realtime_ns(), NS_PER_SEC, &now.ns);
	return now;
}

void inode_inherit(struct inode *inode, const struct inode *dir)
{
	if (!(dir->mode & S_ISGID))
		return;
	inode->gid = dir->gid;
	if (inode_is(inode, S_IFDIR))
		inode->mode |= S_ISGID;
}

u64 inode_sectors(const struct inode *inode)
{
	return inode->ops->sectors ? inode->ops->sectors(inode) : inode->sectors;
}

void inode_set_place(struct inode *inode, struct inode *parent, const char *name)
{
	ASSERT(!inode->parent);
	inode_ref(parent);
	inode->parent = parent;
	inode->name = name;
}

void dirent_set(struct dirent *d, u32 ino, u32 mode, const char *name, u32 length)
{
	ASSERT_CMP(length, <=, NAME_MAX);
	d->ino = ino;
	d->type = (mode & S_IFMT) >> 12;
	d->length = length;
	memcpy(d->name, name, length);
	d->name[length] = 0;
}

int dirent_dots(struct inode *dir, u64 *pos, struct dirent *out)
{
	const struct inode *up = dir->parent ? dir->parent : dir;

	if (*pos > 1)
		return 0;
	if (*pos == 0)
		dirent_set(out, dir->ino, S_IFDIR, ".", 1);
	else
		dirent_set(out, up->ino, S_IFDIR, "..", 2);
	++*pos;
	return 1;
}

/* As inode_path(), but also if a name on the way has been removed, which sets *GONE. */
static int inode_path_once(const struct inode *inode, char *buf, u32 size, bool *gone)
{
	u32 at = size, length;

	*gone = false;
	if (!inode->parent && size > 1) {
		strlcpy(buf, "/", size);
		return 1;
	}
	/* Built at the end of the buffer, from the last name to the first, then moved to its start. */
	for (; inode->parent; inode = inode->parent) {
		length = strlen(inode->name);
		*gone |= inode->unlinked;
		if (at < length + 2)
			return -ERANGE;
		at -= length;
		memcpy(buf + at, inode->name, length);
		buf[--at] = '/';
	}
	memmove(buf, buf + at, size - at);
	buf[size - at] = 0;
	return size - at;
}

int inode_path(const struct inode *inode, char *buf, u32 size)
{
	bool gone;
	int length = inode_path_once(inode, buf, size, &gone);

	return gone ? -ENOENT : length;
}

int inode_describe(const struct inode *inode, char *buf, u32 size)
{
	static const char deleted[] = " (deleted)";
	bool gone;
	int length;

	if (inode->dev == INODE_DEV_PIPE) {
		u32 n = format(buf, size, "pipe:[%u]", inode->ino);

		return n < size ? (int)n : -ERANGE;
	}
	length = inode_path_once(inode, buf, size, &gone);
	if (length < 0 || !gone)
		return length;
	if (size - length < sizeof(deleted))
		return -ERANGE;
	memcpy(buf + length, deleted, sizeof(deleted));
	return length + sizeof(deleted) - 1;
}

bool inode_name_is(const char *name, u32 length, const char *text)
{
	return strlen(text) == length && memcmp(name, text, length) == 0;
}
