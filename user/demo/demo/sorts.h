/* sorts.h: two ways to sort in little memory, side by side; a part of demo_big. */
#ifndef USER_DEMO_DEMO_SORTS_H
#define USER_DEMO_DEMO_SORTS_H

void demo_sorts(void);

#endif
