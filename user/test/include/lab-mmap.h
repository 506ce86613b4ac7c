/*
 * lab-mmap.h - what the programs of the lab `mmap` share: mapped files, and accesses to their pages.
 *
 * A store is of the run's word and the page's number.
 */
#ifndef USER_TEST_LAB_MMAP_H
#define USER_TEST_LAB_MMAP_H

#include "lab.h"

#include <fcntl.h>
#include <sys/mman.h>

/* => so many PAGES of the file, shared, to be read and written; exits if they cannot be mapped */
static inline char *map_shared(const char *name, int pages)
{
	int fd = open(name, O_RDWR);
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static inline uint32_t what(int page)
{
	return lab_report.word ^ (page + 1);
}

static inline void store(char *p, int page, int place)
{
	*(volatile uint32_t *)(p + page * PAGE + place) = what(page);
}

static inline void load(const char *p, int page)
{
	(void)*(volatile const char *)(p + page * PAGE);
}

#endif
