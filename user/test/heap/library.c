/*
 * library - the C library itself: formats, numbers, strings, sorting, 64-bit division.
 */
#include "check.h"

#include <limits.h>

#define CHECK_FORMAT(expected, ...) \
	do { \
		char text_[128]; \
		int n_ = snprintf(text_, sizeof(text_), __VA_ARGS__); \
		if (strcmp(text_, expected) != 0 || n_ != (int)strlen(expected)) \
			check_fail(__FILE__, __LINE__, expected, n_, strlen(expected)); \
	} while (0)

static void formats(void)
{
	char small[4];

	CHECK_FORMAT("-5 5 ff FF 17", "%d %u %x %X %o", -5, 5, 255, 255, 15);
	CHECK_FORMAT("   42|42   |00042|+42| 42", "%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42);
	CHECK_FORMAT("-0042|  -42|-42  |", "%05d|%5d|%-5d|", -42, -42, -42);
	CHECK_FORMAT("  007|  -07", "%5.3d|%*.*d", 7, 5, 2, -7);
	CHECK_FORMAT("-2147483648 4294967295", "%d %u", INT_MIN, UINT_MAX);
	CHECK_FORMAT("-9223372036854775808", "%lld", -INT64_MAX - 1);
	CHECK_FORMAT("18446744073709551615 ffffffffffffffff", "%llu %llx", UINT64_MAX, UINT64_MAX);
	CHECK_FORMAT("12 34 56", "%ld %lu %zu", 12l, 34ul, (size_t)56);
	CHECK_FORMAT("hi|   hi|hi   |h|", "%s|%5s|%-5s|%.1s|", "hi", "hi", "hi", "hi");
	CHECK_FORMAT("x|%|0x1f|0x1234", "%c|%%|%#x|%p", 'x', 31, (void *)0x1234);
	CHECK_FORMAT("44 -12", "%hhu %hd", (unsigned char)44, (short)-12);
	CHECK_EQ(snprintf(small, sizeof(small), "%s", "abcdef"), 6);
	CHECK_EQ(strcmp(small, "abc"), 0);
	CHECK_EQ(snprintf(NULL, 0, "%d", 12345), 5);
}

static void numbers(void)
{
	char *end;

	CHECK_EQ(strtol(" -12x", &end, 10), -12);
	CHECK_EQ(*end, 'x');
	CHECK_EQ(strtol("0x1fz", &end, 0), 31);
	CHECK_EQ(*end, 'z');
	CHECK_EQ(strtol("0x", &end, 0), 0);
	CHECK_EQ(*end, 'x');
	CHECK_EQ(strtol("017", NULL, 0), 15);
	CHECK_EQ(strtol("-2147483648", NULL, 10), LONG_MIN);
	errno = 0;
	CHECK_EQ(strtol("2147483648", NULL, 10), LONG_MAX);
	CHECK_EQ(errno, ERANGE);
	CHECK_EQ(strtoul("4294967295", NULL, 10), ULONG_MAX);
	CHECK_EQ(strtoull("ffffffffffffffff", NULL, 16), UINT64_MAX);
	CHECK_EQ(strtol("none", &end, 10), 0);
	CHECK_EQ(*end, 'n');
	CHECK_EQ(atoi("77 "), 77);
}

static void strings(void)
{
	char text[32] = "abcdefghij";

	memmove(text + 2, text, 8);
	CHECK_EQ(strcmp(text, "ababcdefgh"), 0);
	memmove(text, text + 2, 9);
	CHECK_EQ(strcmp(text, "abcdefgh"), 0);
	CHECK(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && strcmp("\xff", "a") > 0);
	CHECK_EQ(strncmp("abc", "abd", 2), 0);
	CHECK_EQ(strchr(text, 'd') - text, 3);
	CHECK_EQ(strchr(text, '\0') - text, 8);
	CHECK(strchr(text, 'z') == NULL);
	CHECK_EQ(strrchr("a/b/c", '/') - "a/b/c", 3);
	CHECK_EQ(strstr(text, "def") - text, 3);
	CHECK(strstr(text, "dex") == NULL);
	CHECK_EQ(strspn("aabc", "ab"), 3);
	CHECK_EQ(strcspn("abc;", ";|"), 3);
	CHECK_EQ(memcmp("ab\0c", "ab\0d", 4), -1);
	CHECK(memchr("abc", 'c', 2) == NULL);
	CHECK_EQ(strcmp(strerror(ENOENT), "No such file or directory"), 0);
}

static int by_value(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static void order(void)
{
	static int numbers[1000];
	uint32_t seed = 7;

	for (int n = 0; n <= 1000; n += n < 10 ? 1 : 330) {
		long sum = 0;

		for (int i = 0; i < n; i++)
			sum += numbers[i] = check_random(&seed) % 500;
		qsort(numbers, n, sizeof(*numbers), by_value);
		for (int i = 0; i < n; i++) {
			CHECK(i == 0 || numbers[i - 1] <= numbers[i]);
			sum -= numbers[i];
		}
		CHECK_EQ(sum, 0);
	}
}

/* q * d + r == n with r < d proves a division correct. volatile: the compiler must not compute it. */
static void division(void)
{
	volatile int64_t minus_seven = -7, two = 2;
	int64_t dividend = minus_seven, divisor = two, quotient = dividend / divisor, rest = dividend % divisor;
	uint32_t seed = 99;

	for (int i = 0; i < 20000; i++) {
		volatile uint64_t n = (uint64_t)check_random(&seed) << 32 | check_random(&seed);
		volatile uint64_t d = (uint64_t)check_random(&seed) << 32 | check_random(&seed);
		uint64_t q, r;

		d = d >> check_random(&seed) % 63 | 1;
		n = n >> check_random(&seed) % 63;
		q = n / d;
		r = n % d;
		CHECK(r < d && q * d + r == n);
	}
	CHECK_EQ((int64_t)(volatile int64_t){ -7 } / 2, -3);
	CHECK_EQ((int64_t)(volatile int64_t){ -7 } % 2, -1);
	CHECK_EQ((int64_t)(volatile int64_t){ 7 } / -2, -3);
	CHECK_EQ((int64_t)(volatile int64_t){ -INT64_MAX } / INT64_MAX, -1);
	/* For both together compilers call one function. */
	CHECK_EQ(quotient, -3);
	CHECK_EQ(rest, -1);
}

static void environment(void)
{
	CHECK_EQ(setenv("CHECK_NAME", "one", 1), 0);
	CHECK_EQ(strcmp(getenv("CHECK_NAME"), "one"), 0);
	CHECK_EQ(setenv("CHECK_NAME", "two", 0), 0);
	CHECK_EQ(strcmp(getenv("CHECK_NAME"), "one"), 0);
	CHECK_EQ(setenv("CHECK_NAME", "three", 1), 0);
	CHECK_EQ(strcmp(getenv("CHECK_NAME"), "three"), 0);
	CHECK(getenv("CHECK_NAM") == NULL);
}

/* A stream over a pipe: lines of every length, also beyond the buffer. */
static void streams(void)
{
	char *line = NULL;
	size_t room = 0;
	FILE *in, *out;
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	in = fdopen(fd[0], "r");
	out = fdopen(fd[1], "w");
	for (int n = 0; n < 200; n++)
		fprintf(out, "%0*d\n", n + 1, 0);
	fputs("the end", out);
	CHECK_EQ(fclose(out), 0);
	for (int n = 0; n < 200; n++)
		CHECK_EQ(getline(&line, &room, in), n + 2);
	CHECK_EQ(getline(&line, &room, in), 7);
	CHECK_EQ(strcmp(line, "the end"), 0);
	CHECK_EQ(getline(&line, &room, in), -1);
	CHECK(feof(in) && !ferror(in));
	fclose(in);
	free(line);
}

int main(void)
{
	formats();
	numbers();
	strings();
	order();
	division();
	environment();
	streams();
	return CHECK_OK();
}
