/*
 * ls - lists a directory, one name per line; -l with type, link count, size and the target of a symbolic link, -a with names
 * that begin with a dot, -d: the directory itself.
 */
#define MISUSED 2
#include "tool.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static bool longer, all, itself;

static int failed(const char *path)
{
	fprintf(stderr, "ls: %s: %s\n", path, strerror(errno));
	return 1;
}

static char kind(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR: return 'd';
	case S_IFCHR: return 'c';
	case S_IFBLK: return 'b';
	case S_IFIFO: return 'p';
	case S_IFLNK: return 'l';
	default: return '-';
	}
}

static int print_entry(const char *path, const char *name)
{
	char rights[11], target[PATH_MAX];
	struct stat st;
	int length;

	if (!longer)
		return puts(name) == EOF;
	if (lstat(path, &st) < 0)
		return failed(path);
	rights[0] = kind(st.st_mode);
	for (int i = 0; i < 9; i++)
		rights[1 + i] = st.st_mode & 0400 >> i ? "rwx"[i % 3] : '-';
	rights[10] = '\0';
	printf("%s %3u %10lld %s", rights, st.st_nlink, st.st_size, name);
	length = S_ISLNK(st.st_mode) ? readlink(path, target, sizeof(target)) : 0;
	if (length > 0)
		printf(" -> %.*s", length, target);
	return puts("") == EOF;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Collects the names, sorted, in malloc'ed memory. => their number */
static size_t read_names(DIR *dir, char ***list)
{
	size_t count = 0, room = 0;
	struct dirent *entry;

	*list = NULL;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' && !all)
			continue;
		if (count == room) {
			room = room ? room * 2 : 32;
			*list = realloc(*list, room * sizeof(**list));
		}
		if (!*list || !((*list)[count++] = strdup(entry->d_name)))
			die("ls", "names");
	}
	qsort(*list, count, sizeof(**list), by_name);
	return count;
}

static int list(const char *path, bool title)
{
	char full[PATH_MAX], **names;
	struct stat st;
	int status = 0;
	size_t count;
	DIR *dir;

	/* A symbolic link is followed to its directory, except with -l, which shows the link itself. */
	if ((longer || stat(path, &st) < 0) && lstat(path, &st) < 0)
		return failed(path);
	if (itself || !S_ISDIR(st.st_mode))
		return print_entry(path, path);
	dir = opendir(path);
	if (!dir)
		return failed(path);
	if (title)
		printf("%s:\n", path);
	count = read_names(dir, &names);
	for (size_t i = 0; i < count; i++) {
		snprintf(full, sizeof(full), "%s/%s", path, names[i]);
		status |= print_entry(full, names[i]);
		free(names[i]);
	}
	free(names);
	closedir(dir);
	return status;
}

int main(int argc, char **argv)
{
	bool several;
	int status = 0;
	char option;

	(void)argc;
	argv++;
	while ((option = next_option("ls [-lad1] [FILE...]", "lad1", &argv))) {
		longer |= option == 'l';
		all |= option == 'a';
		itself |= option == 'd';
	}
	if (!*argv)
		status = list(".", false);
	for (several = argv[0] && argv[1]; *argv; argv++)
		status |= list(*argv, several);
	return finish("ls", status);
}
