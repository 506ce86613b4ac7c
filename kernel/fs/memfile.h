/*
 * Files whose contents are a memory object: read() and write() go through the same pages as mmap(), so that each sees
 * what the other stores at once.
 */
#pragma once

#include "kernel/fs/file.h"

/*
 * Writes N bytes at SRC to byte POS of INODE, whose pages are in OBJ. Page by page: GROW makes the object SIZE bytes long when
 * the page lies beyond its end, and the inode's size follows what has been copied. The source is touched before that, so
 * that a source that cannot be read does not make the file longer, even if it is a mapping of the destination itself.
 * => bytes written, or a negative error if none was; the object may be larger than the inode's size then; sleeps
 */
s32 memfile_write_pages(struct inode *inode, struct memobj *obj, vaddr_t src, u32 n, u64 pos,
			int (*grow)(struct memobj *obj, u64 size));

/* The read function for every file with pages. */
s32 memfile_read(struct file *f, vaddr_t dst, u32 n, u64 pos);

/*
 * Where the next data (HOLE: the next page without data) of such a file begins, at or after byte POS. A file on a disk
 * counts as all data, as on Linux's ext2. => the position; one at or beyond the end of the file: there is none
 */
u64 memfile_next(struct inode *inode, u64 pos, bool hole);

/* The first size that no such file may have. */
#define MEMFILE_SIZE_MAX (1ull << 40)
