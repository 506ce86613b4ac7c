/*
 * name-race - tasks that make, open and delete files of the same names, beside each other.
 *
 * Whoever opens with O_CREAT gets a file, also when another task makes or deletes it just then; who opens without it gets
 * one or hears that there is none; and what it gets is what the name stood for at that time. Arguments: rounds, names.
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

static void make(int which)
{
	int fd = open(path_of(which), O_RDWR | O_CREAT, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, &which, sizeof(which)), sizeof(which));
	close(fd);
}

/* It may still be empty, if its maker is between two calls. */
static void look(int which)
{
	int fd = open(path_of(which), O_RDONLY), value = which;

	if (fd < 0) {
		CHECK_EQ(errno, ENOENT);
		return;
	}
	CHECK(read(fd, &value, sizeof(value)) >= 0);
	CHECK_EQ(value, which);
	close(fd);
}

static void take_away(int which)
{
	if (unlink(path_of(which)) < 0)
		CHECK_EQ(errno, ENOENT);
}

static void work(void *argument)
{
	int rounds = *(int *)argument;

	for (int i = 0; i < rounds; i++) {
		int which = check_random(&seed) % names;

		switch (check_random(&seed) % 4) {
		case 0:
			take_away(which);
			break;
		case 1:
			make(which);
			break;
		default:
			look(which);
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
		seed = 7919 * (task + 1);
		if (fork() == 0) {
			work(&rounds);
			_exit(0);
		}
	}
	for (int task = 0; task < TASKS; task++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	for (int which = 0; which < names; which++)
		take_away(which);
	CHECK_EQ(rmdir("name-race.tmp"), 0);
	return CHECK_OK();
}
