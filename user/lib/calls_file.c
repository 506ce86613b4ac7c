/*
 * calls_file.c - the system calls about files and directories as C functions.
 *
 * struct stat is the kernel's stat64, and off_t has 32 bits.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return syscall(SYS_open, path, flags, mode);
}

ssize_t read(int fd, void *to, size_t n)
{
	return syscall(SYS_read, fd, to, n);
}

ssize_t write(int fd, const void *from, size_t n)
{
	return syscall(SYS_write, fd, from, n);
}

int close(int fd)
{
	return syscall(SYS_close, fd);
}

int swapon(const char *path, int flags)
{
	return syscall(SYS_swapon, path, flags);
}

int swapoff(const char *path)
{
	return syscall(SYS_swapoff, path);
}

ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	return syscall(SYS_pread64, fd, to, n, offset, offset < 0 ? -1 : 0);
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t offset)
{
	return syscall(SYS_pwrite64, fd, from, n, offset, offset < 0 ? -1 : 0);
}

off_t lseek(int fd, off_t offset, int whence)
{
	return syscall(SYS_lseek, fd, offset, whence);
}

int dup(int fd)
{
	return syscall(SYS_dup, fd);
}

int dup2(int fd, int to)
{
	return syscall(SYS_dup2, fd, to);
}

int pipe(int fd[2])
{
	return syscall(SYS_pipe, fd);
}

int ftruncate(int fd, off_t size)
{
	return syscall(SYS_ftruncate, fd, size);
}

int fsync(int fd)
{
	return syscall(SYS_fsync, fd);
}

int stat(const char *path, struct stat *to)
{
	return syscall(SYS_stat64, path, to);
}

int lstat(const char *path, struct stat *to)
{
	return syscall(SYS_lstat64, path, to);
}

int fstat(int fd, struct stat *to)
{
	return syscall(SYS_fstat64, fd, to);
}

int getdents64(int fd, void *to, unsigned int size)
{
	return syscall(SYS_getdents64, fd, to, size);
}

int link(const char *from, const char *to)
{
	return syscall(SYS_link, from, to);
}

int symlink(const char *target, const char *path)
{
	return syscall(SYS_symlink, target, path);
}

ssize_t readlink(const char *path, char *to, size_t size)
{
	return syscall(SYS_readlink, path, to, size);
}

int unlink(const char *path)
{
	return syscall(SYS_unlink, path);
}

int mkdir(const char *path, mode_t mode)
{
	return syscall(SYS_mkdir, path, mode);
}

int rmdir(const char *path)
{
	return syscall(SYS_rmdir, path);
}

int rename(const char *from, const char *to)
{
	return syscall(SYS_rename, from, to);
}

int chdir(const char *path)
{
	return syscall(SYS_chdir, path);
}

char *getcwd(char *to, size_t size)
{
	return syscall(SYS_getcwd, to, size) < 0 ? NULL : to;
}
