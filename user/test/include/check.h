/*
 * check.h - what every test program uses.
 *
 * A test is one program about one behaviour. It ends with status 0 and the line "NAME: ok", or at
 * the first failed check with status 1 and "NAME: FAILED file:line what". NAME is the stem of the
 * file with main. All tests pass on Linux too: Linux is the reference. Counters that only Shisho has
 * are checked only where they exist, so the output is the same on both.
 */
#ifndef USER_TEST_CHECK_H
#define USER_TEST_CHECK_H

#include <errno.h>
#include <fcntl.h>
#include <proc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* => the file's stem, its length in *n */
static inline const char *check_name(const char *file, int *n)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;

	*n = strcspn(name, ".");
	return name;
}

static inline __attribute__((noreturn)) void check_fail(const char *file, int line,
							const char *what, long long got,
							long long wanted)
{
	int n;
	const char *name = check_name(file, &n);

	dprintf(STDOUT_FILENO, "%.*s: FAILED %s:%d %s (got %lld, wanted %lld, errno %d)\n", n,
		name, file, line, what, got, wanted, errno);
	_exit(1);
}

/* Reports success. => the status that main returns */
static inline int check_ok(const char *file)
{
	int n;
	const char *name = check_name(file, &n);

	dprintf(STDOUT_FILENO, "%.*s: ok\n", n, name);
	return 0;
}

#define CHECK_OK() check_ok(__FILE__)

#define CHECK(condition) \
	do { \
		if (!(condition)) \
			check_fail(__FILE__, __LINE__, #condition, 0, 1); \
	} while (0)

#define CHECK_EQ(value, expected) \
	do { \
		long long got_ = (long long)(value), wanted_ = (long long)(expected); \
		if (got_ != wanted_) \
			check_fail(__FILE__, __LINE__, #value " == " #expected, got_, wanted_); \
	} while (0)

/* The same for addresses. */
#define CHECK_AT(address, expected) CHECK_EQ((uintptr_t)(address), (uintptr_t)(expected))

/* CALL fails with ERROR. */
#define CHECK_ERROR(call, error) \
	do { \
		errno = 0; \
		long result_ = (long)(call); \
		if (result_ != -1 || errno != (error)) \
			check_fail(__FILE__, __LINE__, #call " fails with " #error, \
				   result_ == -1 ? -errno : result_, -(error)); \
	} while (0)

/* => the wait status of the child PID, when it has ended */
static inline int check_wait(pid_t pid)
{
	int status = -1;

	if (waitpid(pid, &status, 0) != pid)
		check_fail(__FILE__, __LINE__, "waitpid", -1, pid);
	return status;
}

/* Runs f(argument) in a child, which exits 0 when f returns. => its wait status */
static inline int check_in_child(void (*f)(void *), void *argument)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		f(argument);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

/* => the signal that ends a child which runs f(argument); 0: it exits 0, -1: it exits with another status */
static inline int check_signal_of(void (*f)(void *), void *argument)
{
	int status = check_in_child(f, argument);

	if (status != -1 && WIFSIGNALED(status))
		return WTERMSIG(status);
	return status == 0 ? 0 : -1;
}

#define CHECK_SIGNAL(f, argument, signal) CHECK_EQ(check_signal_of(f, argument), signal)

/* For CHECK_SIGNAL: a load and a store at an address. */
static inline void check_load(void *address)
{
	(void)*(volatile char *)address;
}

static inline void check_store(void *address)
{
	*(volatile char *)address = 1;
}

/* => a counter of /proc/vmstat; PROC_ABSENT: there is none */
static inline long long check_counter(const char *name)
{
	return proc_number("/proc/vmstat", name);
}

/* The counter, if it exists, is at least `more` above its earlier value. */
#define CHECK_ROSE(name, before, more) \
	do { \
		long long now_ = check_counter(name); \
		if ((before) != PROC_ABSENT && now_ < (before) + (more)) \
			check_fail(__FILE__, __LINE__, "counter " name " rose by " #more, \
				   now_ - (before), more); \
	} while (0)

/* => the pagemap word of a page of this task; 0 without /proc */
static inline uint64_t check_page(const void *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t word = 0;

	if (fd < 0 || proc_pagemap(fd, (unsigned long)address, &word, 1) != 1)
		word = 0;
	close(fd);
	return word;
}

static inline bool check_present(const void *address)
{
	return check_page(address) & PAGEMAP_PRESENT;
}

/* => the frame of a page of this task; 0: it has none, or pagemap hides it (Linux shows it to root only) */
static inline unsigned long check_frame(const void *address)
{
	uint64_t word = check_page(address);

	return word & PAGEMAP_PRESENT ? word & PAGEMAP_FRAME : 0;
}

/* Anonymous memory; failure ends the test. */
static inline char *check_map(size_t size, int prot, int flags)
{
	void *p = mmap(NULL, size, prot, flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		check_fail(__FILE__, __LINE__, "mmap", -1, 0);
	return p;
}

static inline char *check_private(size_t pages)
{
	return check_map(pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

static inline char *check_shared(size_t pages)
{
	return check_map(pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
}

/* Random numbers that are the same each time: xorshift (Marsaglia, 2003). The seed is not 0. */
static inline uint32_t check_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

#endif
