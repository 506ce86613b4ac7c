/*
 * The alternate signal stack: a handler for the overflow of the ordinary stack cannot run on that.
 *
 * Whether a task is on its alternate stack is decided by its stack pointer alone, so that a handler may leave by
 * longjmp. With SS_AUTODISARM the stack is disabled while a handler runs, and restored from the handler's frame.
 *
 * Source: sigaltstack(2).
 */
#include "kernel/signal/stack.h"

#include "kernel/base/errno.h"

#define STACK_MIN 2048u /* MINSIGSTKSZ */

bool signal_stack_holds(const struct signal_stack *s, u32 sp)
{
	return !(s->flags & SS_AUTODISARM) && sp > s->start && sp - s->start <= s->size;
}

struct signal_stack signal_stack_state(const struct signal_stack *s, u32 sp)
{
	struct signal_stack state = *s;

	if (!s->size)
		state.flags |= SS_DISABLE;
	else if (signal_stack_holds(s, sp))
		state.flags |= SS_ONSTACK;
	return state;
}

int signal_stack_set(struct signal_stack *s, const struct signal_stack *wanted, u32 sp)
{
	u32 mode = wanted->flags & ~SS_AUTODISARM;

	if (signal_stack_holds(s, sp))
		return -EPERM;
	if (mode && mode != SS_ONSTACK && mode != SS_DISABLE)
		return -EINVAL;
	if (mode == SS_DISABLE) {
		*s = (struct signal_stack){ .flags = wanted->flags & SS_AUTODISARM };
		return 0;
	}
	if (wanted->size < STACK_MIN)
		return -ENOMEM;
	*s = *wanted;
	s->flags &= SS_AUTODISARM;
	return 0;
}
