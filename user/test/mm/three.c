/*
 * three - three tasks that share pages, mapped shared and copied on write, see them leave memory and come back.
 *
 *	three [KIB]
 *
 * The parent and two children map the same shared pages, and the same pages copied on write. KIB,
 * more than the machine has, drives all of them out; pagemap and mincore of each task show that.
 * Each task reads the pages, and finds their contents, in the same frames as the others. Every page
 * is read from swap once, not three times. A page that one task then writes is its own.
 *
 * With KIB the kernel must not read ahead: a task that reads a page of its stack would get some of these pages too.
 */
#include "check.h"

#include <sched.h>

enum { PAGES = 64, TASKS = 3, KINDS = 2, SLACK = 16 };

/* On pages of its own, shared. Task 0 is the parent. */
struct board {
	volatile int turn;		/* whose turn it is, see pass() */
	int swapped[TASKS];		/* pages in swap, of either kind, as the task saw it */
	int resident[TASKS];		/* ... for which mincore said "in memory" */
	unsigned long frame[TASKS][KINDS][PAGES];
};

static struct board *board;
static char *memory[KINDS];		/* shared; copied on write */
static bool heavy;

static void expect(int kind, int page, int byte)
{
	for (int i = 0; i < PAGE; i++)
		CHECK_EQ(memory[kind][page * PAGE + i], (char)byte);
}

static int byte_of(int kind, int page)
{
	return kind * 100 + page + 1;
}

static void look(int me)
{
	unsigned char there[PAGES];

	for (int kind = 0; kind < KINDS; kind++) {
		CHECK_EQ(mincore(memory[kind], PAGES * PAGE, there), 0);
		for (int i = 0; i < PAGES; i++) {
			uint64_t word = check_page(memory[kind] + i * PAGE);

			board->resident[me] += there[i] & 1;
			board->swapped[me] += (word & PAGEMAP_SWAPPED) && !(word & PAGEMAP_PRESENT);
		}
	}
}

static void read_all(int me)
{
	(void)me;
	for (int kind = 0; kind < KINDS; kind++)
		for (int i = 0; i < PAGES; i++)
			expect(kind, i, byte_of(kind, i));
}

static void note_frames(int me)
{
	for (int kind = 0; kind < KINDS; kind++)
		for (int i = 0; i < PAGES; i++)
			board->frame[me][kind][i] = check_frame(memory[kind] + i * PAGE);
}

/* Each writes a third of its copies, and sees the others' as they were. */
static void write_copies(int me)
{
	for (int i = me; i < PAGES; i += TASKS)
		memset(memory[1] + i * PAGE, 200 + me, PAGE);
	for (int i = 0; i < PAGES; i++)
		expect(1, i, i % TASKS == me ? 200 + me : byte_of(1, i));
}

/* The steps of all tasks, one task after the other. In between the parent drives pages out. */
static void (*const steps[])(int me) = { read_all, look, read_all, note_frames, write_copies };
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void child(int me)
{
	for (int step = 0; step < STEPS; step++) {
		while (board->turn != step * TASKS + me)
			sched_yield();
		steps[step](me);
		board->turn++;
	}
	_exit(0);
}

/* The children take this step, then the parent does. */
static void take(int step)
{
	board->turn = step * TASKS + 1;
	while (board->turn != step * TASKS + TASKS)
		sched_yield();
	steps[step](0);
}

static void drive_out(size_t kib)
{
	size_t size = kib * 1024;
	char *p = check_private(kib / 4);

	for (int pass = 1; pass <= 2; pass++)
		for (size_t i = 0; i < size; i += PAGE)
			p[i] = pass;
	CHECK_EQ(munmap(p, size), 0);
}

static void check_out(void)
{
	for (int me = 0; me < TASKS && heavy; me++) {
		CHECK_EQ(board->swapped[me], KINDS * PAGES);
		CHECK_EQ(board->resident[me], 0);
	}
}

static void check_same_frames(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		for (int i = 0; i < PAGES; i++) {
			CHECK(!heavy || board->frame[0][kind][i] != 0);
			CHECK_EQ(board->frame[1][kind][i], board->frame[0][kind][i]);
			CHECK_EQ(board->frame[2][kind][i], board->frame[0][kind][i]);
		}
	}
}

static void set_up(void)
{
	board = (struct board *)check_shared(sizeof(*board) / PAGE + 1);
	board->turn = -1;
	memory[0] = check_shared(PAGES);
	memory[1] = check_private(PAGES);
	for (int kind = 0; kind < KINDS; kind++)
		for (int i = 0; i < PAGES; i++)
			memset(memory[kind] + i * PAGE, byte_of(kind, i), PAGE);
	for (int i = 1; i < TASKS; i++)
		if (fork() == 0)
			child(i);
}

int main(int argc, char **argv)
{
	long long in, read;
	int status;

	heavy = argc > 1;
	set_up();
	take(0);
	drive_out(heavy ? atoi(argv[1]) : 1024);
	take(1);
	check_out();
	in = check_counter("pswpin");
	take(2);
	read = check_counter("pswpin") - in;
	take(3);
	check_same_frames();
	take(4);
	for (int i = 1; i < TASKS; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	if (heavy) /* some pages of stacks may be among them */
		CHECK(read >= KINDS * PAGES && read <= KINDS * PAGES + SLACK);
	return CHECK_OK();
}
