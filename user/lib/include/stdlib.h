/* stdlib.h: memory, numbers, order, environment, the end. */
#ifndef STDLIB_H
#define STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *p, size_t size);
void free(void *p);
void *aligned_alloc(size_t alignment, size_t size);	/* any power of two, any size */
int posix_memalign(void **p, size_t alignment, size_t size);	/* an error number */

int atoi(const char *s);
long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);

/* Heapsort in place: n log n in the worst case too, no memory, not stable. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

extern char **environ;
char *getenv(const char *name);
int setenv(const char *name, const char *value, int overwrite);

void exit(int status) __attribute__((noreturn));	/* flushes what stdio holds */
void _Exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

#endif
