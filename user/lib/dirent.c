/*
 * dirent.c - reading a directory: getdents64 fills a buffer, readdir walks over it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct directory {
	int fd;
	int next, filled;		/* entries [next, filled) of the buffer are to come */
	char buffer[2048] __attribute__((aligned(8)));
};

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = malloc(sizeof(*dir));
	if (!dir) {
		close(fd);
		return NULL;
	}
	dir->fd = fd;
	dir->next = dir->filled = 0;
	return dir;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *entry;

	if (dir->next == dir->filled) {
		dir->next = 0;
		dir->filled = getdents64(dir->fd, dir->buffer, sizeof(dir->buffer));
		if (dir->filled <= 0) {
			dir->filled = 0;
			return NULL;
		}
	}
	entry = (struct dirent *)(dir->buffer + dir->next);
	dir->next += entry->d_reclen;
	return entry;
}

int closedir(DIR *dir)
{
	int result = close(dir->fd);

	free(dir);
	return result;
}
