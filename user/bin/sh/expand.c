/*
 * expand.c - expands a word when its command runs: quotes are removed, $NAME ${NAME} $? $$ $! $1 $# $@ $(COMMAND)
 * $((NUMBER)) are replaced, the result is split into fields at blanks, and fields with * ? [ become names of files.
 *
 * In a field under construction a backslash precedes each quoted byte that is special in a pattern; sh_glob() understands
 * that, and plain() removes it.
 */
#include "sh.h"
#include "bin/tool.h"

#include <ctype.h>
#include <unistd.h>

struct expansion {
	bool split;			/* into fields, and patterns are expanded */
	bool quotes;			/* are quotes, not ordinary bytes */
	char **fields;
	size_t count, room;
	struct text now;		/* the field that is being built */
	bool some;			/* the field exists, though it may be empty */
	bool pattern;			/* it has a * ? [ that was not quoted */
};

void sh_append(struct text *to, const char *from, size_t n)
{
	if (to->used + n + 1 > to->room) {
		to->room = (to->used + n + 1) * 2;
		to->bytes = realloc(to->bytes, to->room);
		if (!to->bytes)
			die("sh", "memory");
	}
	memcpy(to->bytes + to->used, from, n);
	to->used += n;
	to->bytes[to->used] = '\0';
}

static void put(struct expansion *e, char c, bool quoted)
{
	if (e->split && quoted && strchr("*?[]\\", c))
		sh_append(&e->now, "\\", 1);
	else if (strchr("*?[", c))
		e->pattern = true;
	sh_append(&e->now, &c, 1);
	e->some = true;
}

static void add_field(struct expansion *e, char *field)
{
	if (e->count + 2 > e->room) {
		e->room = e->room * 2 + 8;
		e->fields = realloc(e->fields, e->room * sizeof(*e->fields));
		if (!e->fields)
			die("sh", "memory");
	}
	e->fields[e->count++] = field;
	e->fields[e->count] = NULL;
}

/* Removes the backslashes of put(). */
static void plain(char *field)
{
	char *to = field;

	for (const char *from = field; *from; *to++ = *from++)
		if (*from == '\\')
			from++;
	*to = '\0';
}

static void end_field(struct expansion *e)
{
	char **names = e->split && e->pattern ? sh_glob(e->now.bytes) : NULL;

	if (names) {
		for (char **name = names; *name; name++)
			add_field(e, *name);
		free(names);
		free(e->now.bytes);
	} else if (e->some) {
		sh_append(&e->now, "", 0);
		if (e->split)
			plain(e->now.bytes);
		add_field(e, e->now.bytes);
	}
	e->now = (struct text){ NULL, 0, 0 };
	e->some = e->pattern = false;
}

static void put_value(struct expansion *e, const char *value, bool quoted)
{
	e->some |= quoted;
	for (; *value; value++) {
		if (e->split && !quoted && strchr(" \t\n", *value))
			end_field(e);
		else
			put(e, *value, quoted);
	}
}

/* $1 $2 ..., each a field of its own; joined with blanks if the word is not split into fields. */
static void put_arguments(struct expansion *e, bool quoted)
{
	for (char **word = shell.words + 1; *word; word++) {
		put_value(e, *word, quoted);
		if (word[1] && e->split)
			end_field(e);
		else if (word[1])
			put(e, ' ', quoted);
	}
}

static int argument_count(void)
{
	int n = 0;

	while (shell.words[n + 1])
		n++;
	return n;
}

/* => the value of a variable, or of $0 to $9 */
static const char *value_of(const char *name, size_t n)
{
	char copy[64];
	const char *value = NULL;

	if (n == 1 && isdigit(*name))
		return *name - '0' <= argument_count() ? shell.words[*name - '0'] : "";
	if (n < sizeof(copy)) {
		memcpy(copy, name, n);
		copy[n] = '\0';
		value = getenv(copy);
	}
	return value ? value : "";
}

/* $? $$ $# $@ $* and $0 to $9; false: C is none of these. */
static bool put_special(struct expansion *e, char c, bool quoted)
{
	int value = c == '?' ? shell.status : c == '$' ? getpid() : c == '!' ? shell.background : argument_count();
	char number[16] = "";

	if (c == '@' || c == '*') {
		put_arguments(e, quoted);
		return true;
	}
	if (isdigit(c)) {
		put_value(e, value_of(&c, 1), quoted);
		return true;
	}
	if (!strchr("?$#!", c))
		return false;
	if (c != '!' || value)
		snprintf(number, sizeof(number), "%d", value);
	put_value(e, number, quoted);
	return true;
}

/* N bytes: NAME or NAME:-WORD; sh_unsupported() has refused anything else. */
static void put_variable(struct expansion *e, const char *name, size_t n, bool quoted)
{
	size_t length = strcspn(name, ":}");
	const char *value = value_of(name, length < n ? length : n);
	char *other;

	if (*value || length >= n) {
		put_value(e, value, quoted);
		return;
	}
	other = strdup(name + length + 2);
	if (!other)
		die("sh", "memory");
	other[n - length - 2] = '\0';
	value = sh_expand(other);
	put_value(e, value, quoted);
	free((char *)value);
	free(other);
}

/* Expands $(COMMAND) or $((NUMBER)) at P. => the byte after it */
static const char *put_command(struct expansion *e, const char *p, bool quoted)
{
	const char *end = sh_skip(p + 1);
	size_t length = end - p - 3;
	char *value;

	if (p[2] == '(' && end[-2] == ')') {
		struct text inner = { NULL, 0, 0 };
		char number[16], *expression;

		sh_append(&inner, p + 3, length - 2);
		expression = sh_expand(inner.bytes);
		snprintf(number, sizeof(number), "%ld", sh_number(expression));
		put_value(e, number, quoted);
		free(expression);
		free(inner.bytes);
		return end;
	}
	value = sh_output_of(p + 2, length);
	put_value(e, value, quoted);
	free(value);
	return end;
}

/* Expands the $ at P. => the byte after the expression */
static const char *put_dollar(struct expansion *e, const char *p, bool quoted)
{
	size_t n = 0;

	if (p[1] == '(' && sh_skip(p + 1))
		return put_command(e, p, quoted);
	if (p[1] == '{' && strchr(p, '}')) {
		n = strcspn(p, "}") - 2;
		if (n != 1 || !put_special(e, p[2], quoted))
			put_variable(e, p + 2, n, quoted);
		return p + n + 3;
	}
	if (p[1] && put_special(e, p[1], quoted))
		return p + 2;
	while (isalnum(p[1 + n]) || p[1 + n] == '_')
		n++;
	if (n)
		put_variable(e, p + 1, n, quoted);
	else
		put(e, '$', quoted);
	return p + 1 + n;
}

/* Expands a word, or (without quotes) the lines of a here-document. */
static void expand(struct expansion *e, const char *p)
{
	char quote = e->quotes ? '\0' : '"';

	while (*p) {
		if (e->quotes && (*p == quote || (!quote && (*p == '\'' || *p == '"')))) {
			quote = quote ? '\0' : *p;
			e->some = true;
			p++;
		} else if (*p == '\\' && p[1] && (!quote || (quote == '"' && strchr("\\\"$\n", p[1])))) {
			if (p[1] != '\n')
				put(e, p[1], true);
			p += 2;
		} else if (*p == '$' && quote != '\'') {
			p = put_dollar(e, p, quote);
		} else {
			put(e, *p++, quote);
		}
	}
	end_field(e);
}

static char *expand_whole(const char *word, bool quotes)
{
	struct expansion e = { .quotes = quotes, .some = true };
	char *text;

	expand(&e, word);
	text = e.fields[0];
	free(e.fields);
	return text;
}

char *sh_expand(const char *word)
{
	return expand_whole(word, true);
}

char *sh_expand_lines(const char *lines)
{
	return expand_whole(lines, false);
}

bool sh_is_assignment(const char *word)
{
	const char *p = word;

	while (isalnum(*p) || *p == '_')
		p++;
	return p > word && *p == '=' && !isdigit(*word);
}

char **sh_fields(const struct token *t, const struct token *end)
{
	struct expansion e = { .split = true, .quotes = true };
	bool first = true;

	for (; t < end; t++) {
		if (t->kind != TOKEN_WORD) {
			t++;			/* the word of a redirection is not an argument */
			continue;
		}
		first &= sh_is_assignment(t->text);
		if (first)
			add_field(&e, sh_expand(t->text));
		else
			expand(&e, t->text);
	}
	if (!e.fields && !(e.fields = calloc(1, sizeof(*e.fields))))
		die("sh", "memory");
	return e.fields;
}

void sh_fields_free(char **fields)
{
	for (char **p = fields; *p; p++)
		free(*p);
	free(fields);
}
