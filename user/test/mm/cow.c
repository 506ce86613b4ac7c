/*
 * cow - fork copies nothing; a store copies one page; the last owner's store copies none.
 */
#include "check.h"

enum { PAGES = 64 };

static char *p;

static void wait_for_word(int fd)
{
	char word;

	CHECK_EQ(read(fd, &word, 1), 1);
}

static void say_word(int fd)
{
	CHECK_EQ(write(fd, "w", 1), 1);
}

static void child(int from_parent, int to_parent, const unsigned long *frames)
{
	long long breaks = check_counter("cow_break");

	for (int i = 0; i < PAGES; i++) {
		CHECK_EQ(p[i * PAGE], i);
		CHECK_EQ(check_frame(p + i * PAGE), frames[i]);
	}
	p[5 * PAGE] = 99;
	CHECK_ROSE("cow_break", breaks, 1);
	if (frames[5])
		CHECK(check_frame(p + 5 * PAGE) != frames[5]);
	CHECK_EQ(check_frame(p + 6 * PAGE), frames[6]);
	CHECK_EQ(p[5 * PAGE + 1], 1);
	say_word(to_parent);
	wait_for_word(from_parent);
	CHECK_EQ(p[6 * PAGE], 6);
	CHECK_EQ(p[5 * PAGE], 99);
	_exit(0);
}

static void same_frames_until_a_store(void)
{
	unsigned long frames[PAGES];
	int to_child[2], to_parent[2];
	pid_t pid;

	/* A page that leaves memory comes back in another frame. */
	CHECK_EQ(mlock(p, PAGES * PAGE), 0);
	for (int i = 0; i < PAGES; i++) {
		memset(p + i * PAGE, 1, PAGE);
		p[i * PAGE] = i;
		frames[i] = check_frame(p + i * PAGE);
	}
	CHECK_EQ(pipe(to_child) + pipe(to_parent), 0);
	pid = fork();
	if (pid == 0) {
		close(to_child[1]);
		close(to_parent[0]);
		child(to_child[0], to_parent[1], frames);
	}
	close(to_child[0]);
	close(to_parent[1]);
	wait_for_word(to_parent[0]);
	CHECK_EQ(p[5 * PAGE], 5);
	CHECK_EQ(check_frame(p + 5 * PAGE), frames[5]);
	p[6 * PAGE] = 77;
	if (frames[6])
		CHECK(check_frame(p + 6 * PAGE) != frames[6]);
	say_word(to_child[1]);
	CHECK_EQ(check_wait(pid), 0);
	/* No other owner is left: a store keeps the frame. */
	unsigned long frame = check_frame(p + 7 * PAGE);

	p[7 * PAGE] = 78;
	CHECK_EQ(check_frame(p + 7 * PAGE), frame);
	CHECK_EQ(munlock(p, PAGES * PAGE), 0);
}

static void generation(void *depth);

/* Eight generations, each writing over what it inherited and passing it on. */
static void descend(int depth)
{
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(p[i * PAGE], 'A' + depth - (i >= depth));
	if (depth == 8)
		return;
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 'A' + depth + (i <= depth);
	CHECK_SIGNAL(generation, (void *)(depth + 1), 0);
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(p[i * PAGE], 'A' + depth + (i <= depth));
}

static void generation(void *depth)
{
	descend((int)depth);
}

/* Three tasks have a page; each writes, each has its own. */
static void three_owners(void)
{
	int status;

	p[0] = 'o';
	for (int i = 0; i < 3; i++) {
		if (fork() == 0) {
			CHECK_EQ(p[0], 'o');
			p[0] = 'a' + i;
			for (int n = 0; n < 100; n++)
				CHECK_EQ(*(volatile char *)p, 'a' + i);
			_exit(0);
		}
	}
	for (int i = 0; i < 3; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(p[0], 'o');
}

int main(void)
{
	p = check_private(PAGES);
	same_frames_until_a_store();
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 'A' - 1;
	descend(0);
	three_owners();
	return CHECK_OK();
}
