/*
 * dirty.c - generations, opt-in: most objects die young, so most collections look only at those allocated since the last one.
 *
 * An object that a collection has marked is old, and keeps its mark until everything is collected (sticky mark bits: Demers and
 * others, Combining Generational and Conservative Garbage Collection, 1990). Young objects that only old ones refer
 * to must be found nevertheless. An old object refers to a young one only if it was written since: so the question is which
 * pages were written. The paging hardware knows, and there are two ways to ask it:
 *
 *	GC=protect	old pages are write-protected; a store faults, and the SIGSEGV handler records the page and
 *			unprotects it. Costs a fault for each page written.
 *	GC=softdirty	the kernel clears its record of written pages (/proc/self/clear_refs) and reports them later
 *			(/proc/self/pagemap): a fault too, but one within the kernel; and a word read for each page.
 *
 * With GC=protect a call that writes to an object of gc_malloc for the program, like read, may fail with EFAULT: buffers are
 * for gc_malloc_atomic, whose objects are never protected. A program's own handler of SIGSEGV must be set before the first
 * gc_malloc; it is called for faults elsewhere.
 */
#include "dirty.h"

#include "inside.h"
#include "mark.h"
#include "lib/heap.h"
#include "lib/heap_block.h"

#include <fcntl.h>
#include <proc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static enum { NOT, PROTECT, SOFT } way;
static uint8_t *clean;				/* by page number: all objects in it are old, and it was not written since */
static uint32_t known;				/* number of pages; 0: nothing is known */
static struct sigaction before;			/* handler of other faults */

static void *address_of(uint32_t n)
{
	return heap_at(gc_pages.base + n * PAGE_SIZE);
}

/* --- protect --- */

/* For each run of clean pages. If that fails for want of memory, the pages are not known to be clean. */
static void protect(int prot)
{
	for (uint32_t from = 0, to; from < known; from = to + 1) {
		for (to = from; to < known && clean[to]; to++)
			;
		if (to > from && mprotect(address_of(from), (to - from) * PAGE_SIZE, prot) < 0)
			memset(clean + from, false, to - from);
	}
}

/* A page in the midst of others makes three regions of one; for that the kernel may have no room: all together make it less. */
static void let_write(uint32_t n)
{
	if (mprotect(address_of(n), PAGE_SIZE, PROT_READ | PROT_WRITE) == 0) {
		clean[n] = false;
	} else {
		protect(PROT_READ | PROT_WRITE);
		known = 0;
	}
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	uint32_t n = ((uint32_t)info->si_addr - gc_pages.base) / PAGE_SIZE;

	if (n < known && clean[n]) {
		let_write(n);
		gc_counts.stats.faults++;
	} else if (before.sa_flags & SA_SIGINFO) {
		before.sa_sigaction(signal, info, context);
	} else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
		before.sa_handler(signal);
	} else {
		sigaction(SIGSEGV, &before, NULL);	/* it happens again, and ends the program */
	}
}

/* --- softdirty --- */

static bool forget(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, "4", 1) == 1;

	close(fd);
	return ok;
}

/* Pages that were written are no longer clean. => false: the kernel does not report them */
static bool ask(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t words[256];
	uint32_t from = 0, n;

	for (; fd >= 0 && from < known; from += n) {
		n = known - from < 256 ? known - from : 256;
		if (proc_pagemap(fd, (unsigned long)address_of(from), words, n) != (ssize_t)n)
			break;
		for (uint32_t i = 0; i < n; i++)
			if (words[i] & PAGEMAP_SOFT_DIRTY)
				clean[from + i] = false;
	}
	close(fd);
	return fd >= 0 && from >= known;
}

/* Linux may have been built without this: then no page is ever reported as written. */
static bool kernel_tells(void)
{
	static volatile uint8_t written;
	uint64_t word = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && forget();

	written = true;
	ok = ok && proc_pagemap(fd, (unsigned long)&written, &word, 1) == 1 && word & PAGEMAP_SOFT_DIRTY;
	close(fd);
	return ok;
}

/* --- both --- */

void dirty_ready(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_RESTART };
	const char *name = getenv("GC");

	if (name && strcmp(name, "protect") == 0 && sigaction(SIGSEGV, &action, &before) == 0)
		way = PROTECT;
	else if (name && strcmp(name, "softdirty") == 0 && kernel_tells())
		way = SOFT;
	else if (name)
		dprintf(STDERR_FILENO, "gc: GC=%s: it may be protect, or softdirty where the kernel tells\n", name);
}

bool dirty_learn(void)
{
	if (way == PROTECT)
		protect(PROT_READ | PROT_WRITE);
	return known && (way == PROTECT || ask());
}

static void scan_page(struct gc_page *p, uint32_t n)
{
	uint32_t from = gc_pages.base + n * PAGE_SIZE, end = p->start + p->extent;

	gc_counts.stats.minor_pages++;
	if (p->class)
		mark_objects(p);
	else
		mark_scan(from, from + PAGE_SIZE < end ? from + PAGE_SIZE : end);
}

/* => are there old objects that may refer to others? */
static bool is_old(const struct gc_page *p)
{
	return p && !p->is_atomic && page_has_marks(p);
}

void dirty_scan(void)
{
	for (uint32_t n = 0; n < gc_pages.count; n++)
		if (is_old(gc_pages.of[n]) && !(n < known && clean[n]))
			scan_page(gc_pages.of[n], n);
}

/* The last page of a large object is shared with others: it always counts as written. */
void dirty_watch(void)
{
	uint32_t count = gc_pages.count;
	uint8_t *more;

	known = 0;
	if (way == NOT)
		return;
	more = clean ? heap_best.realloc(clean, count) : heap_best.malloc(count);
	if (!more || (way == SOFT && !forget()))
		return;
	clean = more;
	known = count;
	for (uint32_t n = 0; n < known; n++) {
		const struct gc_page *p = gc_pages.of[n];

		clean[n] = is_old(p) && (p->class || gc_pages.base + (n + 1) * PAGE_SIZE <= p->start + p->extent);
	}
	if (way == PROTECT)
		protect(PROT_READ);
}

/* A new object among old ones causes all of them to be scanned: better to leave half a page free. */
uint32_t dirty_least(void)
{
	return way == NOT ? 1 : PAGE_SIZE / 2;
}

void dirty_open(const struct gc_page *p)
{
	uint32_t n = (p->start - gc_pages.base) / PAGE_SIZE;

	if (way == PROTECT && n < known && clean[n])
		let_write(n);
}
