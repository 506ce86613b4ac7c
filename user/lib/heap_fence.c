/*
 * heap_fence.c - MALLOC_DEBUG=fence: each block has pages of its own and ends at an inaccessible page; fence:before puts
 * that page before it. Freed blocks are inaccessible too. So the processor stops the faulty instruction itself, and a signal
 * handler reports what it did before the program ends as it would have.
 *
 * When addresses or regions run short, or 16 MiB are in use, blocks get red zones instead. Up to seven bytes after a block,
 * due to alignment, are not fenced; they are checked when it is freed.
 *
 * Source: Perens, Electric Fence (1987).
 */
#include "heap_debug.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE_SIZE = 4096, HOLD = 64 << 20, MOST = 16 << 20, FAULT_WRITE = 2 };

bool fence_before;

static uint32_t in_use;			/* bytes, without guard pages */

static uint32_t round_up(uint32_t bytes, uint32_t to)
{
	return (bytes + to - 1) & -to;
}

/*
 * From low to high are the block's own pages, the only ones of its addresses that can be accessed. The page behind them is one that
 * cannot, or the one before them: fence_before. An alignment of more than a page takes more addresses.
 */
static bool fence_take(struct record *r, size_t alignment)
{
	uint32_t inner = round_up(r->size ? r->size : 1, PAGE_SIZE);

	if (r->size > MOST || alignment > MOST || in_use + inner > MOST)
		return false;
	/* lab leak: map the pages, and choose where in them the block is */
	uint32_t guard = fence_before ? PAGE_SIZE : 0, more = alignment > PAGE_SIZE ? alignment : 0;
	char *base;

	r->bytes = inner + PAGE_SIZE + more;
	base = mmap(NULL, r->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return false;
	r->base = (uint32_t)base;
	r->low = more ? round_up(r->base + guard, alignment) : r->base + guard;
	r->high = r->low + inner;
	if (mprotect((void *)r->low, inner, PROT_READ | PROT_WRITE) < 0) {
		munmap(base, r->bytes);
		return false;
	}
	in_use += inner;
	r->start = fence_before || more ? r->low : r->high - round_up(r->size, alignment);
	return true;
	/* end of lab leak */
}

/* Frees its frames and keeps its addresses. */
static void fence_retire(struct record *r)
{
	/* lab leak: nobody may access the block, and it costs no memory */
	in_use -= r->high - r->low;
	madvise((void *)r->base, r->bytes, MADV_DONTNEED);
	mprotect((void *)r->base, r->bytes, PROT_NONE);
	/* end of lab leak */
}

static void fence_drop(struct record *r)
{
	munmap((void *)r->base, r->bytes);
}

const struct debug_mode debug_fence = {
	.poison = true, .hold = HOLD, .instead = &debug_redzone, .take = fence_take, .retire = fence_retire, .drop = fence_drop,
};

static void tell(const struct record *r, uint32_t address, const mcontext_t *at)
{
	const char *did = at->gregs[REG_ERR] & FAULT_WRITE ? "write" : "read";
	const char *freed = r->is_freed ? " that was freed" : "";

	const char *where = address < r->start ? "before" : address >= r->start + r->size ? "behind" : "of";
	uint32_t offset = *where == 'o' ? address - r->start : address < r->start ? r->start - address :
							       address - r->start - r->size;

	dprintf(STDERR_FILENO, "heap: %s byte %u %s the block of %u bytes at %#x%s\n", did, offset, where, r->size, r->start,
		freed);
	site_say(did, site_from(at->gregs[REG_EIP] + 1, at->gregs[REG_EBP]));
	debug_say_sites(r);
}

/* Afterwards the instruction is tried again, and ends the program; a signal sent by a task must be sent again. */
static void on_fault(int number, siginfo_t *info, void *context)
{
	uint32_t address = (uint32_t)info->si_addr;
	const struct record *r = info->si_code > 0 ? record_around(address) : NULL;

	if (r && r->mode == &debug_fence)
		tell(r, address, &((ucontext_t *)context)->uc_mcontext);
	signal(number, SIG_DFL);
	if (info->si_code <= 0)
		raise(number);
}

void fence_begin(void)
{
	stack_t stack = { .ss_sp = debug_arena->stack, .ss_size = sizeof(debug_arena->stack) };
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction old;
	stack_t own;

	if (sigaction(SIGSEGV, NULL, &old) < 0 || old.sa_handler != SIG_DFL)
		return;			/* the program has its own */
	if (sigaltstack(NULL, &own) == 0 && (own.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
}
