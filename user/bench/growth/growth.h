/*
 * growth.h - what the measurements of growth share: the processor's clock, failure, and sleeping children.
 */
#ifndef USER_BENCH_GROWTH_H
#define USER_BENCH_GROWTH_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <ticks.h>

enum { PAGE = 4096, SIZES = 6 };

/*
 * Makes N of something, and measures calls among them. => ticks for one call, or (if the calls touch all N) for one of the N.
 * So a cost that does not grow, or is linear in what is touched, gives the same result for every N.
 */
typedef uint64_t cost_fn(unsigned n);

struct curve {
	const char *name;
	cost_fn *cost;
	unsigned sizes[SIZES];	/* all, or up to one that is 0 */
	const char *of;		/* N of what */
	const char *what;	/* is measured */
};

extern const struct curve region_curves[], object_curves[], page_curves[], task_curves[], name_curves[],
	disk_curves[];

/* Prints what failed and why, and ends the program. */
void give_up(const char *what) __attribute__((noreturn));

static inline void need(int ok, const char *what)
{
	if (!ok)
		give_up(what);
}

/* mmap() that ends the program if it fails. FLAGS: with MAP_PRIVATE or MAP_SHARED. */
char *map(void *at, size_t length, int prot, int flags, int fd);

/* As map(), anonymous and private: N pages without any right. */
char *reserve(unsigned n);

/* Forks a child that ends at once, and waits for it. */
void fork_and_wait(void);

/* Reads the names of a directory. => ticks */
uint64_t read_directory(const char *name);

/* An object of shared memory of N pages. => its descriptor */
int make_object(unsigned n);

/* Number I of a sequence that visits each of the N places once before it repeats, far from the last one. */
static inline unsigned scattered(unsigned i, unsigned n)
{
	return (unsigned)((uint64_t)i * 2654435761u % n);
}

/* Forks N children that all run BODY(i) and then sleep until herd_end(). */
void herd_begin(unsigned n, void (*body)(unsigned i));
void herd_end(void);
extern pid_t herd[];

#endif
