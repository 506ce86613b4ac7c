/*
 * lab-policy - the lab `policy`: pages whose number is limited come and go, and keep what was stored to them.
 *
 * First a string of references, drawn from the grader's word, goes to a few pages in exact mode. All other memory of this
 * program is locked, so its limit leaves FRAMES frames to them, and the simulator can count the same faults. Then, without
 * limit and exact mode, there are more pages than the machine has frames.
 */
#include "lab.h"

#include <proc.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { PAGES = 36, FRAMES = 12, LENGTH = 1400, MARKS = (LENGTH + 31) / 32, FIRST_MARK = 8 };
enum { LOAD = 600, LOAD_LENGTH = 3000 };
enum { STACK = 8 * PAGE };

struct page {
	uint32_t times, copy;		/* how often it was stored to, and the same with the grader's word */
	char rest[PAGE - 8];
};

static uint32_t seed, wrong;

static uint32_t drawn(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* => a page of N: mostly one of the sixth of them that is used at the time I, out of LENGTH */
static uint32_t next_page(uint32_t n, uint32_t i, uint32_t length)
{
	uint32_t number = drawn(), base = i * 8 / length * n / 12;

	return number % 4 ? base + (number >> 8) % (n / 6) : (number >> 8) % n;
}

/* A store comes first: a load would map the page of zeros, and the store would fault once more. */
static void use(volatile struct page *page, uint32_t times)
{
	page->copy = (times + 1) ^ lab_report.word;
	wrong += page->times != times;
	page->times = times + 1;
}

static void use_all(volatile struct page *pages, uint32_t n, uint32_t length, void (*look)(uint32_t i))
{
	static uint32_t times[LOAD];

	memset(times, 0, sizeof(times));
	seed = lab_report.word | 1;
	for (uint32_t i = 0; i < length; i++) {
		uint32_t page = next_page(n, i, length);

		use(&pages[page], times[page]++);
		look(i);
	}
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* Notes in the report whether the reference I has faulted. */
static void mark(uint32_t i)
{
	static long before;
	long now = faults();

	if (i == 0 || now > before)
		lab_report.values[FIRST_MARK + i / 32] |= 1u << i % 32;
	before = now;
}

static void no_look(uint32_t i)
{
	(void)i;
}

/* Calls below need no more stack than this, so it grows by no page later. */
static __attribute__((noinline)) void grow_stack(void)
{
	volatile char room[STACK];

	for (int i = 0; i < STACK; i += PAGE)
		room[i] = 1;
	(void)room[0];
}

static void set_limit(unsigned long bytes)
{
	struct rlimit limit = { bytes, RLIM_INFINITY };

	if (setrlimit(RLIMIT_RSS, &limit) < 0)
		exit(1);
}

/* => new memory of N pages */
static volatile struct page *new_pages(uint32_t n)
{
	void *memory = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(1);
	return memory;
}

static void lock_the_rest(void)
{
	grow_stack();
	faults();
	proc_number("/proc/meminfo", "FramesPageable:");
	if (mlockall(MCL_CURRENT) < 0)
		exit(1);
}

static void in_few_frames(void)
{
	long long bystanders;
	volatile struct page *pages;

	lock_the_rest();
	pages = new_pages(PAGES);
	set_limit((proc_number("/proc/self/status", "VmRSS:") * 1024) + FRAMES * PAGE);
	bystanders = proc_number("/proc/meminfo", "FramesPageable:");
	if (!proc_write("/proc/sys/vm/policy", "ageing"))
		exit(1);
	use_all(pages, PAGES, LENGTH, mark);
	lab_stop(1, 6, (uint32_t)pages, PAGES, FRAMES, LENGTH, (uint32_t)bystanders, wrong);
}

static void under_load(void)
{
	volatile struct page *pages = new_pages(LOAD);

	set_limit(RLIM_INFINITY);
	if (!proc_write("/proc/sys/vm/exact", "0"))
		exit(1);
	use_all(pages, LOAD, LOAD_LENGTH, no_look);
	lab_stop(2, 5, (uint32_t)pages, LOAD, 0, LOAD_LENGTH, wrong);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	in_few_frames();
	under_load();
	return 0;
}
