/*
 * heap-wrong - a pointer that malloc did not return, or that was freed, ends the program with a message and SIGABRT, whatever
 * bytes are around it.
 */
#include "check.h"

static char *block, *small[64], *large, *other;

static void free_it(void *p)
{
	free(p);
}

static void resize_it(void *p)
{
	free(realloc(p, 40));
}

static void free_twice(void *p)
{
	free(p);
	free(p);
}

static void free_between(void *p)
{
	free(p);
	free(other);
	free(p);
}

/* After it was freed and merged, other data looks like the header of a used block. */
static void free_after_reuse(void *p)
{
	uint32_t *words;

	free(p);
	free(other);
	words = malloc(1200);
	for (int i = 0; i < 300; i++)
		words[i] = 16 | 3;
	free(p > (void *)words ? p : other);
}

static void free_once(void *p)
{
	free(p);
}

/* The child's standard error is a pipe; the message arrives here. */
static char said[300];

static int signal_and_sentence(void (*f)(void *), void *p)
{
	int fd[2], status, n = 0, got;
	pid_t child;

	CHECK_EQ(pipe(fd), 0);
	child = fork();
	if (child == 0) {
		dup2(fd[1], STDERR_FILENO);
		f(p);
		_exit(0);
	}
	close(fd[1]);
	while ((got = read(fd[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += got;
	said[n] = '\0';
	close(fd[0]);
	CHECK_EQ(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void expect_stop(void (*f)(void *), void *p, const char *words)
{
	char pointer[20];

	CHECK_EQ(signal_and_sentence(f, p), SIGABRT);
	snprintf(pointer, sizeof(pointer), "(%p): ", p);
	if (!strstr(said, words) || strncmp(said, "heap: ", 6) != 0 || strchr(said, '\n') != said + strlen(said) - 1 ||
	    (f == free_it && !strstr(said, pointer)))
		dprintf(STDOUT_FILENO, "said: %s", said);
	CHECK(strncmp(said, "heap: ", 6) == 0);
	CHECK(strstr(said, words) != NULL);
	CHECK_AT(strchr(said, '\n'), said + strlen(said) - 1);
	if (f == free_it)
		CHECK(strstr(said, pointer) != NULL);
}

/* Every address in a block in use, and before it, is refused except the first. */
static void expect_only_first(char *p, int size)
{
	for (int i = -12; i < size; i++)
		if (i != 0)
			CHECK_EQ(signal_and_sentence(free_it, p + i), SIGABRT);
	CHECK_EQ(signal_and_sentence(free_once, p), 0);
}

int main(void)
{
	char local;

	block = malloc(600);
	other = malloc(600);
	for (int i = 0; i < 64; i++)
		small[i] = malloc(24);
	large = malloc(300000);
	memset(block, 0x13, 600);
	memset(large, 0xff, 300000);
	expect_stop(free_it, &local, "malloc never gave this");
	expect_stop(free_it, "text", "malloc never gave this");
	expect_stop(free_it, (void *)8, "malloc never gave this");
	expect_stop(free_it, (void *)0xfffffff8, "malloc never gave this");
	expect_stop(free_it, (char *)sbrk(0) + 4096, "malloc never gave this");
	expect_stop(free_it, block + 8, "it points 8 bytes into the");
	expect_stop(free_it, large + 299992, "it points 299992 bytes into the");
	expect_stop(free_it, small[60] + 8, "it points 8 bytes into the 24 bytes at");
	expect_stop(free_it, (void *)((uintptr_t)small[60] & -2048u), "nothing is in use there");
	expect_stop(resize_it, block + 16, "it points 16 bytes into the");
	expect_stop(free_twice, block, "nothing is in use there; it may have been freed before");
	expect_stop(free_twice, large, "");
	expect_stop(free_twice, small[60], "nothing is in use there; it may have been freed before");
	expect_stop(free_twice, small[0], "nothing is in use there; it may have been freed before");
	expect_stop(free_between, block, "nothing is in use there; it may have been freed before");
	expect_stop(free_after_reuse, block, "");
	expect_only_first(block, 64);
	expect_only_first(small[61], 24);
	return CHECK_OK();
}
