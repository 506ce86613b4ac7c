/*
 * proc.c - reading and setting /proc.
 *
 * The files are read with plain calls into buffers on the stack: a tool that looks at memory
 * should not change what it looks at more than it must.
 */
#include <errno.h>
#include <fcntl.h>
#include <proc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t proc_text(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -1;
	while (used < size - 1 && (n = read(fd, to + used, size - 1 - used)) > 0)
		used += n;
	to[used] = '\0';
	close(fd);
	return n < 0 ? -1 : (ssize_t)used;
}

bool proc_write(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error;
	ssize_t length = strlen(word);
	bool done = fd >= 0 && write(fd, word, length) == length;

	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return done;
}

long long proc_number(const char *path, const char *key)
{
	size_t n = strlen(key);
	char text[8192], *line;

	if (proc_text(path, text, sizeof(text)) < 0)
		return PROC_ABSENT;
	for (line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
		if (strncmp(line, key, n) == 0 && strchr(": \t", line[n]) && line[n])
			return strtoull(line + n + (line[n] == ':'), NULL, 10);
	return PROC_ABSENT;
}

bool proc_swap_path(char *to, size_t size)
{
	char text[1024], *line;

	if (proc_text("/proc/swaps", text, sizeof(text)) < 0)
		return false;
	line = strchr(text, '\n'); /* behind the headings */
	if (!line || line[1] != '/')
		return false;
	line++;
	line[strcspn(line, " \t\n")] = '\0';
	if (strlen(line) >= size)
		return false;
	strcpy(to, line);
	return true;
}

ssize_t proc_pagemap(int fd, unsigned long address, uint64_t *words, size_t count)
{
	/* Eight bytes for each page: for 4 GiB the file is 8 MiB long, within a 32-bit offset. */
	off_t offset = address / 4096 * sizeof(*words);
	size_t wanted = count * sizeof(*words), used = 0;
	ssize_t n = 0;

	if (lseek(fd, offset, 0) != offset)
		return -1;
	while (used < wanted && (n = read(fd, (char *)words + used, wanted - used)) > 0)
		used += n;
	return n < 0 ? -1 : (ssize_t)(used / sizeof(*words));
}

bool proc_parse_region(char *line, struct proc_region *region)
{
	char *p;

	region->start = strtoul(line, &p, 16);
	if (p == line || *p != '-')
		return false;
	region->end = strtoul(p + 1, &p, 16);
	if (*p != ' ' || strlen(p) < 6)
		return false;
	memcpy(region->prot, p + 1, 4);
	region->prot[4] = '\0';
	region->offset = strtoull(p + 6, &p, 16);
	/* Two fields, device and inode, then blanks: the name is the rest. */
	for (int skip = 0; skip < 2; skip++) {
		p += strspn(p, " ");
		p += strcspn(p, " \n");
	}
	p += strspn(p, " ");
	region->name = p;
	p[strcspn(p, "\n")] = '\0';
	return true;
}
