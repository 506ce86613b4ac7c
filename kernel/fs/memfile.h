/*
 * Files whose contents are a memory object: read() and write() go through the same pages as mmap(), so that they see
 * each other at once.
 */
#pragma once

#include "kernel/fs/file.h"

/*
 * N bytes at SRC to byte POS of INODE, whose pages OBJ has. Page by page: GROW gives the object room for SIZE bytes when
 * the page lies behind the end, and the inode's size follows what has been copied. A page's source is touched before
 * that, so what cannot be read makes no file longer, even where the source is a mapping of the place itself.
 * => bytes written, or a negative error if none was; the object may be larger than the inode's size then; sleeps
 */
s32 memfile_write_pages(struct inode *inode, struct memobj *obj, vaddr_t src, u32 n, u64 pos,
			int (*grow)(struct memobj *obj, u64 size));

/* The read function for every file with pages. */
s32 memfile_read(struct file *f, vaddr_t dst, u32 n, u64 pos);

/*
 * Where the next data (HOLE: the next page without any) of such a file begins, from byte POS on. In a file on a disk all
 * is data: Linux's ext2 says so too, and nobody can be misled by it. => the place; behind the end: nowhere
 */
u64 memfile_next(struct inode *inode, u64 pos, bool hole);

/* The first size that no such file may have. */
#define MEMFILE_SIZE_MAX (1ull << 40)
