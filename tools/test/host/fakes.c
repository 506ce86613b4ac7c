/* RAM, chance, messages and panics for the host tests. */
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "kernel/base/clock.h"
#include "kernel/base/inject.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/mm.h"
#include "mm/pageout.h"
#include "mm/pagetable.h"
#include "mm/rmap.h"

__attribute__((aligned(LARGE_PAGE_SIZE))) char host_ram[HOST_RAM_FRAMES * PAGE_SIZE];
static struct frame frames[HOST_RAM_FRAMES];

/* --- messages ------------------------------------------------------------------------------------------------------ */

static const char *expected; /* in a copy: the panic's message must hold this */
static pid_t copy;

bool printk_is_verbose;

void host_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	printf("  %s:%d: ", file, line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	_exit(1);
}

void panic_at(const char *file, int line, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (expected && strstr(text, expected))
		_exit(0);
	printf("  panic at %s:%d: %s\n", file, line, text);
	fflush(stdout);
	if (expected)
		_exit(3);
	abort();
}

/* The kernel's messages are dropped, unless a test wants to see them. */
void printk(const char *fmt, ...)
{
	va_list args;

	if (!getenv("HOST_VERBOSE"))
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
}

bool host_in_copy(const char *text)
{
	fflush(stdout);
	copy = fork();
	if (copy == 0)
		expected = text;
	return copy == 0;
}

void host_no_panic(void)
{
	_exit(2);
}

void host_check_copy(const char *file, int line, const char *statement)
{
	int status;

	waitpid(copy, &status, 0);
	if (status)
		host_fail(file, line, "no panic, or another one: %s", statement);
}

/* --- chance -------------------------------------------------------------------------------------------------------- */

/* Marsaglia, "Xorshift RNGs" (2003). */
static u64 next_random(void)
{
	static u64 state;

	if (!state)
		state = 88172645463325252ull ^ (getenv("HOST_SEED") ? strtoull(getenv("HOST_SEED"), NULL, 0) : 0);
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

u32 host_random(u32 below)
{
	return (u32)((next_random() >> 20) % below);
}

void host_shuffle(u32 *values, u32 n)
{
	for (u32 i = n; i > 1; i--) {
		u32 j = host_random(i), kept = values[i - 1];

		values[i - 1] = values[j];
		values[j] = kept;
	}
}

u32 host_rounds(u32 usual)
{
	const char *percent = getenv("HOST_ROUNDS");

	return percent ? MAX(1, (u32)((u64)usual * strtoul(percent, NULL, 0) / 100)) : usual;
}

/* --- failures on purpose ------------------------------------------------------------------------------------------- */

bool inject_armed;
static u32 fail_every[INJECT_POINTS];

void host_inject(u32 point, u32 every)
{
	fail_every[point] = every;
	inject_armed |= every != 0;
}

bool inject_decide(enum inject_point p)
{
	return fail_every[p] && host_random(fail_every[p]) == 0;
}

/* --- the machine --------------------------------------------------------------------------------------------------- */

void host_memory(u32 first, u32 count)
{
	CHECK(count <= HOST_RAM_FRAMES);
	frame_init(frames, count);
	frame_add(first, count - first);
}

void host_boot(u32 count, u32 limit)
{
	frame_poisoning = true;
	host_memory(1, count);
	pagetable_init();
	rmap_init();
	backing_init();
	frame_set_limit(limit);
}

static void (*daemon_out_of_memory)(bool crowded);

static void daemon_body(void *unused)
{
	(void)unused;
	pageout_run(daemon_out_of_memory);
}

void host_daemon(void (*out_of_memory)(bool crowded))
{
	daemon_out_of_memory = out_of_memory;
	host_thread(daemon_body, NULL, true);
}

int format_v(char *buf, size_t size, const char *fmt, va_list args)
{
	return vsnprintf(buf, size, fmt, args);
}

int format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = format_v(buf, size, fmt, args);
	va_end(args);
	return n;
}

u64 clock_cycles(void)
{
	return clock_ns();
}

/* The fake time does not pass while a line is written. */
void clock_set_back(u64 cycles)
{
	(void)cycles;
}

u64 clock_ns(void)
{
	static u64 ns;

	return ns += 1000;
}
