/*
 * heap_regions.c - the program's own map of memory, /proc/self/maps, for the search for pointers.
 *
 * It is read line by line on the stack: with many mappings the file is long, and the heap must not be used now.
 */
#include "heap.h"

#include <fcntl.h>
#include <proc.h>
#include <string.h>
#include <unistd.h>

bool regions_each(void (*call)(const struct proc_region *region, uint32_t with), uint32_t with)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC), got;
	struct proc_region region;
	char text[1024], *line, *end;
	size_t kept = 0;

	while (fd >= 0 && (got = read(fd, text + kept, sizeof(text) - 1 - kept)) > 0) {
		text[kept + got] = '\0';
		for (line = text; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			if (proc_parse_region(line, &region))
				call(&region, with);
		}
		kept = strlen(line);
		memmove(text, line, kept);
	}
	close(fd);
	return fd >= 0;
}
