/*
 * leaky - a program that leaks: it never frees its note about each visitor. For `demo leak`.
 */
#include <proc.h>
#include <stdio.h>
#include <stdlib.h>

enum { VISITORS = 2000, NOTE = 4000 };

static void visit(int number)
{
	char *note = malloc(NOTE);

	if (note)
		snprintf(note, NOTE, "visitor %d was here", number);
}

int main(void)
{
	for (int i = 1; i <= VISITORS; i++) {
		visit(i);
		if (i % (VISITORS / 4) == 0)
			printf("%d visitors: %lld KiB in memory, %lld in swap\n", i, proc_number("/proc/self/status", "VmRSS"),
			       proc_number("/proc/self/status", "VmSwap"));
	}
	return 0;
}
