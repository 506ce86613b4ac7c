/* limits.h: bounds of the integer types on i386, and of what the kernel takes. */
#ifndef LIMITS_H
#define LIMITS_H

#define CHAR_BIT 8
#define INT_MAX 2147483647
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX 4294967295u
#define LONG_MAX 2147483647l
#define LONG_MIN (-LONG_MAX - 1)
#define ULONG_MAX 4294967295ul
#define PATH_MAX 4096

#endif
