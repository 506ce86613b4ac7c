/*
 * Directories of ext2: searching one for a name, and listing it.
 *
 * A directory is a file whose pages each hold a chain of entries (page.h).
 */
#include "kernel/base/errno.h"
#include "kernel/fs/ext2/index.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"

u32 ext2_dir_pages_searched;

/* As ext2_dir_search(), in one page. */
static s32 ext2_dir_search_page(struct inode *dir, u32 page, struct ext2_name name, struct frame **f)
{
	struct ext2_entry *found, *before;
	s32 r = ext2_page_get(dir, (u64)page * EXT2_BLOCK_SIZE, f);

	if (r < 0)
		return r;
	ext2_dir_pages_searched++;
	r = ext2_page_find(dir, frame_ptr(*f), name, &found, &before);
	if (r > 0)
		return found->ino;
	frame_unpin(*f);
	return r;
}

s32 ext2_dir_search(struct inode *dir, struct ext2_name name, struct frame **f)
{
	u32 candidates[EXT2_INDEX_CANDIDATES];
	s32 n = ext2_index_find(dir, ext2_index_hash(name.text, name.length), candidates), r = 0;

	if (n < 0) {
		for (u32 page = 0; r == 0 && page < dir->size / EXT2_BLOCK_SIZE; page++)
			r = ext2_dir_search_page(dir, page, name, f);
	}
	for (s32 i = 0; r == 0 && i < n; i++)
		r = ext2_dir_search_page(dir, candidates[i], name, f);
	return r;
}

static int ext2_lookup_once(struct inode *dir, struct ext2_name name, struct inode **out)
{
	struct frame *f;
	s32 r = ext2_dir_search(dir, name, &f);

	if (r <= 0)
		return r ? r : -ENOENT;
	frame_unpin(f);
	return ext2_inode_get(ext2_of(dir)->volume, r, dir, name, out);
}

int ext2_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	int r;

	do {
		r = ext2_lookup_once(dir, (struct ext2_name){ name, length }, out);
	} while (r == -EAGAIN);
	return r;
}

static u32 ext2_dir_type(const struct inode *dir, const struct ext2_entry *e)
{
	static const u32 modes[] = { 0, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK };

	return ext2_of(dir)->volume->typed_entries && e->type < ARRAY_LEN(modes) ? modes[e->type] : 0;
}

/*
 * Finds the first entry in use that begins at *OFFSET or behind it. The chain of the page is walked from byte AT on.
 * => 1 and *OFFSET behind it, 0: none, -EIO
 */
static int ext2_dir_scan(const struct inode *dir, u8 *page, u32 at, u32 *offset, struct dirent *out)
{
	const struct ext2_entry *e;

	for (; at < EXT2_BLOCK_SIZE; at += e->length) {
		e = ext2_page_entry(dir, page, at);
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

/*
 * A user may have put the position anywhere. That an entry begins there is known only if the last search ended there, and no
 * name has come or gone since; else the page is walked from its start.
 */
static bool ext2_dir_is_border(const struct ext2_inode *i, u64 pos)
{
	return i->listed_to == pos && i->listed_changes == i->changes;
}

int ext2_next(struct inode *dir, u64 *pos, struct dirent *out)
{
	struct ext2_inode *i = ext2_of(dir);

	while (*pos < dir->size) {
		u32 offset = (u32)*pos % EXT2_BLOCK_SIZE;
		bool known;
		struct frame *f;
		int r = ext2_page_get(dir, *pos, &f);

		if (r < 0)
			return r;
		known = ext2_dir_is_border(i, *pos);
		*pos -= offset;
		r = ext2_dir_scan(dir, frame_ptr(f), known ? offset : 0, &offset, out);
		frame_unpin(f);
		if (r < 0)
			return r;
		*pos += r ? offset : EXT2_BLOCK_SIZE;
		i->listed_to = *pos;
		i->listed_changes = i->changes;
		if (r)
			return 1;
	}
	return 0;
}
