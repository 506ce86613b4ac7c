/*
 * calls-errors: open and related calls, and operations on descriptors other than reading and writing.
 */
#include "calls-errors.h"

enum { CREAT = 8, FLOCK = 143, FCNTL64 = 221, OPENAT = 295, DUP3 = 330, PIPE2 = 331, FDATASYNC = 148, LLSEEK = 140 };
enum { SETRLIMIT = 75, RLIMIT_NOFILE = 7, CWD = -100, TCGETS = 0x5401, LARGE = 0100000 };
enum { GETFD = 1, SETFD = 2, GETFL = 3, SETFL = 4, GETLK = 5, SETLK = 6, DUPFD_CLOEXEC = 1030 };

static long lock(int fd, int command, int type, int start, int whence)
{
	struct {
		short type, whence;
		int start, length, pid;
	} lock = { type, whence, start, 0, 0 };

	return syscall(FCNTL64, fd, command, &lock);
}

static void cases_of_open(void)
{
	CASE("open to read", CLOSED, dup2(open("file", O_RDONLY), CLOSED));
	CASE("close", 0, close(CLOSED));
	CASE("close twice", -EBADF, close(CLOSED));
	CASE("close negative", -EBADF, close(-1));
	for (int fd = 3; fd < FILE_RW; fd++)
		close(fd);
	CASE("open gives the lowest", 3, open("file", O_RDWR));
	CASE("open nothing", -ENOENT, open("", O_RDONLY));
	CASE("open missing", -ENOENT, open("missing", O_RDONLY));
	CASE("open in missing", -ENOENT, open("missing/file", O_RDONLY | O_CREAT, 0644));
	CASE("open below a file", -ENOTDIR, open("file/x", O_RDONLY));
	CASE("open a file with a slash", -ENOTDIR, open("file/", O_RDONLY));
	CASE("open a file as a folder", -ENOTDIR, open("file", O_RDONLY | O_DIRECTORY));
	CASE("open a folder to write", -EISDIR, open("full", O_WRONLY));
	CASE("open a folder to create", -EISDIR, open("full", O_RDONLY | O_CREAT, 0644));
	CASE("open an existing one exclusively", -EEXIST, open("file", O_RDWR | O_CREAT | O_EXCL, 0644));
	CASE("open a long name", -ENAMETOOLONG, open(long_name, O_RDONLY));
	CASE("open a long path", -ENAMETOOLONG, open(long_path, O_RDONLY));
	CASE("creat a folder", -EISDIR, syscall(CREAT, "full", 0644));
	CASE("creat", 4, syscall(CREAT, "made", 0644));
	CASE("unlink", 0, unlink("made"));
	CASE("openat", 5, syscall(OPENAT, FOLDER, "inside", O_RDONLY, 0));
	CASE("openat absolute", 6, syscall(OPENAT, CLOSED, "/dev/null", O_RDONLY, 0));
	CASE("openat closed", -EBADF, syscall(OPENAT, CLOSED, "inside", O_RDONLY, 0));
	CASE("openat at a file", -ENOTDIR, syscall(OPENAT, FILE_RO, "inside", O_RDONLY, 0));
	for (int fd = 3; fd < 7; fd++)
		close(fd);
}

static void cases_of_dup(void)
{
	CASE("dup", 3, dup(FILE_RO));
	CASE("dup closed", -EBADF, dup(CLOSED));
	CASE("dup2", 4, dup2(FILE_RO, 4));
	CASE("dup2 to itself", 4, dup2(4, 4));
	CASE("dup2 closed to itself", -EBADF, dup2(CLOSED, CLOSED));
	CASE("dup2 closed", -EBADF, dup2(CLOSED, 4));
	CASE("dup2 negative", -EBADF, dup2(4, -1));
	CASE("dup2 too high", -EBADF, dup2(4, 2000000000));
	CASE("dup3", 5, syscall(DUP3, 4, 5, O_CLOEXEC));
	CASE("dup3 sets close-on-exec", 1, syscall(FCNTL64, 5, GETFD, 0));
	CASE("dup3 to itself", -EINVAL, syscall(DUP3, 4, 4, 0));
	CASE("dup3 flags", -EINVAL, syscall(DUP3, 4, 5, O_APPEND));
	CASE("dup3 closed", -EBADF, syscall(DUP3, CLOSED, 5, 0));
	CASE("dup3 too high", -EBADF, syscall(DUP3, 4, 2000000000, 0));
	CASE("fcntl F_DUPFD", 20, syscall(FCNTL64, 4, 0, 20));
	CASE("fcntl F_DUPFD_CLOEXEC", 21, syscall(FCNTL64, 4, DUPFD_CLOEXEC, 20));
	CASE("fcntl F_DUPFD too high", -EINVAL, syscall(FCNTL64, 4, 0, 2000000000));
	CASE("fcntl F_GETFD", 1, syscall(FCNTL64, 21, GETFD, 0));
	CASE("fcntl F_SETFD", 0, syscall(FCNTL64, 21, SETFD, 0));
	CASE("fcntl F_GETFD then", 0, syscall(FCNTL64, 21, GETFD, 0));
	CASE("fcntl F_SETLK", 0, lock(FILE_RW, SETLK, 1, 0, 0));
	CASE("fcntl F_SETLK to write what is only read", -EBADF, lock(FILE_RO, SETLK, 1, 0, 0));
	CASE("fcntl F_SETLK to read what is only written", -EBADF, lock(FILE_WO, SETLK, 0, 0, 0));
	CASE("fcntl F_SETLK before the beginning", -EINVAL, lock(FILE_RW, SETLK, 1, -1, 0));
	CASE("fcntl F_SETLK from nowhere", -EINVAL, lock(FILE_RW, SETLK, 1, 0, 3));
	CASE("fcntl F_SETLK type", -EINVAL, lock(FILE_RW, SETLK, 3, 0, 0));
	CASE("fcntl F_SETLK of a pipe", 0, lock(WRITER, SETLK, 1, 0, 0));
	CASE("fcntl F_SETLK of a folder", 0, lock(FOLDER, SETLK, 0, 0, 0));
	CASE("fcntl F_SETLK closed", -EBADF, lock(CLOSED, SETLK, 1, 0, 0));
	CASE("fcntl F_GETLK", 0, lock(FILE_RW, GETLK, 1, 0, 0));
	CASE("fcntl F_GETLK type", -EINVAL, lock(FILE_RW, GETLK, 2, 0, 0));
	CASE("fcntl F_SETLK clears", 0, lock(FILE_RW, SETLK, 2, 0, 0));
	CASE("fcntl F_GETFL", O_RDWR, syscall(FCNTL64, FILE_RW, GETFL, 0) & ~LARGE);
	CASE("fcntl F_SETFL", 0, syscall(FCNTL64, FILE_RW, SETFL, O_APPEND | O_CREAT));
	CASE("fcntl F_GETFL then", O_RDWR | O_APPEND, syscall(FCNTL64, FILE_RW, GETFL, 0) & ~LARGE);
	CASE("fcntl F_SETFL back", 0, syscall(FCNTL64, FILE_RW, SETFL, 0));
	CASE("fcntl closed", -EBADF, syscall(FCNTL64, CLOSED, GETFL, 0));
	CASE("fcntl unknown", -EINVAL, syscall(FCNTL64, FILE_RW, 999, 0));
	for (int fd = 3; fd < 6; fd++)
		close(fd);
	close(20);
	close(21);
}

static void cases_of_too_many(void)
{
	unsigned limit[2] = { 64, 64 };
	int ends[2], fd = 0;

	CASE("setrlimit files", 0, syscall(SETRLIMIT, RLIMIT_NOFILE, limit));
	CASE("dup2 behind the limit", -EBADF, dup2(FILE_RO, 64));
	CASE("fcntl F_DUPFD behind the limit", -EINVAL, syscall(FCNTL64, FILE_RO, 0, 64));
	while ((fd = dup(FILE_RO)) >= 0 && fd < 63)
		;
	CASE("dup until the last", 63, fd);
	CASE("dup too many", -EMFILE, dup(FILE_RO));
	CASE("open too many", -EMFILE, open("file", O_RDONLY));
	CASE("pipe too many", -EMFILE, pipe(ends));
	CASE("memfd_create too many", -EMFILE, syscall(SYS_memfd_create, "x", 0));
	CASE("fcntl F_DUPFD too many", -EMFILE, syscall(FCNTL64, FILE_RO, 0, 60));
	close(63);
	CASE("pipe one too many", -EMFILE, pipe(ends));
	CASE("open the last", 63, open("file", O_RDONLY));
	for (fd = 3; fd < 64; fd++)
		if (fd < FILE_RW || fd > SHARED)
			close(fd);
}

static void cases_of_other(void)
{
	int ends[2];

	CASE("ioctl closed", -EBADF, syscall(SYS_ioctl, CLOSED, TCGETS, buffer));
	CASE("ioctl of no terminal", -ENOTTY, syscall(SYS_ioctl, FILE_RO, TCGETS, buffer));
	CASE("ioctl of a pipe", -ENOTTY, syscall(SYS_ioctl, READER, TCGETS, buffer));
	CASE("ioctl unknown", -ENOTTY, syscall(SYS_ioctl, NOTHING, 0x9999, buffer));
	CASE("pipe", 0, pipe(ends));
	CASE("pipe gives the lowest", 34, ends[0] * 10 + ends[1]);
	close(ends[0]);
	close(ends[1]);
	CASE("pipe2 flags", -EINVAL, syscall(PIPE2, ends, O_APPEND));
	CASE("pipe2", 0, syscall(PIPE2, ends, O_CLOEXEC | O_NONBLOCK));
	CASE("pipe2 reads nothing", -EAGAIN, read(ends[0], buffer, 1));
	close(ends[0]);
	close(ends[1]);
	CASE("fsync", 0, fsync(FILE_RO));
	CASE("fsync a folder", 0, fsync(FOLDER));
	CASE("fsync a pipe", -EINVAL, fsync(READER));
	CASE("fsync closed", -EBADF, fsync(CLOSED));
	CASE("fdatasync", 0, syscall(FDATASYNC, FILE_WO));
	CASE("fdatasync a pipe", -EINVAL, syscall(FDATASYNC, WRITER));
	CASE("fdatasync closed", -EBADF, syscall(FDATASYNC, CLOSED));
	CASE("sync", 0, syscall(SYS_sync));
	CASE("flock", 0, syscall(FLOCK, FILE_RO, 2));
	CASE("flock unlock", 0, syscall(FLOCK, FILE_RO, 8));
	CASE("flock unknown", -EINVAL, syscall(FLOCK, FILE_RO, 7));
	CASE("flock closed", -EBADF, syscall(FLOCK, CLOSED, 2));
	CASE("memfd_create flags", -EINVAL, syscall(SYS_memfd_create, "x", 0x40000000));
	CASE("memfd_create", 3, syscall(SYS_memfd_create, "x", 1));
	CASE("memfd_create long", -EINVAL, syscall(SYS_memfd_create, long_name, 0));
	close(3);
}

static void cases_of_lseek(void)
{
	long long at;

	CASE("lseek set", 4, lseek(FILE_RO, 4, SEEK_SET));
	CASE("lseek on", 6, lseek(FILE_RO, 2, SEEK_CUR));
	CASE("lseek end", 13, lseek(FILE_RO, 3, SEEK_END));
	CASE("lseek before the beginning", -EINVAL, lseek(FILE_RO, -11, SEEK_END));
	CASE("lseek whence", -EINVAL, lseek(FILE_RO, 0, 9));
	CASE("lseek a pipe", -ESPIPE, lseek(READER, 0, SEEK_SET));
	CASE("lseek closed", -EBADF, lseek(CLOSED, 0, SEEK_SET));
	CASE("lseek to data", 3, lseek(FILE_RO, 3, 3));
	CASE("lseek to a hole", 10, lseek(FILE_RO, 3, 4));
	CASE("lseek to data behind the end", -ENXIO, lseek(FILE_RO, 10, 3));
	CASE("lseek to a hole behind the end", -ENXIO, lseek(FILE_RO, 11, 4));
	CASE("_llseek", 0, syscall(LLSEEK, FILE_RO, 1, 5, &at, SEEK_SET));
	CASE("_llseek tells", 1, at == 0x100000005ll);
	CASE("lseek too far", -EOVERFLOW, lseek(FILE_RO, 0, SEEK_CUR));
	CASE("_llseek before the beginning", -EINVAL, syscall(LLSEEK, FILE_RO, -1, -1, &at, SEEK_SET));
	CASE("_llseek whence", -EINVAL, syscall(LLSEEK, FILE_RO, 0, 0, &at, 9));
	CASE("_llseek a pipe", -ESPIPE, syscall(LLSEEK, READER, 0, 0, &at, SEEK_SET));
	CASE("_llseek closed", -EBADF, syscall(LLSEEK, CLOSED, 0, 0, &at, SEEK_SET));
	CASE("lseek back", 0, lseek(FILE_RO, 0, SEEK_SET));
}

void cases_of_descriptors(void)
{
	cases_of_open();
	cases_of_dup();
	cases_of_too_many();
	cases_of_other();
	cases_of_lseek();
}
