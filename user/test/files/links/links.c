/*
 * links - hard and symbolic links: their counts, targets and contents.
 *
 * calls.c tries each call on each kind of path, places.c the calls that take a directory's descriptor, links in
 * /proc and to other file systems. Results are printed, to be compared with Linux's; what must hold on any system is
 * checked as well. The argument `keep` leaves some links on the disk for a test that reads it afterwards.
 */
#include "links.h"

#include "error-name.h"

char scene[PATH_MAX];

void say(const char *what, const char *path, long result)
{
	const char *error = error_name(errno);

	if (result < 0 && error)
		printf("%s %s: %s\n", what, path, error);
	else if (result < 0)
		printf("%s %s: errno %d\n", what, path, errno);
	else
		printf("%s %s: %ld\n", what, path, result);
}

int links_of(const char *name)
{
	return file_stat(name).st_nlink;
}

const char *target_of(const char *name)
{
	static char buf[PATH_MAX];
	int n = readlink(name, buf, sizeof(buf) - 1);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

long opened(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	return fd < 0 ? -1 : close(fd);
}

/* --- hard links ---------------------------------------------------------------------------------------------------- */

static void test_counts(void)
{
	struct stat st;
	int fd;

	file_make("a", "alpha");
	CHECK_EQ(link("a", "b"), 0);
	CHECK_EQ(mkdir("d", 0755), 0);
	CHECK_EQ(link("b", "d/c"), 0);
	CHECK_EQ(links_of("d/c"), 3);
	CHECK_EQ(file_stat("a").st_ino, file_stat("d/c").st_ino);
	file_make("b", "beta");
	CHECK(strcmp(file_text("d/c"), "beta") == 0);
	fd = open("a", O_RDWR);
	CHECK_EQ(unlink("a"), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 2);
	CHECK_EQ(rename("b", "d/c"), 0);	/* names of one file: nothing is done */
	CHECK_EQ(links_of("b"), 2);
	CHECK_EQ(rename("d/c", "d/e"), 0);
	file_make("f", "phi");
	CHECK_EQ(rename("f", "b"), 0);
	CHECK_EQ(links_of("d/e"), 1);
	CHECK(strcmp(file_text("d/e"), "beta") == 0);
	CHECK_EQ(unlink("d/e"), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(pwrite(fd, "x", 1, 0), 1);
	SAY(syscall(SYS_LINKAT, fd, "", AT_CWD, "again", AT_EMPTY));
	close(fd);
	SAY(unlink("b"));
	SAY(rmdir("d"));
}

/* Symbolic links have further names too, short ones and long ones. */
static void test_links_of_links(const char *target)
{
	CHECK_EQ(symlink(target, "s"), 0);
	CHECK_EQ(link("s", "t"), 0);
	CHECK_EQ(links_of("t"), 2);
	CHECK(S_ISLNK(file_stat("t").st_mode));
	CHECK_EQ(unlink("s"), 0);
	CHECK_EQ(links_of("t"), 1);
	CHECK(strcmp(target_of("t"), target) == 0);
	CHECK_EQ(rename("t", "u"), 0);
	CHECK(strcmp(target_of("u"), target) == 0);
	CHECK_EQ(unlink("u"), 0);
}

static void test_many_links(void)
{
	char name[20];

	file_make("many", "many");
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		CHECK_EQ(link("many", name), 0);
	}
	CHECK_EQ(links_of("many"), 601);
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(links_of("many"), 1);
	CHECK_EQ(unlink("many"), 0);
}

/* --- symbolic links ------------------------------------------------------------------------------------------------ */

/* A target of LENGTH bytes, which is odd, that leads to the file: ./././file */
static const char *long_way(int length)
{
	static char way[PATH_MAX];

	for (int i = 0; i < length - 4; i++)
		way[i] = i % 2 ? '/' : '.';
	strcpy(way + length - 4, "file");
	way[length - 5] = '/';
	return way;
}

static void test_lengths(void)
{
	static const int lengths[] = { 7, 57, 59, 61, 63, 99, 1001, 4093, 4095 };
	char part[8], zero[300];

	file_make("file", "contents");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int n = lengths[i];
		const char *target = long_way(n);

		CHECK_EQ(symlink(target, "way"), 0);
		CHECK_EQ(file_stat("way").st_size, n);
		CHECK_EQ(strlen(target_of("way")), n);
		CHECK(strcmp(target_of("way"), target) == 0);
		printf("a way of %d: %s\n", n, file_text("way"));
		memset(part, '#', sizeof(part));
		CHECK_EQ(readlink("way", part, 3), 3);
		CHECK(memcmp(part, target, 3) == 0 && part[3] == '#');
		CHECK_EQ(unlink("way"), 0);
	}
	for (int n = 56; n < 64; n++) {
		memset(zero, 'z', n);
		zero[n] = '\0';
		test_links_of_links(zero);
	}
	memset(zero, 'z', 290);
	zero[290] = '\0';
	CHECK_EQ(symlink(zero, "way"), 0);
	SAY(opened("way", O_RDWR | O_CREAT));
	SAY(unlink("way"));
	SAY(symlink("", "way"));
	SAY(symlink("a", ""));
	SAY(symlink((char *)16, "way"));
	SAY(symlink("a", (char *)16));
	SAY(link("file", (char *)16));
	SAY(readlink("file", part, 8));
	CHECK_EQ(symlink("file", "way"), 0);
	SAY(readlink("way", part, 0));
	SAY(readlink("way", part, -1));
	SAY(readlink("way", (char *)16, 5));
	SAY(unlink("way"));
	SAY(unlink("file"));
}

static void test_too_long(void)
{
	static char target[PATH_MAX + 2];

	memset(target, 'q', PATH_MAX);
	SAY(symlink(target, "way"));
	target[PATH_MAX - 1] = '\0';
	SAY(symlink(target, "way"));
	SAY(opened("way", O_RDONLY));
	SAY(opened("way/x", O_RDONLY));
	SAY(unlink("way"));
}

/* A path may go through forty links. */
static void test_chain(void)
{
	char name[20], before[20] = "file";

	file_make("file", "contents");
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		CHECK_EQ(symlink(before, name), 0);
		strcpy(before, name);
	}
	printf("40: %s\n", file_text("chain-40"));
	SAY(opened("chain-40", O_RDONLY));
	SAY(opened("chain-41", O_RDONLY));
	SAY(opened("chain-41", O_RDWR | O_CREAT));
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(unlink("file"), 0);
}

/* .. of a directory reached through a link is its real parent, and so is the working directory. */
static void test_places(void)
{
	char path[PATH_MAX], here[PATH_MAX];

	CHECK_EQ(mkdir("one", 0755), 0);
	CHECK_EQ(mkdir("one/two", 0755), 0);
	CHECK_EQ(mkdir("three", 0755), 0);
	CHECK_EQ(symlink("../one/two", "three/in"), 0);
	file_make("one/file", "in one");
	file_make("three/file", "in three");
	CHECK(strcmp(file_text("three/in/../file"), "in one") == 0);
	CHECK_EQ(chdir("three/in"), 0);
	CHECK(getcwd(here, sizeof(here)));
	CHECK(strcmp(here + strlen(scene), "/one/two") == 0);
	CHECK(strcmp(file_text("../file"), "in one") == 0);
	CHECK_EQ(chdir(scene), 0);
	snprintf(path, sizeof(path), "%s/one", scene);
	CHECK_EQ(symlink(path, "three/two/absolute"), -1);
	CHECK_EQ(symlink(path, "three/absolute"), 0);
	CHECK(strcmp(file_text("three/absolute/file"), "in one") == 0);
	CHECK(strcmp(file_text("three/absolute/two/../../three/file"), "in three") == 0);
	CHECK_EQ(symlink("/", "three/root"), 0);
	snprintf(path, sizeof(path), "three/root%s/one/file", scene);
	CHECK(strcmp(file_text(path), "in one") == 0);
	CHECK_EQ(symlink("..", "three/up"), 0);
	CHECK(strcmp(file_text("three/up/three/up/three/up/one/file"), "in one") == 0);
	CHECK_EQ(unlink("three/root"), 0);
	CHECK_EQ(unlink("three/up"), 0);
	CHECK_EQ(unlink("three/absolute"), 0);
	CHECK_EQ(unlink("three/in"), 0);
	CHECK_EQ(unlink("three/file"), 0);
	CHECK_EQ(unlink("one/file"), 0);
	CHECK_EQ(rmdir("one/two"), 0);
	CHECK_EQ(rmdir("one"), 0);
	CHECK_EQ(rmdir("three"), 0);
}

static void test_types(void)
{
	struct dirent *e;
	DIR *d;

	build();
	d = opendir(".");
	CHECK(d != NULL);
	while ((e = readdir(d)))
		if (strncmp(e->d_name, "to-", 3) == 0)
			CHECK_EQ(e->d_type, 10);
	closedir(d);
	clear();
}

/* For the test that reads the disk: two names of a file, links of both kinds, and a target that was never in a block. */
static void leave(void)
{
	char target[1001];

	file_make("kept", "kept");
	CHECK_EQ(link("kept", "kept-too"), 0);
	CHECK_EQ(symlink("kept", "short"), 0);
	memset(target, 'l', 1000);
	target[1000] = '\0';
	CHECK_EQ(symlink(target, "long"), 0);
	target[59] = '\0';
	CHECK_EQ(symlink(target, "short-59"), 0);
	target[59] = 'l';
	target[60] = '\0';
	CHECK_EQ(symlink(target, "long-60"), 0);
}

int main(int argc, char **argv)
{
	bool keep = argc > 1 && strcmp(argv[1], "keep") == 0;

	if (argc > 1 && strcmp(argv[1], "child") == 0)
		return 7;
	CHECK_EQ(mkdir("links-test", 0755), 0);
	CHECK_EQ(chdir("links-test"), 0);
	CHECK(getcwd(scene, sizeof(scene)));
	test_calls();
	test_counts();
	test_many_links();
	test_lengths();
	test_too_long();
	test_chain();
	test_places();
	test_types();
	test_at();
	test_programs();
	test_proc();
	test_other_file_systems();
	fflush(stdout);
	if (keep)
		leave();
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("links-test"), keep ? -1 : 0);
	return CHECK_OK();
}
