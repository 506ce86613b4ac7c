/*
 * fail-fair - while requests for frames, slots, kernel memory or the disk fail on purpose, however often, an operation that is
 * repeated succeeds in the end, and so do the kernel's own retries. On Linux nothing fails, and all succeeds at once.
 */
#include "file.h"

#include <sys/resource.h>
#include <time.h>

enum { PERIODS = 8, PAGES = 120, SHARED = 32, SECONDS = 30 };

/* Each PERIOD-th request of the kind fails from now on; 0: none. (Not on Linux.) */
static void order(const char *kind, int period)
{
	char text[20];

	snprintf(text, sizeof(text), period ? "%s:%d" : "off", kind, period);
	file_set("/proc/sys/vm/fail", text);
}

/* Each of these needs several allocations, all of which must succeed in one attempt. */
static bool make_child(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, &status, 0) == pid;
}

static bool map_far_apart(void)
{
	char *p = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return false;
	for (int i = 0; i < 16; i++)
		p[i << 22] = 1;
	return munmap(p, 64 << 20) == 0;
}

static bool make_pipe(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return false;
	close(ends[0]);
	close(ends[1]);
	return true;
}

static bool open_file(void)
{
	int fd = open("/proc/self/maps", O_RDONLY);
	char byte;
	bool done = fd >= 0 && read(fd, &byte, 1) == 1;

	close(fd);
	return done;
}

/* More than fits into little memory. */
static bool fill_memory(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int wrong = 0;

	if (p == MAP_FAILED)
		return false;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < PAGES; i++)
			wrong += (p[i * PAGE]++ != round);
	munmap(p, PAGES * PAGE);
	return !wrong;
}

static bool (*const attempts[])(void) = { make_child, map_far_apart, make_pipe, open_file, fill_memory };

/* A disk failure may kill it by SIGBUS; then it is tried again in another child. */
static void until_done(void *argument)
{
	bool (*attempt)(void) = *(bool (*const *)(void))argument;

	alarm(SECONDS);
	while (!attempt())
		;
}

/* A copy-on-write fault that waits for a frame is a minor one: major faults wait for a disk. */
static void store_to_shared_pages(void *pages)
{
	struct rusage before, after;
	char *p = pages;

	order("frame", 0); /* its code may have to be read from the disk first */
	CHECK_EQ(getrusage(RUSAGE_SELF, &before), 0);
	order("frame", 2);
	for (int i = 0; i < SHARED; i++)
		p[i * PAGE]++;
	order("frame", 0);
	CHECK_EQ(getrusage(RUSAGE_SELF, &after), 0);
	CHECK_EQ(after.ru_majflt - before.ru_majflt, 0);
	CHECK(after.ru_minflt - before.ru_minflt >= SHARED);
}

static void waits_for_frames_are_minor_faults(void)
{
	char *p = check_private(SHARED);

	memset(p, 1, SHARED * PAGE);
	CHECK_EQ(check_in_child(store_to_shared_pages, p), 0);
	munmap(p, SHARED * PAGE);
}

/* The ring of the trace is a larger block of frames. (Not on Linux, which has no such file.) */
static void the_trace_gets_its_ring(void)
{
	order("frame", 1);
	while (file_set("/proc/sys/vm/trace", "user") < 0 && errno == ENOMEM)
		;
	order("frame", 0);
	file_set("/proc/sys/vm/trace", "off");
}

int main(void)
{
	static const char *const kinds[] = { "frame", "slot", "heap", "disk" };

	waits_for_frames_are_minor_faults();
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (int period = 1; period <= PERIODS; period++) {
			for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
				int status;

				order(kinds[k], period);
				do {
					status = check_in_child(until_done, (void *)&attempts[i]);
				} while (status == -1 || status == SIGBUS || status == SIGKILL);
				order(kinds[k], 0);
				if (status)
					check_fail(kinds[k], period, "an attempt ends", status, 0);
			}
		}
	}
	the_trace_gets_its_ring();
	return CHECK_OK();
}
