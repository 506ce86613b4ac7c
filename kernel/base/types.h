/*
 * Integer types of fixed width, and the macros that most files need.
 *
 * The hardware-independent half of mm/ is also compiled for 64-bit hosts by the host tests, so addresses of the
 * simulated machine are always u32 (paddr_t, vaddr_t), never pointers.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

typedef u32 paddr_t; /* physical address */
typedef u32 vaddr_t; /* virtual address */

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define ALIGN_DOWN(x, a) ((x) & ~((a) - 1u))
#define ALIGN_UP(x, a) ALIGN_DOWN((x) + (a) - 1u, a)
#define DIV_UP(x, n) (((x) + (n) - 1) / (n))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

#define STATIC_ASSERT(cond, why) _Static_assert(cond, why)
#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define NOINLINE __attribute__((noinline)) /* for what runs rarely: its variables would cost the caller registers */
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))
