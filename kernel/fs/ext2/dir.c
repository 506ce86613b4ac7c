/*
 * Directories of ext2.
 *
 * A directory is a file whose blocks each hold a chain of entries that ends exactly with the block. Every entry is
 * checked before it is believed, so a damaged chain ends in an error, never in a loop.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/ext2.h"
#include "kernel/fs/ext2/index.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"

int ext2_dir_page(struct inode *inode, u64 pos, struct frame **f)
{
	struct memobj *obj = ext2_memobj(inode);

	return obj ? memobj_get_pinned(obj, pos >> PAGE_SHIFT, false, f) : -ENOMEM;
}

struct ext2_entry *ext2_dir_entry(const struct inode *dir, u8 *page, u32 offset)
{
	struct ext2_volume *v = ext2_of(dir)->volume;
	struct ext2_entry *e = (void *)(page + offset);

	if (EXT2_BLOCK_SIZE - offset < EXT2_ENTRY_MIN || e->length % 4 || e->length > EXT2_BLOCK_SIZE - offset ||
	    e->length < EXT2_ENTRY_MIN + e->name_length || (e->ino && !e->name_length) || e->ino > v->inodes) {
		ext2_damaged(v, "directory %u, byte %u of a block: no valid entry", dir->ino, offset);
		return NULL;
	}
	return e;
}

/* => inode number of NAME in a directory's page, 0: not there, -EIO */
static s32 ext2_dir_find(const struct inode *dir, u8 *page, const char *name, u32 length)
{
	const struct ext2_entry *e;

	for (u32 offset = 0; offset < EXT2_BLOCK_SIZE; offset += e->length) {
		e = ext2_dir_entry(dir, page, offset);
		if (!e)
			return -EIO;
		if (e->ino && e->name_length == length && memcmp(e->name, name, length) == 0)
			return e->ino;
	}
	return 0;
}

static u32 ext2_pages_searched;

u32 ext2_dir_pages_searched(void)
{
	return ext2_pages_searched;
}

/* As ext2_dir_search(), in one page. */
static s32 ext2_dir_search_page(struct inode *dir, u32 page, const char *name, u32 length, struct frame **f)
{
	s32 r = ext2_dir_page(dir, (u64)page * EXT2_BLOCK_SIZE, f);

	if (r < 0)
		return r;
	ext2_pages_searched++;
	r = ext2_dir_find(dir, frame_ptr(*f), name, length);
	if (r <= 0)
		frame_unpin(*f);
	return r;
}

s32 ext2_dir_search(struct inode *dir, const char *name, u32 length, struct frame **f)
{
	u32 candidates[EXT2_INDEX_CANDIDATES];
	s32 n = ext2_index_find(dir, ext2_index_hash(name, length), candidates), r = 0;

	if (n < 0) {
		for (u32 page = 0; r == 0 && page < dir->size / EXT2_BLOCK_SIZE; page++)
			r = ext2_dir_search_page(dir, page, name, length, f);
	}
	for (s32 i = 0; r == 0 && i < n; i++)
		r = ext2_dir_search_page(dir, candidates[i], name, length, f);
	return r;
}

static int ext2_lookup_once(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	struct frame *f;
	s32 r = ext2_dir_search(dir, name, length, &f);

	if (r <= 0)
		return r ? r : -ENOENT;
	frame_unpin(f);
	return ext2_inode_get(ext2_of(dir)->volume, r, dir, name, length, out);
}

int ext2_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	int r;

	do {
		r = ext2_lookup_once(dir, name, length, out);
	} while (r == -EAGAIN);
	return r;
}

static u32 ext2_dir_type(const struct inode *dir, const struct ext2_entry *e)
{
	static const u32 modes[] = { 0, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK };

	return ext2_of(dir)->volume->typed_entries && e->type < ARRAY_LEN(modes) ? modes[e->type] : 0;
}

/*
 * The first entry in use at or behind *OFFSET of a page. The chain is walked from the page's start, because a user may
 * have put the position anywhere. => 1 and *OFFSET behind it, 0: none, -EIO
 */
static int ext2_dir_scan(const struct inode *dir, u8 *page, u32 *offset, struct dirent *out)
{
	const struct ext2_entry *e;

	for (u32 at = 0; at < EXT2_BLOCK_SIZE; at += e->length) {
		e = ext2_dir_entry(dir, page, at);
		if (!e)
			return -EIO;
		if (at < *offset || !e->ino)
			continue;
		dirent_set(out, e->ino, ext2_dir_type(dir, e), e->name, e->name_length);
		*offset = at + e->length;
		return 1;
	}
	return 0;
}

static int ext2_next(struct inode *dir, u64 *pos, struct dirent *out)
{
	while (*pos < dir->size) {
		u32 offset = (u32)*pos % EXT2_BLOCK_SIZE;
		struct frame *f;
		int r = ext2_dir_page(dir, *pos, &f);

		if (r < 0)
			return r;
		*pos -= offset;
		r = ext2_dir_scan(dir, frame_ptr(f), &offset, out);
		frame_unpin(f);
		if (r < 0)
			return r;
		*pos += r ? offset : EXT2_BLOCK_SIZE;
		if (r)
			return 1;
	}
	return 0;
}

const struct inode_ops ext2_inode_ops = {
	.lookup = ext2_lookup, .next = ext2_next, .readlink = ext2_readlink, .memobj = ext2_memobj,
	.create = ext2_create, .unlink = ext2_unlink, .mkdir = ext2_mkdir, .rmdir = ext2_unlink, .rename = ext2_rename,
	.symlink = ext2_symlink, .link = ext2_link,
	.release = ext2_inode_release, .touch = ext2_touch,
};

const struct inode_ops ext2_file_inode_ops = {
	.resize = ext2_resize, .allocate = ext2_allocate, .memobj = ext2_memobj, .release = ext2_inode_release, .touch = ext2_touch,
};
