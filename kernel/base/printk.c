/*
 * Kernel messages: each goes into a ring and to every console.
 *
 * The ring holds all messages, verbose ones included, so that they can be replayed to a console that
 * registers late, and read with GDB after a hang. Verbose messages stand between two marks in the
 * ring, so that the replay can skip them unless `verbose` was given.
 */
#include "kernel/base/printk.h"
#include "kernel/base/string.h"

#define RING_SIZE 16384u /* a power of two */
#define LINE_SIZE 512u

#define VERBOSE_BEGIN '\001'
#define VERBOSE_END '\002'

bool printk_is_verbose;

static char ring[RING_SIZE];
static u32 ring_end; /* bytes ever written */
static struct console *consoles;

static void printk_ring_write(const char *bytes, u32 n)
{
	for (u32 i = 0; i < n; i++)
		ring[ring_end++ % RING_SIZE] = bytes[i];
}

void printk_bytes(const char *bytes, u32 n)
{
	for (struct console *c = consoles; c; c = c->next)
		c->write(bytes, n);
}

void printk_v(const char *fmt, va_list args)
{
	char line[LINE_SIZE];
	u32 n = MIN((u32)format_v(line, sizeof(line), fmt, args), LINE_SIZE - 1);

	printk_ring_write(line, n);
	printk_bytes(line, n);
}

void printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printk_v(fmt, args);
	va_end(args);
}

void printk_verbose(const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list args;
	u32 n;

	va_start(args, fmt);
	n = MIN((u32)format_v(line, sizeof(line), fmt, args), LINE_SIZE - 1);
	va_end(args);
	printk_ring_write((char[]){ VERBOSE_BEGIN }, 1);
	printk_ring_write(line, n);
	printk_ring_write((char[]){ VERBOSE_END }, 1);
	if (printk_is_verbose)
		printk_bytes(line, n);
}

static void replay(struct console *c)
{
	bool verbose = false;

	for (u32 i = ring_end > RING_SIZE ? ring_end - RING_SIZE : 0; i < ring_end; i++) {
		char byte = ring[i % RING_SIZE];

		if (byte == VERBOSE_BEGIN)
			verbose = true;
		else if (byte == VERBOSE_END)
			verbose = false;
		else if (!verbose || printk_is_verbose)
			c->write(&byte, 1);
	}
}

void printk_add_console(struct console *c)
{
	c->next = consoles;
	consoles = c;
	replay(c);
}
