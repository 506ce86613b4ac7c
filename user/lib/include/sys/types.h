/* sys/types.h: the small types of the system calls. */
#ifndef SYS_TYPES_H
#define SYS_TYPES_H

#include <stddef.h>

typedef int pid_t;
typedef int ssize_t;
typedef long off_t;
typedef unsigned int mode_t;

#endif
