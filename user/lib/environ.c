/*
 * environ.c - the environment: NAME=value strings after argv on the first stack.
 *
 * setenv copies the list to the heap before its first change. Old values are not freed: they may
 * be the kernel's strings, or getenv may have returned them.
 */
#include <stdlib.h>
#include <string.h>

char **environ;
static char **own;			/* the copy, once there is one */

/* => the entry of NAME in the list; without one the closing NULL */
static char **environ_find(const char *name)
{
	size_t n = strlen(name);
	char **entry = environ;

	while (*entry && !(strncmp(*entry, name, n) == 0 && (*entry)[n] == '='))
		entry++;
	return entry;
}

char *getenv(const char *name)
{
	char *entry = *environ_find(name);

	return entry ? strchr(entry, '=') + 1 : NULL;
}

/* Makes room for one entry more than there are. */
static int environ_grow(void)
{
	size_t count = 0;
	char **list;

	while (environ[count])
		count++;
	list = realloc(own, (count + 2) * sizeof(*list));
	if (!list)
		return -1;
	if (!own)
		memcpy(list, environ, (count + 1) * sizeof(*list));
	list[count + 1] = NULL;
	environ = own = list;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	char *entry;

	if (getenv(name) && !overwrite)
		return 0;
	entry = malloc(strlen(name) + strlen(value) + 2);
	if (!entry || environ_grow() < 0) {
		free(entry);
		return -1;
	}
	strcat(strcat(strcpy(entry, name), "="), value);
	*environ_find(name) = entry;
	return 0;
}
