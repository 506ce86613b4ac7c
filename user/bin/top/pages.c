/*
 * pages.c - the pages of a task, from /proc/PID/maps and /proc/PID/pagemap.
 */
#include "top.h"

#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE = 4096, PIECE = 512 };

/* => how many pages were looked at */
static unsigned long visit_region(int fd, const struct proc_region *r, unsigned long most, page_visit visit, void *context)
{
	static uint64_t words[PIECE];
	unsigned long pages = (r->end - r->start) / PAGE, done = 0;

	pages = pages < most ? pages : most;
	while (done < pages) {
		unsigned long want = pages - done < PIECE ? pages - done : PIECE;
		ssize_t got = proc_pagemap(fd, r->start + done * PAGE, words, want);

		for (ssize_t i = 0; i < got; i++)
			if (words[i])
				visit(words[i], context);
		if (got <= 0)
			break;
		done += got;
	}
	return done;
}

bool pages_visit(int pid, unsigned long most, page_visit visit, void *context)
{
	struct proc_region region;
	char path[32], *line = NULL;
	size_t room = 0;
	FILE *maps;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	while (fd >= 0 && maps && most && getline(&line, &room, maps) > 0)
		if (proc_parse_region(line, &region))
			most -= visit_region(fd, &region, most, visit, context);
	free(line);
	if (maps)
		fclose(maps);
	if (fd >= 0)
		close(fd);
	return most > 0;
}
