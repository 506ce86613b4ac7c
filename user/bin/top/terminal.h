/*
 * terminal.h - the terminal's mode, keys and signals. However the program ends or stops, the terminal is left as it was found.
 */
#ifndef USER_BIN_TOP_TERMINAL_H
#define USER_BIN_TOP_TERMINAL_H

#include "bin/keys.h"

#include <stdbool.h>

enum { KEY_NONE = 0, KEY_ESCAPE = 27 };

/* Keys are passed on at once, without echo; the alternate screen is shown, without a cursor; signals restore both. */
void terminal_begin(void);
void terminal_end(void);

/* The size as the kernel knows it, 25 rows of 80 columns if it does not. */
void terminal_size(int *rows, int *columns);

/*
 * Waits at most MS milliseconds for a key. => KEY_NONE: none came, or a signal did; KEY_UNKNOWN: one that has no name in keys.h
 */
int terminal_key(unsigned long ms);

/* Stops, if Ctrl-Z has been typed, until fg. => true: everything must be drawn anew, perhaps in another size */
bool terminal_check_signals(void);

#endif
