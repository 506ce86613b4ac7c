/*
 * lisp.h - the objects of a small Lisp, and the functions that create, read, print and evaluate them.
 *
 * The language has no assignment: objects never change, except for a symbol's value, and that only at the outermost level. So
 * an evaluation leaves nothing behind but its value.
 */
#ifndef USER_BENCH_GCBENCH_LISP_H
#define USER_BENCH_GCBENCH_LISP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind { NUMBER, SYMBOL, PAIR, CLOSURE, BUILTIN };

/* NULL is the empty list, and false. */
struct object {
	enum kind kind;
	union {
		int32_t number;
		const struct builtin *builtin;
		struct { struct object *car, *cdr; };			/* PAIR */
		struct { struct object *lambda, *environment; };	/* CLOSURE: ((parameters) body) */
		struct { const char *name; struct object *value; };	/* SYMBOL */
	};
};

struct builtin {
	const char *name;
	struct object *(*call)(struct object *arguments);
};

struct object *lisp_number(int32_t number);
struct object *lisp_pair(struct object *car, struct object *cdr);
struct object *lisp_closure(struct object *lambda, struct object *environment);
struct object *lisp_builtin(const struct builtin *builtin);
struct object *lisp_symbol(const char *name, size_t length);		/* one object for each name */

/* Symbols with a meaning for the interpreter itself. */
extern struct object *lisp_quote, *lisp_lambda, *lisp_if, *lisp_t;

static inline bool lisp_is(const struct object *object, enum kind kind)
{
	return object && object->kind == kind;
}

/* Reads an expression and advances past it; NULL at the end too. */
struct object *lisp_read(const char **text);

/* The value; an error ends the program. `environment` is a list of pairs (symbol . value). */
struct object *lisp_eval(struct object *expression, struct object *environment);

extern const struct builtin lisp_builtins[];		/* the last has no name */

void lisp_stop(const char *what, const struct object *object) __attribute__((noreturn));

#endif
