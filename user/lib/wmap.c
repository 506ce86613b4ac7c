/*
 * wmap.c - the calls of wmap.h. The kernel does the work: mmap makes a mapping lazy, shared and inherited. What it cannot tell
 * is where the mappings begin and how long they were meant to be, so a table remembers that. The table is ordinary memory: a
 * child begins with a copy of it, as it does with the mappings, and from then on each has its own.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <wmap.h>

enum { PAGE = 4096 };

static struct {
	unsigned int start;
	int length;
} mappings[MAX_WMMAP_INFO];
static int count; /* mappings[0] to mappings[count - 1] are in use */

/* => the index of the mapping that begins at ADDRESS; COUNT: there is none */
static int find(unsigned int address)
{
	int i = 0;

	while (i < count && mappings[i].start != address)
		i++;
	return i;
}

static bool is_refused(unsigned int address, int length, int flags)
{
	/* lab wmap: arguments that wmap() refuses before it asks the kernel */
	const int needed = MAP_FIXED | MAP_SHARED, allowed = needed | MAP_ANONYMOUS;

	return (flags & needed) != needed || (flags & ~allowed) || address % PAGE || address < WMAP_START || address >= WMAP_END ||
	       length <= 0 || (unsigned int)length > WMAP_END - address || count == MAX_WMMAP_INFO;
	/* end of lab wmap */
}

unsigned int wmap(unsigned int address, int length, int flags, int fd)
{
	/* lab wmap: make a mapping */
	if (is_refused(address, length, flags))
		return FAILED;
	if (mmap((void *)address, length, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, fd, 0) == MAP_FAILED)
		return FAILED;
	mappings[count].start = address;
	mappings[count++].length = length;
	return address;
	/* end of lab wmap */
}

int wunmap(unsigned int address)
{
	/* lab wmap: write back and remove a mapping */
	int i = find(address);

	if (i == count || msync((void *)address, mappings[i].length, MS_SYNC) < 0)
		return FAILED;
	if (munmap((void *)address, mappings[i].length) < 0)
		return FAILED;
	mappings[i] = mappings[--count];
	return SUCCESS;
	/* end of lab wmap */
}

unsigned int va2pa(unsigned int va)
{
	return syscall(SYS_va2pa, va);
}

int pages_loaded(unsigned int address, unsigned int length)
{
	return syscall(SYS_pages_loaded, address, length);
}

int getwmapinfo(struct wmapinfo *info)
{
	/* lab wmap: what is mapped, and how much of it the page table has */
	memset(info, 0, sizeof(*info));
	info->total_mmaps = count;
	for (int i = 0; i < count; i++) {
		info->addr[i] = mappings[i].start;
		info->length[i] = mappings[i].length;
		info->n_loaded_pages[i] = pages_loaded(mappings[i].start, mappings[i].length);
	}
	return SUCCESS;
	/* end of lab wmap */
}
