/*
 * files - descriptors, offsets and directories.
 */
#include "check.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>

static char *self;

/* Duplicates of a descriptor share the offset; a second open has its own. */
static void offsets(void)
{
	int fd = open(self, O_RDONLY), copy = dup(fd), other = open(self, O_RDONLY);
	char a[4], b[4];

	CHECK(fd >= 0 && copy >= 0 && other >= 0 && fd != copy);
	CHECK_EQ(read(fd, a, 4), 4);
	CHECK_EQ(memcmp(a, "\177ELF", 4), 0);
	CHECK_EQ(lseek(copy, 0, SEEK_CUR), 4);
	CHECK_EQ(lseek(other, 0, SEEK_CUR), 0);
	CHECK_EQ(lseek(copy, 1, SEEK_SET), 1);
	CHECK_EQ(read(fd, a, 3), 3);
	CHECK_EQ(memcmp(a, "ELF", 3), 0);
	CHECK_EQ(lseek(fd, -2, SEEK_CUR), 2);
	CHECK_EQ(dup2(other, copy), copy);
	CHECK_EQ(read(copy, b, 4), 4);
	CHECK_EQ(lseek(other, 0, SEEK_CUR), 4);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2);
	CHECK_EQ(dup2(fd, fd), fd);
	CHECK_EQ(close(fd), 0);
	CHECK_ERROR(read(fd, a, 1), EBADF);
	CHECK_ERROR(close(fd), EBADF);
	CHECK_EQ(read(other, a, 1), 1);
	close(copy);
	close(other);
}

static void ends(void)
{
	int fd = open(self, O_RDONLY);
	struct stat st, by_name;
	char text[8];

	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(stat(self, &by_name), 0);
	CHECK(S_ISREG(st.st_mode) && st.st_size > 1000);
	CHECK(st.st_ino == by_name.st_ino && st.st_size == by_name.st_size);
	CHECK_EQ(lseek(fd, 0, SEEK_END), st.st_size);
	CHECK_EQ(read(fd, text, 8), 0);
	CHECK_EQ(lseek(fd, -3, SEEK_END), st.st_size - 3);
	CHECK_EQ(read(fd, text, 8), 3);
	CHECK_EQ(lseek(fd, 1000000000, SEEK_SET), 1000000000);
	CHECK_EQ(read(fd, text, 8), 0);
	CHECK_ERROR(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERROR(lseek(fd, 0, 77), EINVAL);
	CHECK_ERROR(write(fd, "x", 1), EBADF);
	close(fd);
}

static void errors(void)
{
	char long_name[5000];

	memset(long_name, 'n', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK_ERROR(open("/no/such/thing", O_RDONLY), ENOENT);
	CHECK_ERROR(open("", O_RDONLY), ENOENT);
	CHECK_ERROR(open(long_name, O_RDONLY), ENAMETOOLONG);
	long_name[300] = '\0';
	CHECK_ERROR(open(long_name, O_RDONLY), ENAMETOOLONG);
	CHECK_ERROR(open("/", O_RDWR), EISDIR);
	CHECK_ERROR(open(self, O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERROR(chdir(self), ENOTDIR);
	CHECK_ERROR(chdir("/no/such"), ENOENT);
	CHECK_ERROR(dup(-1), EBADF);
	CHECK_ERROR(dup2(0, -1), EBADF);
	CHECK_ERROR(dup2(77, 3), EBADF);
	CHECK_ERROR(lseek(55, 0, SEEK_SET), EBADF);
	CHECK_ERROR(fstat(-5, (struct stat *)long_name), EBADF);
}

/* The lowest free descriptor is returned, until there are none. */
static void numbers(void)
{
	int first = dup(0), fds[8], last;

	CHECK(first > 2);
	CHECK_EQ(dup(0), first + 1);
	close(first);
	CHECK_EQ(dup(0), first);
	CHECK_EQ(pipe(fds), 0);
	CHECK_EQ(fds[0], first + 2);
	CHECK_EQ(fds[1], first + 3);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(close(first + i), 0);
	if (fork() == 0) {
		for (int i = 0; (last = dup(0)) >= 0 && i < 100000; i++)
			;
		_exit(last < 0 && errno == EMFILE ? 0 : 1);
	}
	CHECK(wait(&last) > 0);
	CHECK_EQ(last, 0);
}

/* The directory that holds this program: each entry once, and this one among them. */
static void directory(void)
{
	char path[PATH_MAX], *slash, small[16];
	struct dirent *entry;
	int seen = 0, dots = 0, count = 0, again = 0, fd;
	struct stat st;
	DIR *dir;

	strcpy(path, self);
	slash = strrchr(path, '/');
	CHECK(slash != NULL);
	*slash = '\0';
	CHECK_EQ(stat(path, &st), 0);
	CHECK(S_ISDIR(st.st_mode));
	dir = opendir(path);
	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		count++;
		dots += strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
		seen += strcmp(entry->d_name, slash + 1) == 0;
	}
	closedir(dir);
	CHECK_EQ(dots, 2);
	CHECK_EQ(seen, 1);
	dir = opendir(path);
	while (readdir(dir))
		again++;
	closedir(dir);
	CHECK_EQ(again, count);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	CHECK_ERROR(getdents64(fd, small, sizeof(small)), EINVAL);
	CHECK_ERROR(read(fd, small, 4), EISDIR);
	close(fd);
	fd = open(self, O_RDONLY);
	CHECK_ERROR(getdents64(fd, path, sizeof(path)), ENOTDIR);
	close(fd);
}

static void working_directory(void)
{
	char path[PATH_MAX], before[PATH_MAX];
	int fd;

	CHECK(getcwd(before, sizeof(before)) != NULL);
	CHECK_EQ(chdir("/dev/shm"), 0);
	CHECK(getcwd(path, sizeof(path)) != NULL);
	CHECK_EQ(strcmp(path, "/dev/shm"), 0);
	CHECK(getcwd(path, 5) == NULL && errno == ERANGE);
	fd = open("files-test", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	close(fd);
	CHECK_EQ(chdir("../.."), 0);
	CHECK(getcwd(path, sizeof(path)) != NULL);
	CHECK_EQ(strcmp(path, "/"), 0);
	fd = open("dev/./shm/../shm//files-test", O_RDONLY);
	CHECK(fd >= 0);
	close(fd);
	CHECK_EQ(unlink("/dev/shm/files-test"), 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK(getcwd(path, sizeof(path)) != NULL);
	CHECK_EQ(strcmp(path, "/"), 0);
	CHECK_EQ(chdir(before), 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	self = argv[0];
	offsets();
	ends();
	errors();
	numbers();
	directory();
	working_directory();
	return CHECK_OK();
}
