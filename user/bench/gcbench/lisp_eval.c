/*
 * lisp_eval.c - reading and evaluating: quote, if and lambda are forms, all else is a call.
 *
 * A tail call does not nest in C: the loop of lisp_eval continues with the body. Everything else does; so partial results
 * are on the stack and in registers, where a collector must look for them.
 */
#include "lisp.h"

#include <string.h>

static struct object *read_list(const char **text)
{
	struct object *first;

	*text += strspn(*text, " ");
	if (**text == ')') {
		(*text)++;
		return NULL;
	}
	first = lisp_read(text);
	return lisp_pair(first, read_list(text));
}

static struct object *read_number(const char *text, size_t length)
{
	int32_t number = 0;

	for (size_t i = 0; i < length; i++)
		number = 10 * number + text[i] - '0';
	return lisp_number(number);
}

struct object *lisp_read(const char **text)
{
	const char *word;
	size_t length;

	*text += strspn(*text, " ");
	if (**text == '\0')
		return NULL;
	word = *text;
	length = strcspn(word, " ()'");
	*text += length ? length : 1;
	if (length)
		return *word >= '0' && *word <= '9' ? read_number(word, length) : lisp_symbol(word, length);
	if (*word == '(')
		return read_list(text);
	if (*word == ')')
		lisp_stop("one ) too many", NULL);
	return lisp_pair(lisp_quote, lisp_pair(lisp_read(text), NULL));
}

/* --- evaluation --- */

static struct object *value_of(const struct object *symbol, const struct object *environment)
{
	for (; environment; environment = environment->cdr)
		if (environment->car->car == symbol)
			return environment->car->cdr;
	return symbol->value;
}

static struct object *values_of(const struct object *expressions, struct object *environment)
{
	struct object *first;

	if (!expressions)
		return NULL;
	first = lisp_eval(expressions->car, environment);
	return lisp_pair(first, values_of(expressions->cdr, environment));
}

static struct object *bind(const struct object *names, const struct object *values, struct object *environment)
{
	for (; names; names = names->cdr, values = values->cdr)
		environment = lisp_pair(lisp_pair(names->car, values->car), environment);
	return environment;
}

struct object *lisp_eval(struct object *expression, struct object *environment)
{
	struct object *function, *values;

	while (lisp_is(expression, PAIR)) {
		if (expression->car == lisp_quote)
			return expression->cdr->car;
		if (expression->car == lisp_lambda)
			return lisp_closure(expression->cdr, environment);
		if (expression->car == lisp_if) {
			expression = expression->cdr;
			expression = lisp_eval(expression->car, environment) ? expression->cdr->car : expression->cdr->cdr->car;
			continue;
		}
		function = lisp_eval(expression->car, environment);
		values = values_of(expression->cdr, environment);
		if (lisp_is(function, BUILTIN))
			return function->builtin->call(values);
		if (!lisp_is(function, CLOSURE))
			lisp_stop("this is no function", function);
		environment = bind(function->lambda->car, values, function->environment);
		expression = function->lambda->cdr->car;
	}
	return lisp_is(expression, SYMBOL) ? value_of(expression, environment) : expression;
}

/* --- what is built in --- */

static struct object *truth(bool is_so)
{
	return is_so ? lisp_t : NULL;
}

static int32_t number_of(const struct object *object)
{
	if (!lisp_is(object, NUMBER))
		lisp_stop("this is no number", object);
	return object->number;
}

static const struct object *pair_of(const struct object *object)
{
	if (!lisp_is(object, PAIR))
		lisp_stop("this is no pair", object);
	return object;
}

#define FIRST a->car
#define SECOND a->cdr->car

static struct object *do_car(struct object *a) { return pair_of(FIRST)->car; }
static struct object *do_cdr(struct object *a) { return pair_of(FIRST)->cdr; }
static struct object *do_cons(struct object *a) { return lisp_pair(FIRST, SECOND); }
static struct object *do_pair(struct object *a) { return truth(lisp_is(FIRST, PAIR)); }
static struct object *do_add(struct object *a) { return lisp_number(number_of(FIRST) + number_of(SECOND)); }
static struct object *do_subtract(struct object *a) { return lisp_number(number_of(FIRST) - number_of(SECOND)); }
static struct object *do_multiply(struct object *a) { return lisp_number(number_of(FIRST) * number_of(SECOND)); }
static struct object *do_rem(struct object *a) { return lisp_number(number_of(FIRST) % number_of(SECOND)); }
static struct object *do_less(struct object *a) { return truth(number_of(FIRST) < number_of(SECOND)); }
static struct object *do_equal(struct object *a) { return truth(number_of(FIRST) == number_of(SECOND)); }

static struct object *do_eq(struct object *a)
{
	return truth(FIRST == SECOND || (lisp_is(FIRST, NUMBER) && lisp_is(SECOND, NUMBER) && FIRST->number == SECOND->number));
}

const struct builtin lisp_builtins[] = {
	{ "car", do_car },	{ "cdr", do_cdr },	{ "cons", do_cons }, { "pair", do_pair },  { "eq", do_eq },
	{ "+", do_add },	{ "-", do_subtract },	{ "*", do_multiply }, { "rem", do_rem }, { "<", do_less },
	{ "=", do_equal },	{ NULL, NULL },
};
