/*
 * The terminal on the console.
 *
 * Interrupt handlers put bytes into a ring. Lines are edited and echoed by the task that reads, so that everything but
 * the ring belongs to task context; only the signals of Ctrl-C, Ctrl-\ and Ctrl-Z are raised at once, because no task
 * may be reading.
 *
 * Source: POSIX, "General Terminal Interface".
 */
#include "kernel/base/clock.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/base/wait.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/fs/tty/job.h"
#include "kernel/fs/tty/line.h"
#include "kernel/fs/tty/tty.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

#define TTY_RING 1024u /* a power of two: the counters wrap around */
#define TTY_PIECE 256u /* bytes moved between user and terminal in one go */

static struct tty_settings settings = {
	.input = ICRNL | IXON | IUTF8, .output = OPOST | ONLCR, .control = CS8 | CREAD | B38400,
	.local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.chars = { [VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4, [VMIN] = 1, [VSUSP] = 26,
		   [VWERASE] = 23 },
};
static struct tty_window window = { .rows = 25, .columns = 80 };

static struct tty_ring {
	u32 head, tail;
	u8 bytes[TTY_RING];
} ring;
static struct waitq arrived = WAITQ_INIT(arrived);

static void tty_put(const char *bytes, u32 n);
static struct tty_line line = { .settings = &settings, .echo = tty_put };

void tty_init(void)
{
	u32 columns = cmdline_u32("columns", window.columns), rows = cmdline_u32("rows", window.rows);

	window.columns = MIN(columns, 0xFFFFu);
	window.rows = MIN(rows, 0xFFFFu);
}

/* Output as OPOST and ONLCR want it. */
static void tty_put(const char *bytes, u32 n)
{
	const char *end = bytes + n, *start = bytes;

	if ((settings.output & (OPOST | ONLCR)) == (OPOST | ONLCR)) {
		for (; bytes < end; bytes++) {
			if (*bytes != '\n')
				continue;
			printk_bytes(start, bytes - start);
			printk_bytes("\r\n", 2);
			start = bytes + 1;
		}
	}
	printk_bytes(start, end - start);
}

static void tty_flush_input(void)
{
	ring.head = ring.tail;
	tty_line_clear(&line);
}

static void tty_raise(u8 byte, u32 signal)
{
	if (!(settings.local & NOFLSH))
		tty_flush_input();
	tty_line_echo(&line, byte);
	tty_job_raise(signal);
}

/* => the signal that BYTE means; 0: none */
static u32 tty_signal_of(u8 byte)
{
	if (!(settings.local & ISIG) || !byte)
		return 0;
	if (byte == settings.chars[VINTR])
		return SIGINT;
	if (byte == settings.chars[VQUIT])
		return SIGQUIT;
	return byte == settings.chars[VSUSP] ? SIGTSTP : 0;
}

void tty_input(u8 byte)
{
	u32 signal = tty_signal_of(byte);

	if (signal) {
		tty_raise(byte, signal);
	} else if (ring.tail - ring.head < TTY_RING) {
		ring.bytes[ring.tail++ % TTY_RING] = byte;
		wake_all(&arrived);
	}
}

/* => bytes that a reader would get now */
static u32 tty_available(void)
{
	while (!line.complete && (settings.local & ICANON) && ring.head != ring.tail)
		tty_line_add(&line, ring.bytes[ring.head++ % TTY_RING]);
	if (settings.local & ICANON)
		return line.complete ? line.length - line.taken : 0;
	return line.length - line.taken + (ring.tail - ring.head);
}

/* Copies up to N bytes of the line; when all of it has been read, the next one begins. */
static u32 tty_take_line(char *buf, u32 n)
{
	u32 take = MIN(n, line.length - line.taken);

	memcpy(buf, line.buf + line.taken, take);
	line.taken += take;
	if (line.taken == line.length)
		tty_line_clear(&line);
	return take;
}

static u32 tty_take(char *buf, u32 n)
{
	u32 taken = 0;
	u8 byte;

	if (line.complete || line.length > line.taken)
		return tty_take_line(buf, n);
	while (taken < n && ring.head != ring.tail) {
		byte = ring.bytes[ring.head++ % TTY_RING];
		if (!tty_line_map(&settings, &byte))
			continue;
		buf[taken++] = byte;
		tty_line_echo(&line, byte);
	}
	return taken;
}

/* Until when may a raw read wait for the next byte? */
static u64 tty_deadline(void)
{
	u8 tenths = settings.local & ICANON ? 0 : settings.chars[VTIME];

	return tenths ? clock_ns() + (u64)tenths * 100000000 : WAIT_FOREVER;
}

/*
 * Sleeps until a read of N bytes can be answered; with VMIN 0 and a VTIME the answer may be nothing.
 * => 0, -EAGAIN, -ERESTART, -EIO
 */
static int tty_wait(const struct file *f, u32 n)
{
	u64 deadline = tty_deadline();
	u32 before = 0;

	for (;;) {
		u32 least = MIN(settings.chars[VMIN], n), available;
		enum wait_result woken;
		int error = tty_job_check(SIGTTIN);

		if (error)
			return error;
		available = tty_available();
		if (settings.local & ICANON ? line.complete : available >= MAX(least, 1u))
			return 0;
		if (!(settings.local & ICANON) && !settings.chars[VMIN] && !settings.chars[VTIME])
			return 0;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		/* With VMIN the timer starts anew at each byte; without, it runs from the beginning. */
		if (least && available != before)
			deadline = tty_deadline();
		before = available;
		woken = wait_on_until(&arrived, least && !available ? WAIT_FOREVER : deadline);
		if (woken == WAIT_INTERRUPTED)
			return -ERESTART;
		if (woken == WAIT_TIMEOUT)
			return 0;
	}
}

static u32 tty_ready(struct file *f)
{
	bool input = settings.local & ICANON ? line.complete : tty_available() > 0;

	(void)f;
	return FILE_WRITABLE | (input ? FILE_READABLE : 0);
}

static struct waitq *tty_changes(struct file *f)
{
	(void)f;
	return &arrived;
}

static s32 tty_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	char piece[TTY_PIECE];
	u32 done = 0, got;
	s32 r = tty_wait(f, n);

	(void)pos;
	if (r < 0)
		return r;
	do {
		bool from_line = line.complete;

		got = tty_take(piece, MIN(n - done, TTY_PIECE));
		if (usercopy_out(dst + done, piece, got) < 0)
			return done ? (s32)done : -EFAULT;
		done += got;
		if (from_line && !line.complete) /* never more than one line */
			break;
	} while (got == TTY_PIECE && done < n);
	return done;
}

static s32 tty_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	char piece[TTY_PIECE];
	u32 done = 0;
	int error = settings.local & TOSTOP ? tty_job_check(SIGTTOU) : 0;

	(void)f, (void)pos;
	if (error)
		return error;
	while (done < n) {
		u32 take = MIN(n - done, TTY_PIECE), left = usercopy_in_partial(piece, src + done, take);

		tty_put(piece, take - left);
		done += take - left;
		if (left)
			return done ? (s32)done : -EFAULT;
		/* The serial line is slow: other tasks run meanwhile and may stop this one. */
		if (thread_should_yield())
			thread_yield();
		if (thread_current()->killed || thread_current()->signalled)
			break;
	}
	return done;
}

static s32 tty_set(u32 request, vaddr_t src)
{
	struct tty_settings wanted;
	int error = tty_job_check(SIGTTOU);

	if (error)
		return error;
	if (usercopy_in(&wanted, src, sizeof(wanted)) < 0)
		return -EFAULT;
	if (request == TCSETSF)
		tty_flush_input();
	/*
	 * When canonical mode ends, a half-edited line becomes readable as it is; when it begins, no part of a line may
	 * be left over.
	 */
	if (!(settings.local & ICANON) && (wanted.local & ICANON))
		line.complete = false;
	settings = wanted;
	wake_all(&arrived);
	return 0;
}

/* As on Linux, the foreground group gets the signal only if the size has changed. */
static s32 tty_set_window(vaddr_t src)
{
	struct tty_window wanted;

	if (usercopy_in(&wanted, src, sizeof(wanted)) < 0)
		return -EFAULT;
	if (memcmp(&wanted, &window, sizeof(window)) != 0)
		tty_job_raise(SIGWINCH);
	window = wanted;
	return 0;
}

/* QUEUE: input, output, or both. There is never output left to be sent. */
static s32 tty_flush(u32 queue)
{
	int error = tty_job_check(SIGTTOU);

	if (error)
		return error;
	if (queue > TCIOFLUSH)
		return -EINVAL;
	if (queue != TCOFLUSH)
		tty_flush_input();
	return 0;
}

static s32 tty_ioctl(struct file *f, u32 request, u32 argument)
{
	u32 number;

	(void)f;
	switch (request) {
	case TCGETS:
		return usercopy_out(argument, &settings, sizeof(settings));
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return tty_set(request, argument);
	case TCFLSH:
		return tty_flush(argument);
	case TIOCGWINSZ:
		return usercopy_out(argument, &window, sizeof(window));
	case TIOCSWINSZ:
		return tty_set_window(argument);
	case TIOCGPGRP:
		number = tty_job_foreground();
		return usercopy_out(argument, &number, sizeof(number));
	case TIOCSPGRP:
		return usercopy_in(&number, argument, sizeof(number)) ? -EFAULT : tty_job_give(number);
	case TIOCSCTTY:
		tty_job_seize();
		return 0;
	case FIONREAD:
		number = tty_available();
		return usercopy_out(argument, &number, sizeof(number));
	default:
		return -ENOTTY;
	}
}

const struct file_ops tty_ops = {
	.read = tty_read, .ready = tty_ready, .changes = tty_changes, .write = tty_write, .ioctl = tty_ioctl, .stream = true,
};
