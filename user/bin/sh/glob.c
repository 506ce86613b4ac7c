/*
 * glob.c - which files match a pattern: * any bytes, ? one byte, [set] one of a set, which may have ranges, [!set] any
 * other. A leading dot of a name must be matched by a dot.
 */
#include "sh.h"
#include "bin/tool.h"

#include <dirent.h>
#include <sys/stat.h>

struct found {
	char **names;
	size_t count, room;
};

/* => is C in the set that begins at P, after the [? *end: the byte after the ]; NULL: there is no ] */
static bool in_set(const char *p, char c, const char **end)
{
	bool other = *p == '!', in = false;
	const char *first = p + other;

	for (p = first; *p && (*p != ']' || p == first); p++) {
		char low = *p == '\\' && p[1] ? *++p : *p;

		if (p[1] == '-' && p[2] && p[2] != ']') {
			p += 2;
			in |= low <= c && c <= *p;
		} else {
			in |= low == c;
		}
	}
	*end = *p ? p + 1 : NULL;
	return in != other;
}

static bool matches(const char *p, const char *name)
{
	const char *end;

	if (*p == '*')
		return matches(p + 1, name) || (*name && matches(p, name + 1));
	if (!*p || !*name)
		return *p == *name;
	if (*p == '?')
		return matches(p + 1, name + 1);
	if (*p == '[') {
		bool in = in_set(p + 1, *name, &end);

		if (end)
			return in && matches(end, name + 1);
	}
	if (*p == '\\' && p[1])
		p++;
	return *p == *name && matches(p + 1, name + 1);
}

static void remember(struct found *f, const char *name)
{
	if (f->count + 2 > f->room) {
		f->room = f->room * 2 + 16;
		f->names = realloc(f->names, f->room * sizeof(*f->names));
	}
	if (!f->names || !(f->names[f->count++] = strdup(name)))
		die("sh", "memory");
	f->names[f->count] = NULL;
}

static void look(struct found *f, const char *pattern, const char *path);

/* PATH exists; PART, a piece of the pattern without /, is matched against the names in it, REST against the names below those. */
static void look_into(struct found *f, const char *part, const char *rest, const char *path)
{
	DIR *dir = opendir(*path ? path : ".");
	struct dirent *entry;
	char next[4096];

	while (dir && (entry = readdir(dir))) {
		if ((entry->d_name[0] == '.' && part[0] != '.') || !matches(part, entry->d_name) ||
		    strlen(path) + strlen(entry->d_name) + 2 > sizeof(next))
			continue;
		snprintf(next, sizeof(next), "%s%s%s", path, entry->d_name, *rest ? "/" : "");
		look(f, rest + strspn(rest, "/"), next);
	}
	if (dir)
		closedir(dir);
}

static void look(struct found *f, const char *pattern, const char *path)
{
	char part[256];
	struct stat st;
	size_t n = strcspn(pattern, "/");

	if (!*pattern) {
		if (lstat(path, &st) == 0)
			remember(f, path);
	} else if (n < sizeof(part)) {
		memcpy(part, pattern, n);
		part[n] = '\0';
		look_into(f, part, pattern + n, path);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **sh_glob(const char *pattern)
{
	struct found f = { NULL, 0, 0 };

	look(&f, pattern + strspn(pattern, "/"), *pattern == '/' ? "/" : "");
	if (f.count)
		qsort(f.names, f.count, sizeof(*f.names), by_name);
	return f.names;
}
