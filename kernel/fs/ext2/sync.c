/*
 * Saving: from memory to the disk.
 *
 * A file's pages come first, then its inode (into its page of the inode table), then all changed metadata, then the
 * disk's own cache. fsync() saves the whole of the metadata and all directories, not only those of its file: that is
 * little, and it makes the file found again after a crash. What else is lost then e2fsck puts in order.
 */
#include "drivers/block.h"
#include "kernel/base/printk.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/writeback.h"

/* An inode without a name would not be found after a crash either. */
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
int ext2_sync(struct filesystem *fs)
{
	static struct waitq saved = WAITQ_INIT(saved);
	static bool saving;
	struct ext2_volume *v = container_of(fs, struct ext2_volume, fs);
	int error, r;

	if (!v->writable)
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

void ext2_end(struct filesystem *fs)
{
	struct ext2_volume *v = container_of(fs, struct ext2_volume, fs);

	if (!v->writable)
		return;
	if (ext2_sync(fs) < 0) {
		printk("ext2: %s could not be saved completely\n", v->disk->backing.name);
		return;
	}
	ext2_set_clean(v, v->was_clean); /* a disk that was not clean when mounted stays so until e2fsck has run */
	ext2_save_metadata(v);
}
