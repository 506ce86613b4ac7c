/*
 * disk-full - a full disk: ENOSPC for write(), SIGBUS for a store into a hole; what was written before stays intact; deleting
 * a file makes room. Where there is too much room to fill (on the host) only the last part is tried.
 */
#include "check.h"

#include <sys/stat.h>

enum { FILL_AT_MOST = 4000 };	/* pages */

static char page[PAGE];

static void store_in_holes(void *argument)
{
	char *p = argument;

	for (int i = 0; i < 200; i++)
		p[i * PAGE] = 1;
}

static int fill(int fd)
{
	int n = 0, r;

	for (; n < FILL_AT_MOST; n++) {
		memset(page, n, PAGE);
		r = write(fd, page, PAGE);
		if (r != PAGE)
			break;
	}
	return n;
}

static void check_filled(int fd, int pages)
{
	for (int i = 0; i < pages; i++) {
		CHECK_EQ(pread(fd, page, PAGE, i * PAGE), PAGE);
		CHECK_EQ(page[0], (char)i);
		CHECK_EQ(page[PAGE - 1], (char)i);
	}
}

/* Creates names until the folder needs one more page, which the full disk cannot provide. */
static void check_no_room_for_names(void)
{
	char name[256];
	int fd, n = 0;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	for (; n < PAGE; n++) {
		snprintf(name, 5, "%04d", n);
		name[4] = 'n';
		fd = open(name, O_RDWR | O_CREAT, 0644);
		if (fd < 0)
			break;
		close(fd);
	}
	CHECK_EQ(errno, ENOSPC);
	CHECK_ERROR(open(name, O_RDONLY), ENOENT);
	CHECK_ERROR(mkdir("folder", 0755), ENOSPC);
	while (n-- > 0) {
		snprintf(name, 5, "%04d", n);
		name[4] = 'n';
		CHECK_EQ(unlink(name), 0);
	}
}

int main(void)
{
	int fd = open("full", O_RDWR | O_CREAT | O_TRUNC, 0644), holes = open("holes", O_RDWR | O_CREAT | O_TRUNC, 0644);
	int pages;
	char *p;

	CHECK(fd >= 0 && holes >= 0);
	CHECK_EQ(ftruncate(holes, 200 * PAGE), 0);
	p = mmap(NULL, 200 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, holes, 0);
	CHECK(p != MAP_FAILED);
	pages = fill(fd);
	if (pages < FILL_AT_MOST) {
		CHECK_ERROR(write(fd, page, PAGE), ENOSPC);
		CHECK_EQ(p[5 * PAGE], 0);
		CHECK_SIGNAL(store_in_holes, p, SIGBUS);
		check_filled(fd, pages);
		check_no_room_for_names();
		CHECK_EQ(ftruncate(fd, (pages / 2) * PAGE), 0);
		pages /= 2;
	}
	CHECK_SIGNAL(store_in_holes, p, 0);
	CHECK_EQ(p[199 * PAGE], 1);
	check_filled(fd, pages);
	CHECK_EQ(lseek(fd, 0, SEEK_END), pages * PAGE);
	munmap(p, 200 * PAGE);
	close(fd);
	close(holes);
	CHECK_EQ(unlink("full"), 0);
	CHECK_EQ(unlink("holes"), 0);
	return CHECK_OK();
}
