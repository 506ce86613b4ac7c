/*
 * free - memory and swap from /proc/meminfo, in KiB as on Linux, and in frames of 4 KiB.
 */
#include "tool.h"

#include <proc.h>

struct memory {
	long long total, free, shared, cache, available, swap_total, swap_free;
};

static long long kib(const char *key)
{
	long long n = proc_number("/proc/meminfo", key);

	return n == PROC_ABSENT ? 0 : n;
}

static void print_table(const struct memory *m, const char *what, int unit)
{
	printf("%-6s %11s %11s %11s %11s %11s %11s\n", what, "total", "used", "free", "shared",
	       "cache", "available");
	printf("Mem:   %11lld %11lld %11lld %11lld %11lld %11lld\n", m->total / unit,
	       (m->total - m->free - m->cache) / unit, m->free / unit, m->shared / unit,
	       m->cache / unit, m->available / unit);
	printf("Swap:  %11lld %11lld %11lld\n", m->swap_total / unit,
	       (m->swap_total - m->swap_free) / unit, m->swap_free / unit);
}

int main(int argc, char **argv)
{
	struct memory m = {
		.total = kib("MemTotal"),
		.free = kib("MemFree"),
		.shared = kib("Shmem"),
		.cache = kib("Buffers") + kib("Cached"),
		.available = kib("MemAvailable"),
		.swap_total = kib("SwapTotal"),
		.swap_free = kib("SwapFree"),
	};

	(void)argc;
	operands("free", argv, 0, 0);
	if (m.total == 0)
		die("free", "/proc/meminfo");
	print_table(&m, "KiB", 1);
	print_table(&m, "Frames", 4);
	return finish("free", 0);
}
