/* sys/stat.h: attributes of files. struct stat is the kernel's stat64, byte for byte. */
#ifndef SYS_STAT_H
#define SYS_STAT_H

#include <stdint.h>
#include <sys/types.h>

#define S_IFMT 0170000
#define S_IFCHR 0020000
#define S_IFDIR 0040000
#define S_IFBLK 0060000
#define S_IFREG 0100000
#define S_IFIFO 0010000
#define S_IFLNK 0120000
#define S_ISREG(mode) (((mode) & S_IFMT) == S_IFREG)
#define S_ISDIR(mode) (((mode) & S_IFMT) == S_IFDIR)
#define S_ISCHR(mode) (((mode) & S_IFMT) == S_IFCHR)
#define S_ISFIFO(mode) (((mode) & S_IFMT) == S_IFIFO)
#define S_ISLNK(mode) (((mode) & S_IFMT) == S_IFLNK)

struct stat {
	uint64_t st_dev;
	uint32_t pad0;
	uint32_t old_ino;
	uint32_t st_mode;
	uint32_t st_nlink;
	uint32_t st_uid;
	uint32_t st_gid;
	uint64_t st_rdev;
	uint32_t pad1;
	int64_t st_size;
	uint32_t st_blksize;
	uint64_t st_blocks;
	uint32_t st_atime, st_atime_nsec;
	uint32_t st_mtime, st_mtime_nsec;
	uint32_t st_ctime, st_ctime_nsec;
	uint64_t st_ino;
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct stat) == 96, "struct stat is not the kernel's stat64");

int stat(const char *path, struct stat *to);
int lstat(const char *path, struct stat *to);
int fstat(int fd, struct stat *to);
int mkdir(const char *path, mode_t mode);
int rename(const char *from, const char *to);

#endif
