/*
 * pressure - shared pages and copy-on-write pages, three children on each, are driven out of
 * memory and come back intact for every task.
 *
 *	pressure [KIB]
 *
 * KIB is how much memory drives them out: by default half as much again as the machine has, if that
 * is at most 256 MiB, and just a little if it is more.
 */
#include "check.h"

enum { PAGES = 64, CHILDREN = 3 };

static char *shared, *inherited;
static bool heavy;

static long long meminfo(const char *key)
{
	long long kib = proc_number("/proc/meminfo", key);

	return kib < 0 ? 0 : kib;
}

static size_t choose_size(int argc, char **argv)
{
	long long total = meminfo("MemTotal"), room, kib;

	if (argc > 1) {
		heavy = total > 0 && atoi(argv[1]) > total;
		return atoi(argv[1]);
	}
	room = (meminfo("MemFree") + meminfo("SwapFree")) * 3 / 4;
	kib = total + total / 2;
	if (total == 0 || total > 256 << 10 || kib > room)
		return 4096;
	heavy = true;
	return kib;
}

/* Writes more memory than the machine has, twice, and reads it again. */
static void drive_out(size_t kib)
{
	size_t pages = kib / 4;
	char *p = check_private(pages);

	for (size_t i = 0; i < pages; i++)
		*(size_t *)(p + i * PAGE + i % 1000 * 4) = i * 7 + 1;
	for (size_t i = 0; i < pages; i++)
		CHECK_EQ(*(size_t *)(p + i * PAGE + i % 1000 * 4), i * 7 + 1);
	CHECK_EQ(munmap(p, pages * PAGE), 0);
}

static int swapped_pages(const char *p)
{
	int n = 0;

	for (int i = 0; i < PAGES; i++)
		n += (check_page(p + i * PAGE) & PAGEMAP_SWAPPED) != 0;
	return n;
}

static void expect(const char *p, int page, int byte)
{
	for (int i = 0; i < PAGE; i++)
		CHECK_EQ(p[page * PAGE + i], (char)byte);
}

/* Waits until its pages were driven out, then reads them, and writes its part and its copies. */
static void child(int me, int go)
{
	char byte;

	for (int i = 0; i < PAGES; i++) {
		check_load(shared + i * PAGE);
		check_load(inherited + i * PAGE);
	}
	CHECK_EQ(read(go, &byte, 1), 1);
	for (int i = 0; i < PAGES; i++) {
		expect(inherited, i, i + 1);
		if (i % (CHILDREN + 1) == me)
			memset(shared + i * PAGE, 100 + me, PAGE);
		if (i % 2 == 0)
			memset(inherited + i * PAGE, 50 + me, PAGE);
	}
	for (int i = 0; i < PAGES; i++)
		expect(inherited, i, i % 2 == 0 ? 50 + me : i + 1);
	_exit(0);
}

int main(int argc, char **argv)
{
	size_t kib = choose_size(argc, argv);
	long long out = check_counter("pswpout"), in = check_counter("pswpin");
	int go[2], status;

	shared = check_shared(PAGES);
	inherited = check_private(PAGES);
	for (int i = 0; i < PAGES; i++) {
		memset(shared + i * PAGE, i + 1, PAGE);
		memset(inherited + i * PAGE, i + 1, PAGE);
	}
	CHECK_EQ(pipe(go), 0);
	for (int i = 1; i <= CHILDREN; i++)
		if (fork() == 0)
			child(i, go[0]);
	drive_out(kib);
	if (heavy) {
		CHECK(swapped_pages(shared) > PAGES / 2);
		CHECK(swapped_pages(inherited) > PAGES / 2);
		CHECK_ROSE("pswpout", out, PAGES);
	}
	CHECK_EQ(write(go[1], "go!", CHILDREN), CHILDREN);
	for (int i = 0; i < CHILDREN; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	for (int i = 0; i < PAGES; i++) {
		int who = i % (CHILDREN + 1);

		expect(shared, i, who ? 100 + who : i + 1);
		expect(inherited, i, i + 1);
	}
	if (heavy)
		CHECK_ROSE("pswpin", in, PAGES);
	return CHECK_OK();
}
