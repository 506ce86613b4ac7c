/*
 * demo.h - what the demos share: text in two languages, a table of counters, a verdict.
 *
 * A demo asks a question, does something, and shows which counters moved. It says "as expected"
 * only when the mechanism itself was observed: faults counted, frames compared, pages found in
 * swap; correct bytes are checked too, but never suffice. Everything runs on Linux too: counters
 * that only Shisho has are "-" there and are not checked.
 */
#ifndef USER_DEMO_DEMO_H
#define USER_DEMO_DEMO_H

#include <proc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PAGE = 4096 };

enum verdict { AS_EXPECTED, NOT_AS_EXPECTED, NOT_RUN };

struct words {
	const char *en, *ja;
};

struct demo {
	const char *name;
	struct words title;		/* its line in `demo list` */
	struct words question;
	struct words done;		/* what will be done */
	struct words why;		/* one sentence */
	struct words explain;		/* the mechanism, for --explain */
	void (*run)(void);
	void (*more)(void);		/* only for `demo NAME`, not in the tour; may be NULL */
};

extern const struct demo demo_touch, demo_cow, demo_shm, demo_brk, demo_malloc, demo_leak, demo_uaf, demo_gc, demo_guard,
	demo_tlb, demo_frag, demo_big, demo_price, demo_userpager, demo_mmapfile, demo_race, demo_msg, demo_procswap, demo_thrash,
	demo_work, demo_belady;

/* Random numbers that are the same each time: xorshift (Marsaglia, 2003). The seed is not 0. */
static inline uint32_t demo_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* --- show.c: text for a terminal of 80 columns ------------------------------------------- */

extern bool show_japanese;
extern bool show_pauses;

const char *show_words(struct words words);

/* A paragraph, wrapped at 78 columns, after a label ("Why"); NULL: no label. */
void show_labelled(const struct words *label, const char *text);

/* The same without a label, formatted. Both formats take the same arguments. */
void say(const char *en, const char *ja, ...)
	__attribute__((format(printf, 1, 3), format(printf, 2, 3)));

void show_rule(void);

/* Prints text, padded with blanks to `columns`; a Japanese character takes two. */
void show_padded(const char *text, unsigned int columns);

/* Waits for Enter or q, if pauses are enabled. => false: the user wants to leave */
bool show_pause(struct words prompt);

/* --- table.c: counters before and after, and what was expected of them ------------------- */

/*
 * Waits until the reader (demo | cat) has read everything that this demo has printed, since pipes count in msg_bytes. Nothing may
 * be printed from then on until table_end.
 */
void table_settle(const char *counter);

/*
 * Forgets all rows and reads these counters of /proc/vmstat, up to NULL. "minflt" and "majflt" are
 * not in that file: they are this task's own, from getrusage.
 */
void table_begin(const char *const *counters);

/* Reads them again. */
void table_end(void);

/* Adds a row of other values, from pagemap for instance. PROC_ABSENT is shown as "-". */
void table_row(const char *en, const char *ja, long long before, long long after);

/* => how much a counter rose; PROC_ABSENT: there is no such counter */
long long table_change(const char *counter);

void table_print(void);

/* The first condition that does not hold decides the verdict; the text says what was observed. */
void expect(bool condition, const char *en, const char *ja, ...)
	__attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* The counter must have risen by exactly, or at least, so much; a counter that does not exist is not checked. */
void expect_rise(const char *counter, long long change);
void expect_rise_of_at_least(const char *counter, long long change);

/* Notes that the demo cannot be run here, and why. */
void verdict_not_run(const char *en, const char *ja, ...)
	__attribute__((format(printf, 1, 3), format(printf, 2, 3)));

/* Clears what expect and verdict_not_run noted. */
void verdict_begin(void);

/* Prints and returns the verdict. */
enum verdict verdict_end(void);

/* --- tasks.c: child tasks --------------------------------------------------------------- */

/* Starts a child that runs f(argument) and exits 0. => its pid, or -1. Output is flushed first. */
pid_t demo_start(void (*f)(void *), void *argument);

/* Waits for that child. => its wait status, -1: there was none */
int demo_wait(pid_t child);

/*
 * Is the child still running? False for -1, the result of demo_start when it fails. A loop that waits for something that a
 * child does must check this; demo_wait must be called all the same. For at most 16 children at a time.
 */
bool demo_runs(pid_t child);

/* Has it failed: ended with a status other than 0, or not been started? */
bool demo_failed(pid_t child);

/* In a child of demo_start: false once its parent has ended. For children that run until they are stopped. */
bool demo_wanted(void);

/*
 * Waits for these children, which are all that there are; they become 0. As soon as one fails or was not started, the others
 * are killed, since they may wait for that one. => did all succeed?
 */
bool demo_wait_all(pid_t *children, int n);

/* Kills these children (-1, 0: none) and waits for them. */
void demo_kill_all(pid_t *children, int n);

/* While set, a write to a pipe without readers fails with EPIPE and sends no signal. Inherited by children started meanwhile. */
void demo_pipes_may_break(bool yes);

/* Both. */
int demo_in_child(void (*f)(void *), void *argument);

/* In a child: these become standard input and output (-1: unchanged), all other descriptors are closed. */
void demo_descriptors(int in, int out);

/* Starts a program of PATH with these, limited to `frames` resident pages (0: no limit). */
pid_t demo_exec(char *const arguments[], int in, int out, size_t frames);

/* Milliseconds since some moment in the past; sleeps for so many. */
long demo_milliseconds(void);
void demo_rest(long milliseconds);

/* --- pages.c: pages, frames, memory ------------------------------------------------------ */

/* => anonymous memory; NULL, and the verdict is decided, if there is none */
void *pages_map(size_t pages, int flags);

/* This task's pages by where they are, at one moment; all PROC_ABSENT without pagemap. */
struct pages_count {
	long long ram, swap, untouched;
};

struct pages_count pages_count(const void *address, size_t pages);

/* The same of another task's. */
struct pages_count pages_count_of(pid_t task, const void *address, size_t pages);

long long pages_in_ram(const void *address, size_t pages);

/* => the frame of a page of this task; 0: it has none, or pagemap hides it (Linux shows it to root only) */
unsigned long pages_frame(const void *address);

/* What /bin/pages shows of a region of this task. */
void pages_picture(const void *address, size_t pages);

/* A figure of /proc/meminfo in frames of 4 KiB; 0 when it is absent. */
size_t pages_memory(const char *key);

/* => this task's minor page faults so far */
long pages_faults(void);

/* At most so many resident pages for this task and its children; 0: no limit. */
void pages_limit(size_t frames);

/* => does the kernel enforce that limit? Linux does not. */
bool pages_limit_works(void);

#endif
