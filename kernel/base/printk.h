/*
 * The kernel's own voice: formatted lines to every registered console, and a ring that remembers them.
 *
 * Formats: %d %i %u %x %X %o %c %s %p %% with width, '-', '0', and the l, ll, z, h lengths. No floating point.
 */
#pragma once

#include "kernel/base/types.h"

/* What a console driver offers: write bytes, polling, never sleeping; must work in a panic. */
struct console {
	void (*write)(const char *bytes, u32 n);
	struct console *next;
};

/* From now on C gets what printk prints; what was printed before is replayed to it from the ring. */
void printk_add_console(struct console *c);

void printk(const char *fmt, ...) PRINTF_LIKE(1, 2);
void printk_v(const char *fmt, va_list args);

/* Boot chatter: printed only with `verbose` on the command line (always kept in the ring). */
void printk_verbose(const char *fmt, ...) PRINTF_LIKE(1, 2);
extern bool printk_is_verbose;

/* Bytes to the consoles as they are (the user's terminal output goes here). */
void printk_bytes(const char *bytes, u32 n);

/*
 * Formats into BUF of SIZE bytes, always terminated when SIZE > 0.
 * => the length that the whole text has (as C's snprintf)
 */
int format(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
int format_v(char *buf, size_t size, const char *fmt, va_list args);
