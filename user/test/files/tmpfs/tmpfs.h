/*
 * tmpfs.h - the parts of the test tmpfs. Each works in the current folder and leaves it empty.
 */
#ifndef TMPFS_H
#define TMPFS_H

/* --- names.c --- */

void links(void);
void directories(void);
void renames(void);	/* also on another file system */
void listing(void);

/* --- room.c --- */

void space(void);
void sparse(void);
void crowd(void);

#endif
