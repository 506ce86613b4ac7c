/*
 * smaps - what /proc/self/smaps, /proc/kpagecount and /proc/kpageflags report about known mappings: private, shared with a
 * child, locked, of a file.
 */
#include "check.h"

enum { PAGES = 16 };

/* => the figure of the region that begins at this address, in KiB; -1: there is none */
static long figure(const void *address, const char *name)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[300], wanted[20];
	bool inside = false;
	long found = -1;

	CHECK(f);
	snprintf(wanted, sizeof(wanted), "%08lx-", (unsigned long)address);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, wanted, 9) == 0)
			inside = true;
		else if (inside && strncmp(line, "VmFlags", 7) == 0)
			break;
		else if (inside && strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			found = atoi(line + strlen(name) + 1);
	}
	fclose(f);
	return found;
}

/* => the sum of a figure over all regions */
static void rollup(void)
{
	static const char *const names[] = { "Rss", "Private_Dirty", "Anonymous", "Swap", "Locked" };
	char line[300];
	FILE *f;

	for (int i = 0; i < 5; i++) {
		long sum = 0, all = proc_number("/proc/self/smaps_rollup", names[i]);
		size_t length = strlen(names[i]);

		f = fopen("/proc/self/smaps", "r");
		CHECK(f);
		while (fgets(line, sizeof(line), f))
			if (strncmp(line, names[i], length) == 0 && line[length] == ':')
				sum += atoi(line + length + 1);
		fclose(f);
		CHECK(all >= sum - 10 * 4 && all <= sum + 10 * 4); /* reading takes memory too */
	}
	f = fopen("/proc/self/smaps_rollup", "r");
	CHECK(f && fgets(line, sizeof(line), f) && strstr(line, " ---p 00000000 00:00 0 ") && strstr(line, " [rollup]\n"));
	fclose(f);
}

static char *map(int pages, int flags)
{
	/* With guard pages on both sides, so that it is a region of its own. */
	char *p = mmap(NULL, (pages + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	p = mmap(p + PAGE, pages * PAGE, PROT_READ | PROT_WRITE, flags | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	return p;
}

static void touch(char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		p[i * PAGE] = 1;
}

/* => the word of FILE about the frame of a page of this task; -1: pagemap hides the frame */
static long of_frame(const char *file, const void *address)
{
	uint64_t word = check_page(address), answer;
	int fd = open(file, O_RDONLY);
	long result = -1;

	word &= (1ull << 55) - 1;
	if (fd >= 0 && word && pread(fd, &answer, sizeof(answer), word * 8) == sizeof(answer))
		result = answer & 0x7FFFFFFF;
	close(fd);
	return result;
}

static long mappers(const void *address)
{
	return of_frame("/proc/kpagecount", address);
}

enum { MAPPED = 1 << 11, ANON = 1 << 12, SWAP_BACKED = 1 << 14, FREE = 1 << 10, TABLE = 1 << 26 };

/* The frame of the page at ADDRESS has all of the flags SET and none of CLEAR. */
static void flags(const void *address, long set, long clear)
{
	long got = of_frame("/proc/kpageflags", address);

	if (got >= 0)
		CHECK_EQ(got & (set | clear | FREE | TABLE), set);
}

static void check_in_child_of(char *private, char *shared)
{
	CHECK_EQ(figure(private, "Rss"), 4 * 10);
	private[0] = 'c';
	CHECK_EQ(figure(private, "Private_Dirty"), 4);
	touch(shared, 4);
	CHECK_EQ(figure(shared, "Pss"), 4 * 4 / 2);
	CHECK_EQ(figure(shared, "Shared_Dirty"), 4 * 4);
	if (mappers(shared) >= 0)
		CHECK_EQ(mappers(shared), 2);
	_exit(0);
}

int main(void)
{
	char *private = map(PAGES, MAP_PRIVATE), *shared = map(PAGES, MAP_SHARED);
	int status;

	CHECK_EQ(figure(private, "Size"), 4 * PAGES);
	CHECK_EQ(figure(private, "Rss"), 0);
	touch(private, 10);
	CHECK_EQ(figure(private, "Rss"), 4 * 10);
	CHECK_EQ(figure(private, "Pss"), 4 * 10);
	CHECK_EQ(figure(private, "Private_Dirty"), 4 * 10);
	CHECK_EQ(figure(private, "Anonymous"), 4 * 10);
	CHECK_EQ(figure(private, "Swap"), 0);
	if (mappers(private) >= 0)
		CHECK_EQ(mappers(private), 1);
	flags(private, MAPPED | ANON | SWAP_BACKED, 0);
	flags((void *)main, MAPPED, ANON | SWAP_BACKED);
	touch(shared, 6);
	flags(shared, MAPPED | SWAP_BACKED, 0);
	CHECK_EQ(figure(shared, "Rss"), 4 * 6);
	if (fork() == 0)
		check_in_child_of(private, shared);
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(figure(private, "Pss"), 4 * 10);
	CHECK_EQ(mlock(private, 5 * PAGE), 0);
	CHECK_EQ(figure(private, "Locked"), 4 * 5);
	rollup();
	CHECK_EQ(munlock(private, 5 * PAGE), 0);
	CHECK_EQ(figure(private, "Locked"), 0);
	return CHECK_OK();
}
