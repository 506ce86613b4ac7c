/*
 * exec - execve: arguments, environment, fresh memory, open files; and what cannot be
 * executed.
 */
#include "check.h"

static char *self;

/* The executed program: argv is "exec", "second", the descriptor of a pipe. */
static int second_life(int argc, char **argv)
{
	char text[6] = "";

	CHECK_EQ(argc, 4);
	CHECK_EQ(strcmp(argv[3], "with blanks and \"quotes\""), 0);
	CHECK(argv[4] == NULL);
	CHECK_EQ(strcmp(getenv("ONE"), "1"), 0);
	CHECK_EQ(strcmp(getenv("EMPTY"), ""), 0);
	CHECK(getenv("PATH") == NULL);
	CHECK_EQ(read(atoi(argv[2]), text, 5), 5);
	CHECK_EQ(strcmp(text, "alive"), 0);
	/* The ABI requires alignment to 16 bytes; main's own frame shows what _start made of it. */
	CHECK_EQ((uintptr_t)__builtin_frame_address(0) % 4, 0);
	return 33;
}

static void becomes(void *fd)
{
	char number[12];
	char *argv[] = { self, "second", number, "with blanks and \"quotes\"", NULL };
	char *envp[] = { "ONE=1", "EMPTY=", NULL };

	snprintf(number, sizeof(number), "%d", *(int *)fd);
	execve(self, argv, envp);
	CHECK_EQ(errno, 0);
}

static void cannot_be_run(void)
{
	char *argv[] = { "x", NULL };
	char **volatile nowhere = (char **)1;
	static char *too_many[200000];
	static char long_one[4096];
	char end[40];
	int pipes[2];

	CHECK_ERROR(execve("/no/such/file", argv, environ), ENOENT);
	CHECK_ERROR(execve("", argv, environ), ENOENT);
	CHECK_ERROR(execve("/", argv, environ), EACCES);
	CHECK_ERROR(execve("/dev/null", argv, environ), EACCES);
	CHECK_ERROR(execve("/dev/tty", argv, environ), EACCES);
	CHECK_EQ(pipe(pipes), 0);
	for (int i = 0; i < 2; i++) {
		snprintf(end, sizeof(end), "/proc/self/fd/%d", pipes[i]);
		CHECK_ERROR(execve(end, argv, environ), EACCES);
		close(pipes[i]);
	}
	CHECK_ERROR(execve((char *)1, argv, environ), EFAULT);
	CHECK_ERROR(execve(self, nowhere, environ), EFAULT);
	argv[0] = (char *)0xc0000000;
	CHECK_ERROR(execve(self, argv, environ), EFAULT);
	memset(long_one, 'a', sizeof(long_one) - 1);
	for (int i = 0; i < 200000 - 1; i++)
		too_many[i] = long_one;
	CHECK_ERROR(execve(self, too_many, environ), E2BIG);
}

/* Ninety times, with memory of the old program that must be freed each time. */
static void again(int left)
{
	char number[12];
	char *argv[] = { self, "again", number, NULL };

	memset(check_private(16), 1, 16 * PAGE);
	if (left == 0)
		_exit(44);
	snprintf(number, sizeof(number), "%d", left - 1);
	execve(self, argv, environ);
	CHECK_EQ(errno, 0);
}

static void first_again(void *unused)
{
	(void)unused;
	again(90);
}

int main(int argc, char **argv)
{
	int fd[2];

	self = argv[0];
	if (argc > 1 && strcmp(argv[1], "second") == 0)
		return second_life(argc, argv);
	if (argc > 2 && strcmp(argv[1], "again") == 0)
		again(atoi(argv[2]));
	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], "alive", 5), 5);
	CHECK_EQ(check_in_child(becomes, fd), 33 << 8);
	CHECK_EQ(check_in_child(first_again, NULL), 44 << 8);
	cannot_be_run();
	return CHECK_OK();
}
