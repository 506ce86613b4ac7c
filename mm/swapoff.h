/* Emptying the swap area and giving it up. */
#pragma once

/*
 * Every page that is only in a slot comes into memory, then the area is not used any more. Meanwhile nothing is written to
 * it. => 0; -ENOENT: there is none; -EBUSY: somebody is at it already; -ENOMEM: memory cannot hold it all, -EIO: a slot
 * cannot be read, -EINTR: the area stays in use, nothing is lost; sleeps
 */
int swapoff(void);
