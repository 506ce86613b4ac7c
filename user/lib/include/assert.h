/* assert.h: a condition that must hold; otherwise a line on standard error and SIGABRT. */
#ifndef ASSERT_H
#define ASSERT_H

void assert_failed(const char *file, int line, const char *condition) __attribute__((noreturn));

#define assert(condition) \
	((condition) ? (void)0 : assert_failed(__FILE__, __LINE__, #condition))

#endif
