/*
 * keys.h - the keys without a character, for programs that read a terminal key by key.
 *
 * A terminal sends such a key as an escape character, [ or O, and then a letter, or a number and a tilde.
 *
 * Source: xterm "Control Sequences", "PC-Style Function Keys".
 */
#ifndef USER_BIN_KEYS_H
#define USER_BIN_KEYS_H

enum key {
	KEY_UP = 256, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_DELETE, KEY_PAGE_UP, KEY_PAGE_DOWN,
	KEY_UNKNOWN,
	KEY_CLOSED,	/* the terminal is gone */
};

static inline int key_of_number(int number)
{
	switch (number) {
	case 1: case 7: return KEY_HOME;
	case 3: return KEY_DELETE;
	case 4: case 8: return KEY_END;
	case 5: return KEY_PAGE_UP;
	case 6: return KEY_PAGE_DOWN;
	default: return KEY_UNKNOWN;
	}
}

/* An escape character and then C have come; NEXT reads one more byte, and may return KEY_CLOSED. => the key */
static inline int key_behind_escape(int c, int (*next)(void))
{
	int number = 0;

	if (c != '[' && c != 'O')
		return KEY_UNKNOWN;
	for (c = next(); (c >= '0' && c <= '9') || c == ';'; c = next())
		number = c == ';' ? 0 : number * 10 + c - '0';
	switch (c) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return KEY_RIGHT;
	case 'D': return KEY_LEFT;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	case '~': return key_of_number(number);
	default: return c == KEY_CLOSED ? KEY_CLOSED : KEY_UNKNOWN;
	}
}

#endif
