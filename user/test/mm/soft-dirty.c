/*
 * soft-dirty - which pages were stored to since the bits were cleared (/proc/PID/clear_refs and pagemap): by the program, by the
 * kernel on its behalf, after a fork on either side, through swap; and the accessed bits. Where Linux was built without
 * soft-dirty bits only the calls are tried.
 */
#include "file.h"
#include "procswap.h"

enum { PAGES = 8 };

static bool supported;
static char *p;

static void clear(const char *what)
{
	CHECK_EQ(file_set("/proc/self/clear_refs", what), 0);
}

/* => a letter for each page of `memory`: d soft-dirty, . clean */
static const char *bits(const char *memory)
{
	static char text[PAGES + 1];

	for (int i = 0; i < PAGES; i++)
		text[i] = check_page(memory + i * PAGE) & PAGEMAP_SOFT_DIRTY ? 'd' : '.';
	return text;
}

#define CHECK_BITS(memory, wanted) CHECK(!supported || strcmp(bits(memory), wanted) == 0)

static void test_stores(void)
{
	clear("4");
	CHECK_BITS(p, "........");
	check_load(p);
	check_load(p + 5 * PAGE);
	CHECK_BITS(p, "........");
	p[1 * PAGE] = 1;
	p[6 * PAGE] = 1;
	CHECK_BITS(p, ".d....d.");
	clear("4");
	p[6 * PAGE] = 2;
	CHECK_BITS(p, "......d.");
	CHECK_EQ(mprotect(p, PAGES * PAGE, PROT_READ), 0);
	CHECK_EQ(mprotect(p, PAGES * PAGE, PROT_READ | PROT_WRITE), 0);
	check_load(p + PAGE);
	CHECK_BITS(p, "......d.");
	p[PAGE] = 2;
	CHECK_BITS(p, ".d....d.");
}

static void test_stores_of_the_kernel(void)
{
	int fd = open("/proc/self/stat", O_RDONLY);

	clear("4");
	CHECK(read(fd, p + 3 * PAGE, 10) == 10);
	close(fd);
	CHECK_BITS(p, "...d....");
}

static void test_new_mapping(void)
{
	char *q;

	clear("4");
	q = check_private(PAGES);
	CHECK_BITS(q, "dddddddd");
	munmap(q, PAGES * PAGE);
}

static void in_child(void *unused)
{
	(void)unused;
	CHECK_BITS(p, ".d......");
	p[2 * PAGE] = 5;
	CHECK_BITS(p, ".dd.....");
	clear("4");
	CHECK_BITS(p, "........");
	p[4 * PAGE] = 5;
	CHECK_BITS(p, "....d...");
}

static void test_fork(void)
{
	clear("4");
	p[PAGE] = 3;
	CHECK_EQ(check_signal_of(in_child, NULL), 0);
	CHECK_BITS(p, ".d......");
	p[7 * PAGE] = 3;
	CHECK_BITS(p, ".d.....d");
}

static void test_shared(void)
{
	char *q = check_shared(PAGES);

	memset(q, 1, PAGES * PAGE);
	clear("4");
	check_load(q + 2 * PAGE);
	q[3 * PAGE] = 2;
	CHECK_BITS(q, "...d....");
	munmap(q, PAGES * PAGE);
}

/* Another task swaps this one out and in again; the bits do not change on the way. */
static void test_swap(void)
{
	pid_t self = getpid(), pid;

	clear("4");
	p[2 * PAGE] = 9;
	pid = fork();
	if (pid == 0) {
		procswap_order(self, "out");
		procswap_order(self, "in");
		_exit(0);
	}
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
	CHECK_BITS(p, "..d.....");
	check_load(p + PAGE);
	CHECK_BITS(p, "..d.....");
	p[PAGE] = 9;
	CHECK_BITS(p, ".dd.....");
}

/* => "Referenced:" of the region that begins at p, in pages */
static int referenced(void)
{
	char line[256], start[16];
	FILE *f = fopen("/proc/self/smaps", "r");
	bool here = false;
	int kib = -1;

	snprintf(start, sizeof(start), "%08lx-", (unsigned long)p);
	while (f && kib < 0 && fgets(line, sizeof(line), f)) {
		here |= strncmp(line, start, strlen(start)) == 0;
		if (here && strncmp(line, "Referenced:", 11) == 0)
			kib = atoi(line + 11);
	}
	fclose(f);
	return kib / (PAGE / 1024);
}

/* Linux does not flush the TLB when it clears the bits, so it may miss accesses soon after. */
static void check_referenced(int pages)
{
	CHECK(referenced() == pages || (!procswap_exists() && referenced() < pages));
}

static void test_accessed(void)
{
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	check_referenced(PAGES);
	clear("1");
	check_referenced(0);
	check_load(p + 2 * PAGE);
	check_store(p + 5 * PAGE);
	check_referenced(2);
	clear("3");
	check_referenced(2);
	clear("2");
	check_referenced(0);
}

static void test_refused(void)
{
	CHECK_ERROR(file_set("/proc/self/clear_refs", "0"), EINVAL);
	CHECK_ERROR(file_set("/proc/self/clear_refs", "6"), EINVAL);
	CHECK_ERROR(file_set("/proc/self/clear_refs", "x"), EINVAL);
	clear("5");
}

int main(void)
{
	p = mmap((void *)0x50000000, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(p != MAP_FAILED);
	for (int i = 0; i < PAGES - 2; i++)
		p[i * PAGE] = 1;
	supported = check_page(p) & PAGEMAP_SOFT_DIRTY;
	CHECK_BITS(p, "dddddddd");
	test_stores();
	test_stores_of_the_kernel();
	test_new_mapping();
	test_fork();
	test_shared();
	test_swap();
	test_accessed();
	test_refused();
	return CHECK_OK();
}
