/*
 * advise - madvise: what fork does with a mapping, pages that come and go on request, and advice that is only accepted.
 */
#include "check.h"

enum { PAGES = 40 };

static void fill(char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		p[i * PAGE + i] = 'a' + i;
}

static void check_filled(const char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		CHECK_EQ(p[i * PAGE + i], (char)('a' + i));
}

static int resident(char *p, int pages)
{
	unsigned char there[PAGES];
	int n = 0;

	CHECK_EQ(mincore(p, pages * PAGE, there), 0);
	for (int i = 0; i < pages; i++)
		n += there[i] & 1;
	return n;
}

/* --- fork ------------------------------------------------------------------------------------- */

static void has_the_middle(void *p)
{
	check_filled(p, 3);
}

static void has_no_middle(void *p)
{
	char *middle = (char *)p + PAGE;

	CHECK_EQ(*(char *)p, 'a');
	CHECK_EQ(middle[PAGE + 2], 'c');
	CHECK_ERROR(mincore(middle, PAGE, (unsigned char *)p), ENOMEM);
	CHECK_AT(mmap(middle, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), middle);
}

static void not_for_children(char *p)
{
	fill(p, 3);
	CHECK_EQ(madvise(p + PAGE, PAGE, MADV_DONTFORK), 0);
	CHECK_SIGNAL(check_load, p, 0);
	CHECK_SIGNAL(check_load, p + PAGE, SIGSEGV);
	CHECK_SIGNAL(has_no_middle, p, 0);
	check_filled(p, 3);
	p[PAGE] = 'x';
	CHECK_EQ(madvise(p, 3 * PAGE, MADV_DOFORK), 0);
	CHECK_SIGNAL(has_the_middle, p, 0);
}

static void middle_is_empty(void *p)
{
	char *middle = (char *)p + PAGE;

	CHECK_EQ(*(char *)p, 'a');
	CHECK_EQ(middle[1], 0);
	CHECK_EQ(middle[PAGE + 2], 'c');
	middle[1] = 'b';
	CHECK_EQ(middle[1], 'b');
}

/* The child's child too. */
static void middle_is_empty_again(void *p)
{
	middle_is_empty(p);
	CHECK_SIGNAL(middle_is_empty, p, 0);
}

static void empty_for_children(char *p)
{
	char *shared = check_shared(1);

	fill(p, 3);
	CHECK_EQ(madvise(p + PAGE, PAGE, MADV_WIPEONFORK), 0);
	CHECK_SIGNAL(middle_is_empty_again, p, 0);
	check_filled(p, 3);
	CHECK_EQ(madvise(p, 3 * PAGE, MADV_KEEPONFORK), 0);
	CHECK_SIGNAL(has_the_middle, p, 0);
	CHECK_ERROR(madvise(shared, PAGE, MADV_WIPEONFORK), EINVAL);
	munmap(shared, PAGE);
}

/* --- pages come -------------------------------------------------------------------------------- */

static void populate(void)
{
	char *p = check_private(PAGES), *file;
	int fd = open("advise.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK_EQ(madvise(p, 10 * PAGE, MADV_POPULATE_WRITE), 0);
	CHECK_EQ(resident(p, PAGES), 10);
	CHECK_EQ(madvise(p + 10 * PAGE, 10 * PAGE, MADV_POPULATE_READ), 0);
	CHECK_EQ(resident(p, PAGES), 20);
	for (int i = 0; i < 20; i++)
		CHECK_EQ(p[i * PAGE], 0);
	CHECK_EQ(mprotect(p + 20 * PAGE, 10 * PAGE, PROT_READ), 0);
	CHECK_ERROR(madvise(p + 19 * PAGE, 5 * PAGE, MADV_POPULATE_WRITE), EINVAL);
	CHECK_EQ(madvise(p + 19 * PAGE, 5 * PAGE, MADV_POPULATE_READ), 0);
	CHECK_EQ(mprotect(p, PAGE, PROT_NONE), 0);
	CHECK_ERROR(madvise(p, PAGE, MADV_POPULATE_READ), EINVAL);
	CHECK_EQ(munmap(p + 32 * PAGE, PAGE), 0);
	CHECK_ERROR(madvise(p + 30 * PAGE, 5 * PAGE, MADV_POPULATE_WRITE), ENOMEM);
	CHECK_EQ(resident(p + 30 * PAGE, 2), 2);
	munmap(p, PAGES * PAGE);

	CHECK_EQ(write(fd, "file", 4), 4);
	file = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(file != MAP_FAILED);
	CHECK_EQ(madvise(file, PAGE, MADV_POPULATE_WRITE), 0);
	CHECK_EQ(file[0], 'f');
	CHECK_ERROR(madvise(file, 2 * PAGE, MADV_POPULATE_READ), EFAULT);
	munmap(file, 2 * PAGE);
	close(fd);
	CHECK_EQ(unlink("advise.tmp"), 0);
}

/* --- pages go ---------------------------------------------------------------------------------- */

static void go(int advice)
{
	char *p = check_private(PAGES), *shared = check_shared(PAGES);

	fill(p, PAGES);
	fill(shared, PAGES);
	CHECK_EQ(madvise(p, PAGES * PAGE, advice), 0);
	CHECK_EQ(madvise(shared, PAGES * PAGE, advice), 0);
	check_filled(p, PAGES);
	check_filled(shared, PAGES);
	CHECK_EQ(mlock(p, PAGE), 0);
	CHECK_ERROR(madvise(p, PAGES * PAGE, advice), EINVAL);
	CHECK_EQ(madvise(p, PAGE, MADV_DONTNEED_LOCKED), 0);
	CHECK_EQ(p[0], 0);
	CHECK_EQ(munlock(p, PAGE), 0);
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_ERROR(madvise(p, 3 * PAGE, advice), ENOMEM);
	CHECK_EQ(p[2 * PAGE + 2], 'c');
	munmap(p, PAGES * PAGE);
	munmap(shared, PAGES * PAGE);
}

/* A child uses the pages too: they stay, or come back for the task that touches them. */
static void shared_with_child(void)
{
	char *p = check_private(PAGES);

	fill(p, PAGES);
	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0) {
			CHECK_EQ(madvise(p, PAGES * PAGE, MADV_PAGEOUT), 0);
			check_filled(p, PAGES);
			fill(p, PAGES / 2);
			CHECK_EQ(madvise(p, PAGES * PAGE, MADV_PAGEOUT), 0);
			check_filled(p, PAGES);
			_exit(0);
		}
		CHECK_EQ(madvise(p, PAGES * PAGE, MADV_PAGEOUT), 0);
		check_filled(p, PAGES);
		CHECK_EQ(check_wait(child), 0);
	}
	munmap(p, PAGES * PAGE);
}

/* --- what changes nothing ---------------------------------------------------------------------- */

static void taken_note_of(void)
{
	char *p = check_private(3);

	fill(p, 3);
	/* Linux can be built without these. */
	for (int advice = MADV_MERGEABLE; advice <= MADV_NOHUGEPAGE; advice++)
		CHECK(madvise(p, 3 * PAGE, advice) == 0 || errno == EINVAL);
	CHECK_EQ(madvise(p, 3 * PAGE, MADV_DONTDUMP), 0);
	CHECK_EQ(madvise(p, 3 * PAGE, MADV_DODUMP), 0);
	CHECK_EQ(madvise(p, 0, MADV_PAGEOUT), 0);
	CHECK_ERROR(madvise(p + 1, PAGE, MADV_COLD), EINVAL);
	CHECK_ERROR(madvise(p, PAGE, 7), EINVAL);
	CHECK_ERROR(madvise(p, PAGE, 77), EINVAL);
	check_filled(p, 3);
	munmap(p, 3 * PAGE);
}

int main(void)
{
	char *p = check_private(3);

	not_for_children(p);
	empty_for_children(p);
	munmap(p, 3 * PAGE);
	populate();
	go(MADV_COLD);
	go(MADV_PAGEOUT);
	shared_with_child();
	taken_note_of();
	return CHECK_OK();
}
