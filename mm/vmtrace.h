/*
 * Events and counters of the memory manager. The layer in which something happens counts it and emits its event, so that the
 * code above (which students write) need not.
 */
#pragma once

#include "kernel/base/types.h"

struct memobj;
struct thread;

/* Names as in Linux's /proc/vmstat where Linux has them. X(name) makes the struct and the text of /proc/vmstat. */
#define VMSTAT_COUNTERS(X)                                                                       \
	X(pgfault)        /* page faults resolved */                                             \
	X(pgmajfault)     /* ... that waited for a disk */                                       \
	X(fault_refused)  /* ... answered with a signal */                                       \
	X(fault_private)  /* row 1: a private page was there, made resident and mapped */        \
	X(cow_break)      /* row 2: copied because others refer to it */                         \
	X(fault_object)   /* row 3: an object's page mapped */                                   \
	X(promote)        /* row 4: an object's page copied to a private one */                  \
	X(zero_read)      /* row 5: the zero frame mapped */                                     \
	X(zero_fill)      /* row 6: a new page of zeros */                                       \
	X(pswpin)         /* pages read from swap */                                             \
	X(pswpout)        /* pages written to swap */                                            \
	X(swap_runs)      /* requests that wrote them */                                         \
	X(swap_in_runs)   /* requests that read them */                                          \
	X(swap_readahead) /* pages read with the one asked for */                                \
	X(workingset_refault_anon)  /* faults on pages that had been evicted */                    \
	X(workingset_activate_anon) /* ... that would be in memory if their task were alone */    \
	X(swap_bad)       /* slots whose checksum or read failed */                              \
	X(clean_drop)     /* frames taken without a write */                                     \
	X(evict_anon)     /* anonymous frames taken */                                           \
	X(evict_file)     /* file frames taken */                                                \
	X(file_in)        /* file pages read */                                                  \
	X(writeback)      /* file pages written */                                               \
	X(writeback_runs) /* requests that wrote them */                                         \
	X(direct_reclaim) /* allocations that found no frame and had to wait for one */          \
	X(scope_reclaim)  /* frames a task had to take from itself (RLIMIT_RSS, exact) */        \
	X(daemon_wakeups) /* times the daemon began to work */                                   \
	X(procswap_out)   /* address spaces that left memory as a whole */                       \
	X(procswap_in)    /* ... and came back */                                                \
	X(oom_kill)       /* tasks killed because memory was out */                              \
	X(fork_pages)     /* private pages shared by fork */                                     \
	X(tlb_flush)      /* whole flushes */                                                    \
	X(tlb_invlpg)     /* single entries */                                                   \
	X(msg_bytes)      /* bytes copied through pipes and messages */

struct vmstat {
#define X(name) u32 name;
	VMSTAT_COUNTERS(X)
#undef X
};

extern struct vmstat vmstat;

/* Classes that are switched on (VMTRACE_FAULT ...). With any of them VMTRACE_STATE. */
extern u32 vmtrace_mask;

/* Takes a whole line of N bytes, newline included; never sleeps. => false: the line is lost */
extern bool (*vmtrace_output)(const char *line, u32 n);

static inline bool vmtrace_on(u32 class)
{
	return __builtin_expect(vmtrace_mask & class, 0);
}

/*
 * One event about the space LABEL (0: none), emitted at the address AT: FMT is its name and `key=value ...`; then follows
 * KEY=TEXT, unless KEY is NULL. Called by the macros below.
 */
void vmtrace_event(u32 label, u32 at, const char *key, const char *text, const char *fmt, ...) PRINTF_LIKE(5, 6);

/*
 * An address in the code of the function that is being compiled. A section that is not loaded lists all of them, for
 * tools/trace/sites.
 */
#ifdef __i386__
#define VMTRACE_HERE() ({                                                           \
	u32 here_;                                                                  \
	__asm__ volatile("0: movl $0b, %0\n"                                        \
			 ".pushsection .trace_sites\n.long 0b\n.popsection" : "=r"(here_)); \
	here_;                                                                      \
})
#else
#define VMTRACE_HERE() 0u
#endif

/*
 * => the constant NAME, a word of some event's field: of a fault's row, or why a frame is a victim. This place in the source
 * decides on it, so tools/trace/sites names it as the cause of what the layers below report. A section that is not loaded
 * lists these places; the code stays the same.
 */
#define VMTRACE_DECIDED(name) ({                                                                                \
	static const char place_[] __attribute__((used, section(".trace_decided"))) =                           \
		#name " " __FILE__ ":" VMTRACE_TEXT(__LINE__);                                                  \
	name;                                                                                                   \
})
#define VMTRACE_TEXT(number) VMTRACE_TEXT_(number)
#define VMTRACE_TEXT_(number) #number

/*
 * While the state is described (hello, snapshots) lines have no place, and no thread is their cause. Cleared, the next event
 * is preceded by a `run`.
 */
void vmtrace_describe(bool begin);

/* Set by kernel/: the label of a thread's task, 0 for a thread of the kernel; the name of a memory object as `object`. */
extern u32 (*vmtrace_label_of)(const struct thread *t);
extern void (*vmtrace_introduce_object)(struct memobj *obj);

/* OBJ (NULL: none) is about to appear in an event. */
void vmtrace_introduce(const void *obj);

/* TEXT: `off`, `all` or names of classes with commas. => false: not understood */
bool vmtrace_parse(const char *text, u32 *mask);

/* The names of MASK's classes, with commas, as far as they fit in SIZE bytes. */
void vmtrace_names(u32 mask, char *buf, u32 size);

/* Made from tools/trace.schema: TRACE_MAP(label, va, frame, writable) and so on, one for each event. */
#include <trace_events.h>
