/* malloc.h: functions of the heap that are not in the standard. */
#ifndef MALLOC_H
#define MALLOC_H

#include <stddef.h>

void *memalign(size_t alignment, size_t size);
size_t malloc_usable_size(void *p);	/* bytes that may be used, at least those asked for; 0 for NULL */

#endif
