/*
 * calls-errors.h - the result of each system call: success, and each error of its manual page that can occur on a machine with
 * one user.
 *
 * A case is one line: `CASE("close twice", -EBADF, ...)`: a description, Linux's result, the call. It is printed as
 * `close twice: EBADF`. Where Shisho differs on purpose a DIFFERS says so, and why.
 *
 * Not here: bad addresses (bad-pointers.c), links (links.c), sendfile, poll and System V shared memory, which have
 * programs of their own.
 */
#ifndef CALLS_ERRORS_H
#define CALLS_ERRORS_H

#include "check.h"

#include <sys/syscall.h>

/* Any result but an error; it is printed as `ok`. */
#define FINE 0x7F7F7F7Fl

#define CASE(what, expected, call) case_told(what, expected, (errno = 0, (long)(call)))
#define DIFFERS(what, linux_expected, expected, why, call) \
	case_told_differs(what, linux_expected, expected, why, (errno = 0, (long)(call)))

void case_told(const char *what, long expected, long got);
void case_told_differs(const char *what, long linux_expected, long expected, const char *why, long got);

/* Descriptors that are always open, and one that never is. */
enum { FILE_RW = 10, FILE_RO, FILE_WO, FOLDER, READER, WRITER, ZERO, FULL, NOTHING, SHARED, CLOSED = 50 };

/* In the current folder: `file` with ten bytes, `full` with `inside` in it, `empty`; both folders. */
extern char long_name[300], long_path[5000], buffer[PAGE];

void cases_of_descriptors(void);
void cases_of_contents(void);
void cases_of_names(void);
void cases_of_attributes(void);
void cases_of_memory(void);
void cases_of_tasks(void);
void cases_of_signals(void);
void cases_of_waiting(void);

#endif
