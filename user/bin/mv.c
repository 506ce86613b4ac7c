/*
 * mv - gives a file or a directory another name, in its own or in another directory of the same disk.
 */
#include "tool.h"

#include <stdbool.h>
#include <sys/stat.h>

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int main(int argc, char **argv)
{
	const char *to = argv[argc - 1], *slash;
	static char path[4096];

	if (argc != 3)
		usage("mv FROM TO");
	if (is_directory(to)) {
		slash = strrchr(argv[1], '/');
		snprintf(path, sizeof(path), "%s/%s", to, slash ? slash + 1 : argv[1]);
		to = path;
	}
	if (rename(argv[1], to) < 0)
		die("mv", argv[1]);
	return 0;
}
