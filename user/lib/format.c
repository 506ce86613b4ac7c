/*
 * format.c - the heart of printf.
 *
 * A conversion is parsed into a struct spec, its argument made into digits or taken as text, and
 * put out as: spaces, sign or prefix, zeros, body, spaces. There is no floating point.
 */
#include "format.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct spec {
	bool left, zero, plus, space, prefix;	/* flags - 0 + space # */
	int width;
	int precision;				/* -1: none given */
	int size;				/* bytes of an integer argument */
	char conversion;
};

static void put(struct format_sink *sink, const char *from, size_t n)
{
	if (n)
		sink->put(sink, from, n);
	sink->written += n;
}

static void put_repeated(struct format_sink *sink, char c, int n)
{
	for (; n > 0; n--)
		put(sink, &c, 1);
}

static void put_field(struct format_sink *sink, const struct spec *spec, const char *sign,
		      int zeros, const char *body, int n)
{
	int fill = spec->width - (int)strlen(sign) - zeros - n;

	if (!spec->left)
		put_repeated(sink, ' ', fill);
	put(sink, sign, strlen(sign));
	put_repeated(sink, '0', zeros);
	put(sink, body, n);
	if (spec->left)
		put_repeated(sink, ' ', fill);
}

static void put_integer(struct format_sink *sink, const struct spec *spec, uint64_t value,
			const char *sign, unsigned int base)
{
	const char *digits = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[24], *p = text + sizeof(text);
	int n, zeros;

	/* 32-bit division where it suffices: nearly always from the start. */
	for (; value >> 32; value /= base)
		*--p = digits[value % base];
	for (uint32_t low = value; low; low /= base)
		*--p = digits[low % base];
	if (p == text + sizeof(text) && spec->precision != 0)
		*--p = '0';
	n = text + sizeof(text) - p;
	zeros = spec->precision - n;
	if (spec->precision < 0 && spec->zero && !spec->left)
		zeros = spec->width - n - (int)strlen(sign);
	put_field(sink, spec, sign, zeros > 0 ? zeros : 0, p, n);
}

static void put_signed(struct format_sink *sink, const struct spec *spec, int64_t value)
{
	const char *sign = value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";

	put_integer(sink, spec, value < 0 ? -(uint64_t)value : (uint64_t)value, sign, 10);
}

static void put_string(struct format_sink *sink, const struct spec *spec, const char *s)
{
	size_t n = 0;

	if (!s)
		s = "(null)";
	/* With a precision the text need not end with a NUL. */
	while ((spec->precision < 0 || n < (size_t)spec->precision) && s[n])
		n++;
	put_field(sink, spec, "", 0, s, n);
}

static const char *parse_flags(const char *p, struct spec *spec)
{
	for (;; p++) {
		switch (*p) {
		case '-': spec->left = true; break;
		case '0': spec->zero = true; break;
		case '+': spec->plus = true; break;
		case ' ': spec->space = true; break;
		case '#': spec->prefix = true; break;
		default: return p;
		}
	}
}

static const char *parse_number(const char *p, int *number, va_list *ap)
{
	if (*p == '*') {
		*number = va_arg(*ap, int);
		return p + 1;
	}
	for (*number = 0; isdigit(*p); p++)
		*number = *number * 10 + *p - '0';
	return p;
}

static const char *parse_size(const char *p, struct spec *spec)
{
	spec->size = 4;
	for (; strchr("hlzjt", *p) && *p; p++) {
		if (*p == 'h')
			spec->size /= 2;
		else if (*p == 'j' || (*p == 'l' && p[-1] == 'l'))
			spec->size = 8;
	}
	return p;
}

static const char *parse_spec(const char *p, struct spec *spec, va_list *ap)
{
	*spec = (struct spec){ .precision = -1 };
	p = parse_flags(p, spec);
	p = parse_number(p, &spec->width, ap);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*p == '.')
		p = parse_number(p + 1, &spec->precision, ap);
	p = parse_size(p, spec);
	spec->conversion = *p;
	return *p ? p + 1 : p;
}

static uint64_t unsigned_argument(const struct spec *spec, va_list *ap)
{
	switch (spec->size) {
	case 8: return va_arg(*ap, uint64_t);
	case 2: return (uint16_t)va_arg(*ap, unsigned int);
	case 1: return (uint8_t)va_arg(*ap, unsigned int);
	default: return va_arg(*ap, unsigned int);
	}
}

static int64_t signed_argument(const struct spec *spec, va_list *ap)
{
	switch (spec->size) {
	case 8: return va_arg(*ap, int64_t);
	case 2: return (int16_t)va_arg(*ap, int);
	case 1: return (int8_t)va_arg(*ap, int);
	default: return va_arg(*ap, int);
	}
}

static void put_unsigned(struct format_sink *sink, const struct spec *spec, va_list *ap)
{
	uint64_t value = unsigned_argument(spec, ap);
	bool prefix = spec->prefix && value;

	switch (spec->conversion) {
	case 'x': put_integer(sink, spec, value, prefix ? "0x" : "", 16); break;
	case 'X': put_integer(sink, spec, value, prefix ? "0X" : "", 16); break;
	case 'o': put_integer(sink, spec, value, prefix ? "0" : "", 8); break;
	default: put_integer(sink, spec, value, "", 10); break;
	}
}

static void put_conversion(struct format_sink *sink, const struct spec *spec, va_list *ap)
{
	char c;

	switch (spec->conversion) {
	case 'd':
	case 'i':
		put_signed(sink, spec, signed_argument(spec, ap));
		break;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_unsigned(sink, spec, ap);
		break;
	case 'p':
		put_integer(sink, spec, va_arg(*ap, uintptr_t), "0x", 16);
		break;
	case 's':
		put_string(sink, spec, va_arg(*ap, const char *));
		break;
	case 'c':
		c = va_arg(*ap, int);
		put_field(sink, spec, "", 0, &c, 1);
		break;
	default:
		put(sink, &spec->conversion, 1);
		break;
	}
}

int format(struct format_sink *sink, const char *text, va_list arguments)
{
	struct spec spec;
	va_list ap;

	/* A copy: a va_list parameter may be an array, whose address cannot be passed on. */
	va_copy(ap, arguments);
	while (*text) {
		size_t plain = strcspn(text, "%");

		put(sink, text, plain);
		text += plain;
		if (*text == '%') {
			text = parse_spec(text + 1, &spec, &ap);
			put_conversion(sink, &spec, &ap);
		}
	}
	va_end(ap);
	return sink->written;
}
