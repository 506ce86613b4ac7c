/*
 * rm - removes files; -f ignores those that do not exist, -d also removes empty directories, -r directories with everything
 * in them.
 */
#include "tool.h"

#include <dirent.h>
#include <stdbool.h>
#include <unistd.h>

static bool force, directories, all;

static int remove_entry(const char *path);

/*
 * Removes the contents of a directory. After each removal it is read from the beginning again, since a position is not valid
 * in a directory that has changed.
 */
static int remove_inside(const char *path)
{
	char inside[4096];
	struct dirent *entry;
	bool gone = true;
	DIR *dir;

	while (gone) {
		gone = false;
		dir = opendir(path);
		if (!dir)
			return 1;
		while (!gone && (entry = readdir(dir))) {
			if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
				continue;
			snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name);
			gone = true;
		}
		closedir(dir);
		if (gone && remove_entry(inside))
			return 1;
	}
	return 0;
}

static int remove_entry(const char *path)
{
	struct stat st;

	if (all && lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (remove_inside(path) == 0 && rmdir(path) == 0)
			return 0;
	} else if (unlink(path) == 0 || (directories && rmdir(path) == 0)) {
		return 0;
	}
	if (force && errno == ENOENT)
		return 0;
	fprintf(stderr, "rm: %s: %s\n", path, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	static const char text[] = "rm [-f] [-d] [-r] FILE...";
	int status = 0;
	char option;

	(void)argc;
	argv++;
	while ((option = next_option(text, "fdrR", &argv))) {
		force |= option == 'f';
		directories |= option == 'd';
		all |= option == 'r' || option == 'R';
	}
	if (!*argv && !force)
		usage(text);
	for (; *argv; argv++)
		status |= remove_entry(*argv);
	return status;
}
