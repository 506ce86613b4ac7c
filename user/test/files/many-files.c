/* many-files - more small files than a kernel would keep in memory; each is found again with its contents. */
#include "check.h"

static const char *name_of(int i)
{
	static char name[40];

	snprintf(name, sizeof(name), "many-files-with-a-long-name-%d", i);
	return name;
}

int main(int argc, char **argv)
{
	int files = argc > 1 ? atoi(argv[1]) : 300, got;

	for (int i = 0; i < files; i++) {
		int fd = open(name_of(i), O_WRONLY | O_CREAT | O_EXCL, 0644);

		CHECK(fd >= 0);
		CHECK_EQ(write(fd, &i, sizeof(i)), sizeof(i));
		close(fd);
	}
	for (int i = files - 1; i >= 0; i--) {
		int fd = open(name_of(i), O_RDONLY);

		CHECK(fd >= 0);
		CHECK_EQ(read(fd, &got, sizeof(got)), sizeof(got));
		CHECK_EQ(got, i);
		close(fd);
		if (i % 2)
			CHECK_EQ(unlink(name_of(i)), 0);
	}
	for (int i = 0; i < files; i++) {
		if (i % 2)
			CHECK_ERROR(unlink(name_of(i)), ENOENT);
		else
			CHECK_EQ(unlink(name_of(i)), 0);
	}
	return CHECK_OK();
}
