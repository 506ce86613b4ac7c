/*
 * lab-fence - the lab `leak`, first half: blocks with pages of their own, of which the processor watches the ends.
 *
 * What must not be accessible is accessed before each stop. If the processor had allowed it, the page would be there now, and the
 * grader would find it in the page tables. Each phase is a task with an environment of its own.
 */
#include "lab-heap.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { BLOCKS = 24, ROUNDS = 500, LARGE = 200000, LESS = 160000, KEPT = 50, ALIGNED = 8, MESSAGE = 2048 };
enum { REGIONS = 150, MOST_REGIONS = 65530 };

static char *blocks[BLOCKS], *old[BLOCKS];
static char *empty[2];			/* blocks of no bytes */
static uint32_t fenced, grown;		/* blocks that got pages of their own; pages of addresses that were taken meanwhile */
static char message[MESSAGE];
static uint32_t faults, repeated;	/* accesses that were stopped; blocks where the one freed before was */
static sigjmp_buf again;

static uint32_t size_of(uint32_t i)
{
	return lab_draw(1000 + i) % 9000 + 1;
}

static uint32_t up(uint32_t address, uint32_t to)
{
	return (address + to - 1) & -to;
}

static void on_fault(int signal)
{
	(void)signal;
	faults++;
	siglongjmp(again, 1);
}

static void probe(uint32_t address, bool store)
{
	if (sigsetjmp(again, 1))
		return;
	if (store)
		*(volatile char *)address = '!';
	else
		(void)*(volatile char *)address;
}

static void new_full(int i)
{
	blocks[i] = malloc(size_of(i));
	if (!blocks[i])
		LAB_FAIL("malloc(%u) returned NULL\n", size_of(i));
	lab_fill(blocks[i], size_of(i), i);
}

static void stop(uint32_t number)
{
	lab_stop(number, 9, (uint32_t)blocks, (uint32_t)old, faults, (uint32_t)message, repeated, (uint32_t)empty[0],
		 (uint32_t)empty[1], fenced, grown);
	faults = 0;
}

static void watch(const char *environment)
{
	static char *list[2];

	list[0] = (char *)environment;
	environ = list;
}

static void catch_faults(void)
{
	struct sigaction action = { .sa_handler = on_fault };

	if (sigaction(SIGSEGV, &action, NULL) < 0)
		LAB_FAIL("no handler\n");
}

/* Frees the drawn half, and accesses its first and last bytes. */
static void free_some(void)
{
	memcpy(old, blocks, sizeof(old));
	for (int i = 0; i < BLOCKS; i++)
		if (lab_draw(2000 + i) % 2) {
			free(blocks[i]);
			blocks[i] = NULL;
		}
	for (int i = 0; i < BLOCKS; i++)
		if (!blocks[i]) {
			probe((uint32_t)old[i], false);
			probe((uint32_t)old[i] + size_of(i) - 1, true);
		}
}

/* A page that can be accessed, where the kernel finds room: beside the block that comes before or after it. */
static void neighbour(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		LAB_FAIL("no page\n");
	*page = 1;
}

static void begin(const char *environment)
{
	watch(environment);
	catch_faults();
	for (int i = 0; i < BLOCKS; i++) {
		neighbour();
		new_full(i);
	}
	neighbour();
}

/* Four alignments of a page and more, then four of less. */
static uint32_t alignment(int i)
{
	return i < 4 ? PAGE << i : 16 << 2 * (i - 4);
}

static void new_aligned(int i)
{
	blocks[i] = aligned_alloc(alignment(i), size_of(i));
	if (!blocks[i])
		LAB_FAIL("aligned_alloc(%u) returned NULL\n", alignment(i));
	lab_fill(blocks[i], size_of(i), i);
}

static void behind(void)
{
	begin("MALLOC_DEBUG=fence");
	for (int i = 0; i < 2; i++)
		empty[i] = malloc(0);
	stop(1);
	for (int i = 0; i < 2; i++)
		probe((uint32_t)empty[i], true);
	for (int i = 0; i < BLOCKS; i++) {
		probe(up((uint32_t)blocks[i] + size_of(i), 8), false);
		probe(up((uint32_t)blocks[i] + size_of(i), 8) + PAGE - 1, true);
	}
	stop(2);
	free_some();
	stop(3);
	for (int i = 0; i < ALIGNED; i++) {
		new_aligned(i);
		probe(up((uint32_t)blocks[i] + size_of(i), PAGE), true);
	}
	stop(4);
}

static void before(void)
{
	begin("MALLOC_DEBUG=fence:before");
	for (int i = 0; i < BLOCKS; i++) {
		probe((uint32_t)blocks[i] - 1, true);
		probe((uint32_t)blocks[i] - PAGE, false);
	}
	stop(5);
	for (int i = 0; i < ALIGNED; i++) {
		new_aligned(i);
		probe((uint32_t)blocks[i] - 1, true);
	}
	stop(6);
}

/* A child stores to AT, perhaps after it has freed the block; what it says before it dies goes to FD. */
static void die(bool freed, uint32_t at, int fd)
{
	if (fork() == 0) {
		dup2(fd, STDERR_FILENO);
		if (freed)
			free(blocks[0]);
		*(volatile char *)at = '!';
		_exit(0);
	}
	wait(NULL);
}

/* The task's own children use a freed block, and what is behind a block. */
static void use_after_free(void)
{
	int ends[2], got;
	uint32_t length = 0;

	watch("MALLOC_DEBUG=fence");
	if (pipe(ends) < 0)
		LAB_FAIL("no pipe\n");
	new_full(0);
	memcpy(old, blocks, sizeof(old));
	die(true, (uint32_t)blocks[0] + lab_draw(3000) % size_of(0), ends[1]);
	die(false, up((uint32_t)blocks[0] + size_of(0), 8), ends[1]);
	close(ends[1]);
	while (length < MESSAGE && (got = read(ends[0], message + length, MESSAGE - length)) > 0)
		length += got;
	stop(7);
}

/*
 * More pages than the machine has, one after the other, and more addresses than freed blocks may hold; every now and then a
 * block that stays, between them.
 */
static void many(void)
{
	char *p, *last = NULL;

	watch("MALLOC_DEBUG=fence");
	catch_faults();
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t size = i % 2 ? LESS : LARGE;

		p = malloc(size);
		if (!p)
			LAB_FAIL("malloc(%u) returned NULL\n", size);
		memset(p, 1, size);
		free(p);
		repeated += p < last + LARGE && p + size > last;
		last = p;
		if (i % KEPT == 0)
			new_full(i / KEPT);
	}
	for (int i = 0; i < ROUNDS / KEPT; i++)
		probe(up((uint32_t)blocks[i] + size_of(i), 8), true);
	stop(9);
}

/* => the pages of the task's address space */
static uint32_t size_now(void)
{
	char text[20] = "";
	int fd = open("/proc/self/statm", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		LAB_FAIL("no /proc/self/statm\n");
	close(fd);
	return strtoul(text, NULL, 10);
}

static void limit_regions(uint32_t count)
{
	int fd = open("/proc/sys/vm/max_map_count", O_WRONLY);

	if (fd < 0 || dprintf(fd, "%u\n", count) < 0)
		LAB_FAIL("no limit for regions\n");
	close(fd);
}

/*
 * As long as there may be another region, a block has pages of its own. At the limit the kernel refuses either to map them
 * or to open a part of the mapping; with a limit one higher, the other one.
 */
static void crowded(void)
{
	uint32_t before;

	watch("MALLOC_DEBUG=fence");
	if (sbrk(PAGE) == (void *)-1)	/* so that the break needs no further region later */
		LAB_FAIL("no break\n");
	new_full(0);
	before = size_now();
	for (int i = 0; i < 2 * REGIONS; i++) {
		limit_regions(REGIONS + i / REGIONS);
		fenced += (char *)malloc(104) > (char *)sbrk(0);
	}
	grown = size_now() - before;
	limit_regions(MOST_REGIONS);
	stop(8);
}

int main(int argc, char **argv)
{
	static void (*const phases[])(void) = { behind, before, use_after_free, crowded, many };
	int status;

	lab_begin(argc, argv);
	for (uint32_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		if (fork() == 0) {
			phases[i]();
			_exit(0);
		}
		if (wait(&status) < 0 || WIFSIGNALED(status))
			LAB_FAIL("a task was killed by signal %d\n", WTERMSIG(status));
		if (status != 0)
			LAB_FAIL("a task ended with the status %d\n", WEXITSTATUS(status));
	}
	return 0;
}
