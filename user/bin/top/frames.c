/*
 * frames.c - physical memory, a character for a frame or a group: /proc/kpageflags.
 *
 * A group shows the state that most of its frames have. Frames of the chosen task are reverse: /proc/PID/pagemap has their
 * numbers.
 */
#include "top.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <proc.h>
#include <unistd.h>

enum { SKIP = 3, PIECE = 512, PAGES_MOST = 65536, CELLS = SCREEN_ROWS * SCREEN_COLUMNS };

/* Bits of /proc/kpageflags: Linux's. */
enum {
	KPF_LOCKED = 0, KPF_REFERENCED = 2, KPF_DIRTY = 4, KPF_LRU = 5, KPF_WRITEBACK = 8, KPF_BUDDY = 10, KPF_ANON = 12,
	KPF_UNEVICTABLE = 18, KPF_PGTABLE = 26, KPF_RESERVED = 32,
};

/* Kinds of frames. Those of pages have two: used since the policy last looked (A, F), and not (a, f). */
enum kind { KERNEL, TABLE, ANON_USED, ANON_IDLE, FILE_USED, FILE_IDLE, FREE, LOCKED, IN_IO, RESERVED, KINDS };

static const struct {
	char letter;
	unsigned char look;
} shown[KINDS] = {
	{ 'K', LOOK_CYAN }, { 'T', LOOK_MAGENTA }, { 'A', LOOK_GREEN }, { 'a', LOOK_GREEN }, { 'F', LOOK_GREEN },
	{ 'f', LOOK_GREEN }, { '.', LOOK_PLAIN }, { 'L', LOOK_RED }, { '*', LOOK_RED }, { '-', LOOK_PLAIN },
};

/* Cells on the screen: how many of the frames there are dirty pages, and the chosen task's. */
static struct {
	unsigned long dirty, chosen;
} cells[CELLS];

static bool has(uint64_t word, int bit)
{
	return word >> bit & 1;
}

static enum kind kind_of(uint64_t word)
{
	if (has(word, KPF_RESERVED))
		return RESERVED;
	if (has(word, KPF_BUDDY))
		return FREE;
	if (has(word, KPF_PGTABLE))
		return TABLE;
	if (!has(word, KPF_LRU) && !has(word, KPF_ANON))
		return KERNEL;
	if (has(word, KPF_LOCKED) || has(word, KPF_WRITEBACK))
		return IN_IO;
	if (has(word, KPF_UNEVICTABLE))
		return LOCKED;
	return (has(word, KPF_ANON) ? ANON_USED : FILE_USED) + !has(word, KPF_REFERENCED);
}

static void note_chosen(unsigned long long word, void *context)
{
	const struct map *m = context;
	unsigned long frame = word & PAGEMAP_FRAME;

	if ((word & PAGEMAP_PRESENT) && frame >= m->first && (frame - m->first) / m->per_cell < CELLS)
		cells[(frame - m->first) / m->per_cell].chosen++;
}

/* COUNTS: of the frames in the cell, by kind. A cell of pages is dirty, and any is the task's, if more than half of it is. */
static void draw_cell(const struct map *m, const struct area *a, int cell, const unsigned *counts)
{
	enum kind most = KERNEL;
	int look;

	for (enum kind k = KERNEL; k < KINDS; k++)
		most = counts[k] > counts[most] ? k : most;
	look = shown[most].look;
	if (most >= ANON_USED && most <= FILE_IDLE && cells[cell].dirty * 2 > counts[most])
		look = LOOK_YELLOW;
	if (cells[cell].chosen * 2 > m->per_cell)
		look |= LOOK_REVERSE;
	if (cell % m->width == 0)
		screen_print(map_row(m, a, SKIP, cell), 0, LOOK_PLAIN, "%08lx", (m->first + cell * m->per_cell) * 4096);
	screen_put(map_row(m, a, SKIP, cell), map_column(m, cell), look, shown[most].letter);
}

/* Reads the flags of the frames on the screen in pieces, and draws a cell when all of its frames are known. */
static void draw_map(const struct map *m, const struct area *a)
{
	static uint64_t words[PIECE];
	unsigned counts[KINDS] = { 0 };
	unsigned long frame = m->first, end = m->first + m->per_cell * m->width * m->rows;
	int fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	end = end < m->count ? end : m->count;
	for (unsigned long at = 0; fd >= 0 && frame < end; frame++, at++) {
		int cell = (frame - m->first) / m->per_cell;

		if (at % PIECE == 0)
			got = pread(fd, words, sizeof(words), frame * sizeof(words[0])) / sizeof(words[0]);
		if ((ssize_t)(at % PIECE) >= got)
			break;
		counts[kind_of(words[at % PIECE])]++;
		cells[cell].dirty += has(words[at % PIECE], KPF_DIRTY);
		if ((frame + 1) % m->per_cell == 0 || frame + 1 == end) {
			draw_cell(m, a, cell, counts);
			memset(counts, 0, sizeof(counts));
		}
	}
	if (fd >= 0)
		close(fd);
}

static void draw_legend(int row)
{
	static const char *const names[KINDS] = {
		"kernel", "table", "anon", NULL, "file", NULL, "free", "locked", "I/O", "reserved",
	};
	int column = 0;

	for (enum kind k = KERNEL; k < KINDS; k++) {
		if (!names[k])
			continue;
		column = screen_print(row, column, shown[k].look, "%c", shown[k].letter);
		column = screen_print(row, column, LOOK_PLAIN, " %s  ", names[k]);
	}
	screen_print(row + 1, 0, LOOK_PLAIN, "a f: not used since the policy last looked. Yellow: dirty. Reverse: the task's.");
}

void frames_draw(const struct area *a)
{
	struct map m;
	bool all;

	map_fit(&m, a, SKIP, sample.frames.total);
	memset(cells, 0, sizeof(cells[0]) * m.width * m.rows);
	all = pages_visit(choice.pid, PAGES_MOST, note_chosen, &m);
	draw_map(&m, a);
	screen_print(a->row, 0, LOOK_PLAIN, "Frames by address, %lu for a character; those of %s%s", m.per_cell, chosen_name(),
		     all ? " are reverse" : ": its first 256 MiB");
	screen_highlight(a->row);
	draw_legend(a->row + 1);
}
