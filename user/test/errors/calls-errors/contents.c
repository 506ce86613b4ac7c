/*
 * calls-errors: reading and writing files and folders, and their sizes.
 */
#include "calls-errors.h"

enum { TRUNCATE = 92, GETDENTS = 141, READV = 145, WRITEV, TRUNCATE64 = 193, FTRUNCATE64, READAHEAD = 225 };
enum { FADVISE64 = 250, FADVISE64_64 = 272, FALLOCATE = 324, PREADV = 333, PWRITEV };

struct vector {
	void *base;
	unsigned length;
};

static void cases_of_reading(void)
{
	CASE("read", 10, read(FILE_RO, buffer, PAGE));
	CASE("read at the end", 0, read(FILE_RO, buffer, PAGE));
	CASE("read none", 0, read(FILE_RO, buffer, 0));
	CASE("read closed", -EBADF, read(CLOSED, buffer, 1));
	CASE("read what is to be written", -EBADF, read(FILE_WO, buffer, 1));
	CASE("read a folder", -EISDIR, read(FOLDER, buffer, 1));
	CASE("read zeros", PAGE, read(ZERO, buffer, PAGE));
	CASE("read the end of a pipe", -EBADF, read(WRITER, buffer, 1));
	CASE("pread64", 3, syscall(SYS_pread64, FILE_RO, buffer, 9, 7, 0));
	CASE("pread64 behind the end", 0, syscall(SYS_pread64, FILE_RO, buffer, 9, 0, 1));
	CASE("pread64 negative", -EINVAL, syscall(SYS_pread64, FILE_RO, buffer, 1, 0, -1));
	CASE("pread64 a pipe", -ESPIPE, syscall(SYS_pread64, READER, buffer, 1, 0, 0));
	CASE("pread64 closed", -EBADF, syscall(SYS_pread64, CLOSED, buffer, 1, 0, 0));
	CASE("pread64 a folder", -EISDIR, syscall(SYS_pread64, FOLDER, buffer, 1, 0, 0));
}

static void cases_of_writing(void)
{
	int ends[2];

	CASE("write", 10, write(FILE_RW, "0123456789", 10));
	CASE("write none", 0, write(FILE_RW, buffer, 0));
	CASE("write closed", -EBADF, write(CLOSED, buffer, 1));
	CASE("write what is to be read", -EBADF, write(FILE_RO, buffer, 1));
	CASE("write to a full device", -ENOSPC, write(FULL, buffer, 1));
	CASE("write to nothing", PAGE, write(NOTHING, buffer, PAGE));
	CASE("write a folder", -EBADF, write(FOLDER, buffer, 1));
	CASE("pwrite64", 2, syscall(SYS_pwrite64, FILE_WO, "45", 2, 4, 0));
	CASE("pwrite64 negative", -EINVAL, syscall(SYS_pwrite64, FILE_WO, buffer, 1, 0, -1));
	CASE("pwrite64 a pipe", -ESPIPE, syscall(SYS_pwrite64, WRITER, buffer, 1, 0, 0));
	CASE("pwrite64 what is to be read", -EBADF, syscall(SYS_pwrite64, FILE_RO, buffer, 1, 0, 0));
	CASE("pwrite64 closed", -EBADF, syscall(SYS_pwrite64, CLOSED, buffer, 1, 0, 0));
	CHECK_EQ(pipe(ends), 0);
	close(ends[0]);
	CASE("write to nobody", -EPIPE, write(ends[1], buffer, 1));
	close(ends[1]);
}

static void cases_of_vectors(void)
{
	struct vector two[] = { { buffer, 4 }, { buffer + 100, 8 } }, bad[] = { { buffer, 4 }, { buffer, 0x80000000 } };

	CHECK_EQ(lseek(FILE_RO, 0, SEEK_SET), 0);
	CHECK_EQ(lseek(FILE_WO, 0, SEEK_SET), 0);
	CHECK_EQ(ftruncate(FILE_RW, 10), 0);
	CASE("readv", 10, syscall(READV, FILE_RO, two, 2));
	CASE("readv fills the second", '4', buffer[100]);
	CASE("readv none", 0, syscall(READV, FILE_RO, two, 0));
	CASE("readv too many", -EINVAL, syscall(READV, FILE_RO, two, 1025));
	CASE("readv negative", -EINVAL, syscall(READV, FILE_RO, two, -1));
	CASE("readv too much", -EINVAL, syscall(READV, FILE_RO, bad, 2));
	CASE("readv closed", -EBADF, syscall(READV, CLOSED, two, 2));
	CASE("readv what is to be written", -EBADF, syscall(READV, FILE_WO, two, 2));
	CASE("readv a folder", -EISDIR, syscall(READV, FOLDER, two, 2));
	CASE("writev", 12, syscall(WRITEV, NOTHING, two, 2));
	CASE("writev too many", -EINVAL, syscall(WRITEV, FILE_WO, two, 1025));
	CASE("writev too much", -EINVAL, syscall(WRITEV, FILE_WO, bad, 2));
	CASE("writev closed", -EBADF, syscall(WRITEV, CLOSED, two, 2));
	CASE("writev what is to be read", -EBADF, syscall(WRITEV, FILE_RO, two, 2));
	CASE("preadv", 5, syscall(PREADV, FILE_RO, two, 2, 5, 0));
	CASE("preadv leaves the position", 10, lseek(FILE_RO, 0, SEEK_CUR));
	CASE("preadv a pipe", -ESPIPE, syscall(PREADV, READER, two, 2, 0, 0));
	CASE("preadv negative", -EINVAL, syscall(PREADV, FILE_RO, two, 2, 0, -1));
	CASE("preadv closed", -EBADF, syscall(PREADV, CLOSED, two, 2, 0, 0));
	CASE("preadv too many", -EINVAL, syscall(PREADV, FILE_RO, two, 1025, 0, 0));
	CASE("pwritev", 12, syscall(PWRITEV, SHARED, two, 2, 5, 0));
	CASE("pwritev a pipe", -ESPIPE, syscall(PWRITEV, WRITER, two, 2, 0, 0));
	CASE("pwritev negative", -EINVAL, syscall(PWRITEV, FILE_WO, two, 2, 0, -1));
	CASE("pwritev what is to be read", -EBADF, syscall(PWRITEV, FILE_RO, two, 2, 0, 0));
}

static void cases_of_sizes(void)
{
	CASE("ftruncate", 0, ftruncate(FILE_WO, 10));
	CASE("ftruncate negative", -EINVAL, ftruncate(FILE_WO, -1));
	CASE("ftruncate what is to be read", -EINVAL, ftruncate(FILE_RO, 10));
	CASE("ftruncate a pipe", -EINVAL, ftruncate(WRITER, 10));
	CASE("ftruncate a folder", -EINVAL, ftruncate(FOLDER, 10));
	CASE("ftruncate closed", -EBADF, ftruncate(CLOSED, 10));
	CASE("ftruncate64", 0, syscall(FTRUNCATE64, FILE_WO, 10, 0));
	CASE("ftruncate64 negative", -EINVAL, syscall(FTRUNCATE64, FILE_WO, 0, -1));
	CASE("ftruncate64 a pipe", -EINVAL, syscall(FTRUNCATE64, WRITER, 0, 0));
	CASE("ftruncate64 closed", -EBADF, syscall(FTRUNCATE64, CLOSED, 0, 0));
	CASE("truncate", 0, syscall(TRUNCATE, "file", 10));
	CASE("truncate negative", -EINVAL, syscall(TRUNCATE, "file", -1));
	CASE("truncate missing", -ENOENT, syscall(TRUNCATE, "missing", 0));
	CASE("truncate a folder", -EISDIR, syscall(TRUNCATE, "full", 0));
	CASE("truncate below a file", -ENOTDIR, syscall(TRUNCATE, "file/x", 0));
	CASE("truncate a long name", -ENAMETOOLONG, syscall(TRUNCATE, long_name, 0));
	CASE("truncate a device", -EINVAL, syscall(TRUNCATE, "/dev/null", 0));
	CASE("truncate64", 0, syscall(TRUNCATE64, "file", 10, 0));
	CASE("truncate64 negative", -EINVAL, syscall(TRUNCATE64, "file", 0, -1));
	CASE("truncate64 missing", -ENOENT, syscall(TRUNCATE64, "missing", 0, 0));
	CASE("fallocate", 0, syscall(FALLOCATE, SHARED, 0, 0, 0, 3 * PAGE, 0));
	CASE("fallocate none", -EINVAL, syscall(FALLOCATE, SHARED, 0, 0, 0, 0, 0));
	CASE("fallocate negative", -EINVAL, syscall(FALLOCATE, SHARED, 0, 0, -1, 1, 0));
	CASE("fallocate unknown", -EOPNOTSUPP, syscall(FALLOCATE, SHARED, 0x4000, 0, 0, 1, 0));
	CASE("fallocate punch, no word of the size", -EOPNOTSUPP, syscall(FALLOCATE, SHARED, 2, 0, 0, PAGE, 0));
	CASE("fallocate punch and zero", -EOPNOTSUPP, syscall(FALLOCATE, SHARED, 0x13, 0, 0, PAGE, 0));
	CASE("fallocate zero", -EOPNOTSUPP, syscall(FALLOCATE, SHARED, 0x10, 0, 0, PAGE, 0));
	CASE("fallocate collapse", -EOPNOTSUPP, syscall(FALLOCATE, SHARED, 8, 0, 0, PAGE, 0));
	CASE("fallocate collapse and keep", -EINVAL, syscall(FALLOCATE, SHARED, 9, 0, 0, PAGE, 0));
	CASE("fallocate insert and keep", -EINVAL, syscall(FALLOCATE, SHARED, 0x21, 0, 0, PAGE, 0));
	CASE("fallocate unshare", -EOPNOTSUPP, syscall(FALLOCATE, SHARED, 0x41, 0, 0, PAGE, 0));
	CASE("fallocate unshare and zero", -EINVAL, syscall(FALLOCATE, SHARED, 0x50, 0, 0, PAGE, 0));
	CASE("fallocate zero of a pipe", -ESPIPE, syscall(FALLOCATE, WRITER, 0x10, 0, 0, 1, 0));
	CASE("fallocate none of a closed one", -EBADF, syscall(FALLOCATE, CLOSED, 0, 0, 0, 0, 0));
	CASE("fallocate punch", 0, syscall(FALLOCATE, SHARED, 3, 0, 0, PAGE, 0));
	CASE("fallocate too far", -EFBIG, syscall(FALLOCATE, SHARED, 0, 0, 0x7FFFFFFF, 0, 0x7FFFFFFF));
	CASE("fallocate what is to be read", -EBADF, syscall(FALLOCATE, FILE_RO, 0, 0, 0, 1, 0));
	CASE("fallocate a pipe", -ESPIPE, syscall(FALLOCATE, WRITER, 0, 0, 0, 1, 0));
	CASE("fallocate a device", -ENODEV, syscall(FALLOCATE, NOTHING, 0, 0, 0, 1, 0));
	CASE("fallocate closed", -EBADF, syscall(FALLOCATE, CLOSED, 0, 0, 0, 1, 0));
}

static void cases_of_advice(void)
{
	CASE("readahead", 0, syscall(READAHEAD, FILE_RO, 0, 0, PAGE));
	CASE("readahead behind the end", 0, syscall(READAHEAD, FILE_RO, 0, 1, PAGE));
	CASE("readahead what is to be written", -EBADF, syscall(READAHEAD, FILE_WO, 0, 0, PAGE));
	CASE("readahead a pipe", -EINVAL, syscall(READAHEAD, READER, 0, 0, PAGE));
	CASE("readahead a folder", -EINVAL, syscall(READAHEAD, FOLDER, 0, 0, PAGE));
	CASE("readahead closed", -EBADF, syscall(READAHEAD, CLOSED, 0, 0, PAGE));
	for (int advice = 0; advice < 6; advice++)
		CASE("fadvise64", 0, syscall(FADVISE64, FILE_RO, 0, 0, 10, advice));
	CASE("fadvise64 unknown", -EINVAL, syscall(FADVISE64, FILE_RO, 0, 0, 10, 99));
	CASE("fadvise64 a pipe", -ESPIPE, syscall(FADVISE64, READER, 0, 0, 10, 0));
	CASE("fadvise64 closed", -EBADF, syscall(FADVISE64, CLOSED, 0, 0, 10, 0));
	CASE("fadvise64_64", 0, syscall(FADVISE64_64, FILE_RO, 0, 0, 10, 0, 3));
	CASE("fadvise64_64 unknown", -EINVAL, syscall(FADVISE64_64, FILE_RO, 0, 0, 10, 0, 99));
}

static void cases_of_folders(void)
{
	CASE("getdents64 a file", -ENOTDIR, syscall(SYS_getdents64, FILE_RO, buffer, PAGE));
	CASE("getdents64 closed", -EBADF, syscall(SYS_getdents64, CLOSED, buffer, PAGE));
	CASE("getdents64 without room", -EINVAL, syscall(SYS_getdents64, FOLDER, buffer, 10));
	CASE("getdents64", 24 + 24 + 32, syscall(SYS_getdents64, FOLDER, buffer, PAGE));
	CASE("getdents64 at the end", 0, syscall(SYS_getdents64, FOLDER, buffer, PAGE));
	CASE("lseek a folder", 0, lseek(FOLDER, 0, SEEK_SET));
	CASE("getdents a file", -ENOTDIR, syscall(GETDENTS, FILE_RO, buffer, PAGE));
	CASE("getdents closed", -EBADF, syscall(GETDENTS, CLOSED, buffer, PAGE));
	CASE("getdents without room", -EINVAL, syscall(GETDENTS, FOLDER, buffer, 10));
	CASE("getdents", 16 + 16 + 20, syscall(GETDENTS, FOLDER, buffer, PAGE));
	CASE("getdents at the end", 0, syscall(GETDENTS, FOLDER, buffer, PAGE));
}

void cases_of_contents(void)
{
	CHECK_EQ(lseek(FILE_RW, 0, SEEK_SET), 0);
	cases_of_reading();
	cases_of_writing();
	cases_of_vectors();
	cases_of_sizes();
	cases_of_advice();
	cases_of_folders();
}
