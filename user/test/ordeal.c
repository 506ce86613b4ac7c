/*
 * ordeal - runs bad programs one after the other, a verifier beside each, and counts what they leave.
 *
 *	ordeal PROGRAM...
 *
 * A verifier (verify) runs at all times and must pass, however the programs end. Afterwards as many
 * frames and swap slots must be free as before. Everything of this task's own is wired, so that
 * its pages neither leave memory nor come; it is meant to be the first program.
 *
 * Frames of the kernel's heap count as free, but its bytes in use must be the same: few blocks that
 * live long may come to lie in more slabs than before.
 */
#include "check.h"

/* A wait status: there was no memory to begin with. */
enum { REFUSED = 126 << 8 };

static const char verifier[] = "/test/verify";

struct room {
	long long frames, swap_kib;	/* free */
	long long heap;			/* bytes in use in the kernel */
};

static struct room room(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	sync(); /* what is not on the disk yet is not dropped */
	if (fd >= 0) {
		CHECK_EQ(write(fd, "3", 1), 1);
		CHECK_EQ(close(fd), 0);
	}
	return (struct room){
		.frames = check_counter("nr_free_pages") + proc_number("/proc/meminfo", "Slab") / 4,
		.swap_kib = proc_number("/proc/meminfo", "SwapFree"),
		.heap = check_counter("kmalloc_bytes"),
	};
}

static pid_t start(char *const argv[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(argv[0], argv, environ);
		_exit(REFUSED >> 8);
	}
	CHECK(pid > 0);
	return pid;
}

static pid_t start_verifier(void)
{
	static char *const argv[] = { (char *)verifier, "300", "10", NULL };

	return start(argv);
}

/* How PROGRAM ended; whoever verified meanwhile found nothing wrong. */
static int run(const char *program, int *verified)
{
	pid_t bad = start((char *[]){ (char *)program, NULL }), beside = start_verifier(), pid;
	int status, result = 0;

	while (beside) {
		pid = wait(&status);
		CHECK(pid > 0);
		if (pid == bad) {
			result = status;
			bad = 0;
		}
		if (pid == beside) {
			CHECK(status == 0 || status == REFUSED);
			*verified += status == 0;
			beside = bad || status == REFUSED ? start_verifier() : 0;
		}
	}
	return result;
}

static void wire_everything(void)
{
	static char text[4096];
	struct proc_region region;

	CHECK(proc_text("/proc/self/maps", text, sizeof(text)) > 0);
	for (char *line = text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		CHECK(proc_parse_region(line, &region));
		mlock((void *)region.start, region.end - region.start);
	}
}

int main(int argc, char **argv)
{
	struct room before, after;
	int verified = 0, status;

	if (argc == 1)
		return CHECK_OK();
	/* The first time, so that what a run needs once and keeps is there. */
	run("/bin/true", &verified);
	wire_everything();
	room();
	before = room();
	for (int i = 1; i < argc; i++) {
		status = run(argv[i], &verified);
		dprintf(STDOUT_FILENO, "ordeal: %s ended with status %#x\n", argv[i], status);
		CHECK(status != REFUSED);
	}
	after = room();
	dprintf(STDOUT_FILENO, "ordeal: verified %d times; frames free %lld, then %lld; KiB of swap free "
		"%lld, then %lld; bytes of heap in use %lld, then %lld\n", verified, before.frames,
		after.frames, before.swap_kib, after.swap_kib, before.heap, after.heap);
	CHECK_EQ(after.frames, before.frames);
	CHECK_EQ(after.swap_kib, before.swap_kib);
	CHECK_EQ(after.heap, before.heap);
	return CHECK_OK();
}
