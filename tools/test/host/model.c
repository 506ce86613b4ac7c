/* Plain models of replacement algorithms: arrays of names, and no frame. */
#include "model.h"

u32 model_find(const struct model *m, u32 name)
{
	u32 i = 0;

	while (i < m->n && m->name[i] != name)
		i++;
	return i;
}

bool model_fifo(struct model *m, u32 name, u32 frames)
{
	if (model_find(m, name) < m->n)
		return false;
	if (m->n < frames) {
		m->name[m->n++] = name;
	} else {
		m->name[m->hand] = name;
		m->hand = (m->hand + 1) % frames;
	}
	return true;
}

/* A circle of frames with use bits, as drawn in the textbooks: the hand stays in place, the frames do not move. */
bool model_clock(struct model *m, u32 name, u32 frames)
{
	u32 i = model_find(m, name);

	if (i < m->n) {
		m->used[i] = true;
		return false;
	}
	if (m->n < frames) {
		i = m->n++;
	} else {
		while (m->used[m->hand]) {
			m->used[m->hand] = false;
			m->hand = (m->hand + 1) % frames;
		}
		i = m->hand;
		m->hand = (m->hand + 1) % frames;
	}
	m->name[i] = name;
	m->used[i] = true;
	return true;
}

/* Exact LRU, the most recently used first: what the hardware's bit cannot give, as the measure beside the others. */
bool model_lru(struct model *m, u32 name, u32 frames)
{
	u32 i = model_find(m, name);
	bool fault = i == m->n;

	if (fault && m->n < frames)
		m->n++;
	if (i >= m->n)
		i = m->n - 1;
	memmove(m->name + 1, m->name, i * sizeof(m->name[0]));
	m->name[0] = name;
	return fault;
}
