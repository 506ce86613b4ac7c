/*
 * calls-errors: names created, renamed and removed, working directories, programs by name.
 */
#include "calls-errors.h"
#include "file.h"

enum { FCHDIR = 133, MKDIRAT = 296, UNLINKAT = 301, RENAMEAT, RENAMEAT2 = 353, EXECVEAT = 358, CWD = -100, REMOVEDIR = 0x200 };

static void cases_of_unlink(void)
{
	file_make("gone", "");
	CASE("unlink", 0, unlink("gone"));
	CASE("unlink missing", -ENOENT, unlink("gone"));
	CASE("unlink nothing", -ENOENT, unlink(""));
	CASE("unlink a folder", -EISDIR, unlink("full"));
	CASE("unlink .", -EISDIR, unlink("."));
	CASE("unlink ..", -EISDIR, unlink("full/.."));
	CASE("unlink the root", -EISDIR, unlink("/"));
	CASE("unlink below a file", -ENOTDIR, unlink("file/x"));
	CASE("unlink a file with a slash", -ENOTDIR, unlink("file/"));
	CASE("unlink missing with a slash", -ENOENT, unlink("gone/"));
	CASE("unlink a long name", -ENAMETOOLONG, unlink(long_name));
	CASE("unlink a long path", -ENAMETOOLONG, unlink(long_path));
	file_make("full/gone", "");
	CASE("unlinkat", 0, syscall(UNLINKAT, FOLDER, "gone", 0));
	CASE("unlinkat missing", -ENOENT, syscall(UNLINKAT, FOLDER, "gone", 0));
	CASE("unlinkat flags", -EINVAL, syscall(UNLINKAT, FOLDER, "inside", 0x1000));
	CASE("unlinkat closed", -EBADF, syscall(UNLINKAT, CLOSED, "inside", 0));
	CASE("unlinkat at a file", -ENOTDIR, syscall(UNLINKAT, FILE_RO, "inside", 0));
	CASE("unlinkat a folder", -EISDIR, syscall(UNLINKAT, CWD, "empty", 0));
	CASE("unlinkat a file as a folder", -ENOTDIR, syscall(UNLINKAT, FOLDER, "inside", REMOVEDIR));
}

static void cases_of_folders(void)
{
	CASE("mkdir", 0, mkdir("new", 0755));
	CASE("mkdir existing", -EEXIST, mkdir("new", 0755));
	CASE("mkdir where a file is", -EEXIST, mkdir("file", 0755));
	CASE("mkdir .", -EEXIST, mkdir(".", 0755));
	CASE("mkdir the root", -EEXIST, mkdir("/", 0755));
	CASE("mkdir nothing", -ENOENT, mkdir("", 0755));
	CASE("mkdir in missing", -ENOENT, mkdir("missing/x", 0755));
	CASE("mkdir below a file", -ENOTDIR, mkdir("file/x", 0755));
	CASE("mkdir a long name", -ENAMETOOLONG, mkdir(long_name, 0755));
	CASE("mkdirat", 0, syscall(MKDIRAT, FOLDER, "new", 0755));
	CASE("mkdirat existing", -EEXIST, syscall(MKDIRAT, FOLDER, "new", 0755));
	CASE("mkdirat closed", -EBADF, syscall(MKDIRAT, CLOSED, "new", 0755));
	CASE("mkdirat at a file", -ENOTDIR, syscall(MKDIRAT, FILE_RO, "new", 0755));
	CASE("rmdir", 0, rmdir("new/"));
	CASE("rmdir missing", -ENOENT, rmdir("new"));
	CASE("rmdir nothing", -ENOENT, rmdir(""));
	CASE("rmdir a file", -ENOTDIR, rmdir("file"));
	CASE("rmdir below a file", -ENOTDIR, rmdir("file/x"));
	CASE("rmdir what is not empty", -ENOTEMPTY, rmdir("full"));
	CASE("rmdir .", -EINVAL, rmdir("."));
	CASE("rmdir ..", -ENOTEMPTY, rmdir("full/.."));
	CASE("rmdir the root", -EBUSY, rmdir("/"));
	CASE("rmdir a long name", -ENAMETOOLONG, rmdir(long_name));
	CASE("unlinkat a folder as such", 0, syscall(UNLINKAT, FOLDER, "new", REMOVEDIR));
}

static void cases_of_rename(void)
{
	file_make("a", "");
	CHECK_EQ(mkdir("new", 0755), 0);
	CASE("rename", 0, rename("a", "b"));
	CASE("rename missing", -ENOENT, rename("a", "b"));
	CASE("rename nothing", -ENOENT, rename("", "b"));
	CASE("rename to nothing", -ENOENT, rename("b", ""));
	CASE("rename to itself", 0, rename("b", "b"));
	CASE("rename into missing", -ENOENT, rename("b", "missing/b"));
	CASE("rename below a file", -ENOTDIR, rename("b", "file/b"));
	CASE("rename a file over a folder", -EISDIR, rename("b", "new"));
	CASE("rename a folder over a file", -ENOTDIR, rename("new", "b"));
	CASE("rename a file with a slash", -ENOTDIR, rename("b", "c/"));
	CASE("rename a folder over a full one", -ENOTEMPTY, rename("new", "full"));
	CASE("rename a folder over an empty one", 0, rename("new", "empty"));
	CASE("rename a folder into itself", -EINVAL, rename("full", "full/below"));
	CASE("rename over the parent", -ENOTEMPTY, rename("full/inside", "full"));
	CASE("rename .", -EBUSY, rename(".", "c"));
	CASE("rename to .", -EBUSY, rename("b", "."));
	CASE("rename the root", -EBUSY, rename("/", "c"));
	CASE("rename to another file system", -EXDEV, rename("b", "/dev/shm/calls-errors-b"));
	CASE("rename a long name", -ENAMETOOLONG, rename(long_name, "c"));
	CASE("rename to a long name", -ENAMETOOLONG, rename("b", long_name));
	CASE("renameat", 0, syscall(RENAMEAT, CWD, "b", FOLDER, "b"));
	CASE("renameat closed", -EBADF, syscall(RENAMEAT, CLOSED, "b", FOLDER, "c"));
	CASE("renameat to closed", -EBADF, syscall(RENAMEAT, FOLDER, "b", CLOSED, "c"));
	CASE("renameat at a file", -ENOTDIR, syscall(RENAMEAT, FILE_RO, "b", FOLDER, "c"));
	CASE("renameat2 over what is there", -EEXIST, syscall(RENAMEAT2, FOLDER, "b", CWD, "file", 1));
	CASE("renameat2 without replacing", 0, syscall(RENAMEAT2, FOLDER, "b", CWD, "b", 1));
	CASE("renameat2 flags", -EINVAL, syscall(RENAMEAT2, CWD, "b", CWD, "c", 8));
	CASE("renameat2 in exchange for nothing", -ENOENT, syscall(RENAMEAT2, CWD, "b", CWD, "c", 2));
	CASE("renameat2 in exchange", 0, syscall(RENAMEAT2, CWD, "b", CWD, "file", 2));
	CASE("renameat2 in exchange, back", 0, syscall(RENAMEAT2, CWD, "b", CWD, "file", 2));
	CASE("renameat2 both ways at once", -EINVAL, syscall(RENAMEAT2, CWD, "b", CWD, "c", 3));
	CHECK_EQ(unlink("b"), 0);
}

static void cases_of_chdir(void)
{
	CHECK_EQ(mkdir("gone", 0755), 0);
	CASE("chdir", 0, chdir("gone"));
	CASE("rmdir the working directory", 0, rmdir("../gone"));
	CASE("getcwd of what is gone", -ENOENT, syscall(SYS_getcwd, buffer, PAGE));
	CASE("open in what is gone", -ENOENT, open("x", O_RDWR | O_CREAT, 0644));
	CASE("mkdir in what is gone", -ENOENT, mkdir("x", 0755));
	CASE("chdir back", 0, chdir(".."));
	CASE("chdir missing", -ENOENT, chdir("gone"));
	CASE("chdir nothing", -ENOENT, chdir(""));
	CASE("chdir a file", -ENOTDIR, chdir("file"));
	CASE("chdir below a file", -ENOTDIR, chdir("file/x"));
	CASE("chdir a long name", -ENAMETOOLONG, chdir(long_name));
	CASE("fchdir", 0, syscall(FCHDIR, FOLDER));
	CASE("chdir ..", 0, chdir(".."));
	CASE("fchdir a file", -ENOTDIR, syscall(FCHDIR, FILE_RO));
	CASE("fchdir a pipe", -ENOTDIR, syscall(FCHDIR, READER));
	CASE("fchdir closed", -EBADF, syscall(FCHDIR, CLOSED));
	CASE("getcwd", FINE, syscall(SYS_getcwd, buffer, PAGE));
	CASE("getcwd without room", -ERANGE, syscall(SYS_getcwd, buffer, 3));
	CASE("getcwd with none", -ERANGE, syscall(SYS_getcwd, buffer, 0));
}

static void cases_of_exec(void)
{
	char *const argv[] = { "x", NULL }, *const none[] = { NULL };
	int fd = open("garbage", O_WRONLY | O_CREAT, 0755);

	CHECK_EQ(write(fd, "no program at all", 17), 17);
	close(fd);
	CASE("execve missing", -ENOENT, execve("missing", argv, none));
	CASE("execve nothing", -ENOENT, execve("", argv, none));
	CASE("execve below a file", -ENOTDIR, execve("file/x", argv, none));
	CASE("execve what nobody may run", -EACCES, execve("file", argv, none));
	CASE("execve a folder", -EACCES, execve("full", argv, none));
	CASE("execve a device", -EACCES, execve("/dev/null", argv, none));
	CASE("execve no program", -ENOEXEC, execve("garbage", argv, none));
	CASE("execve a long name", -ENAMETOOLONG, execve(long_name, argv, none));
	CASE("execveat missing", -ENOENT, syscall(EXECVEAT, FOLDER, "missing", argv, none, 0));
	CASE("execveat nothing", -ENOENT, syscall(EXECVEAT, FOLDER, "", argv, none, 0));
	CASE("execveat a folder", -EACCES, syscall(EXECVEAT, FOLDER, "", argv, none, 0x1000));
	CASE("execveat a pipe", -EACCES, syscall(EXECVEAT, READER, "", argv, none, 0x1000));
	CASE("execveat no program", -ENOEXEC, syscall(EXECVEAT, CWD, "garbage", argv, none, 0));
	CASE("execveat at closed", -EBADF, syscall(EXECVEAT, CLOSED, "x", argv, none, 0));
	CASE("execveat flags", -EINVAL, syscall(EXECVEAT, CWD, "garbage", argv, none, 1));
	CHECK_EQ(unlink("garbage"), 0);
	close(open("garbage", O_WRONLY | O_CREAT, 0755));
	CASE("execve an empty file", -ENOEXEC, execve("garbage", argv, none));
	CHECK_EQ(unlink("garbage"), 0);
}

void cases_of_names(void)
{
	cases_of_unlink();
	cases_of_folders();
	cases_of_rename();
	cases_of_chdir();
	cases_of_exec();
}
