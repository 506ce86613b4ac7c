/*
 * links.h - what the parts of the test links share: the folder with its files and links, and how results are printed.
 */
#ifndef USER_TEST_LINKS_H
#define USER_TEST_LINKS_H

#include "file.h"

#include <dirent.h>
#include <limits.h>
#include <sys/syscall.h>

enum { SYS_LCHOWN = 198, SYS_FCHDIR = 133, SYS_UTIMENSAT = 320, SYS_TRUNCATE64 = 193, SYS_ACCESS = 33, SYS_CHMOD = 15 };
enum { SYS_OPENAT = 295, SYS_NEWFSTATAT = 300, SYS_UNLINKAT = 301, SYS_LINKAT = 303, SYS_SYMLINKAT = 304 };
enum { SYS_READLINKAT = 305, SYS_FACCESSAT2 = 439, SYS_RENAMEAT2 = 353 };
enum { AT_CWD = -100, AT_NOFOLLOW = 0x100, AT_FOLLOW = 0x400, AT_EMPTY = 0x1000, AT_RMDIR = 0x200, LARGE = 0100000 };

extern char scene[PATH_MAX];	/* the folder in which everything happens */

/* Prints the result of call WHAT on PATH: its value, or errno by name. */
void say(const char *what, const char *path, long result);
#define SAY(call) say(#call, "", call)

int links_of(const char *name);
/* => where the symbolic link NAME leads; "": it is none */
const char *target_of(const char *name);
/* Opens PATH and closes it. => 0, or -1 and errno */
long opened(const char *path, int flags);

/* --- calls.c --- */

/* Makes files, directories and links of every kind in the folder. */
void build(void);
/* Prints what has changed since build(), and removes everything. */
void clear(void);
void test_calls(void);
long do_lstat(const char *path);	/* => the type of file, or -1 */
long do_create_new(const char *path);	/* => 0, or -1 */

/* --- places.c --- */

void test_at(void);
void test_programs(void);
void test_proc(void);
void test_other_file_systems(void);

#endif
