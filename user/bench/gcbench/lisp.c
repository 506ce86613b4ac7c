/*
 * lisp.c - a small Lisp at work: queens, sorting, derivatives; pairs and numbers by the hundred thousand.
 *
 * With WAY free it does what suits an interpreter: everything that one evaluation allocates comes from an arena that is
 * emptied afterwards. The library, which stays, has an arena of its own. This works because the language cannot store a
 * pointer to a new object in an old one. The price: nothing is freed during an evaluation.
 */
#include "gcbench.h"
#include "lisp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 16384 - 64, SYMBOLS = 128 };

static const char library[] =
	"(define list (lambda (a b c) (cons a (cons b (cons c nil)))))"
	"(define append (lambda (a b) (if a (cons (car a) (append (cdr a) b)) b)))"
	"(define length (lambda (a) (if a (+ 1 (length (cdr a))) 0)))"
	"(define map (lambda (f a) (if a (cons (f (car a)) (map f (cdr a))) nil)))"
	"(define filter (lambda (f a) (if a (if (f (car a)) (cons (car a) (filter f (cdr a))) (filter f (cdr a))) nil)))"
	"(define numbers (lambda (i n) (if (< n i) nil (cons i (numbers (+ i 1) n)))))"
	/* Counts the ways to place n queens. */
	"(define safe (lambda (q d set) (if set (if (= q (car set)) nil (if (= d (- q (car set))) nil (if (= d (- (car set) q)) nil"
	"  (safe q (+ d 1) (cdr set))))) t)))"
	"(define try (lambda (q row n set) (if (< n q) 0 (+ (if (safe q 1 set) (queens (+ row 1) n (cons q set)) 0)"
	"  (try (+ q 1) row n set)))))"
	"(define queens (lambda (row n set) (if (< n row) 1 (try 1 row n set))))"
	/* Quicksort of the numbers of a linear congruential generator. */
	"(define noise (lambda (x n) (if (= n 0) nil (cons x (noise (rem (+ (* x 421) 1663) 7875) (- n 1))))))"
	"(define sort (lambda (a) (if a (append (sort (filter (lambda (x) (< x (car a))) (cdr a)))"
	"  (cons (car a) (sort (filter (lambda (x) (if (< x (car a)) nil t)) (cdr a))))) nil)))"
	/* The derivative of a sum or product by x. */
	"(define sum (lambda (a b) (if (eq a 0) b (if (eq b 0) a (list '+ a b)))))"
	"(define product (lambda (a b) (if (eq a 0) 0 (if (eq b 0) 0 (if (eq a 1) b (if (eq b 1) a (list '* a b)))))))"
	"(define second (lambda (a) (car (cdr a))))"
	"(define third (lambda (a) (car (cdr (cdr a)))))"
	"(define d (lambda (e) (if (pair e) (if (eq (car e) '+) (sum (d (second e)) (d (third e)))"
	"  (sum (product (d (second e)) (third e)) (product (second e) (d (third e))))) (if (eq e 'x) 1 0))))"
	"(define times (lambda (n f a) (if (= n 0) a (times (- n 1) f (f a)))))";

static const char work[] =
	"(queens 1 5 nil)"
	"(sort (noise 17 60))"
	"(length (map (lambda (x) (map (lambda (y) (* x y)) (numbers 1 12))) (numbers 1 12)))"
	"(times 4 d '(* (* x (+ x 3)) (* (+ x 5) (* x x))))";

/* --- objects, and the arenas of those who free by hand --- */

struct chunk {
	struct chunk *next;
	uint32_t used;
	char memory[CHUNK];
};

static struct chunk *lasting, *passing, **arena;	/* arena: the one that objects currently come from */
static struct object *symbols[SYMBOLS];
struct object *lisp_quote, *lisp_lambda, *lisp_if, *lisp_t;
static uint32_t symbol_count;

static void *from_arena(size_t size)
{
	struct chunk *chunk = *arena;

	size = (size + 3) & ~3u;
	if (!chunk || chunk->used + size > CHUNK) {
		chunk = take_atomic(sizeof(*chunk));
		chunk->next = *arena;
		chunk->used = 0;
		*arena = chunk;
	}
	chunk->used += size;
	return chunk->memory + chunk->used - size;
}

static void empty(struct chunk **chunks)
{
	for (struct chunk *next; *chunks; *chunks = next) {
		next = (*chunks)->next;
		give(*chunks);
	}
}

static struct object *make(enum kind kind, size_t size)
{
	struct object *object = way == WAY_FREE ? from_arena(size) : kind == NUMBER ? take_atomic(size) : take(size);

	object->kind = kind;
	return object;
}

struct object *lisp_number(int32_t number)
{
	struct object *object = make(NUMBER, offsetof(struct object, number) + sizeof(number));

	object->number = number;
	return object;
}

struct object *lisp_pair(struct object *car, struct object *cdr)
{
	struct object *object = make(PAIR, sizeof(*object));

	object->car = car;
	object->cdr = cdr;
	return object;
}

struct object *lisp_closure(struct object *lambda, struct object *environment)
{
	struct object *object = make(CLOSURE, sizeof(*object));

	object->lambda = lambda;
	object->environment = environment;
	return object;
}

struct object *lisp_builtin(const struct builtin *builtin)
{
	struct object *object = make(BUILTIN, sizeof(*object));

	object->builtin = builtin;
	return object;
}

static char *copy_of(const char *name, size_t length)
{
	char *copy = way == WAY_FREE ? from_arena(length + 1) : take_atomic(length + 1);

	memcpy(copy, name, length);
	copy[length] = '\0';
	return copy;
}

struct object *lisp_symbol(const char *name, size_t length)
{
	struct object *symbol;

	for (uint32_t i = 0; i < symbol_count; i++)
		if (strncmp(symbols[i]->name, name, length) == 0 && symbols[i]->name[length] == '\0')
			return symbols[i];
	if (symbol_count == SYMBOLS)
		lisp_stop("too many symbols", NULL);
	symbol = make(SYMBOL, sizeof(*symbol));
	symbol->name = copy_of(name, length);
	symbol->value = NULL;
	return symbols[symbol_count++] = symbol;
}

void lisp_stop(const char *what, const struct object *object)
{
	printf("gcbench: lisp: %s: kind %d\n", what, object ? (int)object->kind : -1);
	exit(1);
}

/* --- from the library to the last value --- */

static uint32_t sum_of(uint32_t sum, const struct object *object)
{
	if (!object)
		return gcbench_mix(sum, 3);
	if (object->kind == PAIR)
		return sum_of(sum_of(gcbench_mix(sum, 5), object->car), object->cdr);
	if (object->kind == SYMBOL)
		return gcbench_mix(sum, (unsigned char)object->name[0]);
	return gcbench_mix(sum, object->kind == NUMBER ? object->number : 7);
}

/* (define NAME EXPRESSION) */
static void define(struct object *form)
{
	form->cdr->car->value = lisp_eval(form->cdr->cdr->car, NULL);
}

static void read_library(void)
{
	const char *text = library;
	struct object *form;

	arena = &lasting;
	for (const struct builtin *b = lisp_builtins; b->name; b++)
		lisp_symbol(b->name, strlen(b->name))->value = lisp_builtin(b);
	lisp_quote = lisp_symbol("quote", 5);
	lisp_lambda = lisp_symbol("lambda", 6);
	lisp_if = lisp_symbol("if", 2);
	lisp_t = lisp_symbol("t", 1);
	lisp_t->value = lisp_t;
	while ((form = lisp_read(&text)))
		define(form);
}

static uint32_t run(uint32_t n)
{
	struct object *forms[8];
	const char *text = work;
	uint32_t sum = 0, count = 0;

	read_library();
	while ((forms[count] = lisp_read(&text)))
		count++;
	arena = &passing;
	for (uint32_t i = 0; i < n * count; i++) {
		sum = sum_of(sum, lisp_eval(forms[i % count], NULL));
		empty(&passing);
	}
	empty(&lasting);
	memset(symbols, 0, sizeof(symbols));
	symbol_count = 0;
	lisp_quote = lisp_lambda = lisp_if = lisp_t = NULL;
	return sum;
}

const struct gcbench_program gcbench_lisp = { .name = "lisp", .usual = 20, .run = run };
