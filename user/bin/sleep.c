/*
 * sleep - waits: sleep SECONDS, with up to nine decimals.
 */
#include "tool.h"

#include <ctype.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct timespec time = { 0, 0 };
	long unit = 100000000;
	char *p;

	(void)argc;
	argv = operands("sleep SECONDS", argv, 1, 1);
	time.tv_sec = strtol(argv[0], &p, 10);
	if (*p == '.')
		for (p++; isdigit(*p); p++, unit /= 10)
			time.tv_nsec += unit * (*p - '0');
	if (*p || p == *argv || time.tv_sec < 0)
		not_accepted("sleep SECONDS", *argv, strlen(*argv));
	while (nanosleep(&time, &time) < 0)
		if (errno != EINTR)
			die("sleep", "nanosleep");
	return 0;
}
