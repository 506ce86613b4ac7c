/*
 * stdio.c - files with a buffer.
 *
 * A file either reads or writes. Reading fills the buffer and delivers from it; writing collects
 * bytes until the buffer is full, a line is complete (terminals) or the call ends (standard
 * error). Bytes that could not be written are dropped and recorded in `error`: see ferror and the
 * result of fflush. The buffers of the standard files are part of .bss: a program
 * that prints nothing never touches them, so they cost it no frame.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STDIO_READ = 1, STDIO_WRITE = 2 };
enum { BUFFER_UNKNOWN, BUFFER_FULL, BUFFER_LINE, BUFFER_NONE };

static unsigned char in_buffer[BUFSIZ], out_buffer[BUFSIZ], error_buffer[256];

static struct stdio_file standard[3] = {
	{ .fd = 0, .mode = STDIO_READ, .buffer = in_buffer, .limit = 0 },
	{ .fd = 1, .mode = STDIO_WRITE, .buffer = out_buffer, .limit = BUFSIZ },
	{ .fd = 2, .mode = STDIO_WRITE, .buffer = error_buffer, .limit = sizeof(error_buffer),
	  .buffering = BUFFER_NONE },
};

FILE *stdin = &standard[0], *stdout = &standard[1], *stderr = &standard[2];
static FILE *opened;

FILE *fdopen(int fd, const char *mode)
{
	FILE *f = calloc(1, sizeof(*f) + BUFSIZ);

	if (!f)
		return NULL;
	f->fd = fd;
	f->mode = *mode == 'r' ? STDIO_READ : STDIO_WRITE;
	f->buffer = (unsigned char *)(f + 1);
	f->limit = *mode == 'r' ? 0 : BUFSIZ;
	f->link = opened;
	opened = f;
	return f;
}

FILE *fopen(const char *path, const char *mode)
{
	int flags = *mode == 'r' ? O_RDONLY :
		    O_WRONLY | O_CREAT | (*mode == 'a' ? O_APPEND : O_TRUNC);
	int fd = open(path, flags, 0666);
	FILE *f;

	if (fd < 0)
		return NULL;
	f = fdopen(fd, mode);
	if (!f)
		close(fd);
	return f;
}

int fclose(FILE *f)
{
	int result = fflush(f);
	FILE **link;

	if (close(f->fd) < 0)
		result = EOF;
	for (link = &opened; *link; link = &(*link)->link) {
		if (*link == f) {
			*link = f->link;
			free(f);
			break;
		}
	}
	return result;
}

int fileno(FILE *f)
{
	return f->fd;
}

int feof(FILE *f)
{
	return f->eof;
}

int ferror(FILE *f)
{
	return f->error;
}

/* Writing */

static int write_all(FILE *f, const unsigned char *from, size_t n)
{
	while (n > 0) {
		ssize_t done = write(f->fd, from, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			f->error = 1;
			return EOF;
		}
		from += done;
		n -= done;
	}
	return 0;
}

static int flush_all(void)
{
	int result = fflush(stdout);

	for (FILE *f = opened; f; f = f->link)
		if (fflush(f) == EOF)
			result = EOF;
	return result;
}

int fflush(FILE *f)
{
	size_t n;

	if (!f)
		return flush_all();
	if (!(f->mode & STDIO_WRITE))
		return 0;
	n = f->next;
	f->next = 0;
	return write_all(f, f->buffer, n);
}

/* isatty() is called when the first byte is written. */
static int buffering(FILE *f)
{
	if (f->buffering == BUFFER_UNKNOWN) {
		int saved = errno;

		f->buffering = isatty(f->fd) ? BUFFER_LINE : BUFFER_FULL;
		errno = saved;
	}
	return f->buffering;
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *f)
{
	const unsigned char *p = from;
	size_t left = size * count, n;
	bool flush = buffering(f) == BUFFER_NONE;

	while (left > 0) {
		n = f->limit - f->next < left ? f->limit - f->next : left;
		memcpy(f->buffer + f->next, p, n);
		if (f->buffering == BUFFER_LINE && memchr(p, '\n', n))
			flush = true;
		f->next += n;
		p += n;
		left -= n;
		if (f->next == f->limit && fflush(f) == EOF)
			return (p - (const unsigned char *)from) / size;
	}
	if (flush && fflush(f) == EOF)
		return 0;
	return count;
}

int fputc(int c, FILE *f)
{
	unsigned char byte = c;

	/* A full buffer's next byte, without the way through fwrite: the common case by far. */
	if (f->buffering == BUFFER_FULL && f->next + 1 < f->limit)
		return f->buffer[f->next++] = byte;
	return fwrite(&byte, 1, 1, f) == 1 ? byte : EOF;
}

int fputs(const char *s, FILE *f)
{
	size_t n = strlen(s);

	return fwrite(s, 1, n, f) == n ? 0 : EOF;
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int puts(const char *s)
{
	return fputs(s, stdout) == EOF ? EOF : putchar('\n');
}

void perror(const char *what)
{
	int error = errno;

	fflush(stdout);
	fprintf(stderr, "%s: %s\n", what, strerror(error));
}

/* Reading */

/* Fills an empty buffer; false at the end or on an error. */
static bool fill(FILE *f)
{
	ssize_t n;

	if (f->eof || f->error)
		return false;
	do
		n = read(f->fd, f->buffer, BUFSIZ);
	while (n < 0 && errno == EINTR);
	f->error = n < 0;
	f->eof = n == 0;
	f->next = 0;
	f->limit = n > 0 ? n : 0;
	return n > 0;
}

int fgetc(FILE *f)
{
	if (f->next == f->limit && !fill(f))
		return EOF;
	return f->buffer[f->next++];
}

size_t fread(void *to, size_t size, size_t count, FILE *f)
{
	size_t total = size * count, done = 0, n;

	while (done < total && (f->next < f->limit || fill(f))) {
		n = f->limit - f->next < total - done ? f->limit - f->next : total - done;
		memcpy((char *)to + done, f->buffer + f->next, n);
		f->next += n;
		done += n;
	}
	return size ? done / size : 0;
}

/* Appends bytes up to and including a newline, at most `room`; 0 when there is nothing left. */
static size_t read_line_part(char *to, size_t room, FILE *f)
{
	unsigned char *from, *newline;
	size_t n;

	if (f->next == f->limit && !fill(f))
		return 0;
	from = f->buffer + f->next;
	n = f->limit - f->next < room ? f->limit - f->next : room;
	newline = memchr(from, '\n', n);
	if (newline)
		n = newline + 1 - from;
	memcpy(to, from, n);
	f->next += n;
	return n;
}

char *fgets(char *line, int size, FILE *f)
{
	size_t used = 0, n;

	while (used + 1 < (size_t)size && (n = read_line_part(line + used, size - 1 - used, f))) {
		used += n;
		if (line[used - 1] == '\n')
			break;
	}
	line[used] = '\0';
	return used ? line : NULL;
}

ssize_t getline(char **line, size_t *capacity, FILE *f)
{
	size_t used = 0, n;

	do {
		if (!*line || *capacity - used < 2) {
			size_t larger = *line ? *capacity * 2 : 128;
			char *p = realloc(*line, larger);

			if (!p)
				return -1;
			*line = p;
			*capacity = larger;
		}
		n = read_line_part(*line + used, *capacity - used - 1, f);
		used += n;
	} while (n > 0 && (*line)[used - 1] != '\n');
	(*line)[used] = '\0';
	return used ? (ssize_t)used : -1;
}
