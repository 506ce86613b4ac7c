/*
 * The directories of /dev/shm: finding, inserting and removing entries.
 *
 * An entry is in two structures. A hash table of all directories' entries finds it by its name. Its directory's map of
 * positions lists it: positions only grow, so a reader of a directory sees each entry that stays there exactly once,
 * whatever other entries are inserted or removed meanwhile. Neither becomes slower with the number of entries.
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/tmpfs.h"

#define TMPFS_BUCKETS 1024u
#define TMPFS_ENTRY_SIZE 20u /* what an entry adds to a directory's size, as on Linux */

static struct tmpfs_name *tmpfs_buckets[TMPFS_BUCKETS];

/* [FNV] Fowler, Noll, Vo: the hash function FNV-1a */
static struct tmpfs_name **tmpfs_bucket(const struct tmpfs_inode *dir, const char *text, u32 length)
{
	u32 hash = 2166136261u ^ dir->inode.ino;

	for (u32 i = 0; i < length; i++)
		hash = (hash ^ (u8)text[i]) * 16777619u;
	return &tmpfs_buckets[(hash ^ hash >> 16) % TMPFS_BUCKETS];
}

struct tmpfs_name *tmpfs_find(const struct inode *dir, const char *text, u32 length)
{
	const struct tmpfs_inode *d = tmpfs_of(dir);
	struct tmpfs_name *n = *tmpfs_bucket(d, text, length);

	while (n && !(n->dir == d && n->length == length && memcmp(n->text, text, length) == 0))
		n = n->next;
	return n;
}

int tmpfs_may_insert(struct tmpfs_inode *dir)
{
	bool reserved;

	if (!dir->inode.links)
		return -ENOENT; /* it was removed */
	if (dir->last >= UINT32_MAX - 1)
		return -ENOSPC;
	reserved = pagemap_reserve(&dir->names, dir->last + 1);
	tmpfs_charge_map(dir);
	return reserved ? 0 : -ENOMEM;
}

void tmpfs_insert(struct tmpfs_inode *dir, struct tmpfs_name *n, struct tmpfs_inode *t)
{
	struct tmpfs_name **bucket = tmpfs_bucket(dir, n->text, n->length);

	ASSERT(!n->dir);
	n->dir = dir;
	n->inode = t;
	n->position = ++dir->last;
	n->next = *bucket;
	*bucket = n;
	pagemap_set(&dir->names, n->position, n);
	inode_ref(&t->inode);
	dir->inode.size += TMPFS_ENTRY_SIZE;
	tmpfs_changed(dir, true);
}

void tmpfs_remove(struct tmpfs_name *n)
{
	struct tmpfs_inode *dir = n->dir, *t = n->inode;
	struct tmpfs_name **at = tmpfs_bucket(dir, n->text, n->length);

	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
	pagemap_remove(&dir->names, n->position);
	tmpfs_charge_map(dir);
	dir->inode.size -= TMPFS_ENTRY_SIZE;
	tmpfs_changed(dir, true);
	n->dir = NULL;
	n->inode = NULL;
	if (t->place == n)
		t->inode.unlinked = true;
	else
		tmpfs_name_free(n);
	inode_unref(&t->inode);
}

/* Files first: an inode holds a reference to its parent directory. */
void tmpfs_end(void)
{
	for (u32 directories = 0; directories < 2; directories++)
		for (u32 i = 0; i < TMPFS_BUCKETS; i++)
			for (struct tmpfs_name *n = tmpfs_buckets[i], *next; n; n = next) {
				next = n->next;
				if (inode_is(&n->inode->inode, S_IFDIR) != directories)
					continue;
				n->inode->inode.links = 0;
				tmpfs_remove(n);
			}
}
