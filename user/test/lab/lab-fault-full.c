/*
 * lab-fault-full - the lab `fault`: faults while requests for frames fail, and then while memory is full.
 *
 * The kernel refuses frames to children only, so they do the work.
 */
#include "lab.h"

#include <fcntl.h>
#include <proc.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define TEXT "/data/text.txt"

enum { FEW = 64, READ = 16, MANY = 1500, FILE_PAGES = 64, PROMOTED = 32, BYTES = 16 };

struct counts {
	uint32_t zero_fill, promote, major;
};

static int text;
static char *few, *many, *private;

static char *map(int pages, int flags, int fd)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | flags, fd, 0);

	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static struct counts count(void)
{
	struct rusage usage = { 0 };
	struct counts now = { proc_number("/proc/vmstat", "zero_fill"), proc_number("/proc/vmstat", "promote"), 0 };

	getrusage(RUSAGE_SELF, &usage);
	now.major = usage.ru_majflt;
	return now;
}

static void store_numbers(char *p, int pages)
{
	for (int i = 0; i < pages; i++)
		*(volatile int *)(p + i * PAGE) = i + 1;
}

static void store_in_file(int from, int to)
{
	for (int i = from; i < to; i++)
		*(volatile char *)(private + i * PAGE) = '!';
}

/* => bytes that the kernel has read into new pages, where it is the kernel that faults */
static uint32_t read_into(char *p, int pages)
{
	uint32_t bytes = 0;

	for (int i = 0; i < pages; i++)
		bytes += pread(text, p + i * PAGE, BYTES, i * PAGE);
	return bytes;
}

/* Nothing is read from a disk here, and the counts themselves cost nothing any more when they are taken for the second time. */
static void fault_with_failures(void)
{
	struct counts before, after;
	uint32_t bytes;

	count();
	before = count();
	store_numbers(few, FEW);
	bytes = read_into(few + FEW * PAGE, READ);
	store_in_file(0, PROMOTED);
	after = count();
	lab_stop(1, 7, (uint32_t)few, (uint32_t)private, (uint32_t)many, bytes, after.zero_fill - before.zero_fill,
		 after.promote - before.promote, after.major - before.major);
}

/* More pages than there are frames: pages leave, and each fault has to wait for a frame. */
static void fill_memory(void)
{
	store_numbers(many, MANY);
	store_in_file(0, FILE_PAGES);
	lab_stop(2, 3, (uint32_t)few, (uint32_t)private, (uint32_t)many);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	text = open(TEXT, O_RDONLY);
	few = map(FEW + READ, MAP_ANONYMOUS, -1);
	many = map(MANY, MAP_ANONYMOUS, -1);
	private = map(FILE_PAGES, 0, text);
	for (int i = 0; i < FILE_PAGES; i++)
		(void)*(volatile const char *)(private + i * PAGE);
	lab_in_child(fault_with_failures);
	lab_in_child(fill_memory);
	return 0;
}
