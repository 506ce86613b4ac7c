/*
 * calls-errors - the result of each system call, one line per case. See calls-errors.h.
 */
#include "calls-errors.h"
#include "error-name.h"

#include <sys/stat.h>
#include <sys/utsname.h>

enum { GETUID = 199 };

char long_name[300], long_path[5000], buffer[PAGE];
static bool here, failed; /* HERE: this is Shisho */

static const char *text_of(long result, char *buf, size_t size)
{
	const char *name = result < 0 ? error_name(-result) : NULL;

	if (result == FINE)
		return "ok";
	if (name)
		return name;
	snprintf(buf, size, "%ld", result);
	return buf;
}

void case_told(const char *what, long expected, long got)
{
	char buf[20], other[20];

	if (got == -1)
		got = -errno;
	else if (expected == FINE)
		got = FINE;
	printf("%s: %s", what, text_of(got, buf, sizeof(buf)));
	if (got != expected)
		printf(" WRONG, expected %s", text_of(expected, other, sizeof(other)));
	printf("\n");
	failed |= got != expected;
}

void case_told_differs(const char *what, long linux_expected, long expected, const char *why, long got)
{
	char buf[20];

	(void)why;
	if (got == -1)
		got = -errno;
	else if ((here ? expected : linux_expected) == FINE)
		got = FINE;
	if (got == (here ? expected : linux_expected))
		printf("%s: as meant\n", what);
	else
		printf("%s: %s WRONG\n", what, text_of(got, buf, sizeof(buf)));
	failed |= got != (here ? expected : linux_expected);
}

/* --- the world ----------------------------------------------------------------------------------------------------- */

static void place(int fd, int where)
{
	CHECK(fd >= 0);
	CHECK_EQ(dup2(fd, where), where);
	close(fd);
}

static void make_world(void)
{
	int ends[2], fd;

	CHECK_EQ(mkdir("calls-errors.tmp", 0755), 0);
	CHECK_EQ(chdir("calls-errors.tmp"), 0);
	CHECK_EQ(mkdir("empty", 0755), 0);
	CHECK_EQ(mkdir("full", 0755), 0);
	close(open("full/inside", O_WRONLY | O_CREAT, 0644));
	place(open("file", O_RDWR | O_CREAT, 0644), FILE_RW);
	CHECK_EQ(write(FILE_RW, "0123456789", 10), 10);
	place(open("file", O_RDONLY), FILE_RO);
	place(open("file", O_WRONLY), FILE_WO);
	place(open("full", O_RDONLY | O_DIRECTORY), FOLDER);
	CHECK_EQ(pipe(ends), 0);
	place(ends[0], READER);
	place(ends[1], WRITER);
	place(open("/dev/zero", O_RDWR), ZERO);
	place(open("/dev/full", O_RDWR), FULL);
	place(open("/dev/null", O_RDWR), NOTHING);
	fd = shm_open("/calls-errors", O_RDWR | O_CREAT, 0600);
	place(fd, SHARED);
	CHECK_EQ(shm_unlink("/calls-errors"), 0);
	CHECK_EQ(ftruncate(SHARED, 2 * PAGE), 0);
	memset(long_name, 'n', sizeof(long_name) - 1);
	for (size_t i = 0; i < sizeof(long_path) - 1; i += 2)
		memcpy(long_path + i, "./", 2);
}

static void end_world(void)
{
	CHECK_EQ(unlink("file"), 0);
	CHECK_EQ(unlink("full/inside"), 0);
	CHECK_EQ(rmdir("full"), 0);
	CHECK_EQ(rmdir("empty"), 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("calls-errors.tmp"), 0); /* each case has removed what it created */
}

int main(void)
{
	struct utsname name;

	here = uname(&name) == 0 && strstr(name.release, "shisho");
	if (!here && syscall(GETUID) != 0)
		return CHECK_OK(); /* the results are those of root */
	signal(SIGPIPE, SIG_IGN);
	make_world();
	cases_of_descriptors();
	cases_of_contents();
	cases_of_names();
	cases_of_attributes();
	cases_of_memory();
	cases_of_tasks();
	cases_of_signals();
	cases_of_waiting();
	end_world();
	fflush(stdout);
	CHECK(!failed);
	return CHECK_OK();
}
