/*
 * proc.h: reads and sets /proc, for tools and tests. Everything works on Linux too; what a kernel lacks is
 * "absent".
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROC_ABSENT (-1ll)

/*
 * => the number after `key` at the start of a line ("MemFree:  123 kB" with key "MemFree",
 * "pswpin 5" with key "pswpin"); PROC_ABSENT without such a file or line.
 */
long long proc_number(const char *path, const char *key);

/* Reads a small file to a string, at most size - 1 bytes. => its length; -1: there is no such file */
ssize_t proc_text(const char *path, char *to, size_t size);

/* Writes a word to a file of /proc, as one call. => false: there is no such file, or the word is refused (errno) */
bool proc_write(const char *path, const char *word);

/* Gets the path of the first swap area, at most size - 1 bytes. => false: there is none */
bool proc_swap_path(char *to, size_t size);

/* Linux's pagemap word: bit 63 in RAM, 62 in swap, 61 of a file or shared, 56 mapped only once. */
#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_SWAPPED (1ull << 62)
#define PAGEMAP_FILE (1ull << 61)
#define PAGEMAP_EXCLUSIVE (1ull << 56)
#define PAGEMAP_SOFT_DIRTY (1ull << 55)
#define PAGEMAP_FRAME ((1ull << 55) - 1)

/*
 * Reads the words of `count` pages from `address` on of an open pagemap. => the number of words read,
 * -1 on failure
 */
ssize_t proc_pagemap(int fd, unsigned long address, uint64_t *words, size_t count);

/* A line of /proc/PID/maps; false when the text is no such line. */
struct proc_region {
	unsigned long start, end;
	char prot[5];			/* "rwxp", s in place of p for a shared mapping */
	unsigned long long offset;
	const char *name;		/* points into the text; empty for anonymous memory */
};

bool proc_parse_region(char *line, struct proc_region *region);

#endif
