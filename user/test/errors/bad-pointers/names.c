/*
 * Calls that take the name of a file, or report about one.
 */
#include "bad-pointers.h"

#include <sys/syscall.h>

enum { HERE = -100, REMOVE_FOLDER = 0x200, FILE_MODE = 0644, FOLDER_MODE = 0755 };

static const long two_times[4] = { 1000, 0, 2000, 0 };

static void home(void)
{
	CHECK_EQ(syscall(133, HOME), 0); /* fchdir */
}

static long go_home(long result)
{
	home();
	return result == 0;
}

static void to_root(void)
{
	CHECK_EQ(chdir("/"), 0);
}

static long close_it(long result)
{
	return result < 0 ? 0 : close(result) == 0;
}

/* => was it created? */
static long remove_made(long result)
{
	if (result > 2)
		close(result);
	return unlink("made") == 0 || rmdir("made") == 0;
}

static void remove_before(void)
{
	remove_made(-1);
}

static void make_victim(void)
{
	remove_before();
	close(open("victim", O_RDWR | O_CREAT | O_TRUNC, FILE_MODE));
}

static void make_folder(void)
{
	syscall(SYS_mkdir, "folder", FOLDER_MODE);
}

const struct row name_rows[] = {
	{ 5, "open path", TEXT, 5, ARGS(P, O_RDONLY), "data", .after = close_it },
	{ 5, "open new path", TEXT, 5, ARGS(P, O_RDWR | O_CREAT, FILE_MODE), "made", .before = remove_before,
	  .after = remove_made },
	{ 8, "creat path", TEXT, 5, ARGS(P, FILE_MODE), "made", .before = remove_before, .after = remove_made },
	{ 295, "openat path", TEXT, 5, ARGS(HOME, P, O_RDONLY), "data", .after = close_it },
	{ 10, "unlink path", TEXT, 7, ARGS(P), "victim", .before = make_victim },
	{ 301, "unlinkat path", TEXT, 7, ARGS(HERE, P, 0), "victim", .before = make_victim },
	{ 301, "unlinkat folder", TEXT, 7, ARGS(HERE, P, REMOVE_FOLDER), "folder", .before = make_folder },
	{ 12, "chdir path", TEXT, 6, ARGS(P), "empty", .after = go_home },
	{ 38, "rename from", TEXT, 7, ARGS(P, (long)"made"), "victim", .before = make_victim, .after = remove_made },
	{ 38, "rename to", TEXT, 5, ARGS((long)"victim", P), "made", .before = make_victim, .after = remove_made },
	{ 302, "renameat from", TEXT, 7, ARGS(HERE, P, HERE, (long)"made"), "victim", .before = make_victim,
	  .after = remove_made },
	{ 302, "renameat to", TEXT, 5, ARGS(HERE, (long)"victim", HERE, P), "made", .before = make_victim,
	  .after = remove_made },
	{ 353, "renameat2 from", TEXT, 7, ARGS(HERE, P, HERE, (long)"made", 0), "victim", .before = make_victim,
	  .after = remove_made },
	{ 353, "renameat2 to", TEXT, 5, ARGS(HERE, (long)"victim", HERE, P, 0), "made", .before = make_victim,
	  .after = remove_made },
	{ 9, "link from", TEXT, 7, ARGS(P, (long)"made"), "victim", .before = make_victim, .after = remove_made },
	{ 9, "link to", TEXT, 5, ARGS((long)"victim", P), "made", .before = make_victim, .after = remove_made },
	{ 303, "linkat from", TEXT, 7, ARGS(HERE, P, HERE, (long)"made", 0), "victim", .before = make_victim,
	  .after = remove_made },
	{ 303, "linkat to", TEXT, 5, ARGS(HERE, (long)"victim", HERE, P, 0), "made", .before = make_victim,
	  .after = remove_made },
	{ 83, "symlink target", TEXT, 7, ARGS(P, (long)"made"), "victim", .before = remove_before,
	  .after = remove_made },
	{ 83, "symlink path", TEXT, 5, ARGS((long)"victim", P), "made", .before = remove_before,
	  .after = remove_made },
	{ 304, "symlinkat target", TEXT, 7, ARGS(P, HERE, (long)"made"), "victim", .before = remove_before,
	  .after = remove_made },
	{ 304, "symlinkat path", TEXT, 5, ARGS((long)"victim", HERE, P), "made", .before = remove_before,
	  .after = remove_made },
	{ 39, "mkdir path", TEXT, 5, ARGS(P, FOLDER_MODE), "made", .before = remove_before, .after = remove_made },
	{ 296, "mkdirat path", TEXT, 5, ARGS(HERE, P, FOLDER_MODE), "made", .before = remove_before,
	  .after = remove_made },
	{ 40, "rmdir path", TEXT, 7, ARGS(P), "folder", .before = make_folder },
	{ 33, "access path", TEXT, 5, ARGS(P, 4), "data" },
	{ 307, "faccessat path", TEXT, 5, ARGS(HERE, P, 4), "data" },
	{ 439, "faccessat2 path", TEXT, 5, ARGS(HERE, P, 4, 0), "data" },
	{ 85, "readlink path", TEXT, 5, ARGS(P, (long)two_times, 0), "data" },
	{ 85, "readlink", OUT, 4, ARGS((long)"link", P, 16) },
	{ 85, "readlink of no link", OUT, 16, ARGS((long)"data", P, 16) },
	{ 305, "readlinkat path", TEXT, 5, ARGS(HERE, P, (long)two_times, 16), "data" },
	{ 305, "readlinkat", OUT, 4, ARGS(HERE, (long)"link", P, 16) },
	{ 195, "stat64 path", TEXT, 5, ARGS(P, 0), "nope" },
	{ 195, "stat64", OUT, 96, ARGS((long)"data", P), .flags = VARIES },
	{ 196, "lstat64 path", TEXT, 5, ARGS(P, 0), "nope" },
	{ 196, "lstat64", OUT, 96, ARGS((long)"data", P), .flags = VARIES },
	{ 300, "fstatat64 path", TEXT, 5, ARGS(HERE, P, 0, 0), "nope" },
	{ 300, "fstatat64", OUT, 96, ARGS(HERE, (long)"data", P, 0), .flags = VARIES },
	{ 383, "statx path", TEXT, 5, ARGS(HERE, P, 0, 0x7ff, 0), "nope" },
	{ 383, "statx empty path", TEXT, 1, ARGS(HERE, P, 0x1000, 0x7ff, 0), "" },
	{ 383, "statx", OUT, 256, ARGS(HERE, (long)"data", 0, 0x7ff, P), .flags = VARIES },
	{ 268, "statfs64 path", TEXT, 5, ARGS(P, 84, 0), "nope" },
	{ 268, "statfs64", OUT, 84, ARGS((long)"data", 84, P), .flags = VARIES },
	{ 15, "chmod path", TEXT, 8, ARGS(P, FOLDER_MODE), "garbage" },
	{ 306, "fchmodat path", TEXT, 8, ARGS(HERE, P, FOLDER_MODE), "garbage" },
	{ 212, "chown path", TEXT, 5, ARGS(P, 0, 0), "data", .flags = ROOT },
	{ 198, "lchown path", TEXT, 5, ARGS(P, 0, 0), "data", .flags = ROOT },
	{ 298, "fchownat path", TEXT, 5, ARGS(HERE, P, 0, 0, 0), "data", .flags = ROOT },
	{ 320, "utimensat path", TEXT, 5, ARGS(HERE, P, (long)two_times, 0), "data" },
	{ 320, "utimensat times", IN, 16, ARGS(HERE, (long)"data", P, 0), two_times },
	{ 30, "utime path", TEXT, 5, ARGS(P, (long)two_times), "data" },
	{ 30, "utime times", IN, 8, ARGS((long)"data", P), two_times },
	{ 271, "utimes path", TEXT, 5, ARGS(P, (long)two_times), "data" },
	{ 271, "utimes times", IN, 16, ARGS((long)"data", P), two_times },
	{ 299, "futimesat path", TEXT, 5, ARGS(HERE, P, (long)two_times), "data" },
	{ 299, "futimesat times", IN, 16, ARGS(HERE, (long)"data", P), two_times },
	{ 92, "truncate path", TEXT, 5, ARGS(P, 4096), "data" },
	{ 193, "truncate64 path", TEXT, 5, ARGS(P, 4096, 0), "data" },
	{ 183, "getcwd", OUT, 2, ARGS(P, 100), .before = to_root, .after = go_home },
	{ 87, "swapon path", TEXT, 5, ARGS(P, 0), "data", .flags = ROOT },
	{ 115, "swapoff path", TEXT, 5, ARGS(P), "data", .flags = ROOT },
	{ 0 },
};
