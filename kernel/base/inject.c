/*
 * Fault injection: which requests fail, decided by counting them. inject.h describes the distances between failures.
 */
#include "kernel/base/inject.h"

#include "kernel/base/string.h"
#include "kernel/base/thread.h"

static const char *const names[INJECT_POINTS] = { "frame", "slot", "heap", "disk" };
struct point {
	u32 every;        /* the N of `fail=`; 0: never */
	u32 left;         /* requests until the next failure */
	u32 step, length; /* counters of the sequence 1, 1, 2, 1, 1, 2, 4 ...; LENGTH is its current element */
};
static struct point points[INJECT_POINTS];
static bool started;
static const struct thread *spared;
bool inject_armed;

/* inject_armed is set only while some request may fail, so that inject_now() costs one test otherwise. */
static void inject_arm(void)
{
	inject_armed = false;
	for (u32 p = 0; p < INJECT_POINTS; p++)
		inject_armed |= started && points[p].every;
}

void inject_start(const struct thread *first)
{
	spared = first;
	started = true;
	inject_arm();
}

/* Applies one word of inject_set() to WANTED. => false: not understood */
static bool set_word(struct point wanted[INJECT_POINTS], const char *word)
{
	if (strcmp(word, "off") == 0) {
		memset(wanted, 0, sizeof(points));
		return true;
	}
	for (u32 p = 0; p < INJECT_POINTS; p++) {
		u32 length = strlen(names[p]), n;

		if (strncmp(word, names[p], length) != 0 || word[length] != ':' || !string_to_u32(word + length + 1, &n))
			continue;
		wanted[p] = (struct point){ .every = n, .left = n, .step = 1, .length = 1 };
		return true;
	}
	return false;
}

bool inject_set(const char *text)
{
	struct point wanted[INJECT_POINTS];
	char word[24];
	u32 n;

	memcpy(wanted, points, sizeof(wanted));
	do {
		for (n = 0; text[n] && text[n] != ' ' && n < sizeof(word) - 1; n++)
			word[n] = text[n];
		word[n] = 0;
		if (!set_word(wanted, word))
			return false;
		text += n;
	} while (*text++);
	memcpy(points, wanted, sizeof(points));
	inject_arm();
	return true;
}

const char *inject_name(enum inject_point p)
{
	return names[p];
}

u32 inject_every(enum inject_point p)
{
	return points[p].every;
}

bool inject_decide(enum inject_point p)
{
	struct point *q = &points[p];

	if (!q->every || thread_current() == spared || --q->left)
		return false;
	if ((q->step & -q->step) == q->length) {
		q->step++;
		q->length = 1;
	} else {
		q->length *= 2;
	}
	q->left = q->every * q->length;
	return true;
}
