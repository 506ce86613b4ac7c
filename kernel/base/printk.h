/*
 * Kernel messages: formatted text to every registered console, and into a ring that holds the latest.
 *
 * Formats: %d %i %u %x %X %o %c %s %p %% with width, '-', '0', and the l, ll, z, h lengths. No floating point.
 */
#pragma once

#include "kernel/base/types.h"

/* A console driver. WRITE polls and never sleeps; it must work in a panic. */
struct console {
	void (*write)(const char *bytes, u32 n);
	struct console *next;
};

/* Registers C: earlier messages are replayed to it from the ring, later ones are printed on it. */
void printk_add_console(struct console *c);

void printk(const char *fmt, ...) PRINTF_LIKE(1, 2);
void printk_v(const char *fmt, va_list args);

/* Printed only with `verbose` on the command line; always stored in the ring. */
void printk_verbose(const char *fmt, ...) PRINTF_LIKE(1, 2);
extern bool printk_is_verbose;

/* Writes bytes to the consoles unchanged, and not to the ring: the output of the user's terminal. */
void printk_bytes(const char *bytes, u32 n);

/*
 * Formats into BUF of SIZE bytes; the result ends with NUL if SIZE > 0.
 * => the length of the whole text, even if it did not fit, as C's snprintf
 */
int format(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
int format_v(char *buf, size_t size, const char *fmt, va_list args);
