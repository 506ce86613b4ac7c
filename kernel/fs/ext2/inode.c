/*
 * Inodes of ext2 in memory.
 *
 * An unreferenced inode stays in the table with its cached pages until there are too many or memory is needed. It
 * cannot be freed while its object is mapped: the object's backing is part of it.
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/index_table.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"
#include "mm/writeback.h"

#define EXT2_INODES_KEPT 128u
#define EXT2_INODES_EXAMINED 16
#define EXT2_ROOM_TRIES 8

static struct list inodes = LIST_INIT(inodes);
static u32 inode_count;

static struct ext2_inode *ext2_inode_find(u32 ino)
{
	struct ext2_inode *i;

	list_for_each(i, &inodes, link) {
		if (i->inode.ino != ino)
			continue;
		list_remove(&i->link);
		list_push_front(&inodes, &i->link);
		return i;
	}
	return NULL;
}

static bool ext2_inode_unused(const struct ext2_inode *i)
{
	return i->inode.refs == 0 && (!i->object || i->object->refs == 1);
}

bool ext2_inode_is_orphan(const struct ext2_inode *i)
{
	return i->inode.links == 0 && ext2_inode_unused(i);
}

/* May it leave memory without being saved first? */
static bool ext2_inode_saved(const struct ext2_inode *i)
{
	return ext2_inode_unused(i) && i->inode.links && !i->dirty && !(i->object && writeback_needed(i->object));
}

struct ext2_inode *ext2_inode_next(bool (*is)(const struct ext2_inode *), u32 pass)
{
	struct ext2_inode *i;

	list_for_each(i, &inodes, link)
		if ((!pass || (s32)(i->pass - pass) < 0) && is(i))
			return i;
	return NULL;
}

void ext2_inode_forget(struct ext2_inode *i)
{
	struct inode *parent = i->inode.parent;

	ASSERT(ext2_inode_unused(i));
	list_remove(&i->link);
	inode_count--;
	ext2_index_drop(i);
	if (i->object)
		memobj_unref(i->object);
	kfree(i->name);
	kfree(i);
	if (parent)
		inode_unref(parent);
}

void ext2_drop_caches(struct filesystem *fs)
{
	u32 dropped = 0, before;

	(void)fs;
	ext2_index_drop_all();
	/* A directory becomes unused when the last file found in it is freed: repeat until nothing changes. */
	do {
		struct ext2_inode *i, *next;

		before = dropped;
		list_for_each_safe(i, next, &inodes, link) {
			if (!ext2_inode_saved(i))
				continue;
			ext2_inode_forget(i);
			dropped++;
		}
	} while (dropped != before);
}

/* --- room for more ------------------------------------------------------------------------------------------------- */

int ext2_inode_save(struct ext2_inode *i, bool pages)
{
	int r = 0;

	inode_ref(&i->inode);
	if (pages && i->object)
		writeback_range(i->object, 0, ~0u);
	if (i->dirty)
		r = ext2_inode_store(i);
	inode_unref(&i->inode);
	return r;
}

/*
 * => among the few inodes unused for longest, the first that can be evicted, else the first that could be once it is
 *    saved; NULL: all are in use. Examining every inode would cost more than a better choice is worth.
 */
static struct ext2_inode *ext2_inode_oldest(void)
{
	struct ext2_inode *oldest = NULL;
	struct list *at;
	u32 examined = 0;

	for (at = inodes.prev; at != &inodes && examined < EXT2_INODES_EXAMINED; at = at->prev) {
		struct ext2_inode *i = list_entry(at, struct ext2_inode, link);

		if (!ext2_inode_unused(i) || !i->inode.links)
			continue;
		if (ext2_inode_saved(i))
			return i;
		oldest = oldest ? oldest : i;
		examined++;
	}
	return oldest;
}

/* Makes room for one more inode, if it can be done. May sleep. */
static void ext2_inode_make_room(void)
{
	for (u32 tries = 0; inode_count >= EXT2_INODES_KEPT && tries < EXT2_ROOM_TRIES; tries++) {
		struct ext2_inode *i = ext2_inode_oldest();

		if (!i)
			return;
		if (ext2_inode_saved(i))
			ext2_inode_forget(i);
		else
			ext2_inode_save(i, true);
	}
}

/* --- inodes come and go -------------------------------------------------------------------------------------------- */

/* It stays for the next caller that looks it up; without a name it is freed soon. */
void ext2_inode_release(struct inode *inode)
{
	ASSERT_CMP(inode->refs, ==, 0);
	if (!inode->links) {
		ext2_of(inode)->volume->orphans++;
		wake_all(&writeback_wanted);
	}
}

char *ext2_inode_name(struct ext2_name name)
{
	char *copy = kmalloc_wait(name.length + 1);

	if (copy) {
		memcpy(copy, name.text, name.length);
		copy[name.length] = 0;
	}
	return copy;
}

/* => an empty inode in no table; NULL: out of memory */
static struct ext2_inode *ext2_inode_alloc(struct ext2_volume *v, struct ext2_name name)
{
	struct ext2_inode *i = kmalloc_wait(sizeof(*i));

	if (!i)
		return NULL;
	memset(i, 0, sizeof(*i));
	i->volume = v;
	i->name = ext2_inode_name(name);
	if (i->name)
		return i;
	kfree(i);
	return NULL;
}

static void ext2_inode_insert(struct ext2_inode *i, struct inode *parent)
{
	list_push_front(&inodes, &i->link);
	inode_count++;
	if (parent)
		inode_set_place(&i->inode, parent, i->name);
}

int ext2_inode_make(struct ext2_volume *v, u32 ino, u32 mode, struct inode *parent, struct ext2_name name,
		    struct inode **out)
{
	struct ext2_inode *i;

	ext2_inode_make_room();
	i = ext2_inode_alloc(v, name);
	if (!i)
		return -ENOMEM;
	if (ext2_inode_find(ino)) {
		kfree(i->name);
		kfree(i);
		return ext2_damaged(v, "inode %u is not free", ino);
	}
	i->inode.dev = INODE_DEV_EXT2;
	i->inode.ino = ino;
	i->inode.mode = mode;
	inode_inherit(&i->inode, parent);
	i->inode.links = 1;
	i->inode.flags = ext2_flags_inherit(parent->flags, mode);
	i->fresh = true;
	ext2_inode_set_kind(i);
	ext2_inode_touch(i, true);
	i->inode.atime = i->inode.mtime;
	ext2_inode_insert(i, parent);
	inode_ref(&i->inode);
	*out = &i->inode;
	return 0;
}

void ext2_inode_move(struct ext2_inode *i, struct inode *parent, char *name)
{
	struct inode *old = i->inode.parent;

	kfree(i->name);
	i->name = name;
	i->inode.parent = NULL;
	i->inode.unlinked = false;
	inode_set_place(&i->inode, parent, i->name);
	if (old)
		inode_unref(old);
}

/* => an inode in no table, as the disk has it; an error as of ext2_inode_get() */
static int ext2_inode_create(struct ext2_volume *v, u32 ino, struct ext2_name name, u32 gone,
			     struct ext2_inode **out)
{
	struct ext2_inode *i = ext2_inode_alloc(v, name);
	int r;

	if (!i)
		return -ENOMEM;
	r = ext2_inode_read(i, ino, gone);
	if (r < 0) {
		kfree(i->name);
		kfree(i);
	}
	*out = i;
	return r;
}

/* I has lost the name it was known by, and was found as NAME in PARENT: that is its place then. => as ext2_inode_get() */
static int ext2_inode_settle(struct ext2_inode *i, struct inode *parent, struct ext2_name name, u32 gone)
{
	char *copy = ext2_inode_name(name);

	if (copy && i->volume->names_gone == gone) {
		ext2_inode_move(i, parent, copy);
		return 0;
	}
	kfree(copy);
	return copy ? -EAGAIN : -ENOMEM;
}

int ext2_inode_get(struct ext2_volume *v, u32 ino, struct inode *parent, struct ext2_name name, struct inode **out)
{
	struct ext2_inode *i = ext2_inode_find(ino), *made;
	u32 gone = v->names_gone;
	int r;

	if (!i) {
		ext2_inode_make_room();
		r = ext2_inode_create(v, ino, name, gone, &made);
		if (r < 0)
			return r;
		i = ext2_inode_find(ino);
		if (i) { /* somebody else was faster while this task slept */
			kfree(made->name);
			kfree(made);
		} else {
			i = made;
			ext2_inode_insert(i, parent);
		}
	}
	if (!i->inode.links)
		return ext2_damaged(v, "inode %u has a name, but is counted as having none", ino);
	inode_ref(&i->inode);
	r = i->inode.unlinked ? ext2_inode_settle(i, parent, name, gone) : 0;
	if (r < 0)
		inode_unref(&i->inode);
	*out = &i->inode;
	return r;
}

struct memobj *ext2_memobj(struct inode *inode)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };
	struct ext2_inode *i = ext2_of(inode);
	int error;

	if (!inode_is(inode, S_IFREG) && !inode_is(inode, S_IFDIR) && !inode_is(inode, S_IFLNK))
		return NULL;
	do {
		if (!i->object)
			i->object = memobj_file_create(&i->backing, inode->size);
		error = i->object ? 0 : -ENOMEM;
	} while (frame_retry(&retry, &error));
	return i->object;
}

struct inode *ext2_inode_of(const struct memobj *obj)
{
	struct backing *b = obj->backing;

	return b && b->ops == &ext2_backing_ops ? &container_of(b, struct ext2_inode, backing)->inode : NULL;
}
