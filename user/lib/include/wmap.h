/*
 * wmap.h: mappings as in an assignment of a well-known course, on top of mmap.
 *
 * A mapping is lazy: a page gets memory when it is first used. It is shared: a child that fork makes has it too, and each sees
 * what the other stores. It shows zeros, or a file from its beginning. The flags are those of mmap; both MAP_FIXED and MAP_SHARED
 * must be given, MAP_ANONYMOUS may be, and any other flag is refused.
 *
 * Every function returns FAILED if it refuses; then nothing has changed.
 *
 * Source: University of Wisconsin-Madison, CS 537, project "wmap".
 */
#ifndef WMAP_H
#define WMAP_H

#include <sys/mman.h>

#define SUCCESS 0
#define FAILED -1

#define MAX_WMMAP_INFO 16			/* mappings of a task at a time */
#define WMAP_START 0x60000000u		/* they lie from here ... */
#define WMAP_END 0x80000000u		/* ... to the page before this address */

struct wmapinfo {
	int total_mmaps;
	int addr[MAX_WMMAP_INFO];		/* the first address of each, in any order */
	int length[MAX_WMMAP_INFO];		/* bytes, as they were asked for */
	int n_loaded_pages[MAX_WMMAP_INFO];	/* pages that the task's page table has now */
};

/*
 * Maps LENGTH bytes, rounded up to whole pages, at ADDRESS, the beginning of a page. FD: the file, open for reading and writing;
 * it may be closed afterwards. With MAP_ANONYMOUS it means nothing.
 * => ADDRESS; FAILED: an argument is wrong, a page is in use, or there are MAX_WMMAP_INFO mappings
 */
unsigned int wmap(unsigned int address, int length, int flags, int fd);

/*
 * Removes the whole mapping that begins at ADDRESS, for this task alone. When it returns, the disk has what was stored to the
 * mapping of a file. => SUCCESS; FAILED: no mapping begins there, or the disk did not take what was stored, and the mapping stays
 */
int wunmap(unsigned int address);

/* => the physical address of the virtual one VA; FAILED: the page table has no entry for it */
unsigned int va2pa(unsigned int va);

/* => SUCCESS, with what is mapped in *INFO */
int getwmapinfo(struct wmapinfo *info);

/* Not of that course. => how many pages of [ADDRESS, ADDRESS + LENGTH) the page table has now; -1: see errno */
int pages_loaded(unsigned int address, unsigned int length);

#endif
