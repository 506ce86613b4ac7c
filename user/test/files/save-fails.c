/*
 * save-fails - a disk that fails all writes: fsync and msync report that, once each; nothing is lost, and when the disk works
 * again all is saved. Where failures cannot be injected (on Linux) only the saving is tried.
 */
#include "file.h"

enum { PAGES = 8, TRIES = 100 };

/* After some failures the kernel lets a request succeed, and requests of other threads count too: stores and tries again. */
static int fails_to_save(int fd, char *byte)
{
	for (int i = 0; i < TRIES; i++) {
		*byte = 'x';
		if (fsync(fd) < 0)
			return errno;
	}
	return 0;
}

int main(void)
{
	static char buf[PAGES * PAGE];
	int fd = open("save-fails.tmp", O_RDWR | O_CREAT | O_TRUNC, 0644);
	char *p;

	CHECK(fd >= 0);
	memset(buf, 'w', sizeof(buf));
	CHECK_EQ(write(fd, buf, sizeof(buf)), sizeof(buf));
	CHECK_EQ(fsync(fd), 0);
	p = mmap(NULL, sizeof(buf), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = '0' + i;
	if (file_set("/proc/sys/vm/fail", "disk:1") == 0) {
		CHECK_ERROR(msync(p, sizeof(buf), MS_SYNC), EIO);
		CHECK_EQ(p[PAGE], '1');
		CHECK_EQ(fails_to_save(fd, &p[2 * PAGE + 1]), EIO);
		CHECK_EQ(file_set("/proc/sys/vm/fail", "off"), 0);
	} else {
		p[2 * PAGE + 1] = 'x';
	}
	CHECK_EQ(fsync(fd), 0);
	CHECK_EQ(munmap(p, sizeof(buf)), 0);
	close(fd);
	return CHECK_OK();
}
