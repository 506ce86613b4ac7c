/* Failures on purpose: every N-th allocation, slot or disk request fails, for the tests (`fail=`). */
#include "kernel/base/inject.h"

#include "kernel/base/string.h"

static const char *const names[INJECT_POINTS] = { "frame", "slot", "heap", "disk" };
static u32 every[INJECT_POINTS], seen[INJECT_POINTS], failed[INJECT_POINTS];
static bool started;
bool inject_armed;

/* Armed only when there is something to decide, so that it costs one test otherwise. */
static void arm(void)
{
	inject_armed = false;
	for (u32 p = 0; p < INJECT_POINTS; p++)
		inject_armed |= started && every[p];
}

void inject_start(void)
{
	started = true;
	arm();
}

bool inject_set(const char *text)
{
	if (strcmp(text, "off") == 0) {
		memset(every, 0, sizeof(every));
		arm();
		return true;
	}
	for (u32 p = 0; p < INJECT_POINTS; p++) {
		u32 length = strlen(names[p]), n;

		if (strncmp(text, names[p], length) != 0 || text[length] != ':' ||
		    !string_to_u32(text + length + 1, &n))
			continue;
		every[p] = n;
		seen[p] = 0;
		arm();
		return true;
	}
	return false;
}

bool inject_decide(enum inject_point p)
{
	if (!every[p] || ++seen[p] < every[p])
		return false;
	seen[p] = 0;
	failed[p]++;
	return true;
}
