/*
 * kinds - a program with one page of each kind, to look at with GDB (docs/gdb.md).
 *
 * When all pages are as they should be it calls look(), where a breakpoint finds them in the variable `kinds`.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

struct kinds {
	char *present;		/* stored to, in memory */
	char *swapped;		/* stored to, then paged out */
	char *copied;		/* stored to, then shared with a child by fork: the next store copies it */
	char *shared;		/* of memory that it shares with the child */
	char *file;		/* of its own program file */
	char *untouched;	/* mapped, never used */
	char *guard;		/* mapped, no access permitted */
};
struct kinds kinds;

/* => a page of zeros, a region of its own; exits if there is no memory */
static char *page(int prot, int flags)
{
	/* A page below it that is unmapped again keeps it apart from other regions. */
	char *p = mmap(NULL, 2 * PAGE, prot, flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("kinds: mmap");
		_exit(1);
	}
	munmap(p, PAGE);
	return p + PAGE;
}

/* => a new page with a private copy of its own in memory */
static char *stored(int flags)
{
	char *p = page(PROT_READ | PROT_WRITE, flags);

	*p = 'x';
	return p;
}

static int is_swapped(const char *p)
{
	uint64_t word = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	pread(fd, &word, sizeof(word), (uintptr_t)p / PAGE * sizeof(word));
	close(fd);
	return word >> 62 & 1;
}

/* Pages P out and waits until it is written. It looks seldom, so that the trace still has what was before. */
static void page_out(char *p)
{
	madvise(p, PAGE, MADV_PAGEOUT);
	for (int ms = 1; ms < 10000 && !is_swapped(p); ms *= 2)
		nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

/* A breakpoint is set here. */
__attribute__((noinline)) static void look(const struct kinds *k)
{
	__asm__ volatile("" : : "r"(k) : "memory");
}

int main(void)
{
	pid_t child;
	int ready[2];
	char byte;

	kinds.present = stored(MAP_PRIVATE);
	kinds.copied = stored(MAP_PRIVATE);
	kinds.shared = stored(MAP_SHARED);
	kinds.file = (char *)((uintptr_t)main & -PAGE);
	kinds.untouched = page(PROT_READ | PROT_WRITE, MAP_PRIVATE);
	kinds.guard = page(PROT_NONE, MAP_PRIVATE);
	if (pipe(ready) < 0 || (child = fork()) < 0) {
		perror("kinds");
		return 1;
	}
	if (child == 0) {
		*kinds.shared = *kinds.copied;
		write(ready[1], "x", 1);
		pause();
	}
	read(ready[0], &byte, 1);
	*kinds.present = *kinds.shared = 'y';
	kinds.swapped = stored(MAP_PRIVATE);
	page_out(kinds.swapped);
	look(&kinds);
	*kinds.swapped = *kinds.copied = 'z';
	kill(child, SIGKILL);
	wait(NULL);
	return 0;
}
