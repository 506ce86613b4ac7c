/* rename - every way in which a name can replace another, and every refusal. */
#include "file.h"

static int links_of(const char *name)
{
	struct stat st;

	return stat(name, &st) < 0 ? -errno : (int)st.st_nlink;
}

static void test_files(void)
{
	int fd;
	char c;

	file_make("a", "alpha");
	file_make("b", "beta");
	fd = open("b", O_RDONLY);
	CHECK_EQ(rename("a", "b"), 0);
	CHECK_EQ(links_of("a"), -ENOENT);
	CHECK(file_holds("b", "alpha"));
	CHECK_EQ(read(fd, &c, 1), 1);
	CHECK_EQ(c, 'b');
	close(fd);
	CHECK_EQ(rename("b", "b"), 0);
	CHECK_EQ(rename("b", "d1/b"), 0);
	CHECK(file_holds("d1/b", "alpha"));
	CHECK_EQ(rename("d1/b", "d1/a-much-longer-name-than-it-had-before-so-that-it-needs-another-place"), 0);
	CHECK_EQ(rename("d1/a-much-longer-name-than-it-had-before-so-that-it-needs-another-place", "a"), 0);
	CHECK(file_holds("a", "alpha"));
}

static void test_directories(void)
{
	CHECK_EQ(links_of("d1"), 2);
	CHECK_EQ(mkdir("d1/inner", 0755), 0);
	file_make("d1/inner/file", "deep");
	CHECK_EQ(links_of("d1"), 3);
	CHECK_EQ(rename("d1/inner", "d2/moved"), 0);
	CHECK_EQ(links_of("d1"), 2);
	CHECK_EQ(links_of("d2"), 3);
	CHECK(file_holds("d2/moved/file", "deep"));
	CHECK(file_holds("d2/moved/../moved/file", "deep"));
	CHECK_EQ(chdir("d2/moved"), 0);
	CHECK(file_holds("../../a", "alpha"));
	CHECK_EQ(chdir("../.."), 0);
	CHECK_EQ(mkdir("d1/empty", 0755), 0);
	CHECK_EQ(rename("d2/moved", "d1/empty"), 0);
	CHECK_EQ(links_of("d1"), 3);
	CHECK_EQ(links_of("d2"), 2);
	CHECK(file_holds("d1/empty/file", "deep"));
	CHECK_EQ(rename("d1", "d3"), 0);
	CHECK(file_holds("d3/empty/file", "deep"));
	CHECK_EQ(rename("d3", "d1"), 0);
}

static void test_refused(void)
{
	CHECK_ERROR(rename("no", "c"), ENOENT);
	CHECK_ERROR(rename("a", "no/c"), ENOENT);
	CHECK_ERROR(rename("a", "b/c"), ENOENT);
	CHECK_ERROR(rename("a/x", "c"), ENOTDIR);
	CHECK_ERROR(rename("a", "d1"), EISDIR);
	CHECK_ERROR(rename("d1", "a"), ENOTDIR);
	CHECK_ERROR(rename("d2", "d1"), ENOTEMPTY);
	CHECK_ERROR(rename("d1", "d1/empty/loop"), EINVAL);
	CHECK_ERROR(rename("d1/.", "d9"), EBUSY);
	CHECK_ERROR(rename("a", "c/"), ENOTDIR);
	CHECK_ERROR(mkdir("d1", 0755), EEXIST);
	CHECK_ERROR(mkdir("a", 0755), EEXIST);
	CHECK_ERROR(mkdir("no/such", 0755), ENOENT);
	CHECK_ERROR(rmdir("a"), ENOTDIR);
	CHECK_ERROR(rmdir("no"), ENOENT);
	CHECK_ERROR(rmdir("d1"), ENOTEMPTY);
	CHECK_ERROR(rmdir("d1/."), EINVAL);
	CHECK_ERROR(unlink("d1"), EISDIR);
	CHECK_ERROR(unlink("no"), ENOENT);
	CHECK_ERROR(rename((char *)16, "a"), EFAULT);
	CHECK(open("new", O_RDWR | O_CREAT | O_DIRECTORY, 0644) < 0);
	unlink("new"); /* some versions of Linux create it all the same */
}

/* A removed directory that is still a working directory accepts no new names. */
static void test_removed(void)
{
	CHECK_EQ(mkdir("gone", 0755), 0);
	CHECK_EQ(chdir("gone"), 0);
	CHECK_EQ(rmdir("../gone"), 0);
	CHECK_ERROR(open("new", O_WRONLY | O_CREAT, 0644), ENOENT);
	CHECK_ERROR(mkdir("new", 0755), ENOENT);
	CHECK_EQ(chdir(".."), 0);
}

/* A mount point cannot be renamed, replaced or removed; the host may refuse for other reasons too. */
static void test_mounts(void)
{
	CHECK(rename("d2", "/dev") < 0 &&
	      (errno == EBUSY || errno == EXDEV || errno == EACCES || errno == ENOTEMPTY));
	CHECK_EQ(links_of("d2"), 2);
	CHECK(rename("/proc", "d3") < 0 && (errno == EBUSY || errno == EXDEV || errno == EACCES));
	CHECK(rmdir("/proc") < 0 && (errno == EBUSY || errno == EACCES));
	CHECK(links_of("/proc") > 0);
}

int main(void)
{
	CHECK_EQ(mkdir("rename-test", 0755), 0);
	CHECK_EQ(chdir("rename-test"), 0);
	CHECK_EQ(mkdir("d1", 0755), 0);
	CHECK_EQ(mkdir("d2", 0755), 0);
	test_files();
	test_directories();
	test_refused();
	test_removed();
	test_mounts();
	CHECK_EQ(unlink("a"), 0);
	CHECK_EQ(unlink("d1/empty/file"), 0);
	CHECK_EQ(rmdir("d1/empty"), 0);
	CHECK_EQ(rmdir("d1"), 0);
	CHECK_EQ(rmdir("d2"), 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("rename-test"), 0);
	return CHECK_OK();
}
