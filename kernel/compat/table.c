/*
 * The system calls that only programs from elsewhere use, by Linux i386 number: C libraries at their start, and
 * ordinary tools. The kernel is complete without this folder (`make core`): nothing calls it but through compat_ops,
 * and the programs of user/ do not need it.
 *
 * A call is implemented where it has a meaning here; else it answers like a machine whose only user is root.
 */
#include "kernel/compat/robust.h"
#include "kernel/task/compat.h"

#define COMPAT_CALLS(X)                                                                                             \
	/* start.c */                                                                                               \
	X(136, personality) X(243, set_thread_area) X(244, get_thread_area) X(258, set_tid_address)                 \
	X(355, getrandom) X(384, arch_prctl)                                                                        \
	/* remap_pages.c, robust.c */                                                                               \
	X(257, remap_file_pages) X(311, set_robust_list) X(312, get_robust_list)                                    \
	/* identity.c */                                                                                            \
	X(23, become_user16) X(24, is_root) X(46, become_user16) X(47, is_root) X(49, is_root) X(50, is_root)       \
	X(60, umask) X(66, setsid) X(80, getgroups16) X(147, getsid) X(184, capget) X(185, capset)                  \
	X(199, is_root) X(200, is_root) X(201, is_root) X(202, is_root) X(203, become_two) X(204, become_two)       \
	X(205, getgroups) X(206, setgroups) X(208, become_three) X(209, three_ids) X(210, become_three)             \
	X(211, three_ids) X(213, become_user) X(214, become_user) X(215, is_root) X(216, is_root)                   \
	/* execat.c */                                                                                              \
	X(358, execveat)                                                                                            \
	/* names.c */                                                                                               \
	X(8, creat) X(9, link) X(33, access) X(83, symlink) X(133, fchdir) X(296, mkdirat) X(301, unlinkat)         \
	X(302, renameat) X(303, linkat) X(304, symlinkat) X(305, readlinkat) X(307, faccessat) X(353, renameat2)    \
	X(439, faccessat2)                                                                                          \
	/* attributes.c */                                                                                          \
	X(15, chmod) X(94, fchmod) X(198, lchown) X(207, fchown) X(212, chown) X(298, fchownat) X(300, fstatat64)   \
	X(306, fchmodat) X(320, utimensat) X(383, statx) X(92, truncate) X(193, truncate64) X(268, statfs64)        \
	X(269, fstatfs64) X(30, utime) X(271, utimes) X(299, futimesat) X(141, getdents)                            \
	/* streams.c */                                                                                             \
	X(225, readahead) X(250, fadvise64) X(272, fadvise64_64) X(324, fallocate) X(330, dup3)                     \
	X(331, pipe2) X(333, preadv) X(334, pwritev)                                                                \
	/* sendfile.c, limits.c */                                                                                  \
	X(187, sendfile) X(239, sendfile64) X(76, old_getrlimit) X(340, prlimit64)                                  \
	/* poll.c */                                                                                                \
	X(142, _newselect) X(168, poll) X(308, pselect6) X(309, ppoll)                                              \
	/* clocks.c */                                                                                              \
	X(25, stime) X(79, settimeofday) X(264, clock_settime) X(266, clock_getres) X(267, clock_nanosleep)         \
	X(404, clock_settime64) X(406, clock_getres_time64) X(407, clock_nanosleep_time64)                          \
	/* children.c */                                                                                            \
	X(284, waitid)                                                                                              \
	/* queued.c */                                                                                              \
	X(177, rt_sigtimedwait) X(178, rt_sigqueueinfo) X(335, rt_tgsigqueueinfo) X(421, rt_sigtimedwait_time64)    \
	/* prctl.c, membarrier.c */                                                                                 \
	X(172, prctl) X(375, membarrier)                                                                            \
	/* schedule.c */                                                                                            \
	X(34, nice) X(96, getpriority) X(97, setpriority) X(154, sched_setparam) X(155, sched_getparam)             \
	X(156, sched_setscheduler) X(157, sched_getscheduler) X(159, sched_get_priority_max)                        \
	X(160, sched_get_priority_min) X(161, sched_rr_get_interval) X(241, sched_setaffinity)                      \
	X(242, sched_getaffinity) X(318, getcpu) X(423, sched_rr_get_interval_time64)                               \
	/* clone.c */                                                                                               \
	X(120, clone) X(190, vfork)

#define DECLARE(number, name) SYSCALL(name);
COMPAT_CALLS(DECLARE)

static const syscall_fn calls[SYSCALL_NUMBERS] = {
#define ENTRY(number, name) [number] = sys_##name,
	COMPAT_CALLS(ENTRY)
};

const struct compat_ops compat_ops = {
	.calls = calls,
	.leave_program = robust_leave_program,
};
