/*
 * Memory and strings. memcpy() and memset() use the processor's string instructions: four bytes per
 * iteration, one instruction in the measurements' counts, and a single hot loop under an emulator.
 *
 * Built with -ffreestanding, so that the compiler does not turn these loops into calls of
 * themselves.
 */
#include "kernel/base/string.h"

void *memcpy(void *dst, const void *src, size_t n)
{
#if defined(__i386__)
	void *d = dst;
	size_t words = n / 4;

	__asm__ volatile("rep movsl; mov %3, %0; rep movsb"
			 : "+&c"(words), "+&D"(d), "+&S"(src)
			 : "r"(n % 4)
			 : "memory");
#else
	u8 *d = dst;
	const u8 *s = src;

	while (n--)
		*d++ = *s++;
#endif
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;

	if (d <= s || d >= s + n)
		return memcpy(dst, src, n);
	while (n--)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
#if defined(__i386__)
	void *d = dst;
	size_t words = n / 4;

	__asm__ volatile("rep stosl; mov %2, %0; rep stosb"
			 : "+&c"(words), "+&D"(d)
			 : "r"(n % 4), "a"((u8)c * 0x01010101u)
			 : "memory");
#else
	u8 *d = dst;

	while (n--)
		*d++ = (u8)c;
#endif
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return (size_t)(end - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)last;
	}
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t n = strlen(src);

	if (size) {
		size_t copied = MIN(n, size - 1);

		memcpy(dst, src, copied);
		dst[copied] = '\0';
	}
	return n;
}

/* => the value of digit C, or 99 */
static u32 digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (u32)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (u32)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (u32)(c - 'A') + 10;
	return 99;
}

bool string_to_u32(const char *s, u32 *value)
{
	u32 base = 10, v = 0;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		u32 digit = digit_value(*s);

		if (digit >= base || v > (0xffffffffu - digit) / base)
			return false;
		v = v * base + digit;
	}
	*value = v;
	return true;
}
