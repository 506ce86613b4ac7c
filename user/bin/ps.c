/*
 * ps - the tasks: number, parent, state, memory in RAM and in swap (KiB), name.
 */
#include "tool.h"

#include <ctype.h>
#include <dirent.h>
#include <proc.h>

/*
 * /proc/PID/stat is "pid (name) state ppid ...". The name may hold blanks and brackets itself, so
 * the rest is looked for after the last bracket.
 */
static void print_task(const char *pid)
{
	char path[64], text[512], *name, *rest;
	long long rss, swap;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	if (proc_text(path, text, sizeof(text)) <= 0)
		return;			/* it has just ended */
	name = strchr(text, '(');
	rest = strrchr(text, ')');
	if (!name || !rest || rest[1] == '\0')
		return;
	*rest = '\0';
	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	rss = proc_number(path, "VmRSS");
	swap = proc_number(path, "VmSwap");
	printf("%6s %6d %c %9lld %9lld %s\n", pid, atoi(rest + 3), rest[2], rss < 0 ? 0 : rss,
	       swap < 0 ? 0 : swap, name + 1);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int main(int argc, char **argv)
{
	static int pids[1024];
	struct dirent *entry;
	size_t count = 0;
	DIR *dir = opendir("/proc");
	char pid[16];

	(void)argc;
	operands("ps", argv, 0, 0);
	if (!dir)
		die("ps", "/proc");
	while ((entry = readdir(dir)) != NULL)
		if (isdigit(entry->d_name[0]) && count < sizeof(pids) / sizeof(pids[0]))
			pids[count++] = atoi(entry->d_name);
	closedir(dir);
	qsort(pids, count, sizeof(pids[0]), by_number);
	printf("   PID   PPID S   RSS/KiB  SWAP/KiB NAME\n");
	for (size_t i = 0; i < count; i++) {
		snprintf(pid, sizeof(pid), "%d", pids[i]);
		print_task(pid);
	}
	return finish("ps", 0);
}
