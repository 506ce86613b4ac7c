/*
 * Saving: from memory to the disk.
 *
 * A file's pages come first, then its inode (into its page of the inode table), then all changed metadata, then the
 * disk's own cache. fsync() saves the whole of the metadata and all directories, not only those of its file: that is
 * little, and it makes the file found again after a crash. What else is lost then e2fsck puts in order.
 */
#include "drivers/block.h"
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/ext2.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"
#include "mm/writeback.h"

#define EXT2_SYNC_NS 5000000000ull /* stores in memory reach the disk after this at the latest */

void ext2_inode_touch(struct ext2_inode *i, bool contents)
{
	i->inode.ctime = clock_seconds();
	if (contents)
		i->inode.mtime = i->inode.ctime;
	i->dirty = true;
}

int ext2_touch(struct inode *inode)
{
	if (!ext2_of(inode)->volume->writable)
		return -EROFS;
	ext2_inode_touch(ext2_of(inode), false);
	return 0;
}

static void ext2_inode_pack(const struct ext2_inode *i, struct ext2_dinode *d)
{
	const struct inode *inode = &i->inode;

	if (i->fresh)
		memset(d, 0, i->volume->inode_size);
	d->mode = inode->mode;
	d->uid = inode->uid;
	d->gid = inode->gid;
	d->links = inode->links;
	d->size = (u32)inode->size;
	if (inode_is(inode, S_IFREG))
		d->size_high = inode->size >> 32;
	d->atime = inode->atime;
	d->mtime = inode->mtime;
	d->ctime = inode->ctime;
	d->dtime = inode->links ? 0 : clock_seconds();
	d->sectors = inode->sectors;
	d->flags = inode->flags;
	d->attributes = i->attributes;
	memcpy(d->block, i->block, sizeof(d->block));
}

int ext2_inode_store(struct ext2_inode *i)
{
	u32 block = 0, offset = 0;
	struct frame *f;
	int r = ext2_inode_locate(i->volume, i->inode.ino, &block, &offset);

	if (r == 0)
		r = ext2_metadata(i->volume, block, &f);
	if (r < 0)
		return r;
	ext2_inode_pack(i, (void *)((u8 *)frame_ptr(f) + offset));
	i->dirty = i->fresh = false;
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
	return 0;
}

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

/* --- what nobody can find any more --------------------------------------------------------------------------------- */

static void ext2_reap_one(struct ext2_inode *i)
{
	struct ext2_volume *v = i->volume;
	bool directory = inode_is(&i->inode, S_IFDIR), text = ext2_symlink_is_short(&i->inode);

	inode_ref(&i->inode);
	if (i->object && memobj_file_resize(i->object, 0) < 0)
		ext2_damaged(v, "inode %u could not be emptied", i->inode.ino);
	i->inode.size = 0;
	if (i->inode.sectors && !text)
		ext2_truncate(i, 0);
	ext2_attributes_put(i);
	ext2_inode_store(i);
	ext2_alloc_free_inode(v, i->inode.ino, directory);
	i->inode.refs--;
	ext2_inode_forget(i);
}

u32 ext2_reap(struct ext2_volume *v)
{
	struct ext2_inode *i;
	u32 reaped = 0;

	v->orphans = 0;
	while ((i = ext2_inode_next(ext2_inode_is_orphan, 0))) {
		ASSERT(i->volume == v);
		ext2_reap_one(i);
		reaped++;
	}
	return reaped;
}

/* --- sync and fsync ------------------------------------------------------------------------------------------------ */

/* What has no name any more would not be found after a crash either. */
static bool ext2_inode_unsaved(const struct ext2_inode *i)
{
	return i->inode.links && (i->dirty || (i->object && writeback_needed(i->object)));
}

/* All inodes; with ONLY, the pages of directories, of links and of that one alone. => 0 or the first error */
static int ext2_save_inodes(const struct ext2_inode *only)
{
	static u32 pass;
	u32 mine = ++pass;
	struct ext2_inode *i;
	int error = 0;

	while ((i = ext2_inode_next(ext2_inode_unsaved, mine))) {
		bool pages = !only || i == only || !inode_is(&i->inode, S_IFREG);
		int r;

		i->pass = mine;
		r = ext2_inode_save(i, pages);
		error = error ? error : r;
	}
	return error;
}

static int ext2_save_metadata(struct ext2_volume *v)
{
	int r;

	writeback_range(v->metadata, 0, ~0u);
	r = writeback_error(v->metadata);
	return r ? r : block_flush(v->disk);
}

int ext2_fsync(struct inode *inode)
{
	struct ext2_inode *i = ext2_of(inode);
	int error = ext2_save_inodes(i), r = ext2_save_metadata(i->volume);

	if (i->object && !error)
		error = writeback_error(i->object);
	return error ? error : r;
}

/* One at a time: when it returns, what others had begun is done too. */
int ext2_sync(void)
{
	static struct waitq saved = WAITQ_INIT(saved);
	static bool saving;
	struct ext2_volume *v = ext2_mounted();
	int error, r;

	if (!v || !v->writable)
		return 0;
	while (saving)
		wait_on(&saved);
	saving = true;
	ext2_reap(v);
	error = ext2_save_inodes(NULL);
	r = ext2_save_metadata(v);
	saving = false;
	wake_all(&saved);
	return error ? error : r;
}

void ext2_set_clean(struct ext2_volume *v, bool clean)
{
	struct ext2_super *s = ext2_super_of(v);

	s->state = clean ? s->state | EXT2_STATE_CLEAN : s->state & ~EXT2_STATE_CLEAN;
	s->write_time = clock_seconds();
	v->super->flags |= FRAME_DIRTY;
}

void ext2_end(void)
{
	struct ext2_volume *v = ext2_mounted();

	if (!v || !v->writable)
		return;
	if (ext2_sync() < 0) {
		printk("ext2: %s could not be saved wholly\n", v->disk->backing.name);
		return;
	}
	ext2_set_clean(v, v->was_clean); /* a disk that was not clean when mounted stays so until e2fsck has run */
	ext2_save_metadata(v);
}

void ext2_writer(void *unused)
{
	(void)unused;
	for (;;) {
		wait_on_until(&writeback_wanted, clock_ns() + EXT2_SYNC_NS);
		ext2_sync();
	}
}
