/*
 * Freeing inodes that can no longer be found: those without name and without user, with their blocks.
 */
#include "kernel/base/panic.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/memobj_file.h"

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
