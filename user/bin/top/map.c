/*
 * map.c - a picture of many equal things, frames or slots: a character for each 2^k of them, rows from left to right.
 */
#include "top.h"

void map_fit(struct map *m, const struct area *a, int skip, unsigned long count)
{
	unsigned long cells;
	int zoom = choice.zoom, total, most;

	m->count = count;
	m->rows = a->rows - skip > 1 ? a->rows - skip : 1;
	for (m->width = 16; m->width * 2 <= a->columns - MAP_LABEL; m->width *= 2)
		;
	cells = (unsigned long)m->width * m->rows;
	for (m->per_cell = 1; m->per_cell * cells < count; m->per_cell *= 2)
		;
	for (; zoom > 0 && m->per_cell > 1; zoom--)
		m->per_cell /= 2;
	total = (count + m->per_cell * m->width - 1) / (m->per_cell * m->width);
	most = total > m->rows ? total - m->rows : 0;
	choice.zoom -= zoom;
	choice.scroll = choice.scroll > most ? most : choice.scroll;
	m->first = choice.scroll * m->width * m->per_cell;
}

int map_row(const struct map *m, const struct area *a, int skip, int cell)
{
	return a->row + skip + cell / m->width;
}

int map_column(const struct map *m, int cell)
{
	return MAP_LABEL + cell % m->width;
}
