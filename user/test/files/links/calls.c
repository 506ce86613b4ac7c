/*
 * calls.c - each call on each kind of path: to a file, a directory, over links of every kind, dangling and circular ones,
 * with and without a slash at the end.
 *
 * Before each call the same files and links exist; after it everything that has changed is printed. They are recreated
 * only after a call that changed something: most calls fail, and creating twenty files costs a hundred times as much.
 */
#include "links.h"

static long do_list(const char *path)
{
	DIR *d = opendir(path);
	int count = 0;

	if (!d)
		return -1;
	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

/* --- the files and links, before and after a call ------------------------------------------------------------------- */

static const char *const names[] = {
	"file", "dir", "full", "full/inner", "to-file", "to-dir", "to-full", "to-slash", "to-link", "dangling", "far", "loop",
	"loop-2", "through", "new", "target", "dir/new", "full/file", "x", "dir/x", "full/x",
	"x/inner",
};

void build(void)
{
	CHECK_EQ(chdir(scene), 0);
	file_make("file", "contents");
	CHECK_EQ(mkdir("dir", 0755), 0);
	CHECK_EQ(mkdir("full", 0755), 0);
	file_make("full/inner", "inner");
	CHECK_EQ(symlink("file", "to-file"), 0);
	CHECK_EQ(symlink("dir", "to-dir"), 0);
	CHECK_EQ(symlink("full", "to-full"), 0);
	CHECK_EQ(symlink("dir/", "to-slash"), 0);
	CHECK_EQ(symlink("to-file", "to-link"), 0);
	CHECK_EQ(symlink("target", "dangling"), 0);
	CHECK_EQ(symlink("no/such", "far"), 0);
	CHECK_EQ(symlink("loop-2", "loop"), 0);
	CHECK_EQ(symlink("loop", "loop-2"), 0);
	CHECK_EQ(symlink("file/x", "through"), 0);
}

/* Prints what has changed since build(). => whether anything has */
static bool changed(void)
{
	static const char *const before = "fddfllllllllll";
	bool found = false;

	CHECK_EQ(chdir(scene), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct stat st;
		char kind = '-';

		if (lstat(names[i], &st) == 0)
			kind = S_ISLNK(st.st_mode) ? 'l' : S_ISDIR(st.st_mode) ? 'd' : 'f';
		if (kind != (i < strlen(before) ? before[i] : '-')) {
			printf("\t%s is %c\n", names[i], kind);
			found = true;
		}
		if (kind == 'f' && (st.st_nlink != 1 || st.st_size != (i ? 5 : 8))) {
			printf("\t%s has %u links, %lld bytes\n", names[i], st.st_nlink, (long long)st.st_size);
			found = true;
		}
		if (kind == 'l' && st.st_nlink != 1) {
			printf("\t%s has %u links\n", names[i], st.st_nlink);
			found = true;
		}
	}
	return found;
}

static void remove_all(void)
{
	for (size_t i = sizeof(names) / sizeof(names[0]); i-- > 0;)
		if (unlink(names[i]) < 0)
			rmdir(names[i]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		rmdir(names[i]);
	CHECK_EQ(do_list("."), 2);
}

void clear(void)
{
	changed();
	remove_all();
}

/* --- each call on each path ---------------------------------------------------------------------------------------- */

static long do_stat(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : (long)(st.st_mode & S_IFMT);
}

long do_lstat(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? -1 : (long)(st.st_mode & S_IFMT);
}

static long do_readlink(const char *path)
{
	char buf[4];

	return readlink(path, buf, sizeof(buf));
}

static long do_exec(const char *path)
{
	return execve(path, (char *[]){ NULL }, (char *[]){ NULL });
}

static long do_chmod(const char *path)
{
	struct stat st;

	if (syscall(SYS_CHMOD, path, 0711) < 0)
		return -1;
	return stat(path, &st) < 0 ? -1 : (long)(st.st_mode & 0777);
}

static long do_utimes(const char *path)
{
	static const uint32_t times[4] = { 1000, 0, 2000, 0 };
	struct stat st;

	if (syscall(SYS_UTIMENSAT, AT_CWD, path, times, AT_NOFOLLOW) < 0)
		return -1;
	return lstat(path, &st) < 0 ? -1 : (long)st.st_mtime;
}

static long do_open(const char *path) { return opened(path, O_RDONLY); }
static long do_open_write(const char *path) { return opened(path, O_WRONLY); }
static long do_open_nofollow(const char *path) { return opened(path, O_RDONLY | O_NOFOLLOW); }
static long do_open_directory(const char *path) { return opened(path, O_RDONLY | O_DIRECTORY); }
static long do_open_both(const char *path) { return opened(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW); }
static long do_create(const char *path) { return opened(path, O_RDWR | O_CREAT); }
static long do_create_nofollow(const char *path) { return opened(path, O_RDWR | O_CREAT | O_NOFOLLOW); }
long do_create_new(const char *path) { return opened(path, O_RDWR | O_CREAT | O_EXCL); }
static long do_empty(const char *path) { return opened(path, O_RDWR | O_TRUNC); }
static long do_mkdir(const char *path) { return mkdir(path, 0755); }
static long do_link_from(const char *path) { return link(path, "x"); }
static long do_link_followed(const char *path) { return syscall(SYS_LINKAT, AT_CWD, path, AT_CWD, "x", AT_FOLLOW); }
static long do_link_to(const char *path) { return link("file", path); }
static long do_link_directory(const char *path) { return link("dir", path); }
static long do_symlink(const char *path) { return symlink("elsewhere", path); }
static long do_unlink(const char *path) { return unlink(path); }
static long do_unlinkat(const char *path) { return syscall(SYS_UNLINKAT, AT_CWD, path, AT_RMDIR); }
static long do_rmdir(const char *path) { return rmdir(path); }
static long do_rename_from(const char *path) { return rename(path, "x"); }
static long do_rename_into(const char *path) { return rename(path, "full/x"); }
static long do_rename_to(const char *path) { return rename("file", path); }
static long do_rename_link(const char *path) { return rename("to-file", path); }
static long do_rename_directory(const char *path) { return rename("dir", path); }
static long do_rename_new(const char *path) { return syscall(SYS_RENAMEAT2, AT_CWD, "file", AT_CWD, path, 1); }
static long do_chdir(const char *path) { return chdir(path); }
static long do_truncate(const char *path) { return syscall(SYS_TRUNCATE64, path, 0, 3, 0, 0, 0) < 0 ? -1 : 0; }
static long do_access(const char *path) { return syscall(SYS_ACCESS, path, 4); }
static long do_access_link(const char *path) { return syscall(SYS_FACCESSAT2, AT_CWD, path, 0, AT_NOFOLLOW); }
static long do_lchown(const char *path) { return syscall(SYS_LCHOWN, path, -1, -1); }

static const struct {
	const char *name;
	long (*call)(const char *path);
} calls[] = {
	{ "stat", do_stat },
	{ "lstat", do_lstat },
	{ "readlink", do_readlink },
	{ "open", do_open },
	{ "open to write", do_open_write },
	{ "open nofollow", do_open_nofollow },
	{ "open directory", do_open_directory },
	{ "open directory nofollow", do_open_both },
	{ "create", do_create },
	{ "create nofollow", do_create_nofollow },
	{ "create new", do_create_new },
	{ "empty", do_empty },
	{ "list", do_list },
	{ "chdir", do_chdir },
	{ "execve", do_exec },
	{ "access", do_access },
	{ "access nofollow", do_access_link },
	{ "chmod", do_chmod },
	{ "lchown", do_lchown },
	{ "utimensat", do_utimes },
	{ "truncate", do_truncate },
	{ "mkdir", do_mkdir },
	{ "rmdir", do_rmdir },
	{ "unlink", do_unlink },
	{ "unlinkat", do_unlinkat },
	{ "link from", do_link_from },
	{ "link followed", do_link_followed },
	{ "link to", do_link_to },
	{ "link directory to", do_link_directory },
	{ "symlink", do_symlink },
	{ "rename from", do_rename_from },
	{ "rename into", do_rename_into },
	{ "rename to", do_rename_to },
	{ "rename link to", do_rename_link },
	{ "rename directory to", do_rename_directory },
	{ "rename new", do_rename_new },
};

static const char *const paths[] = {
	"file", "file/", "file/.", "dir", "dir/", "full", "full/", "to-file", "to-file/", "to-dir", "to-dir/", "to-dir/.",
	"to-dir/new", "to-dir/../file", "to-full", "to-full/", "to-full/inner", "to-slash", "to-slash/new", "to-link",
	"dangling", "dangling/", "dangling/x", "far", "loop", "loop/", "loop/x", "through", "new", "new/", "./to-file/../file",
};

void test_calls(void)
{
	for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		build();
		for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
			say(calls[c].name, paths[p], calls[c].call(paths[p]));
			if (changed()) {
				remove_all();
				build();
			}
		}
		remove_all();
	}
}
