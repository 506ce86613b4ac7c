/*
 * bench.h - what the measurements share: the processor's clock, system calls without a library,
 * touching pages, waiting for a child.
 */
#ifndef USER_BENCH_BENCH_H
#define USER_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ticks.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* Runs a path through the kernel N times. => the ticks it took; 0: it is not measured here */
typedef uint64_t path_fn(unsigned n);

struct path {
	const char *name;
	path_fn *go;
	unsigned n;		/* repetitions per round */
	const char *what;	/* NULL: measured from outside, run only by name */
};

extern const struct path paths[];	/* up to one without a name */

/*
 * The measured code is between these two calls. They are not inlined, so that tools/bench/profile finds
 * their addresses.
 */
uint64_t measure_begin(void);
uint64_t measure_end(void);

/* The library's syscall() loads six arguments and checks the result: that would be measured too. */
static inline long call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

static inline void store_each(char *pages, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		*(volatile unsigned *)(pages + i * PAGE) = i;
}

static inline void load_each(const char *pages, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		(void)*(const volatile unsigned *)(pages + i * PAGE);
}

/* Prints what failed and why, and ends the program. */
void give_up(const char *what) __attribute__((noreturn));

/* N pages of zeros, not touched; failure ends the program. FLAGS: MAP_PRIVATE or MAP_SHARED. */
char *map_pages(unsigned n, int flags);
void unmap_pages(char *pages, unsigned n);

/* fork(); failure ends the program. */
static inline pid_t make_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		give_up("bench: fork");
	return pid;
}

/*
 * "bench swap [PAGES]": pages per second through the swap area, 1.5 times memory unless PAGES says otherwise. "bench swap4": 4
 * times memory. => the exit status
 */
int bench_swap(unsigned pages);
int bench_swap4(unsigned pages);

/* "bench file [PAGES]": pages per second that a shared mapping of a file saves. */
int bench_file(unsigned pages);

/* "bench procswap [PAGES]": pages per second that leave and return with a whole task. */
int bench_procswap(unsigned pages);

/* disk.c: microseconds since some moment in the past */
uint64_t disk_clock(void);
/* Prints the line of a pass: TOUCHED pages, and MOVED pages that the disk read or wrote. */
void disk_line(const char *name, unsigned touched, uint64_t us, long long moved, long long major);
/* The path of the disk with the swap area; "": there is none. */
const char *disk_of_swap(void);
/* The first PAGES of a disk, past every cache, in requests of 128 KiB. Prints its line. */
void disk_read_in_order(const char *disk, unsigned pages);

/* Work for the disk itself: pages read in requests of `together` pages, in order or at random, and pages written, in order. */
struct disk_mix {
	unsigned in, out, together;
	bool at_random;
};
/*
 * Does MIX on the disk with the swap area, past every cache, with reads and writes by turns, and prints its line. Writes go
 * out in requests of 128 KiB. The area is not used meanwhile, and its header stays. Without one nothing is printed.
 */
void disk_of_swap_begin(void);
void disk_of_swap_mix(const char *name, const struct disk_mix *mix);
void disk_of_swap_end(void);
/* The same numbers for the same seed. */
void random_begin(uint32_t seed);
uint32_t random_next(void);

/* tasks.c */
path_fn fork_bare, fork_pages, yields, pipe_rounds;

/* Faults that read swap. Prints their number, and measures nothing itself. */
path_fn major_faults;

#endif
