/*
 * number.c - $((...)): integers, names of variables, || && == != < <= > >= + - * / % and - ! ( ), which bind as in C.
 */
#include "sh.h"
#include "bin/tool.h"

#include <ctype.h>

static const struct {
	const char *text;
	int binds;			/* precedence: higher binds tighter */
} operators[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 3 }, { "!=", 3 }, { "<=", 4 }, { ">=", 4 }, { "<", 4 }, { ">", 4 },
	{ "+", 5 }, { "-", 5 }, { "*", 6 }, { "/", 6 }, { "%", 6 },
};

static const char *at, *problem;

static long level(int binds);

static void blanks(void)
{
	at += strspn(at, " \t\n");
}

static long value(void)
{
	char name[64];
	const char *text;
	size_t n = 0;
	long v;

	blanks();
	if (*at == '-' || *at == '!' || *at == '+') {
		char sign = *at++;

		v = value();
		return sign == '-' ? -v : sign == '!' ? !v : v;
	}
	if (*at == '(') {
		at++;
		v = level(1);
		if (*at == ')')
			at++;
		else
			problem = "a ) is missing";
		return v;
	}
	while (isalnum(at[n]) || at[n] == '_')
		n++;
	if (n == 0 || n >= sizeof(name)) {
		problem = "a number is missing";
		return 0;
	}
	memcpy(name, at, n);
	name[n] = '\0';
	at += n;
	text = isdigit(*name) ? name : getenv(name);
	return text ? strtol(text, NULL, 0) : 0;
}

static long compute(const char *operator, long a, long b)
{
	switch (operator[0]) {
	case '|': return a || b;
	case '&': return a && b;
	case '=': return a == b;
	case '!': return a != b;
	case '<': return operator[1] ? a <= b : a < b;
	case '>': return operator[1] ? a >= b : a > b;
	case '+': return (unsigned long)a + b;
	case '-': return (unsigned long)a - b;
	case '*': return (unsigned long)a * b;
	}
	if (b == 0) {
		problem = "division by zero";
		return 0;
	}
	if (b == -1)
		return operator[0] == '/' ? -(unsigned long)a : 0;
	return operator[0] == '/' ? a / b : a % b;
}

/* Evaluates an expression of operators with at least this precedence. */
static long level(int binds)
{
	long v = value();

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]) && !problem; i++) {
		size_t n = strlen(operators[i].text);

		blanks();
		if (operators[i].binds < binds || strncmp(at, operators[i].text, n) != 0)
			continue;
		at += n;
		v = compute(operators[i].text, v, level(operators[i].binds + 1));
		i = -1;			/* the next may be any of them */
	}
	return v;
}

long sh_number(const char *expression)
{
	long v;

	at = expression;
	problem = NULL;
	v = level(1);
	if (!problem && *at)
		problem = "this is no number";
	if (problem)
		fprintf(stderr, "sh: $((%s)): %s\n", expression, problem);
	if (problem && !shell.interactive)
		exit(2);
	if (problem)
		shell.interrupted = 2;
	return v;
}
