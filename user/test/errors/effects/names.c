/*
 * Names and attributes of files: modes, owners, times.
 */
#include "effects.h"

enum { AT_CWD = -100, AT_REMOVEDIR = 0x200 };
enum { NOREPLACE = 1, EXCHANGE = 2, WHITEOUT = 4 };

static struct stat status_of(const char *name)
{
	struct stat st;

	CHECK_EQ(lstat(name, &st), 0);
	return st;
}

static bool is_there(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0;
}

static bool is_same(const char *one, const char *other)
{
	return status_of(one).st_ino == status_of(other).st_ino;
}

/* --- names ----------------------------------------------------------------------------------------------------------- */

static void creat_file(void)
{
	CALL("file", 0644);
	CHECK_EQ(status_of("file").st_size, 0);
}

static void link_name(void)
{
	CALL("file", "new");
	CHECK(is_same("file", "new"));
}

static void link_at(void)
{
	CALL(AT_CWD, "file", AT_CWD, "new", 0);
	CHECK(is_same("file", "new"));
}

static void is_link(void)
{
	char to[20];

	CHECK_EQ(readlink("new", to, sizeof(to)), 4);
	CHECK_EQ(memcmp(to, "file", 4), 0);
}

static void symlink_name(void)
{
	CALL("file", "new");
	is_link();
}

static void symlink_at(void)
{
	CALL("file", AT_CWD, "new");
	is_link();
}

static void unlink_name(void)
{
	CALL("file");
	CHECK(!is_there("file"));
}

static void unlink_at(void)
{
	CALL(AT_CWD, "folder", AT_REMOVEDIR);
	CHECK(!is_there("folder"));
}

static void mkdir_name(void)
{
	CALL("new", 0700);
	CHECK_EQ(status_of("new").st_mode, S_IFDIR | 0700);
}

static void mkdir_at(void)
{
	CALL(AT_CWD, "new", 0700);
	CHECK_EQ(status_of("new").st_mode, S_IFDIR | 0700);
}

static void rmdir_name(void)
{
	CALL("folder");
	CHECK(!is_there("folder"));
}

static void rename_name(void)
{
	CALL("file", "new");
	CHECK(!is_there("file") && status_of("new").st_size == 10);
}

static void rename_at(void)
{
	CALL(AT_CWD, "file", AT_CWD, "folder/new", NOREPLACE);
	CHECK(!is_there("file") && status_of("folder/new").st_size == 10);
}

static void exchange(void)
{
	CALL(AT_CWD, "file", AT_CWD, "link", EXCHANGE);
	CHECK(S_ISLNK(status_of("file").st_mode) && S_ISREG(status_of("link").st_mode));
	CHECK_EQ(rename("link", "file"), 0);
}

static void whiteout(void)
{
	CALL(AT_CWD, "file", AT_CWD, "new", WHITEOUT);
	CHECK(S_ISCHR(status_of("file").st_mode));
}

static void chdir_name(void)
{
	char place[200];

	CALL("folder");
	CHECK(getcwd(place, sizeof(place)) && strstr(place, "/folder"));
}

static void chdir_descriptor(void)
{
	char place[200];
	int fd = open("folder", O_RDONLY);

	CALL(fd);
	CHECK(getcwd(place, sizeof(place)) && strstr(place, "/folder"));
}

/* --- modes and owners ------------------------------------------------------------------------------------------------ */

static void umask_set(void)
{
	CALL(0077);
	CHECK(open("new", O_WRONLY | O_CREAT, 0666) >= 0);
	CHECK_EQ(status_of("new").st_mode, S_IFREG | 0600);
}

static void chmod_name(void)
{
	CALL("file", 02705);
	CHECK_EQ(status_of("file").st_mode, S_IFREG | 02705);
}

static void chmod_descriptor(void)
{
	CALL(open("file", O_RDONLY), 02705);
	CHECK_EQ(status_of("file").st_mode, S_IFREG | 02705);
}

static void chmod_at(void)
{
	CALL(AT_CWD, "file", 02705);
	CHECK_EQ(status_of("file").st_mode, S_IFREG | 02705);
}

static void has_owner(const char *name)
{
	struct stat st = status_of(name);

	CHECK_EQ(st.st_uid, 70001);
	CHECK_EQ(st.st_gid, 70002);
}

static void chown_name(void)
{
	CALL("file", 70001, 70002);
	has_owner("file");
}

static void chown_link(void)
{
	CALL("link", 70001, 70002);
	has_owner("link");
	CHECK_EQ(status_of("file").st_uid, 0);
}

static void chown_descriptor(void)
{
	CALL(open("file", O_RDONLY), 70001, 70002);
	has_owner("file");
}

static void chown_at(void)
{
	CALL(AT_CWD, "file", 70001, 70002, 0);
	has_owner("file");
}

/* --- times ----------------------------------------------------------------------------------------------------------- */

static void has_times(void)
{
	struct stat st = status_of("file");

	CHECK_EQ(st.st_atime, 1000000000);
	CHECK_EQ(st.st_mtime, 1000000001);
}

static void utime_name(void)
{
	CALL("file", ((long[]){ 1000000000, 1000000001 }));
	has_times();
}

static const long times[4] = { 1000000000, 0, 1000000001, 0 };

static void utimes_name(void)
{
	CALL("file", times);
	has_times();
}

static void utimes_at(void)
{
	CALL(AT_CWD, "file", times);
	has_times();
}

static void utimens_at(void)
{
	CALL(AT_CWD, "file", times, 0);
	has_times();
}

const struct effect name_effects[] = {
	{ 8, "creat", creat_file, 0 },
	{ 9, "link", link_name, 0 },
	{ 10, "unlink", unlink_name, 0 },
	{ 12, "chdir", chdir_name, 0 },
	{ 15, "chmod", chmod_name, 0 },
	{ 30, "utime", utime_name, 0 },
	{ 38, "rename", rename_name, 0 },
	{ 39, "mkdir", mkdir_name, 0 },
	{ 40, "rmdir", rmdir_name, 0 },
	{ 60, "umask", umask_set, 0 },
	{ 83, "symlink", symlink_name, 0 },
	{ 94, "fchmod", chmod_descriptor, 0 },
	{ 133, "fchdir", chdir_descriptor, 0 },
	{ 198, "lchown", chown_link, 0 },
	{ 207, "fchown", chown_descriptor, 0 },
	{ 212, "chown", chown_name, 0 },
	{ 271, "utimes", utimes_name, 0 },
	{ 296, "mkdirat", mkdir_at, 0 },
	{ 298, "fchownat", chown_at, 0 },
	{ 299, "futimesat", utimes_at, 0 },
	{ 301, "unlinkat", unlink_at, 0 },
	{ 302, "renameat", rename_at, 0 },
	{ 303, "linkat", link_at, 0 },
	{ 304, "symlinkat", symlink_at, 0 },
	{ 306, "fchmodat", chmod_at, 0 },
	{ 320, "utimensat", utimens_at, 0 },
	{ 353, "renameat2 RENAME_NOREPLACE", rename_at, 0 },
	{ 353, "renameat2 RENAME_EXCHANGE", exchange, 0 },
	{ 353, "renameat2 RENAME_WHITEOUT", whiteout, 0 },
	{ 0 },
};
