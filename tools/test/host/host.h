/*
 * What the host tests share. The kernel's own mm/ files are compiled unmodified for this machine, under the address and
 * undefined-behaviour sanitizers; below them stand small fakes: RAM is an array (ram.h), threads are coroutines
 * (threads.c), the disk is late and out of order (disk.c), and a model of the processor's translation runs the page
 * tables that the kernel makes (mmu.c).
 *
 * Each test runs in a process of its own, so that it finds every static variable as at boot. All chance comes from one
 * seed: HOST_SEED=N in the environment repeats a run.
 */
#pragma once

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/types.h"
#include "mm/backing.h"
#include "mm/frame.h"

struct host_test {
	const char *name;
	void (*run)(void);
};
extern const struct host_test
	anon_tests[], anon_fails_tests[], block_tests[], bootmem_tests[], file_tests[], frame_tests[], frame_buddy_tests[],
	frame_wait_tests[], kmalloc_tests[], pagemap_tests[], pagetable_tests[], policy_tests[], region_tests[], region_random_tests[],
	readahead_tests[], reclaim_tests[], rmap_tests[], shm_tests[], slot_tests[], space_tests[], writeback_tests[],
	writeback_tasks_tests[];

/* --- saying no ----------------------------------------------------------------------------------------------------- */

void host_fail(const char *file, int line, const char *fmt, ...) NORETURN PRINTF_LIKE(3, 4);

#define CHECK(cond)                                                                                      \
	do {                                                                                             \
		if (!(cond))                                                                             \
			host_fail(__FILE__, __LINE__, "not so: %s", #cond);                              \
	} while (0)

/* Two numbers that must be equal; both are printed if they are not. */
#define SAME(a, b)                                                                                       \
	do {                                                                                             \
		long long same_a = (long long)(a), same_b = (long long)(b);                              \
		if (same_a != same_b)                                                                    \
			host_fail(__FILE__, __LINE__, "%s is %lld, not %s = %lld", #a, same_a, #b, same_b); \
	} while (0)

/* STATEMENT must end in a panic whose message holds TEXT. It runs in a copy of this process: here nothing changes. */
#define PANICS(text, statement)                                                                          \
	do {                                                                                             \
		if (host_in_copy(text)) {                                                                \
			statement;                                                                       \
			host_no_panic();                                                                 \
		}                                                                                        \
		host_check_copy(__FILE__, __LINE__, #statement);                                         \
	} while (0)

bool host_in_copy(const char *text);
void host_no_panic(void) NORETURN;
void host_check_copy(const char *file, int line, const char *statement);

/* --- chance -------------------------------------------------------------------------------------------------------- */

u32 host_random(u32 below); /* 0 .. BELOW-1 */
void host_shuffle(u32 *values, u32 n);
u32 host_rounds(u32 usual); /* how often to repeat: HOST_ROUNDS in the environment, in percent, scales it */

/* --- failures on purpose ------------------------------------------------------------------------------------------- */

/* One in EVERY (enum inject_point) calls fails; 0: none. */
void host_inject(u32 point, u32 every);

/* --- the machine --------------------------------------------------------------------------------------------------- */

/* RAM with FRAMES frames, of which those from FIRST on are free; nothing is mapped. */
void host_memory(u32 first, u32 frames);
/* The whole memory manager: 4 MiB and more for the tables, RAM of FRAMES frames; `frames=LIMIT`. */
void host_boot(u32 frames, u32 limit);

extern u32 host_woken; /* calls of wake_one() and wake_all() that found a sleeper */

/* A thread that runs BODY(ARGUMENT); it begins when host_run() is called, or when it is chosen, if that runs already. */
struct thread *host_thread(void (*body)(void *), void *argument, bool urgent);
/* Runs all threads, in an order drawn by chance, until all but the urgent ones have ended. */
void host_run(void);
void host_yield(void);
/* Starts the page daemon: a thread in pageout_run(OUT_OF_MEMORY). */
void host_daemon(void (*out_of_memory)(bool crowded));
extern void (*host_at_switch)(void); /* called at each switch; NULL: no checks */

/* A disk of NPAGES: writes move their data, and requests end, late and in random order. */
struct backing *host_disk(u32 npages);
void *host_disk_page(struct backing *b, u32 page);
bool host_disk_finish_one(void);     /* => false: nothing is under way */
void host_disk_finish_all(void);
extern bool host_disk_hold;          /* requests end only when no thread can run */
extern u32 host_disk_fail_every;     /* each N-th request fails; 0: none */
void host_swap(u32 npages);          /* a disk made by mkswap, in use */
/* What mkswap writes at the head of an area whose last page is LAST. */
void host_swap_header(void *page, u32 last);

/* --- a program's accesses (mmu.c) ---------------------------------------------------------------------------------- */

struct addrspace;
/* The processor loads AS's directory. */
void host_enter(struct addrspace *as);
/* One access by a program, in the loaded space, faults resolved. => false: it was refused */
bool host_load(struct addrspace *as, vaddr_t va, u32 *value);
bool host_store(struct addrspace *as, vaddr_t va, u32 value);
/* The access as the hardware does it: => the word, or NULL and the fault's error code in *ERROR */
u32 *host_access(vaddr_t va, bool write, bool user, u32 *error);
