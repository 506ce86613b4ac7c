/*
 * script - files whose first line names their interpreter.
 *
 * This program is the interpreter: called as "show" it prints its arguments. Every result is printed, so that the
 * comparison with Linux shows the first that differs.
 */
#include "check.h"

#include <limits.h>
#include <sys/stat.h>

static char self[PATH_MAX];

static void make(const char *name, const char *text, size_t n, int mode)
{
	int fd;

	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, mode);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, n), n);
	CHECK_EQ(close(fd), 0);
}

/* Paths of the machine that the test runs on are not printed. */
static const char *without_place(const char *text)
{
	return strcmp(text, self) == 0 ? "SELF" : text;
}

static int show(int argc, char **argv)
{
	char name[32] = "", program[PATH_MAX] = "";
	int fd = open("/proc/self/comm", O_RDONLY);

	CHECK(fd >= 0);
	CHECK(read(fd, name, sizeof(name) - 1) > 0);
	close(fd);
	CHECK(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
	printf("  called %.*s, program %s, %d arguments:", (int)strcspn(name, "\n"), name, without_place(program), argc);
	for (int i = 0; i < argc; i++)
		printf(" [%.60s]%zu", without_place(argv[i]), strlen(without_place(argv[i])));
	printf(" %s\n", getenv("MARK"));
	return 0;
}

static void run_with(const char *name, char **argv)
{
	char *envp[] = { "MARK=kept", NULL };
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		execve(name, argv, envp);
		printf("  %s\n", strerror(errno));
		fflush(stdout);
		_exit(9);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK(status == 0 || status == 9 << 8);
}

static void run(const char *what, const char *line)
{
	char text[2 * PATH_MAX], *argv[] = { "ignored", "one", "two three", NULL };
	char *end = text;

	printf("%s\n", what);
	for (const char *p = line; *p; p++) { /* @ stands for this program */
		if (*p == '@')
			end = strcpy(end, self) + strlen(self);
		else
			*end++ = *p;
	}
	make("script", text, end - text, 0755);
	run_with("./script", argv);
}

static void one_line_in_every_form(void)
{
	run("nothing behind the interpreter", "#!@\n");
	run("an argument", "#!@ show\n");
	run("blanks", "#! \t @ \t show \t \n");
	run("blanks within", "#!@ show  this one\n");
	run("no end of the line", "#!@ show");
	run("nobody", "#!\n@ show\n");
	run("blanks alone", "#!   \t\n");
	run("nobody of that name", "#!./absent show\n");
	run("a folder", "#!/ show\n");
	run("one mark missing", "#@ show\n");
	run("a blank in front", " #!@ show\n");
}

/* Only the first 256 bytes count. */
static void long_lines(void)
{
	static char line[600];

	for (int n = 254; n <= 258; n++) {
		memset(line, 'a', sizeof(line));
		memcpy(line, "#!./i ", 6);
		line[n - 1] = '\n';
		line[n] = '\0';
		printf("%d bytes\n", n);
		run("argument cut", line);
		line[n - 1] = '\0';
		run("without end", line);
		memset(line, 'a', 6);
		memcpy(line, "#!./", 4);
		line[n - 1] = ' ';
		run("interpreter cut", line);
	}
}

static void without_permission(void)
{
	char *argv[] = { "x", NULL };

	printf("not to be run\n");
	make("script", "#!./i show\n", 11, 0644);
	run_with("./script", argv);
	printf("interpreter not to be run\n");
	make("plain", "x", 1, 0644);
	run("", "#!./plain\n");
	printf("an empty file\n");
	make("script", "", 0, 0755);
	run_with("./script", argv);
	printf("no arguments\n");
	make("script", "#!./i show\n", 11, 0755);
	run_with("./script", argv + 1);
}

static void scripts_of_scripts(void)
{
	char name[20], line[40], *argv[] = { "x", "last", NULL };

	for (int depth = 1; depth <= 8; depth++) {
		snprintf(name, sizeof(name), "./s%d", depth);
		snprintf(line, sizeof(line), depth == 1 ? "#!./i show\n" : "#!./s%d level%d\n", depth - 1, depth);
		make(name, line, strlen(line), 0755);
		printf("%d scripts\n", depth);
		run_with(name, argv);
	}
	make("s1", "#!./s1\n", 7, 0755);
	printf("a script of its own\n");
	run_with("./s1", argv);
}

/* The first argument, which is replaced, fills pages; so do those after it. */
static void long_arguments(void)
{
	static char longer[3 * PAGE], other[2 * PAGE];
	char *argv[] = { longer, other, "end", NULL };

	make("script", "#!./i show\n", 11, 0755);
	for (int n = PAGE - 12; n < PAGE + 12; n += 3) {
		memset(longer, 'x', sizeof(longer));
		memset(other, 'y', sizeof(other));
		longer[2 * n] = other[n] = '\0';
		printf("%d bytes\n", n);
		run_with("./script", argv);
	}
}

int main(int argc, char **argv)
{
	char folder[] = "script-test";

	CHECK(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	if (getenv("MARK"))
		return show(argc, argv);
	mkdir(folder, 0755);
	CHECK_EQ(chdir(folder), 0);
	unlink("i");
	CHECK_EQ(symlink(self, "i"), 0);
	one_line_in_every_form();
	long_lines();
	without_permission();
	scripts_of_scripts();
	long_arguments();
	fflush(stdout);
	return CHECK_OK();
}
