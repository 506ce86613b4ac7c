/*
 * FUTEX_WAKE_OP: changes a word and wakes waiters in one atomic step, for signalling a condition variable.
 *
 * To programs the change is atomic: the page is made writable and pinned first, then the word is loaded and stored without
 * a sleep in between.
 *
 * Source: futex(2), FUTEX_WAKE_OP.
 */
#include "kernel/base/errno.h"
#include "kernel/ipc/futex.h"
#include "kernel/task/task.h"
#include "mm/fault.h"
#include "mm/frame.h"
#include "mm/usercopy.h"

enum { OP_SET, OP_ADD, OP_OR, OP_ANDN, OP_XOR };
enum { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

int futex_exchange(vaddr_t word, u32 old, u32 new)
{
	struct frame *f;
	u32 *at;
	int error = 0;

	if (fault_resolve_pinned(task_current()->as, word, FAULT_WRITE, &f) != FAULT_OK)
		return -EFAULT;
	at = (u32 *)((u8 *)frame_ptr(f) + (word & PAGE_MASK));
	if (*at == old) {
		*at = new;
		f->flags |= FRAME_DIRTY;
	} else {
		error = -EAGAIN;
	}
	frame_unpin(f);
	return error;
}

static s32 futex_op_signed(u32 twelve_bits)
{
	return (s32)(twelve_bits << 20) >> 20;
}

/* CODE has 4 bits of operation, 4 of comparison, 12 of operand, 12 of comparand. => 0 and *NEW, or -ENOSYS */
static int futex_op_apply(u32 code, u32 old, u32 *new)
{
	u32 operand = futex_op_signed(code >> 12 & 0xFFF);

	if (code >> 31) /* FUTEX_OP_OPARG_SHIFT */
		operand = 1u << (operand & 31);
	switch (code >> 28 & 7) {
	case OP_SET:
		*new = operand;
		return 0;
	case OP_ADD:
		*new = old + operand;
		return 0;
	case OP_OR:
		*new = old | operand;
		return 0;
	case OP_ANDN:
		*new = old & ~operand;
		return 0;
	case OP_XOR:
		*new = old ^ operand;
		return 0;
	default:
		return -ENOSYS;
	}
}

/* => are waiters at the changed word woken too? -ENOSYS */
static s32 futex_op_compare(u32 code, s32 old)
{
	s32 operand = futex_op_signed(code & 0xFFF);

	switch (code >> 24 & 15) {
	case CMP_EQ:
		return old == operand;
	case CMP_NE:
		return old != operand;
	case CMP_LT:
		return old < operand;
	case CMP_LE:
		return old <= operand;
	case CMP_GT:
		return old > operand;
	case CMP_GE:
		return old >= operand;
	default:
		return -ENOSYS;
	}
}

/* Performs the operation on WORD. => 0 and in *OLD the value before it, or an error */
static int futex_op_change(vaddr_t word, u32 code, u32 *old)
{
	u32 new;
	int error;

	do {
		if (usercopy_in(old, word, sizeof(*old)))
			return -EFAULT;
		error = futex_op_apply(code, *old, &new);
		if (!error)
			error = futex_exchange(word, *old, new);
	} while (error == -EAGAIN);
	return error;
}

s32 futex_wake_op(const u32 *arg, bool private)
{
	vaddr_t first = arg[0], second = arg[4];
	struct mapcall_place place;
	s32 n, also;
	u32 old;
	int error;

	if (second % sizeof(u32))
		return -EINVAL;
	if (futex_find(first, private, &place) < 0)
		return -EFAULT;
	error = futex_op_change(second, arg[5], &old);
	if (error)
		return error;
	also = futex_op_compare(arg[5], old);
	if (also < 0)
		return also;
	n = futex_wake(first, private, arg[2], ~0u);
	if (n >= 0 && also)
		n += futex_wake(second, private, arg[3], ~0u);
	return n;
}
