/*
 * printf.c - the printf family: format() with a file, a string or a descriptor as its sink.
 */
#include "format.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct file_sink {
	struct format_sink sink;
	FILE *file;
};

static void put_file(struct format_sink *sink, const char *from, size_t n)
{
	fwrite(from, 1, n, ((struct file_sink *)sink)->file);
}

int vfprintf(FILE *f, const char *text, va_list ap)
{
	struct file_sink to = { { put_file, 0 }, f };
	int n;

	/* Standard error is written in one piece: lines of several tasks must not be mixed. */
	if (f == stderr)
		return vdprintf(STDERR_FILENO, text, ap);
	n = format(&to.sink, text, ap);
	return ferror(f) ? -1 : n;
}

struct string_sink {
	struct format_sink sink;
	char *to;
	size_t room;			/* for text, without the closing NUL */
};

static void put_string(struct format_sink *sink, const char *from, size_t n)
{
	struct string_sink *s = (struct string_sink *)sink;
	size_t fits = n < s->room ? n : s->room;

	memcpy(s->to, from, fits);
	s->to += fits;
	s->room -= fits;
}

int vsnprintf(char *to, size_t size, const char *text, va_list ap)
{
	struct string_sink s = { { put_string, 0 }, to, size ? size - 1 : 0 };
	int n = format(&s.sink, text, ap);

	if (size)
		*s.to = '\0';
	return n;
}

/* Half a kilobyte at a time, without stdio: for programs that use neither heap nor buffers. */
struct descriptor_sink {
	struct format_sink sink;
	int fd;
	bool failed;
	size_t used;
	char buffer[512];
};

static void descriptor_flush(struct descriptor_sink *d)
{
	if (d->used && write(d->fd, d->buffer, d->used) != (ssize_t)d->used)
		d->failed = true;
	d->used = 0;
}

static void put_descriptor(struct format_sink *sink, const char *from, size_t n)
{
	struct descriptor_sink *d = (struct descriptor_sink *)sink;

	for (; n; n--) {
		if (d->used == sizeof(d->buffer))
			descriptor_flush(d);
		d->buffer[d->used++] = *from++;
	}
}

int vdprintf(int fd, const char *text, va_list ap)
{
	struct descriptor_sink d = { .sink = { put_descriptor, 0 }, .fd = fd };
	int n = format(&d.sink, text, ap);

	descriptor_flush(&d);
	return d.failed ? -1 : n;
}

int printf(const char *text, ...)
{
	va_list ap;
	int n;

	va_start(ap, text);
	n = vfprintf(stdout, text, ap);
	va_end(ap);
	return n;
}

int fprintf(FILE *f, const char *text, ...)
{
	va_list ap;
	int n;

	va_start(ap, text);
	n = vfprintf(f, text, ap);
	va_end(ap);
	return n;
}

int dprintf(int fd, const char *text, ...)
{
	va_list ap;
	int n;

	va_start(ap, text);
	n = vdprintf(fd, text, ap);
	va_end(ap);
	return n;
}

int snprintf(char *to, size_t size, const char *text, ...)
{
	va_list ap;
	int n;

	va_start(ap, text);
	n = vsnprintf(to, size, text, ap);
	va_end(ap);
	return n;
}
