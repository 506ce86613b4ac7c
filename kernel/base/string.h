/* The part of C's <string.h> that the kernel uses. The compiler may insert calls of the first four by itself. */
#pragma once

#include "kernel/base/types.h"

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);

/* The same for N words, inline: most of what a page fault does is to fill or copy a page. */
static inline void memcpy_words(u32 *dst, const u32 *src, u32 n)
{
#if defined(__i386__)
	__asm__ volatile("rep movsl" : "+c"(n), "+D"(dst), "+S"(src) : : "memory");
#else
	while (n--)
		*dst++ = *src++;
#endif
}

static inline void memset_words(u32 *dst, u32 value, u32 n)
{
#if defined(__i386__)
	__asm__ volatile("rep stosl" : "+c"(n), "+D"(dst) : "a"(value) : "memory");
#else
	while (n--)
		*dst++ = value;
#endif
}

int memcmp(const void *a, const void *b, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/* Copies at most SIZE-1 bytes and adds a NUL. => strlen(src) */
size_t strlcpy(char *dst, const char *src, size_t size);

/* Converts S: decimal, or hexadecimal after 0x. => false: S as a whole is not a number, or it does not fit */
bool string_to_u32(const char *s, u32 *value);
