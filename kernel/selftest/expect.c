/* Counts what did not hold. */
#include "kernel/base/printk.h"
#include "kernel/selftest/selftest.h"

#define REPORTED_MAX 20

const char *selftest_part;
u32 selftest_failures;

bool selftest_expect(bool ok, u32 line, const char *what)
{
	if (!ok && selftest_failures++ < REPORTED_MAX)
		printk("selftest: %s: line %u: not so: %s\n", selftest_part, line, what);
	return ok;
}
