/*
 * printf's formatting, into a buffer. One pass; all output goes through format_put(), which also counts the
 * characters that do not fit.
 *
 * The tests compile this file for the host too, so it uses nothing of the kernel but div64 and strings.
 */
#include "kernel/base/div64.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"

struct output {
	char *buf;
	size_t size;
	size_t length; /* of the whole text, including the part that did not fit */
};

struct directive {
	bool left, zero, plus, alternate, upper;
	int width;
	int precision; /* -1: none */
};

static void format_put(struct output *o, char c)
{
	if (o->length + 1 < o->size)
		o->buf[o->length] = c;
	o->length++;
}

static void put_padding(struct output *o, char c, int n)
{
	while (n-- > 0)
		format_put(o, c);
}

static void put_field(struct output *o, const struct directive *d, const char *text, int n)
{
	if (!d->left)
		put_padding(o, ' ', d->width - n);
	for (int i = 0; i < n; i++)
		format_put(o, text[i]);
	if (d->left)
		put_padding(o, ' ', d->width - n);
}

static void put_string(struct output *o, const struct directive *d, const char *s)
{
	size_t max = d->precision >= 0 ? (size_t)d->precision : (size_t)0x7fffffff;

	if (!s)
		s = "(null)";
	put_field(o, d, s, (int)strnlen(s, max));
}

/* PREFIX ("-", "+", "0x" or "") comes before the padding by zeros and after that by blanks. */
static void put_number(struct output *o, const struct directive *d, u64 value, u32 base,
		       const char *prefix)
{
	const char *digits = d->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[24];
	int n = 0, prefix_length = (int)strlen(prefix), zeros;

	do {
		u32 digit;

		value = div64(value, base, &digit);
		text[n++] = digits[digit];
	} while (value);

	zeros = d->precision - n;
	if (d->zero && !d->left && d->precision < 0)
		zeros = d->width - n - prefix_length;
	zeros = MAX(zeros, 0);

	if (!d->left)
		put_padding(o, ' ', d->width - n - zeros - prefix_length);
	for (int i = 0; i < prefix_length; i++)
		format_put(o, prefix[i]);
	put_padding(o, '0', zeros);
	for (int i = n; i-- > 0;)
		format_put(o, text[i]);
	if (d->left)
		put_padding(o, ' ', d->width - n - zeros - prefix_length);
}

static void put_signed(struct output *o, const struct directive *d, s64 v)
{
	if (v < 0)
		put_number(o, d, 0 - (u64)v, 10, "-");
	else
		put_number(o, d, (u64)v, 10, d->plus ? "+" : "");
}

static const char *parse_flags(const char *fmt, struct directive *d)
{
	for (;; fmt++) {
		if (*fmt == '-')
			d->left = true;
		else if (*fmt == '0')
			d->zero = true;
		else if (*fmt == '+')
			d->plus = true;
		else if (*fmt == '#')
			d->alternate = true;
		else
			return fmt;
	}
}

/*
 * va_list is an array on some hosts: it travels in a struct so that callees advance the caller's.
 */
struct arguments {
	va_list list;
};

static const char *parse_number(const char *fmt, struct arguments *args, int *value)
{
	if (*fmt == '*') {
		*value = va_arg(args->list, int);
		return fmt + 1;
	}
	for (*value = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*value = *value * 10 + (*fmt - '0');
	return fmt;
}

/* *SIZE: bytes of the integer argument. `h` changes nothing: such arguments are passed as int. */
static const char *parse_length(const char *fmt, u32 *size)
{
	*size = sizeof(int);
	for (;; fmt++) {
		if (fmt[0] == 'l' && fmt[1] == 'l')
			*size = 8;
		else if (*fmt == 'l' && *size != 8)
			*size = sizeof(long);
		else if (*fmt == 'z')
			*size = sizeof(size_t);
		else if (*fmt != 'l' && *fmt != 'h')
			return fmt;
	}
}

static u64 next_unsigned(struct arguments *args, u32 size)
{
	return size == 8 ? va_arg(args->list, u64) : va_arg(args->list, u32);
}

static s64 next_signed(struct arguments *args, u32 size)
{
	return size == 8 ? va_arg(args->list, s64) : va_arg(args->list, s32);
}

static void put_directive(struct output *o, struct directive *d, char conversion, u32 size,
			  struct arguments *args)
{
	char c;

	switch (conversion) {
	case 'd':
	case 'i':
		put_signed(o, d, next_signed(args, size));
		break;
	case 'u':
		put_number(o, d, next_unsigned(args, size), 10, "");
		break;
	case 'o':
		put_number(o, d, next_unsigned(args, size), 8, "");
		break;
	case 'X':
		d->upper = true;
		/* fall through */
	case 'x':
		put_number(o, d, next_unsigned(args, size), 16, d->alternate ? "0x" : "");
		break;
	case 'p':
		put_number(o, d, (uintptr_t)va_arg(args->list, void *), 16, "0x");
		break;
	case 'c':
		c = (char)va_arg(args->list, int);
		put_field(o, d, &c, 1);
		break;
	case 's':
		put_string(o, d, va_arg(args->list, const char *));
		break;
	default: /* "%%", and what is not ours, as it stands */
		format_put(o, conversion);
	}
}

int format_v(char *buf, size_t size, const char *fmt, va_list list)
{
	struct output o = { .buf = buf, .size = size };
	struct arguments args;

	va_copy(args.list, list);
	while (*fmt) {
		struct directive d = { .precision = -1 };
		u32 bytes;

		if (*fmt != '%') {
			format_put(&o, *fmt++);
			continue;
		}
		fmt = parse_flags(fmt + 1, &d);
		fmt = parse_number(fmt, &args, &d.width);
		if (*fmt == '.')
			fmt = parse_number(fmt + 1, &args, &d.precision);
		fmt = parse_length(fmt, &bytes);
		if (!*fmt)
			break;
		put_directive(&o, &d, *fmt++, bytes, &args);
	}
	va_end(args.list);
	if (size)
		buf[MIN(o.length, size - 1)] = '\0';
	return (int)o.length;
}

int format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = format_v(buf, size, fmt, args);
	va_end(args);
	return n;
}
