/*
 * format.h - the heart of printf: text and arguments in, pieces of output out.
 */
#ifndef USER_LIB_FORMAT_H
#define USER_LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Where the pieces go. */
struct format_sink {
	void (*put)(struct format_sink *sink, const char *from, size_t n);
	size_t written;			/* bytes put so far: counted by format() itself */
};

/* => the number of bytes put */
int format(struct format_sink *sink, const char *text, va_list ap);

#endif
