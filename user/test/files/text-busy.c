/*
 * text-busy - the file of a running program can lose its name or be replaced, but not be written; and a file that is
 * open for writing cannot be executed. A script is not busy once its interpreter runs.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

enum { SYS_CHMOD = 15, SYS_TRUNCATE = 92 };

static const char name[] = "./text-busy.tmp", other[] = "./text-busy-too.tmp", script[] = "./text-busy-script.tmp";

static void copy_of_self(const char *path)
{
	static char buf[16 * PAGE];
	int from = open("/proc/self/exe", O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t n;

	CHECK(from >= 0 && to >= 0);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		CHECK_EQ(write(to, buf, n), n);
	close(from);
	close(to);
}

/* Runs PATH with WORD in a child. => the error of execve, or 0 and the child, which waits until END is closed */
static int run(const char *path, const char *word, pid_t *child, int *end)
{
	char *argv[] = { (char *)path, (char *)word, NULL }, *envp[] = { NULL };
	int in[2], out[2], error = 0;

	CHECK_EQ(pipe(in), 0);
	CHECK_EQ(pipe(out), 0);
	*child = fork();
	if (*child == 0) {
		dup2(in[0], 0);
		close(in[1]);
		dup2(out[1], 1);
		execve(path, argv, envp);
		error = errno;
		write(1, &error, sizeof(error));
		_exit(1);
	}
	close(in[0]);
	close(out[1]);
	CHECK_EQ(read(out[0], &error, sizeof(error)), sizeof(error));
	close(out[0]);
	*end = in[1];
	return error;
}

static void finish(pid_t child, int end, int wanted)
{
	close(end);
	CHECK_EQ(check_wait(child), wanted << 8);
}

static int run_once(const char *path)
{
	int end, error;
	pid_t child;

	error = run(path, "wait", &child, &end);
	finish(child, end, error ? 1 : 0);
	return error;
}

static void test_running(void)
{
	struct stat st;
	pid_t child;
	int end, fd;

	CHECK_EQ(run(name, "fork", &child, &end), 0);
	CHECK_ERROR(open(name, O_WRONLY), ETXTBSY);
	CHECK_ERROR(open(name, O_RDWR), ETXTBSY);
	CHECK_ERROR(open(name, O_WRONLY | O_TRUNC | O_CREAT, 0600), ETXTBSY);
	CHECK_ERROR(open(name, O_RDONLY | O_TRUNC), ETXTBSY);
	CHECK_ERROR(syscall(SYS_TRUNCATE, name, 0), ETXTBSY);
	CHECK_ERROR(open(name, O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
	CHECK_EQ(stat(name, &st), 0);
	CHECK(st.st_size > 1000);
	fd = open(name, O_RDONLY);
	CHECK(fd >= 0);
	close(fd);
	CHECK_EQ(run_once(name), 0);
	CHECK_EQ(rename(name, other), 0);
	CHECK_ERROR(open(other, O_WRONLY), ETXTBSY);
	copy_of_self(name);
	CHECK_EQ(rename(name, other), 0); /* the running file has no name any more */
	fd = open(other, O_WRONLY);
	CHECK(fd >= 0);
	close(fd);
	finish(child, end, 0);
	CHECK_EQ(rename(other, name), 0);
}

static void test_ended(void)
{
	pid_t child;
	int end, fd;

	CHECK_EQ(run(name, "wait", &child, &end), 0);
	CHECK_EQ(unlink(name), 0);
	finish(child, end, 0);
	copy_of_self(name);
	CHECK_EQ(run_once(name), 0);
	fd = open(name, O_RDWR);
	CHECK(fd >= 0);
	close(fd);
}

static void test_open_for_writing(void)
{
	int fd = open(name, O_WRONLY), second = dup(fd);
	char *p;

	CHECK(fd >= 0);
	CHECK_EQ(run_once(name), ETXTBSY);
	close(fd);
	CHECK_EQ(run_once(name), ETXTBSY);
	close(second);
	CHECK_EQ(run_once(name), 0);
	fd = open(name, O_RDONLY);
	CHECK(fd >= 0);
	CHECK_EQ(run_once(name), 0);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	CHECK_EQ(run_once(name), 0);
	munmap(p, PAGE);
	fd = open(name, O_WRONLY | O_APPEND);
	write(fd, "", 0);
	CHECK_EQ(ftruncate(fd, 100), 0);
	CHECK_EQ(run_once(name), ETXTBSY); /* even if it is no program */
	close(fd);
	CHECK_EQ(syscall(SYS_CHMOD, name, 0600), 0);
	fd = open(name, O_WRONLY);
	CHECK_EQ(run_once(name), EACCES);
	close(fd);
	CHECK_EQ(syscall(SYS_CHMOD, name, 0700), 0);
	copy_of_self(name);
}

/* A writable shared mapping counts as open for writing. */
static void test_mapped(void)
{
	int fd = open(name, O_RDWR);
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	close(fd);
	CHECK_EQ(run_once(name), ETXTBSY);
	munmap(p, PAGE);
	CHECK_EQ(run_once(name), 0);
}

static void test_script(void)
{
	static const char text[] = "#!./text-busy.tmp wait-as-script\n";
	int fd = open(script, O_WRONLY | O_CREAT | O_TRUNC, 0700), end;
	pid_t child;

	CHECK_EQ(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	CHECK_EQ(run_once(script), ETXTBSY);
	close(fd);
	CHECK_EQ(run(script, "wait", &child, &end), 0);
	fd = open(script, O_WRONLY | O_TRUNC);
	CHECK(fd >= 0);
	CHECK_ERROR(open(name, O_WRONLY), ETXTBSY);
	close(fd);
	finish(child, end, 0);
	unlink(script);
	fd = open(name, O_WRONLY);
	CHECK(fd >= 0);
	close(fd);
}

/* The copy reports that it runs, and waits. A child of it is the same program. */
static int be_run(const char *word)
{
	int none = 0;
	char byte;

	if (strcmp(word, "fork") == 0 && fork() == 0) {
		read(0, &byte, 1);
		_exit(0);
	}
	write(1, &none, sizeof(none));
	read(0, &byte, 1);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return be_run(argv[1]);
	copy_of_self(name);
	test_running();
	test_ended();
	test_open_for_writing();
	test_mapped();
	test_script();
	unlink(name);
	return CHECK_OK();
}
