/*
 * record.c - preloaded into a program of the host (LD_PRELOAD, RECORD=FILE), it writes what the program asks of malloc, in
 * the words of user/lib/heap_trace.c:
 *
 *	gcc -shared -fPIC -o record.so tools/heap/record.c
 *	RECORD=/tmp/lines LD_PRELOAD=./record.so sort README.md; tools/heap/totrace </tmp/lines >sort.rep
 *
 * Children of the program are not recorded. It needs glibc, whose own functions it calls.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size), *__libc_realloc(void *p, size_t size), *__libc_calloc(size_t n, size_t size);
extern void __libc_free(void *p);

static int to = -1;
static pid_t owner;

static __attribute__((constructor)) void begin(void)
{
	const char *path = getenv("RECORD");

	to = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;
	owner = getpid();
}

static void emit(const char *format, ...)
{
	char line[120];
	va_list ap;
	int n;

	if (to < 0 || getpid() != owner)
		return;
	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (write(to, line, n) != n)
		_exit(1);
}

void *malloc(size_t size)
{
	void *p = __libc_malloc(size);

	emit("heap alloc at=%p size=%zu\n", p, size);
	return p;
}

void *calloc(size_t n, size_t size)
{
	void *p = __libc_calloc(n, size);

	emit("heap alloc at=%p size=%zu\n", p, n * size);
	return p;
}

void *realloc(void *p, size_t size)
{
	void *new = __libc_realloc(p, size);

	if (!p)
		emit("heap alloc at=%p size=%zu\n", new, size);
	else if (size)
		emit("heap realloc at=%p from=%p size=%zu\n", new, p, size);
	else
		emit("heap free at=%p\n", p);
	return new;
}

void free(void *p)
{
	if (p)
		emit("heap free at=%p\n", p);
	__libc_free(p);
}
