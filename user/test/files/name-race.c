/*
 * name-race - tasks that create, open and delete files of the same names, concurrently.
 *
 * A file has a second name now and then. open() with O_CREAT always succeeds, also when another task creates or deletes the
 * file at that moment; without it open() succeeds or fails with ENOENT; and it opens the file that the name stood for then.
 * Arguments: rounds, names.
 */
#include "check.h"

#include <sys/stat.h>

enum { TASKS = 4 };

static uint32_t seed;
static int names = 20;

static const char *path_of(int which)
{
	static char path[32];

	snprintf(path, sizeof(path), "name-race.tmp/%d", which);
	return path;
}

static const char *second_of(int which)
{
	static char path[32];

	snprintf(path, sizeof(path), "name-race.tmp/%d-too", which);
	return path;
}

static void make(int which)
{
	int fd = open(path_of(which), O_RDWR | O_CREAT, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, &which, sizeof(which)), sizeof(which));
	close(fd);
}

/* It may still be empty, if the task that created it is between two calls. */
static void look(int which, const char *path)
{
	int fd = open(path, O_RDONLY), value = which;

	if (fd < 0) {
		CHECK_EQ(errno, ENOENT);
		return;
	}
	CHECK(read(fd, &value, sizeof(value)) >= 0);
	CHECK_EQ(value, which);
	close(fd);
}

static void take_away(const char *path)
{
	if (unlink(path) < 0)
		CHECK_EQ(errno, ENOENT);
}

/* Adds a second name, or renames the second to the first. */
static void name_again(int which)
{
	if (link(path_of(which), second_of(which)) == 0)
		return;
	CHECK(errno == ENOENT || errno == EEXIST);
	if (rename(second_of(which), path_of(which)) < 0)
		CHECK_EQ(errno, ENOENT);
}

static void work(void *argument)
{
	int rounds = *(int *)argument;

	for (int i = 0; i < rounds; i++) {
		int which = check_random(&seed) % names;

		switch (check_random(&seed) % 8) {
		case 0:
		case 1:
			take_away(path_of(which));
			break;
		case 2:
			make(which);
			break;
		case 3:
			name_again(which);
			break;
		case 4:
			take_away(second_of(which));
			break;
		case 5:
			look(which, second_of(which));
			break;
		default:
			look(which, path_of(which));
		}
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1000, status;

	if (argc > 2)
		names = atoi(argv[2]);
	CHECK_EQ(mkdir("name-race.tmp", 0755), 0);
	for (int task = 0; task < TASKS; task++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		seed = 7919 * (task + 1);
		if (pid == 0) {
			work(&rounds);
			_exit(0);
		}
	}
	for (int task = 0; task < TASKS; task++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	for (int which = 0; which < names; which++) {
		take_away(path_of(which));
		take_away(second_of(which));
	}
	CHECK_EQ(rmdir("name-race.tmp"), 0);
	return CHECK_OK();
}
