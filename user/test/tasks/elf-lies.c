/*
 * elf-lies - executable files with false headers.
 *
 * This program's own file is copied to /dev/shm, one field in it is changed, and it is executed. A file
 * that cannot be an i386 ELF program fails with ENOEXEC. Where the error shows only later, the kernel
 * may refuse it or kill the task: but it never runs normally, and the rest of the system continues.
 */
#include "check.h"

#include <sys/stat.h>

/* The fields of ELF32 that are changed. Source: System V ABI, "ELF Header", "Program Header". */
struct elf_header {
	unsigned char ident[16];
	uint16_t type, machine;
	uint32_t version, entry, phoff, shoff, flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
	uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

static const char path[] = "/dev/shm/elf-lies";
static unsigned char *image;
static size_t image_size;
static struct elf_header *header;
static struct elf_segment *segment;

static void read_self(const char *self)
{
	struct stat st;
	int fd = open(self, O_RDONLY);

	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &st), 0);
	image_size = st.st_size;
	image = malloc(image_size);
	for (size_t n = 0, part; n < image_size; n += part) {
		part = read(fd, image + n, image_size - n);
		CHECK((ssize_t)part > 0);
	}
	close(fd);
	header = (struct elf_header *)image;
	segment = (struct elf_segment *)(image + header->phoff);
	CHECK_EQ(segment->type, 1);
}

/* Runs the first `size` bytes of the image; the child exits with 100 + errno when exec failed. */
static int run(size_t size)
{
	char *argv[] = { "elf-lies", "run", NULL };
	int fd, status;
	pid_t pid;

	unlink(path);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0755);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, image, size), (ssize_t)size);
	close(fd);
	pid = fork();
	if (pid == 0) {
		execve(path, argv, environ);
		_exit(100 + errno);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

#define CHECK_REFUSED(size) CHECK_EQ(run(size), (100 + ENOEXEC) << 8)

static void check_never_well(int line)
{
	int status = run(image_size);

	/* Killed by a signal, or refused with any error: neither 55 nor any other success. */
	if (!WIFSIGNALED(status) && WEXITSTATUS(status) <= 100)
		check_fail(__FILE__, line, "a lie that is refused or killed", status, 0);
}

/* Changes a field, runs the program, and restores the field. */
#define LIE_REFUSED(field, value) \
	do { \
		__typeof__(field) saved_ = (field); \
		(field) = (value); \
		CHECK_REFUSED(image_size); \
		(field) = saved_; \
	} while (0)

#define LIE_NEVER_WELL(field, value) \
	do { \
		__typeof__(field) saved_ = (field); \
		(field) = (value); \
		check_never_well(__LINE__); \
		(field) = saved_; \
	} while (0)

static void lies_in_the_header(void)
{
	LIE_REFUSED(header->ident[0], 'x');
	LIE_REFUSED(header->ident[3], 'x');
	LIE_REFUSED(header->machine, 62);
	LIE_REFUSED(header->type, 1);
	LIE_REFUSED(header->type, 4);
	LIE_REFUSED(header->phentsize, 31);
	LIE_REFUSED(header->phentsize, 0);
	LIE_REFUSED(header->phnum, 0);
	LIE_NEVER_WELL(header->phnum, 0xffff);
	LIE_NEVER_WELL(header->phoff, 0xfffffff0);
	LIE_NEVER_WELL(header->phoff, image_size);
	LIE_NEVER_WELL(header->entry, 0);
	LIE_NEVER_WELL(header->entry, 0xc0000000);
	LIE_NEVER_WELL(header->entry, segment->vaddr + 0x01000000);
}

static void lies_in_a_segment(void)
{
	LIE_NEVER_WELL(segment->vaddr, 0xffff0000);
	LIE_NEVER_WELL(segment->vaddr, 0xfffff000);
	LIE_NEVER_WELL(segment->vaddr, 0x20000000);
	LIE_NEVER_WELL(segment->memsz, segment->filesz - 1);
	LIE_NEVER_WELL(segment->memsz, 0xfffff000);
	LIE_NEVER_WELL(segment->memsz, 0xf8000000);
	LIE_NEVER_WELL(segment->filesz, 0xffffffff);
	LIE_NEVER_WELL(segment->offset, 0x7ffff000);
	LIE_NEVER_WELL(segment->offset, 0xfffff000);
	LIE_NEVER_WELL(segment->offset, segment->offset + 1);
	LIE_NEVER_WELL(segment->type, 6);
	LIE_NEVER_WELL(segment->flags, 0);
}

static void truncated(void)
{
	CHECK_REFUSED(0);
	CHECK_REFUSED(1);
	CHECK_REFUSED(4);
	CHECK_REFUSED(51);
	for (size_t size = 60; size < 5000 && size < image_size; size += 977) {
		int status = run(size);

		CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) > 100);
	}
}

static void not_elf(void)
{
	char *argv[] = { "x", NULL };
	int fd;

	unlink(path);
	fd = open(path, O_RDWR | O_CREAT, 0755);
	CHECK_EQ(write(fd, "just words, no program\n", 23), 23);
	close(fd);
	CHECK_ERROR(execve(path, argv, environ), ENOEXEC);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return 55;
	read_self(argv[0]);
	CHECK_EQ(run(image_size), 55 << 8);
	lies_in_the_header();
	lies_in_a_segment();
	truncated();
	not_elf();
	CHECK_EQ(run(image_size), 55 << 8);
	unlink(path);
	return CHECK_OK();
}
