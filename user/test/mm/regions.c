/*
 * regions - as many regions as a task may have (/proc/sys/vm/max_map_count): calls that need one more fail with ENOMEM and change
 * nothing, and all others still work. Each call stays cheap whatever the number of regions, or this test takes minutes.
 */
#include "file.h"

enum { SPARE = 100, TOUCHED_EACH = 512 };

static int limit;

/* Forks with this many regions: the child has them all. */
static void child_sees(char *page, char wanted)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(*page == wanted ? 0 : 1);
	CHECK(pid > 0);
	CHECK_EQ(check_wait(pid), 0);
}

/* => lines of /proc/self/maps, read in pieces of an odd size */
static int lines_of_maps(void)
{
	static char text[12345];
	int fd = open("/proc/self/maps", O_RDONLY), lines = 0;
	ssize_t n;

	CHECK(fd >= 0);
	while ((n = read(fd, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < n; i++)
			lines += text[i] == '\n';
	CHECK_EQ(n, 0);
	close(fd);
	return lines;
}

/* --- one mapping, cut into pieces by mprotect ---------------------------------------------------------------------- */

/* => how often a page in the middle of the rest got another protection: two regions more each time */
static int cut_up(char *p)
{
	int n = 0;

	while (mprotect(p + (2 * n + 1) * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0)
		n++;
	CHECK_EQ(errno, ENOMEM);
	return n;
}

/* The middle of a mapping moves, or the limit is reached: the page is the same either way. P has regions to unmap. */
static void move_at_the_limit(char *p)
{
	for (int spare = 0; spare < 4; spare++) {
		char *q = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *moved;

		CHECK(q != MAP_FAILED);
		q[PAGE] = 9;
		moved = mremap(q + PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
		CHECK(moved != MAP_FAILED || errno == ENOMEM);
		CHECK_EQ(moved == MAP_FAILED ? q[PAGE] : *moved, 9);
		CHECK_EQ(munmap(q, 3 * PAGE), 0);
		if (moved != MAP_FAILED)
			CHECK_EQ(munmap(moved, 2 * PAGE), 0);
		CHECK_EQ(munmap(p + (4000 + 2 * spare) * PAGE, PAGE), 0);
	}
}

static void go_on_at_the_limit(char *p, int n)
{
	char *place = p + (2 * n - 1) * PAGE;

	for (int i = 0; i < 1000; i++) {
		p[(2 * (i * 31 % n) + 1) * PAGE] = 1;
		CHECK_EQ(mprotect(p + (2 * (i * 17 % n) + 1) * PAGE, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE), 0);
		CHECK_EQ(mprotect(p + (2 * (i * 17 % n) + 1) * PAGE, PAGE, PROT_READ | PROT_WRITE), 0);
	}
	for (int i = 0; i < 500; i++)
		CHECK_EQ(mlock(p + (2 * i + 1) * PAGE, PAGE), 0);
	CHECK_EQ(munlock(p + PAGE, PAGE), 0);
	*place = 7;
	child_sees(place, 7);
	CHECK_ERROR(munmap(p + (2 * n + 20) * PAGE, PAGE), ENOMEM);	/* a hole would split one into two */
	CHECK_EQ(munmap(p, PAGE), 0);
	CHECK_EQ(munmap(p + 4 * PAGE, PAGE), 0);
	for (int i = 0; i < 1000; i++) {
		char *hole = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK(hole != MAP_FAILED);
		CHECK_EQ(munmap(hole, PAGE), 0);
	}
	move_at_the_limit(p);
}

static void pieces(void)
{
	size_t size = 2 * (size_t)(limit + SPARE) * PAGE;
	char *p = check_map(size, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE);
	int n = cut_up(p), lines;

	CHECK(2 * n > limit - SPARE && 2 * n < limit + 2);
	lines = lines_of_maps();
	CHECK(lines >= 2 * n && lines < limit + 10);
	go_on_at_the_limit(p, n);
	CHECK_EQ(munlock(p + 5 * PAGE, 1200 * PAGE), 0);
	for (int i = n - 1; i > n / 2; i--)
		CHECK_EQ(mprotect(p + (2 * i + 1) * PAGE, PAGE, PROT_NONE), 0);	/* merged again */
	CHECK(cut_up(p + 2 * n * PAGE) > n / 4);	/* Linux does not merge all of those that were touched */
	CHECK_EQ(munmap(p, size), 0);
}

/* --- fork ---------------------------------------------------------------------------------------------------------- */

/* => how many lines more there are once the three pages behind P are mapped */
static int lines_of_three_more(char *p)
{
	int before = lines_of_maps();

	CHECK_AT(mmap(p + 3 * PAGE, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
		 p + 3 * PAGE);
	return lines_of_maps() - before;
}

/* A region that a child has inherited with pages is not merged with a new mapping next to it. */
static void inherited(void)
{
	for (int touched = 0; touched < 2; touched++) {
		char *p = check_map(7 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
		pid_t pid;

		CHECK_EQ(mprotect(p + 6 * PAGE, PAGE, PROT_NONE), 0);
		CHECK_EQ(munmap(p + 3 * PAGE, 3 * PAGE), 0);
		if (touched)
			p[0] = 1;
		pid = fork();
		if (!pid)
			_exit(lines_of_three_more(p));
		CHECK(pid > 0);
		CHECK_EQ(check_wait(pid), touched << 8);
		CHECK_EQ(lines_of_three_more(p), 0);
		CHECK_EQ(munmap(p, 7 * PAGE), 0);
	}
}

/* --- one object, mapped again and again ---------------------------------------------------------------------------- */

static void mappings_of_one_object(void)
{
	int fd = memfd_create("object", 0), n = 0;
	char *p, *lowest = NULL, *highest = NULL;

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, PAGE), 0);
	for (; (p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) != MAP_FAILED; n++) {
		lowest = !lowest || p < lowest ? p : lowest;
		highest = p > highest ? p : highest;
		if (n % TOUCHED_EACH == 0)
			CHECK_EQ((*p)++, n / TOUCHED_EACH);
	}
	CHECK_EQ(errno, ENOMEM);
	CHECK(n > limit - SPARE && n < limit + 2);
	for (int i = 0; i < 20; i++)
		CHECK_EQ(ftruncate(fd, PAGE), 0);
	child_sees(lowest, (n - 1) / TOUCHED_EACH + 1);
	CHECK_EQ(munmap(lowest, highest - lowest + PAGE), 0);
	close(fd);
}

int main(void)
{
	limit = file_number("/proc/sys/vm/max_map_count");
	inherited();
	pieces();
	mappings_of_one_object();
	return CHECK_OK();
}
