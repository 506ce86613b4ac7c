/*
 * parse.c - cuts the text of a command into tokens. Which of them may follow each other: syntax.c.
 *
 * There is no syntax tree. The parts of a compound command (if then else fi; while do done) are linked with each other, so
 * that a search for the end of something else skips it as a whole. Variables are replaced only when a command is run: in
 * `false; echo $?` the second command must see the result of the first. So a token keeps its word as typed.
 *
 * Source: POSIX, "Shell Command Language", of which this is a subset.
 */
#include "parse.h"
#include "bin/tool.h"


/* Longest first, so that && is not taken for two &. */
static const struct {
	const char *text;
	enum token_kind kind;
	int fd;
} operators[] = {
	{ "2>>", TOKEN_APPEND, 2 }, { "2>&", TOKEN_DUP, 2 }, { "1>&", TOKEN_DUP, 1 },
	{ "2>", TOKEN_OUT, 2 }, { "1>", TOKEN_OUT, 1 }, { "0<", TOKEN_IN, 0 },
	{ ">>", TOKEN_APPEND, 1 }, { ">&", TOKEN_DUP, 1 }, { "<<", TOKEN_HERE, 0 },
	{ "&&", TOKEN_AND, 0 }, { "||", TOKEN_OR, 0 }, { ">", TOKEN_OUT, 1 }, { "<", TOKEN_IN, 0 },
	{ "|", TOKEN_PIPE, 0 }, { ";", TOKEN_SEMICOLON, 0 }, { "\n", TOKEN_SEMICOLON, 0 },
	{ "&", TOKEN_BACKGROUND, 0 }, { "(", TOKEN_LEFT, 0 }, { ")", TOKEN_RIGHT, 0 },
};

static const struct {
	const char *text;
	enum token_kind kind;
} reserved[] = {
	{ "!", TOKEN_NOT }, { "if", TOKEN_IF }, { "then", TOKEN_THEN }, { "elif", TOKEN_ELIF }, { "else", TOKEN_ELSE },
	{ "fi", TOKEN_FI }, { "while", TOKEN_WHILE }, { "until", TOKEN_UNTIL }, { "for", TOKEN_FOR },
	{ "do", TOKEN_DO }, { "done", TOKEN_DONE }, { "{", TOKEN_OPEN }, { "}", TOKEN_CLOSE },
};

/* Words that begin a command in other shells. */
static const char *const unsupported[] = { "case", "esac", "function", "select", "[[" };

const char *sh_skip(const char *p)
{
	char quote = '\0';
	int depth = 0;

	for (; *p; p++) {
		if (*p == '\\' && quote != '\'' && p[1])
			p++;
		else if (quote)
			quote = *p == quote ? '\0' : quote;
		else if (*p == '\'' || *p == '"')
			quote = *p;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* => the end of a word: a blank or an operator outside of quotes and $(...); NULL: a quote or parenthesis is not closed */
static const char *word_end(const char *p)
{
	char quote = '\0';

	while (p && *p) {
		if (*p == '\\' && quote != '\'' && p[1]) {
			p += 2;
		} else if (*p == '$' && p[1] == '(' && quote != '\'') {
			p = sh_skip(p + 1);
		} else if (quote) {
			quote = *p++ == quote ? '\0' : quote;
		} else if (*p == '\'' || *p == '"') {
			quote = *p++;
		} else if (strchr(" \t\n|&;<>()", *p)) {
			return p;
		} else {
			p++;
		}
	}
	return quote ? NULL : p;
}

static char *copy_of(const char *from, size_t n)
{
	char *text = malloc(n + 1);

	if (!text)
		die("sh", "memory");
	memcpy(text, from, n);
	text[n] = '\0';
	return text;
}

void sh_parse_refuse(struct parser *p, const char *name, size_t n, const char *problem)
{
	snprintf(p->name, sizeof(p->name), "'%.*s' ", (int)n, name);
	p->problem = problem;
}

static void check_supported(struct parser *p, const char *text, bool quotes)
{
	p->problem = sh_unsupported(text, quotes);
}

/* Takes the lines of here-document HERE, up to the one that equals its word. => false: that line is not there yet */
static bool take_lines(struct parser *p, struct token *here)
{
	char *word = sh_expand(here[1].text);
	size_t length = strlen(word);
	const char *line = p->at, *end;

	here->literal = here[1].text[strcspn(here[1].text, "'\"\\")] != '\0';
	for (; *line && !here->text; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if ((size_t)(end - line) != length || memcmp(line, word, length) != 0)
			continue;
		here->text = copy_of(p->at, line - p->at);
		if (!here->literal)
			check_supported(p, here->text, false);
		p->at = end + (*end == '\n');
		break;
	}
	free(word);
	return here->text != NULL;
}

static struct token *add(struct parser *p, enum token_kind kind, int fd)
{
	p->last = p->last ? p->last + 1 : p->tokens;
	*p->last = (struct token){ .kind = kind, .fd = fd };
	return p->last;
}

void sh_parse_skip_blanks(struct parser *p)
{
	for (;;) {
		p->at += strspn(p->at, " \t");
		if (p->at[0] == '\\' && p->at[1] == '\n') {
			p->at += 2;
			p->more = *p->at == '\0';
		} else if (*p->at == '#') {
			p->at += strcspn(p->at, "\n");
		} else {
			return;
		}
	}
}

/* A newline ends the command, if there is one; the lines of here-documents follow. */
static void take_newline(struct parser *p)
{
	p->at++;
	for (int i = 0; i < p->here_count && !p->more; i++)
		p->more = !take_lines(p, p->here[i]);
	p->here_count = 0;
	if (!p->start)
		add(p, TOKEN_SEMICOLON, 0);
}

static bool take_operator(struct parser *p)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t n = strlen(operators[i].text);

		if (strncmp(p->at, operators[i].text, n) != 0)
			continue;
		p->at += n;
		add(p, operators[i].kind, operators[i].fd);
		return true;
	}
	return false;
}

static enum token_kind kind_of(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strlen(reserved[i].text) == n && memcmp(reserved[i].text, word, n) == 0)
			return reserved[i].kind;
	return TOKEN_WORD;
}

/* NEXT: the byte after the word */
static void check_word(struct parser *p, const char *word, char next)
{
	for (size_t i = 0; p->start && i < sizeof(unsupported) / sizeof(unsupported[0]); i++)
		if (strcmp(word, unsupported[i]) == 0)
			sh_parse_refuse(p, word, strlen(word), NOT_SUPPORTED);
	if ((next == '<' || next == '>') && word[strspn(word, "0123456789")] == '\0')
		sh_parse_refuse(p, word, strlen(word), "before < or >: only 0< 1> 2> are supported");
	if (!p->problem)
		check_supported(p, word, true);
}

static void take_word(struct parser *p)
{
	const char *end = word_end(p->at);
	enum token_kind kind;

	if (!end) {
		p->more = true;
		return;
	}
	kind = p->start ? kind_of(p->at, end - p->at) : TOKEN_WORD;
	add(p, kind, 0);
	if (kind == TOKEN_WORD)
		check_word(p, p->last->text = copy_of(p->at, end - p->at), *end);
	p->at = end;
}

bool sh_parse_argument(struct parser *p)
{
	sh_parse_skip_blanks(p);
	if (!*p->at || strchr("\n|&;<>()", *p->at))
		return false;
	p->start = false;
	take_word(p);
	return true;
}

static void report(const struct parser *p, const char *text)
{
	int line = shell.line;

	for (const char *c = text; c < p->at; c++)
		line += *c == '\n';
	if (!*p->problem)
		return;
	sh_print_place(line);
	fprintf(stderr, "%s%s\n", p->name, p->problem);
}

enum sh_parsed sh_parse(const char *text, struct token **tokens)
{
	/* No text has more tokens than bytes. */
	struct parser p = { .at = text, .tokens = calloc(strlen(text) + 2, sizeof(struct token)), .start = true };

	if (!p.tokens)
		die("sh", "memory");
	for (sh_parse_skip_blanks(&p); *p.at && !p.problem && !p.more; sh_parse_skip_blanks(&p)) {
		const char *from = p.at;
		bool start = p.start;

		if (*p.at == '\n') {
			take_newline(&p);
			p.start = true;
			continue;
		}
		if (!take_operator(&p))
			take_word(&p);
		p.taken = p.at - from;
		if (!p.more && !p.problem)
			sh_syntax_check(&p, start);
	}
	if (!p.problem && !p.more && !sh_syntax_ends_early(&p)) {
		*tokens = p.tokens;
		return SH_COMPLETE;
	}
	if (p.problem)
		report(&p, text);
	sh_parse_free(p.tokens);
	return p.problem ? SH_WRONG : SH_MORE;
}

void sh_parse_free(struct token *tokens)
{
	for (struct token *t = tokens; t->kind != TOKEN_END; t++)
		free(t->text);
	free(tokens);
}
