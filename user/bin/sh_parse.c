/*
 * sh_parse.c - a line is cut into tokens, and later a word into what it means.
 *
 * Variables are replaced only when a command is run, not when its line is read: in `false; echo
 * $?` the second command must see what the first has done. So a token keeps its word as typed.
 */
#include "sh.h"
#include "tool.h"

#include <ctype.h>
#include <unistd.h>

/* Longest first, so that && is not taken for two &. */
static const struct {
	const char *text;
	enum token_kind kind;
	int fd;
} operators[] = {
	{ "2>>", TOKEN_APPEND, 2 }, { "2>&", TOKEN_DUP, 2 }, { "1>&", TOKEN_DUP, 1 },
	{ "2>", TOKEN_OUT, 2 }, { "1>", TOKEN_OUT, 1 }, { "0<", TOKEN_IN, 0 },
	{ ">>", TOKEN_APPEND, 1 }, { ">&", TOKEN_DUP, 1 }, { "&&", TOKEN_AND, 0 },
	{ "||", TOKEN_OR, 0 }, { ">", TOKEN_OUT, 1 }, { "<", TOKEN_IN, 0 },
	{ "|", TOKEN_PIPE, 0 }, { ";", TOKEN_SEMICOLON, 0 }, { "&", TOKEN_BACKGROUND, 0 },
};

/* The end of a word: blanks and operators outside of quotes. NULL: a quote is not closed. */
static const char *word_end(const char *p)
{
	char quote = '\0';

	for (; *p; p++) {
		if (*p == '\\' && quote != '\'' && p[1])
			p++;
		else if (quote)
			quote = *p == quote ? '\0' : quote;
		else if (*p == '\'' || *p == '"')
			quote = *p;
		else if (strchr(" \t\n|&;<>", *p))
			return p;
	}
	return quote ? NULL : p;
}

/* One token from p on; where it ends, NULL for a quote that is not closed. */
static const char *scan(const char *p, struct token *token)
{
	const char *end;

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t n = strlen(operators[i].text);

		if (strncmp(p, operators[i].text, n) == 0) {
			*token = (struct token){ operators[i].kind, operators[i].fd, NULL };
			return p + n;
		}
	}
	end = word_end(p);
	if (!end)
		return NULL;
	*token = (struct token){ TOKEN_WORD, 0, strdup(p) };
	if (!token->text)
		die("sh", "memory");
	token->text[end - p] = '\0';
	return end;
}

static bool is_redirection(enum token_kind kind)
{
	return kind >= TOKEN_IN;
}

/* Every operator has a command on its left, every | && || also on its right, every < > a word. */
static bool makes_sense(const struct token *t)
{
	bool command = false, wanted = false;

	for (; t->kind != TOKEN_END; t++) {
		if (t->kind == TOKEN_WORD) {
			command = true;
		} else if (is_redirection(t->kind)) {
			if ((++t)->kind != TOKEN_WORD)
				return false;
			command = true;
		} else if (!command) {
			return false;
		} else {
			wanted = t->kind < TOKEN_SEMICOLON;
			command = false;
		}
	}
	return command || !wanted;
}

struct token *sh_parse(const char *line)
{
	size_t count = 0;
	/* No line has more tokens than bytes. */
	struct token *tokens = calloc(strlen(line) + 1, sizeof(*tokens));
	const char *p = line, *problem = NULL;

	if (!tokens)
		die("sh", "memory");
	for (p += strspn(p, " \t\n"); *p && *p != '#'; p += strspn(p, " \t\n")) {
		p = scan(p, &tokens[count++]);
		if (!p) {
			problem = "a quote is not closed";
			break;
		}
	}
	if (!problem && makes_sense(tokens))
		return tokens;
	fprintf(stderr, "sh: %s\n", problem ? problem : "this line is not complete");
	sh_parse_free(tokens);
	return NULL;
}

void sh_parse_free(struct token *tokens)
{
	for (struct token *t = tokens; t->kind != TOKEN_END; t++)
		free(t->text);
	free(tokens);
}

/* Expansion */

struct text {
	char *bytes;
	size_t used, room;
};

static void append(struct text *to, const char *from, size_t n)
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

/* Appends what the $ at p stands for; the last byte of it is returned. */
static const char *append_variable(struct text *to, const char *p)
{
	char name[64], number[16];
	const char *value;
	size_t n = 0;

	if (p[1] == '?' || p[1] == '$') {
		snprintf(number, sizeof(number), "%d", p[1] == '?' ? shell.status : getpid());
		append(to, number, strlen(number));
		return p + 1;
	}
	while (isalnum(p[1 + n]) || p[1 + n] == '_')
		n++;
	if (n == 0 || n >= sizeof(name)) {
		append(to, "$", 1);
		return p;
	}
	memcpy(name, p + 1, n);
	name[n] = '\0';
	value = getenv(name);
	append(to, value ? value : "", value ? strlen(value) : 0);
	return p + n;
}

char *sh_expand(const char *word)
{
	struct text to = { NULL, 0, 0 };
	bool quoted = false;
	char quote = '\0';

	append(&to, "", 0);
	for (const char *p = word; *p; p++) {
		if (*p == quote || (!quote && (*p == '\'' || *p == '"'))) {
			quote = quote ? '\0' : *p;
			quoted = true;
		} else if (*p == '\\' && p[1] &&
			   (!quote || (quote == '"' && strchr("\\\"$", p[1])))) {
			append(&to, ++p, 1);
		} else if (*p == '$' && quote != '\'') {
			p = append_variable(&to, p);
		} else {
			append(&to, p, 1);
		}
	}
	if (to.used > 0 || quoted)
		return to.bytes;
	free(to.bytes);
	return NULL;
}
