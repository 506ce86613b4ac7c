/*
 * error-name.h - errors by the names that manual pages use, for tests that print the result of each call.
 */
#ifndef USER_TEST_ERROR_NAME_H
#define USER_TEST_ERROR_NAME_H

#include <errno.h>
#include <stddef.h>

/* => NULL: no test has needed its name yet */
static inline const char *error_name(long error)
{
	static const char *const names[] = {
#define NAME(error) [error] = #error
		NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG), NAME(ENOEXEC),
		NAME(EBADF), NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(EBUSY),
		NAME(EEXIST), NAME(EXDEV), NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL), NAME(EMFILE),
		NAME(ENOTTY), NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE), NAME(EROFS), NAME(EMLINK), NAME(EPIPE),
		NAME(ERANGE), NAME(ENAMETOOLONG), NAME(ENOSYS), NAME(ENOTEMPTY), NAME(ELOOP), NAME(ENOMSG), NAME(EIDRM),
		NAME(EOVERFLOW), NAME(ETIMEDOUT),
#undef NAME
	};

	return error > 0 && error < (long)(sizeof(names) / sizeof(names[0])) ? names[error] : NULL;
}

#endif
