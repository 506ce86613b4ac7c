/*
 * growth - what calls cost as regions, mappings, pages, tasks and names grow in number.
 *
 *	growth			every curve at every size: name, size, ticks for one
 *	growth --two		the same at the first size and at sixteen times that, without the slow ones of the disk
 *	growth NAME [N...]	this curve, at these sizes
 *
 * In QEMU's virtual time the result is the same in every run (tools/bench/growth). The same program runs on Linux.
 */
#include "growth.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TASKS_MAX = 2000, TWO = 16 };

static const struct curve *const all[] = { region_curves, object_curves, page_curves, task_curves, name_curves, disk_curves };

pid_t herd[TASKS_MAX];
static unsigned herd_size;

void give_up(const char *what)
{
	fflush(stdout);
	perror(what);
	herd_end();
	exit(1);
}

char *map(void *at, size_t length, int prot, int flags, int fd)
{
	char *p = mmap(at, length, prot, flags, fd, 0);

	need(p != MAP_FAILED, "growth: mmap");
	return p;
}

char *reserve(unsigned n)
{
	return map(NULL, (size_t)n * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

int make_object(unsigned n)
{
	int fd = memfd_create("growth", 0);

	need(fd >= 0 && ftruncate(fd, (off_t)n * PAGE) == 0, "growth: memfd_create");
	return fd;
}

void fork_and_wait(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	need(waitpid(pid, NULL, 0) == pid, "growth: fork");
}

uint64_t read_directory(const char *name)
{
	uint64_t start = ticks();
	DIR *dir = opendir(name);

	need(dir != NULL, name);
	while (readdir(dir))
		;
	closedir(dir);
	return ticks() - start;
}

/* The parent goes on when every child is ready to sleep. */
void herd_begin(unsigned n, void (*body)(unsigned i))
{
	int ready[2];
	char byte = 0;

	need(n <= TASKS_MAX && pipe(ready) == 0, "growth: pipe");
	for (herd_size = 0; herd_size < n; herd_size++) {
		pid_t pid = fork();

		need(pid >= 0, "growth: fork");
		if (pid) {
			herd[herd_size] = pid;
			need(read(ready[0], &byte, 1) == 1, "growth: read");
			continue;
		}
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		close(ready[0]);
		close(ready[1]);
		if (body)
			body(herd_size);
		for (;;)
			pause();
	}
	close(ready[0]);
	close(ready[1]);
}

void herd_end(void)
{
	for (unsigned i = 0; i < herd_size; i++)
		kill(herd[i], SIGKILL);
	for (unsigned i = 0; i < herd_size; i++)
		waitpid(herd[i], NULL, 0);
	herd_size = 0;
}

static void run(const struct curve *c, unsigned n)
{
	printf("%-16s %8u %10llu\n", c->name, n, (unsigned long long)c->cost(n));
	fflush(stdout);
}

static void run_sizes(const struct curve *c, int only_two)
{
	const unsigned two[SIZES] = { c->sizes[0], c->sizes[0] * TWO }, *sizes = only_two ? two : c->sizes;

	printf("# %s: %s: %s\n", c->name, c->of, c->what);
	for (int k = 0; k < SIZES && sizes[k]; k++)
		run(c, sizes[k]);
}

static void run_all(int only_two)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (const struct curve *c = all[i]; c->name; c++)
			if (!only_two || all[i] != disk_curves)
				run_sizes(c, only_two);
}

static const struct curve *find(const char *name)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (const struct curve *c = all[i]; c->name; c++)
			if (strcmp(c->name, name) == 0)
				return c;
	fprintf(stderr, "growth: %s: no such curve\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	const struct curve *c;

	if (argc == 1 || strcmp(argv[1], "--two") == 0) {
		run_all(argc > 1);
		return 0;
	}
	c = find(argv[1]);
	if (argc == 2)
		run_sizes(c, 0);
	for (int i = 2; i < argc; i++)
		run(c, atoi(argv[i]));
	return 0;
}
