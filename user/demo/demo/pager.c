/*
 * pager.c - a program that pages for itself: most of its memory is packed, and its SIGSEGV handler unpacks a page
 * when it is touched.
 *
 *	            touched                       the hand comes by
 *	PACKED  ------------->  OPEN  ------------------------------>  CLOSED
 *	   ^    first a room     ^            touched, nothing else       |  |
 *	   |    is made          +----------------------------------------+  |
 *	   +------------------------------- the hand comes by again ---------+
 *
 * Protection takes the place of the kernel's accessed bit: the clock's hand closes each page that it passes, and the next
 * access faults, which shows that the page is in use. Only OPEN and CLOSED pages have a frame, at most `frames` of them.
 *
 * The handler may call malloc, since only the program's own accesses to the array fault, never code inside malloc. Any
 * other fault is not the pager's: it ends the program as usual.
 *
 * Source: Appel, Li, Virtual Memory Primitives for User Programs (1991).
 */
#include "pager.h"
#include "demo.h"
#include "pack.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum state { PACKED /* or never used */, OPEN, CLOSED };

enum { NOBODY = -1 };

struct pager_counts pager_counts;

static struct {
	uint32_t *array;
	size_t pages, frames;
	enum state state[PAGER_PAGES_MAX];
	unsigned char *packed[PAGER_PAGES_MAX];
	int clock[PAGER_FRAMES_MAX];	/* the pages that have a frame */
	size_t hand;
} pager;

static uint32_t *page_at(int page)
{
	return pager.array + page * PACK_WORDS;
}

static void protect(int page, int protection, enum state state)
{
	if (mprotect(page_at(page), PAGE, protection) < 0)
		abort();
	pager.state[page] = state;
}

/* Gives the page's frame back; without memory for the packed bytes the page stays in memory for good. */
static void pack_away(int page)
{
	static unsigned char buf[PACK_MOST];
	size_t bytes;

	protect(page, PROT_READ, OPEN);
	bytes = pack(page_at(page), buf);
	pager.packed[page] = malloc(bytes);
	if (!pager.packed[page]) {
		protect(page, PROT_READ | PROT_WRITE, OPEN);
		pager_counts.lost++;
		return;
	}
	memcpy(pager.packed[page], buf, bytes);
	protect(page, PROT_NONE, PACKED);
	if (madvise(page_at(page), PAGE, MADV_DONTNEED) < 0)
		abort();
	pager_counts.packed++;
	pager_counts.bytes += bytes;
}

/* Second chance: a page that was used since the hand last came by is skipped once. => with the hand's slot free */
static void make_room(void)
{
	int page;

	while ((page = pager.clock[pager.hand]) != NOBODY && pager.state[page] == OPEN) {
		protect(page, PROT_NONE, CLOSED);
		pager.hand = (pager.hand + 1) % pager.frames;
	}
	if (page != NOBODY)
		pack_away(page);
}

static void bring_in(int page)
{
	unsigned char *packed = pager.packed[page];

	make_room();
	pager.clock[pager.hand] = page;
	pager.hand = (pager.hand + 1) % pager.frames;
	protect(page, PROT_READ | PROT_WRITE, OPEN);
	if (!packed)
		return;
	pager_counts.bytes -= unpack(packed, page_at(page));
	pager_counts.unpacked++;
	free(packed);
	pager.packed[page] = NULL;
}

static void serve(int number, siginfo_t *info, void *unused)
{
	size_t page = ((uintptr_t)info->si_addr - (uintptr_t)pager.array) / PAGE;

	(void)unused;
	if (page >= pager.pages || info->si_code != SEGV_ACCERR) {
		signal(number, SIG_DFL);
		return;
	}
	pager_counts.served++;
	if (pager.state[page] == CLOSED) {
		protect(page, PROT_READ | PROT_WRITE, OPEN);
		pager_counts.reopened++;
	} else {
		bring_in(page);
	}
}

uint32_t *pager_start(size_t pages, size_t frames)
{
	struct sigaction action = { .sa_sigaction = serve, .sa_flags = SA_SIGINFO };
	void *array = mmap(NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (array == MAP_FAILED || pages > PAGER_PAGES_MAX || frames > PAGER_FRAMES_MAX)
		return NULL;
	memset(&pager, 0, sizeof(pager));
	memset(&pager_counts, 0, sizeof(pager_counts));
	pager.array = array;
	pager.pages = pages;
	pager.frames = frames;
	for (size_t i = 0; i < frames; i++)
		pager.clock[i] = NOBODY;
	return sigaction(SIGSEGV, &action, NULL) < 0 ? NULL : pager.array;
}
