/*
 * unmap - parts of a mapping are unmapped: head, tail, middle, across holes; the rest keeps its contents,
 * also where pages are shared copy on write.
 */
#include "check.h"

static char *numbered(int pages)
{
	char *p = check_private(pages);

	for (int i = 0; i < pages; i++)
		memset(p + i * PAGE, 'a' + i, PAGE);
	return p;
}

/* `there` has a character for each page: its letter, or a blank where nothing may be mapped. */
static void expect(char *p, const char *there)
{
	for (int i = 0; there[i]; i++) {
		if (there[i] == ' ') {
			CHECK_SIGNAL(check_load, p + i * PAGE, SIGSEGV);
			continue;
		}
		CHECK_EQ(p[i * PAGE], there[i]);
		CHECK_EQ(p[i * PAGE + PAGE - 1], there[i]);
	}
}

static void parts(void)
{
	char *p = numbered(8);

	CHECK_EQ(munmap(p, PAGE), 0);
	expect(p, " bcdefgh");
	CHECK_EQ(munmap(p + 7 * PAGE, PAGE), 0);
	expect(p, " bcdefg ");
	CHECK_EQ(munmap(p + 3 * PAGE, 2 * PAGE), 0);
	expect(p, " bc  fg ");
	/* Across holes, and with a length that is no multiple of a page. */
	CHECK_EQ(munmap(p + 2 * PAGE, 3 * PAGE + 1), 0);
	expect(p, " b    g ");
	CHECK_EQ(munmap(p, 8 * PAGE), 0);
	expect(p, "        ");
}

static void mapped_again_is_zero(void)
{
	char *p = numbered(3);

	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_AT(mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), p + PAGE);
	CHECK_EQ(p[PAGE], 0);
	CHECK_EQ(p[0], 'a');
	CHECK_EQ(p[2 * PAGE], 'c');
	munmap(p, 3 * PAGE);
}

static void child_unmaps(void *p)
{
	CHECK_EQ(munmap((char *)p + PAGE, 2 * PAGE), 0);
	expect(p, "a  d");
	memset(p, 'X', PAGE);
}

static void copy_on_write(void)
{
	char *p = numbered(4);

	CHECK_SIGNAL(child_unmaps, p, 0);
	expect(p, "abcd");
	/* The other way round: the parent unmaps while the child still has the pages. */
	int fd[2];
	pid_t pid;
	char go;

	CHECK_EQ(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(read(fd[0], &go, 1), 1);
		expect(p, "abcd");
		_exit(0);
	}
	CHECK_EQ(munmap(p + PAGE, 2 * PAGE), 0);
	memset(p, 'Y', PAGE);
	CHECK_EQ(write(fd[1], "g", 1), 1);
	CHECK_EQ(check_wait(pid), 0);
	expect(p, "Y  d");
	close(fd[0]);
	close(fd[1]);
	munmap(p, 4 * PAGE);
}

static void shared_memory(void)
{
	char *p = check_shared(4);

	memset(p, 's', 4 * PAGE);
	CHECK_SIGNAL(check_store, p, 0);
	CHECK_EQ(p[0], 1);
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_EQ(p[2 * PAGE], 's');
	CHECK_SIGNAL(check_load, p + PAGE, SIGSEGV);
	munmap(p, 4 * PAGE);
}

/* A hundred holes split the region; then one mapping replaces everything. */
static void many_holes(void)
{
	char *p = check_private(200);

	for (int i = 0; i < 200; i++)
		p[i * PAGE] = i;
	for (int i = 0; i < 200; i += 2)
		CHECK_EQ(munmap(p + i * PAGE, PAGE), 0);
	for (int i = 1; i < 200; i += 2)
		CHECK_EQ(p[i * PAGE], (char)i);
	CHECK_AT(mmap(p, 200 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), p);
	for (int i = 0; i < 200; i++)
		CHECK_EQ(p[i * PAGE], 0);
	munmap(p, 200 * PAGE);
}

int main(void)
{
	parts();
	mapped_again_is_zero();
	copy_on_write();
	shared_memory();
	many_holes();
	return CHECK_OK();
}
