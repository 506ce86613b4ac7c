/* Failures on purpose, for the tests (`fail=`). */
#include "kernel/base/inject.h"

#include "kernel/base/string.h"
#include "kernel/base/thread.h"

static const char *const names[INJECT_POINTS] = { "frame", "slot", "heap", "disk" };
/* EVERY: N, 0: never. LEFT requests until the next failure. STEP and LENGTH count the distances. */
static struct point {
	u32 every, left, step, length;
} points[INJECT_POINTS];
static bool started;
static const struct thread *spared;
bool inject_armed;

/* Armed only when there is something to decide, so that it costs one test otherwise. */
static void arm(void)
{
	inject_armed = false;
	for (u32 p = 0; p < INJECT_POINTS; p++)
		inject_armed |= started && points[p].every;
}

void inject_start(const struct thread *first)
{
	spared = first;
	started = true;
	arm();
}

bool inject_set(const char *text)
{
	if (strcmp(text, "off") == 0) {
		memset(points, 0, sizeof(points));
		arm();
		return true;
	}
	for (u32 p = 0; p < INJECT_POINTS; p++) {
		u32 length = strlen(names[p]), n;

		if (strncmp(text, names[p], length) != 0 || text[length] != ':' ||
		    !string_to_u32(text + length + 1, &n))
			continue;
		points[p] = (struct point){ .every = n, .left = n, .step = 1, .length = 1 };
		arm();
		return true;
	}
	return false;
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
