/*
 * calls-errors: attributes of files: reading and changing them.
 */
#include "calls-errors.h"

#include <sys/stat.h>

enum { CHMOD = 15, ACCESS = 33, FCHMOD = 94, CHOWN = 212, LCHOWN = 198, FCHOWN = 207, STATFS64 = 268, FSTATFS64, UMASK = 60 };
enum { FCHOWNAT = 298, FSTATAT64 = 300, FCHMODAT = 306, FACCESSAT, UTIMENSAT = 320, STATX = 383, FACCESSAT2 = 439 };
enum { UTIME = 30, UTIMES = 271, FUTIMESAT = 299, CWD = -100, EMPTY = 0x1000, NOFOLLOW = 0x100 };
enum { NOW = 0x3FFFFFFF, OMIT = 0x3FFFFFFE, BASIC = 0x7FF };

static struct stat st;

static void cases_of_stat(void)
{
	CASE("stat64", 0, stat("file", &st));
	CASE("stat64 missing", -ENOENT, stat("missing", &st));
	CASE("stat64 nothing", -ENOENT, stat("", &st));
	CASE("stat64 below a file", -ENOTDIR, stat("file/x", &st));
	CASE("stat64 a file with a slash", -ENOTDIR, stat("file/", &st));
	CASE("stat64 a long name", -ENAMETOOLONG, stat(long_name, &st));
	CASE("lstat64 missing", -ENOENT, lstat("missing", &st));
	CASE("lstat64 below a file", -ENOTDIR, lstat("file/x", &st));
	CASE("fstat64", 0, fstat(READER, &st));
	CASE("fstat64 tells a pipe", S_IFIFO, st.st_mode & S_IFMT);
	CASE("fstat64 closed", -EBADF, fstat(CLOSED, &st));
	CASE("fstatat64", 0, syscall(FSTATAT64, FOLDER, "inside", &st, 0));
	CASE("fstatat64 of the descriptor", 0, syscall(FSTATAT64, FILE_RO, "", &st, EMPTY));
	CASE("fstatat64 nothing", -ENOENT, syscall(FSTATAT64, FOLDER, "", &st, 0));
	CASE("fstatat64 missing", -ENOENT, syscall(FSTATAT64, FOLDER, "missing", &st, NOFOLLOW));
	CASE("fstatat64 flags", -EINVAL, syscall(FSTATAT64, FOLDER, "inside", &st, 0x200));
	CASE("fstatat64 closed", -EBADF, syscall(FSTATAT64, CLOSED, "inside", &st, 0));
	CASE("fstatat64 at a file", -ENOTDIR, syscall(FSTATAT64, FILE_RO, "inside", &st, 0));
	CASE("statx", 0, syscall(STATX, FOLDER, "inside", 0, BASIC, buffer));
	CASE("statx missing", -ENOENT, syscall(STATX, FOLDER, "missing", 0, BASIC, buffer));
	CASE("statx flags", -EINVAL, syscall(STATX, FOLDER, "inside", 1, BASIC, buffer));
	CASE("statx both ways", -EINVAL, syscall(STATX, FOLDER, "inside", 0x6000, BASIC, buffer));
	CASE("statx mask", -EINVAL, syscall(STATX, FOLDER, "inside", 0, 0x80000000, buffer));
	CASE("statx closed", -EBADF, syscall(STATX, CLOSED, "inside", 0, BASIC, buffer));
	CASE("statx at a file", -ENOTDIR, syscall(STATX, FILE_RO, "inside", 0, BASIC, buffer));
	CASE("statfs64", 0, syscall(STATFS64, "file", 84, buffer));
	CASE("statfs64 size", -EINVAL, syscall(STATFS64, "file", 80, buffer));
	CASE("statfs64 missing", -ENOENT, syscall(STATFS64, "missing", 84, buffer));
	CASE("statfs64 below a file", -ENOTDIR, syscall(STATFS64, "file/x", 84, buffer));
	CASE("fstatfs64", 0, syscall(FSTATFS64, FILE_RO, 84, buffer));
	CASE("fstatfs64 size", -EINVAL, syscall(FSTATFS64, FILE_RO, 80, buffer));
	CASE("fstatfs64 closed", -EBADF, syscall(FSTATFS64, CLOSED, 84, buffer));
}

static void cases_of_access(void)
{
	CASE("access", 0, syscall(ACCESS, "file", 6));
	CASE("access to run", -EACCES, syscall(ACCESS, "file", 1));
	CASE("access to search", 0, syscall(ACCESS, "full", 7));
	CASE("access mode", -EINVAL, syscall(ACCESS, "file", 8));
	CASE("access missing", -ENOENT, syscall(ACCESS, "missing", 0));
	CASE("access below a file", -ENOTDIR, syscall(ACCESS, "file/x", 0));
	CASE("access a long name", -ENAMETOOLONG, syscall(ACCESS, long_name, 0));
	CASE("faccessat", 0, syscall(FACCESSAT, FOLDER, "inside", 4));
	CASE("faccessat closed", -EBADF, syscall(FACCESSAT, CLOSED, "inside", 4));
	CASE("faccessat at a file", -ENOTDIR, syscall(FACCESSAT, FILE_RO, "inside", 4));
	CASE("faccessat2", 0, syscall(FACCESSAT2, FOLDER, "inside", 4, 0x200));
	CASE("faccessat2 of the descriptor", 0, syscall(FACCESSAT2, FILE_RO, "", 4, EMPTY));
	CASE("faccessat2 flags", -EINVAL, syscall(FACCESSAT2, FOLDER, "inside", 4, 0x400));
}

static void cases_of_modes(void)
{
	CASE("umask", FINE, syscall(UMASK, 0177777));
	CASE("umask tells", 0777, syscall(UMASK, 022));
	CASE("chmod", 0, syscall(CHMOD, "file", 0600));
	CASE("chmod missing", -ENOENT, syscall(CHMOD, "missing", 0600));
	CASE("chmod below a file", -ENOTDIR, syscall(CHMOD, "file/x", 0600));
	CASE("chmod a long name", -ENAMETOOLONG, syscall(CHMOD, long_name, 0600));
	CASE("fchmod", 0, syscall(FCHMOD, FILE_RO, 0644));
	CASE("fchmod closed", -EBADF, syscall(FCHMOD, CLOSED, 0600));
	CASE("fchmodat", 0, syscall(FCHMODAT, FOLDER, "inside", 0600));
	CASE("fchmodat closed", -EBADF, syscall(FCHMODAT, CLOSED, "inside", 0600));
	CASE("fchmodat at a file", -ENOTDIR, syscall(FCHMODAT, FILE_RO, "inside", 0600));
	CASE("chown", 0, syscall(CHOWN, "file", -1, -1));
	CASE("chown missing", -ENOENT, syscall(CHOWN, "missing", -1, -1));
	CASE("chown below a file", -ENOTDIR, syscall(CHOWN, "file/x", -1, -1));
	CASE("lchown", 0, syscall(LCHOWN, "file", -1, -1));
	CASE("lchown missing", -ENOENT, syscall(LCHOWN, "missing", -1, -1));
	CASE("fchown", 0, syscall(FCHOWN, FILE_RO, -1, -1));
	CASE("fchown closed", -EBADF, syscall(FCHOWN, CLOSED, -1, -1));
	CASE("fchownat", 0, syscall(FCHOWNAT, FOLDER, "inside", -1, -1, 0));
	CASE("fchownat of the descriptor", 0, syscall(FCHOWNAT, FILE_RO, "", -1, -1, EMPTY));
	CASE("fchownat flags", -EINVAL, syscall(FCHOWNAT, FOLDER, "inside", -1, -1, 1));
	CASE("fchownat closed", -EBADF, syscall(FCHOWNAT, CLOSED, "inside", -1, -1, 0));
	CASE("fchownat at a file", -ENOTDIR, syscall(FCHOWNAT, FILE_RO, "inside", -1, -1, 0));
}

static long mtime_of(const char *name)
{
	return stat(name, &st) ? -1 : (long)st.st_mtime;
}

static void cases_of_times(void)
{
	long given[] = { 5, 1000, 7, 2000 }, bad[] = { 5, 0, 7, 1000000000 }, bad_us[] = { 5, 0, 7, 1000000 };
	long omitted[] = { 0, OMIT, 0, OMIT }, one[] = { 9, 0, 0, OMIT }, now[] = { 0, NOW, 0, NOW }, plain[] = { 11, 13 };

	CASE("utimensat", 0, syscall(UTIMENSAT, FOLDER, "inside", given, 0));
	CASE("utimensat sets", 7, mtime_of("full/inside"));
	CASE("utimensat leaves", 0, syscall(UTIMENSAT, FOLDER, "inside", one, 0));
	CASE("utimensat has left", 7, mtime_of("full/inside"));
	CASE("utimensat of the descriptor", 0, syscall(UTIMENSAT, FILE_RO, NULL, given, 0));
	CASE("utimensat of the descriptor by nothing", 0, syscall(UTIMENSAT, FILE_RO, "", given, EMPTY));
	CASE("utimensat now", 0, syscall(UTIMENSAT, CWD, "file", now, 0));
	CASE("utimensat has set now", 1, mtime_of("file") > 1000000);
	CASE("utimensat changes nothing of nothing", 0, syscall(UTIMENSAT, CWD, "missing", omitted, 0));
	CASE("utimensat ns", -EINVAL, syscall(UTIMENSAT, FOLDER, "inside", bad, 0));
	CASE("utimensat flags", -EINVAL, syscall(UTIMENSAT, FOLDER, "inside", given, 1));
	CASE("utimensat missing", -ENOENT, syscall(UTIMENSAT, CWD, "missing", given, 0));
	CASE("utimensat nothing", -ENOENT, syscall(UTIMENSAT, CWD, "", given, 0));
	CASE("utimensat below a file", -ENOTDIR, syscall(UTIMENSAT, CWD, "file/x", given, 0));
	CASE("utimensat closed", -EBADF, syscall(UTIMENSAT, CLOSED, "inside", given, 0));
	CASE("utimensat of a closed descriptor", -EBADF, syscall(UTIMENSAT, CLOSED, NULL, given, 0));
	CASE("utimensat of no file", -EFAULT, syscall(UTIMENSAT, CWD, NULL, given, 0));
	CASE("utimes", 0, syscall(UTIMES, "file", given));
	CASE("utimes sets", 7, mtime_of("file"));
	CASE("utimes us", -EINVAL, syscall(UTIMES, "file", bad_us));
	CASE("utimes missing", -ENOENT, syscall(UTIMES, "missing", given));
	CASE("futimesat", 0, syscall(FUTIMESAT, FOLDER, "inside", NULL));
	CASE("futimesat has set now", 1, mtime_of("full/inside") > 1000000);
	CASE("futimesat closed", -EBADF, syscall(FUTIMESAT, CLOSED, "inside", given));
	CASE("utime", 0, syscall(UTIME, "file", plain));
	CASE("utime sets", 13, mtime_of("file"));
	CASE("utime missing", -ENOENT, syscall(UTIME, "missing", plain));
	CASE("utime below a file", -ENOTDIR, syscall(UTIME, "file/x", NULL));
}

void cases_of_attributes(void)
{
	cases_of_stat();
	cases_of_access();
	cases_of_modes();
	cases_of_times();
}
