/*
 * sig-tty - Ctrl-C reaches a handler: a read from the terminal is interrupted, or restarted if the handler has SA_RESTART,
 * without the characters typed before. Without a terminal it does nothing.
 */
#include "check.h"

static volatile int calls;

static void count(int signal)
{
	(void)signal;
	calls++;
	dprintf(STDOUT_FILENO, "interrupted %d\n", calls);
}

static void catch(unsigned long flags)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = flags };

	CHECK_EQ(sigaction(SIGINT, &action, NULL), 0);
}

int main(int argc, char **argv)
{
	char line[100];

	(void)argv;
	if (argc < 2 || !isatty(STDIN_FILENO))
		return CHECK_OK();
	catch(0);
	dprintf(STDOUT_FILENO, "type Ctrl-C\n");
	CHECK_ERROR(read(STDIN_FILENO, line, sizeof(line)), EINTR);
	CHECK_EQ(calls, 1);
	catch(SA_RESTART);
	dprintf(STDOUT_FILENO, "type Ctrl-C and a line\n");
	CHECK_EQ(read(STDIN_FILENO, line, sizeof(line)), 5);
	CHECK_EQ(memcmp(line, "good\n", 5), 0);
	CHECK_EQ(calls, 2);
	return CHECK_OK();
}
