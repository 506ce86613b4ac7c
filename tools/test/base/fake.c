/* What stands below the tested files, on the host. */
#include "fake.h"

#include <stdarg.h>
#include <stdint.h>

#include "kernel/base/panic.h"
#include "kernel/base/printk.h"

int dprintf(int fd, const char *fmt, ...);
int vdprintf(int fd, const char *fmt, va_list args);
void abort(void) NORETURN;
void exit(int status) NORETURN;

bool fake_panic_expected;
jmp_buf fake_panic_return;

void panic_at(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	if (fake_panic_expected)
		longjmp(fake_panic_return, 1);
	dprintf(2, "panic at %s:%d: ", file, line);
	va_start(args, fmt);
	vdprintf(2, fmt, args);
	va_end(args);
	dprintf(2, "\n");
	abort();
}

void __attribute__((weak)) printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vdprintf(1, fmt, args);
	va_end(args);
}

void fake_check(bool ok, const char *file, int line, const char *what, long long got, long long wanted)
{
	if (ok)
		return;
	dprintf(2, "%s:%d: not so: %s (got %lld, wanted %lld)\n", file, line, what, got, wanted);
	exit(1);
}

unsigned fake_random(unsigned limit)
{
	static uint64_t state = 20260101;

	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(state >> 33) % limit;
}
