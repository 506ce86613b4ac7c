/*
 * sentences - the program `trace` on the host: prints each event of a recording as a sentence, but not those of snapshots.
 *
 *	sentences [-j] [-l] <RECORDING
 */
#include "bin/trace/trace.h"

#include <string.h>

int main(int argc, char **argv)
{
	struct trace_event e;
	char line[512];

	for (int i = 1; i < argc; i++) {
		say_japanese |= strcmp(argv[i], "-j") == 0;
		say_library |= strcmp(argv[i], "-l") == 0;
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!event_parse(line, &e))
			return 1;
		follow(&e);
		if (!follow_in_snapshot(&e) && strcmp(e.name, "snapshot") != 0)
			tell(stdout, &e);
	}
	return 0;
}
