/* main.c: `host MODULE [TEST]` runs the tests of a module, each in a process of its own; status 1 if one failed. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"

static const struct {
	const char *name;
	const struct host_test *tests;
} modules[] = {
	{ "anon", anon_tests }, { "anon_fails", anon_fails_tests }, { "block", block_tests }, { "bootmem", bootmem_tests },
	{ "file", file_tests }, { "frame", frame_tests },
	{ "frame_buddy", frame_buddy_tests }, { "frame_wait", frame_wait_tests }, { "kmalloc", kmalloc_tests },
	{ "pagemap", pagemap_tests }, { "pagetable", pagetable_tests }, { "policy", policy_tests },
	{ "readahead", readahead_tests }, { "reclaim", reclaim_tests }, { "region", region_tests }, { "region_random", region_random_tests }, { "rmap", rmap_tests },
	{ "shm", shm_tests }, { "slot", slot_tests }, { "space", space_tests }, { "writeback", writeback_tests },
	{ "writeback_tasks", writeback_tasks_tests },
};

static bool run_apart(const char *module, const struct host_test *test)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		test->run();
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, &status, 0);
	printf("%s: %s: %s\n", module, test->name, status == 0 ? "ok" : "FAILED");
	if (WIFSIGNALED(status))
		printf("  killed by signal %d\n", WTERMSIG(status));
	return status == 0;
}

int main(int argc, char **argv)
{
	u32 failed = 0, ran = 0;

	for (u32 m = 0; m < ARRAY_LEN(modules); m++) {
		if (argc > 1 && strcmp(argv[1], modules[m].name) != 0)
			continue;
		for (const struct host_test *t = modules[m].tests; t->name; t++) {
			if (argc > 2 && !strstr(t->name, argv[2]))
				continue;
			failed += !run_apart(modules[m].name, t);
			ran++;
		}
	}
	printf("host: %u tests, %u failed\n", ran, failed);
	return failed || !ran;
}
