/*
 * Formatting, the command line, 64-bit division.
 * with: kernel/base/format.c kernel/base/cmdline.c kernel/base/string.c
 */
#include "fake.h"

#include "kernel/base/cmdline.h"
#include "kernel/base/div64.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"

static void check_format(const char *wanted, const char *fmt, ...)
{
	char text[128];
	va_list args;
	int n;

	va_start(args, fmt);
	n = format_v(text, sizeof(text), fmt, args);
	va_end(args);
	if (strcmp(text, wanted))
		printk("got '%s', wanted '%s'\n", text, wanted);
	CHECK(!strcmp(text, wanted));
	CHECK_EQUAL(n, (int)strlen(wanted));
}

static void test_format(void)
{
	char small[4] = "xyz";

	check_format("42 -42 +42", "%d %i %+d", 42, -42, 42);
	check_format("   42|42   |00042|-0042", "%5d|%-5d|%05d|%05d", 42, 42, 42, -42);
	check_format("-2147483648 4294967295", "%d %u", -2147483647 - 1, 4294967295u);
	check_format("18446744073709551615", "%llu", ~0ull);
	check_format("-9223372036854775808", "%lld", -9223372036854775807ll - 1);
	check_format("ff FF 0xff 377 0x0000ff", "%x %X %#x %o 0x%06x", 255, 255, 255, 255, 255);
	check_format("abc|  abc|abc  |ab|(null)", "%s|%5s|%-5s|%.2s|%s", "abc", "abc", "abc", "abc",
		     (char *)NULL);
	check_format("x % 0x1234", "%c %% %p", 'x', (void *)0x1234);
	check_format("   7", "%*d", 4, 7);
	check_format("44 12", "%hhu %zu", 44, (size_t)12);
	CHECK_EQUAL(format(small, sizeof(small), "%d", 123456), 6);
	CHECK(!strcmp(small, "123"));
	CHECK_EQUAL(format(NULL, 0, "%s", "five5"), 5);
}

static void test_cmdline(void)
{
	cmdline_init("build/shisho.elf verbose  policy=fifo frames=64 frames=0x80 -- -c 'a b'");
	CHECK(cmdline_flag("verbose"));
	CHECK(!cmdline_flag("verb") && !cmdline_flag("-c"));
	CHECK(!strcmp(cmdline_value("policy"), "fifo"));
	CHECK(!cmdline_value("pol"));
	CHECK_EQUAL(cmdline_u32("frames", 1), 128u);
	CHECK_EQUAL(cmdline_u32("nothing", 7), 7u);
	CHECK(!strcmp(cmdline_init_args(), "-c 'a b'"));
	CHECK(!strcmp(cmdline_text(), "verbose  policy=fifo frames=64 frames=0x80 -- -c 'a b'"));

	cmdline_init("init=/bin/sh frames=12x");
	CHECK(!strcmp(cmdline_value("init"), "/bin/sh"));
	CHECK_EQUAL(cmdline_u32("frames", 9), 9u);
	CHECK(!strcmp(cmdline_init_args(), ""));
	cmdline_init("");
	CHECK(!cmdline_flag(""));
}

static void test_long_cmdline(void)
{
	static char text[5000];

	for (u32 i = 0; i + 1 < sizeof(text); i++)
		text[i] = i % 3 ? 'a' : ' ';
	cmdline_init(text);
	CHECK(cmdline_flag("aa"));
	CHECK(strlen(cmdline_text()) < 2048);
}

static void test_split(void)
{
	char text[] = "  one 'two  2' \"th\\\"ree\" fo\\ ur '' five'5'\"5\"";
	const char *argv[8];

	CHECK_EQUAL(cmdline_split(text, argv, 8), 6u);
	CHECK(!strcmp(argv[0], "one"));
	CHECK(!strcmp(argv[1], "two  2"));
	CHECK(!strcmp(argv[2], "th\"ree"));
	CHECK(!strcmp(argv[3], "fo ur"));
	CHECK(!strcmp(argv[4], ""));
	CHECK(!strcmp(argv[5], "five55"));
}

static void test_split_limit(void)
{
	char text[] = "a b c";
	const char *argv[2];

	CHECK_EQUAL(cmdline_split(text, argv, 2), 2u);
}

static void test_numbers(void)
{
	u32 v, rem;

	CHECK(string_to_u32("4294967295", &v) && v == 0xffffffff);
	CHECK(!string_to_u32("4294967296", &v) && !string_to_u32("", &v));
	CHECK(!string_to_u32("0x", &v));
	CHECK(string_to_u32("0xFfffFfff", &v) && v == 0xffffffff);
	CHECK(!string_to_u32("-1", &v) && !string_to_u32("1 ", &v) && !string_to_u32("0x1g", &v));
	for (int i = 0; i < 100000; i++) {
		u64 n = (u64)fake_random(0x7fffffff) << fake_random(34);
		u32 d = fake_random(0x7fffffff) + 1;

		CHECK_EQUAL(div64(n, d, &rem), n / d);
		CHECK_EQUAL(rem, n % d);
	}
}

static void test_memory(void)
{
	char text[32] = "0123456789";

	memmove(text + 2, text, 10);
	CHECK(!memcmp(text, "010123456789", 12));
	memmove(text, text + 2, 10);
	CHECK(!memcmp(text, "012345678989", 12));
	CHECK(!strcmp(strchr("a/b/c", '/'), "/b/c") && !strcmp(strrchr("a/b/c", '/'), "/c"));
	CHECK(strchr("abc", 'x') == NULL && *strchr("abc", 0) == '\0');
	CHECK_EQUAL(strlcpy(text, "too long", 4), 8u);
	CHECK(!strcmp(text, "too"));
}

int main(void)
{
	test_format();
	test_cmdline();
	test_long_cmdline();
	test_split();
	test_split_limit();
	test_numbers();
	test_memory();
	return 0;
}
