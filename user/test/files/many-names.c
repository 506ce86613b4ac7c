/*
 * many-names - a directory with many names: names are created, found, renamed and removed, and compared with a table; a
 * search looks at no more pages, and a name takes no more room, than in a small directory.
 *
 *	many-names [NAMES]
 *
 * Only Shisho counts the pages and slots searched. The names are of all lengths.
 */
#include "check.h"

#include <dirent.h>
#include <sys/stat.h>

enum { NAMES_MAX = 20000, SEARCHED_MAX = 12, ROUNDS = 500, SLOTS_MAX = 100 };

static bool there[NAMES_MAX];
static int names = 1500;

static const char *name_of(int i)
{
	static char name[280];
	int n = snprintf(name, sizeof(name), "many-names.tmp/%d-", i), length = n + i % 7 * (i % 7) * 5;

	memset(name + n, 'x', length - n);
	name[length] = '\0';
	return name;
}

/* => what /proc/vmstat counts under NAME since boot; 0: this kernel does not count it */
static unsigned counter(const char *name)
{
	static char text[8192];
	int fd = open("/proc/vmstat", O_RDONLY), n = 0, r;
	char *line;

	CHECK(fd >= 0);
	while ((r = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += r;
	close(fd);
	text[n] = '\0';
	line = strstr(text, name);
	return line ? atoi(line + strlen(name)) : 0;
}

static void make(int i)
{
	int fd = open(name_of(i), O_WRONLY | O_CREAT | O_EXCL, 0644);

	CHECK(fd >= 0);
	close(fd);
	there[i] = true;
}

static void take_away(int i)
{
	CHECK_EQ(unlink(name_of(i)), 0);
	there[i] = false;
}

static void look(int i)
{
	struct stat st;

	if (there[i])
		CHECK_EQ(stat(name_of(i), &st), 0);
	else
		CHECK_ERROR(stat(name_of(i), &st), ENOENT);
}

/* A listing shows each existing name once, and no other. */
static void list(void)
{
	int wanted = 2, got = 0;
	DIR *d = opendir("many-names.tmp");
	struct dirent *e;

	CHECK(d != NULL);
	while ((e = readdir(d))) {
		got++;
		CHECK(e->d_name[0] == '.' || there[atoi(e->d_name)]);
	}
	closedir(d);
	for (int i = 0; i < names; i++)
		wanted += there[i];
	CHECK_EQ(got, wanted);
}

static int size(void)
{
	struct stat st;

	CHECK_EQ(stat("many-names.tmp", &st), 0);
	return st.st_size;
}

/* Looks up each name once, in an order unlike that of creation; THERE: those that exist, else those that do not. */
static void each(void (*work)(int), bool which)
{
	for (int i = 0; i < names; i++) {
		int n = (int)((long long)i * 7919 % names);

		if (there[n] == which)
			work(n);
	}
}

/* A third is moved to names that are free. */
static void move_some(void)
{
	for (int i = 0; i + 2 < names; i += 3) {
		char from[280];

		take_away(i + 2);
		strcpy(from, name_of(i));
		CHECK_EQ(rename(from, name_of(i + 2)), 0);
		there[i] = false;
		there[i + 2] = true;
	}
}

/* A name that is created and removed again and again leaves nothing behind that slows later searches. */
static void same_again(void)
{
	unsigned before = counter("dir_slots_searched ");

	for (int i = 0; i < ROUNDS; i++) {
		make(0);
		take_away(0);
	}
	CHECK(counter("dir_slots_searched ") - before < ROUNDS * SLOTS_MAX);
}

int main(int argc, char **argv)
{
	unsigned before = counter("dir_pages_searched "), works;
	int full;

	if (argc > 1)
		names = atoi(argv[1]);
	CHECK(names <= NAMES_MAX && names % 7919);
	CHECK_EQ(mkdir("many-names.tmp", 0755), 0);
	each(make, false);
	full = size();
	list();
	each(look, true);
	move_some();
	list();
	each(look, false);
	each(look, true);
	each(make, false);
	each(take_away, true);
	each(look, false);
	list();
	each(make, false);
	each(take_away, true);
	CHECK(size() <= full + full / 4);
	works = 14 * names;
	if (before)
		CHECK(counter("dir_pages_searched ") - before < works * SEARCHED_MAX / 4 + 3 * full / PAGE * full / PAGE);
	same_again();
	CHECK_EQ(rmdir("many-names.tmp"), 0);
	return CHECK_OK();
}
