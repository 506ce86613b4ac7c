/*
 * Symbolic links of ext2: where a target stands.
 *
 * One of less than 60 bytes stands in the inode, in place of the block numbers; a longer one is the contents of a block.
 * The size alone says which it is, as e2fsprogs has it; and a number is used only if the link is said to have blocks as
 * well. So where a disk lies about one of them, there is an error, and no text is taken for the number of a block.
 *
 * Source: see format.h, "Symbolic Links"; e2fsprogs, ext2fs_is_fast_symlink().
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"

STATIC_ASSERT(PATH_MAX <= EXT2_BLOCK_SIZE, "any target fits into a block");

bool ext2_symlink_is_short(const struct inode *link)
{
	return inode_is(link, S_IFLNK) && link->size < sizeof(ext2_of(link)->block);
}

static int ext2_symlink_page(struct inode *link, bool make, struct frame **f)
{
	struct memobj *obj = ext2_memobj(link);

	return obj ? memobj_get_pinned(obj, 0, make, f) : -ENOMEM;
}

int ext2_symlink_fill(struct inode *link, const char *target)
{
	struct frame *f;
	int r;

	link->size = strlen(target);
	if (ext2_symlink_is_short(link)) {
		memcpy(ext2_of(link)->block, target, link->size);
		return 0;
	}
	r = ext2_symlink_page(link, true, &f);
	if (r < 0)
		return r;
	memcpy(frame_ptr(f), target, link->size);
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
	return 0;
}

/* The first N bytes of the target. => 0, -ENOMEM, -EIO, -EINTR */
static int ext2_symlink_copy(struct inode *link, char *buf, u32 n)
{
	struct frame *f;
	int r;

	if (ext2_symlink_is_short(link)) {
		memcpy(buf, ext2_of(link)->block, n);
		return 0;
	}
	r = ext2_symlink_page(link, false, &f);
	if (r < 0)
		return r;
	memcpy(buf, frame_ptr(f), n);
	frame_unpin(f);
	return 0;
}

int ext2_readlink(struct inode *link, char *buf, u32 size)
{
	struct ext2_volume *v = ext2_of(link)->volume;
	u32 n = MIN((u64)size, link->size);
	int r;

	if (link->size == 0 || link->size >= EXT2_BLOCK_SIZE || (!ext2_symlink_is_short(link) && !link->sectors))
		return ext2_damaged(v, "symbolic link %u with %llu bytes in %llu sectors cannot be", link->ino,
				    (unsigned long long)link->size, (unsigned long long)link->sectors);
	r = ext2_symlink_copy(link, buf, n);
	if (r < 0)
		return r;
	for (u32 i = 0; i < n; i++)
		if (!buf[i])
			return ext2_damaged(v, "the target of symbolic link %u ends before its size", link->ino);
	return n;
}
