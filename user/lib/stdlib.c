/*
 * stdlib.c - numbers from text, and order.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static int digit_value(int c)
{
	if (isdigit(c))
		return c - '0';
	return isalpha(c) ? tolower(c) - 'a' + 10 : INT_MAX;
}

/* Skips space, a sign and the base's prefix; settles base 0. */
static const char *number_start(const char *s, bool *negative, int *base)
{
	while (isspace(*s))
		s++;
	*negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if ((*base == 0 || *base == 16) && s[0] == '0' && tolower(s[1]) == 'x' &&
	    digit_value(s[2]) < 16) {
		*base = 16;
		return s + 2;
	}
	if (*base == 0)
		*base = *s == '0' ? 8 : 10;
	return s;
}

/* The magnitude, at most `limit`: beyond it `limit` and ERANGE. */
static unsigned long long number_parse(const char *s, char **end, int base, bool *negative,
				       unsigned long long limit)
{
	unsigned long long value = 0;
	const char *digits = number_start(s, negative, &base), *p;

	for (p = digits; digit_value(*p) < base; p++) {
		unsigned int digit = digit_value(*p);

		if (value > (limit - digit) / base) {
			errno = ERANGE;
			value = limit;
		} else if (value != limit) {
			value = value * base + digit;
		}
	}
	if (end)
		*end = (char *)(p == digits ? s : p);
	return value;
}

unsigned long long strtoull(const char *s, char **end, int base)
{
	bool negative;
	unsigned long long value = number_parse(s, end, base, &negative, UINT64_MAX);

	return negative ? -value : value;
}

unsigned long strtoul(const char *s, char **end, int base)
{
	bool negative;
	unsigned long value = number_parse(s, end, base, &negative, ULONG_MAX);

	return negative ? -value : value;
}

long strtol(const char *s, char **end, int base)
{
	bool negative;
	unsigned long value;

	/* The sign decides the limit: there is one more negative number than positive ones. */
	number_start(s, &negative, &base);
	value = number_parse(s, end, base, &negative, negative ? LONG_MAX + 1ul : LONG_MAX);
	return negative ? -value : value;
}

int atoi(const char *s)
{
	return strtol(s, NULL, 10);
}

static void swap_bytes(char *a, char *b, size_t size)
{
	for (; size; size--, a++, b++) {
		char saved = *a;

		*a = *b;
		*b = saved;
	}
}

/* Lets element i sink until no child is larger. */
static void sift_down(char *base, size_t i, size_t count, size_t size,
		      int (*compare)(const void *, const void *))
{
	size_t child;

	for (; (child = 2 * i + 1) < count; i = child) {
		if (child + 1 < count &&
		    compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + i * size, base + child * size) >= 0)
			return;
		swap_bytes(base + i * size, base + child * size, size);
	}
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	size_t i;

	for (i = count / 2; i-- > 0; )
		sift_down(base, i, count, size, compare);
	/* The largest stands in front: to the end with it, and the heap is one shorter. */
	for (i = count; i-- > 1; ) {
		swap_bytes(base, (char *)base + i * size, size);
		sift_down(base, 0, i, size, compare);
	}
}
