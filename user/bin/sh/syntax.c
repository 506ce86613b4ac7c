/*
 * syntax.c - checks whether the last token may stand where it stands, and decides what may follow it.
 *
 * The parts of a compound command are linked here: the parser holds the last part so far of each one that is still open,
 * and a part is accepted only behind the part that it continues. For a word or an operator it is enough to know whether a
 * command may begin (`start`).
 *
 * Source: POSIX, "Shell Command Language", "Shell Grammar".
 */
#include "parse.h"

#include <string.h>

static bool is_redirection(enum token_kind kind)
{
	return kind >= TOKEN_IN && kind <= TOKEN_HERE;
}

/* NAME [in WORD...], between `for` and `do`; without `in`: the shell's arguments. */
static void take_for(struct parser *p)
{
	struct token *loop = p->last;

	if (!sh_parse_argument(p))
		p->problem = "a name belongs behind 'for'";
	if (p->problem || p->more)
		return;
	sh_parse_skip_blanks(p);
	loop->fd = strncmp(p->at, "in", 2) == 0 && strchr(" \t\n;", p->at[2]);
	p->at += loop->fd ? 2 : 0;
	while (loop->fd && sh_parse_argument(p) && !p->more)
		;
	sh_parse_skip_blanks(p);
	p->start = !loop->fd && *p->at != ';';
}

static void open_part(struct parser *p)
{
	if (p->depth == DEPTH)
		p->problem = "too many commands within commands";
	else
		p->open[p->depth++] = p->last;
	p->start = true;
}

/* The next part of the innermost open compound command, which must be of KIND or OTHER, with a command before it. */
static void next_part(struct parser *p, enum token_kind kind, enum token_kind other, bool closes)
{
	struct token *open = p->depth ? p->open[p->depth - 1] : NULL;

	if (!open || (open->kind != kind && open->kind != other) || open + 1 == p->last) {
		sh_parse_refuse(p, p->at - p->taken, p->taken, "is not expected here");
		return;
	}
	open->next = p->last;
	p->open[p->depth - 1] = p->last;
	p->depth -= closes;
	p->start = !closes;
}

static void check_reserved(struct parser *p, bool start)
{
	switch (p->last->kind) {
	case TOKEN_THEN: next_part(p, TOKEN_IF, TOKEN_ELIF, false); break;
	case TOKEN_ELIF: case TOKEN_ELSE: next_part(p, TOKEN_THEN, TOKEN_THEN, false); break;
	case TOKEN_FI: next_part(p, TOKEN_THEN, TOKEN_ELSE, true); break;
	case TOKEN_DO:
		next_part(p, TOKEN_WHILE, p->depth && p->open[p->depth - 1]->kind == TOKEN_FOR ? TOKEN_FOR : TOKEN_UNTIL, false);
		break;
	case TOKEN_DONE: next_part(p, TOKEN_DO, TOKEN_DO, true); break;
	case TOKEN_CLOSE: next_part(p, TOKEN_OPEN, TOKEN_OPEN, true); break;
	case TOKEN_RIGHT: next_part(p, TOKEN_LEFT, TOKEN_LEFT, true); break;
	case TOKEN_NOT: p->start = true; break;
	default:
		if (!start && *p->at == ')')
			p->problem = "functions are not supported; see help";
		else if (!start)
			p->problem = "a '(' stands where no command begins";
		else
			open_part(p);
	}
	if (p->last->kind == TOKEN_FOR && !p->problem)
		take_for(p);
}

void sh_syntax_check(struct parser *p, bool start)
{
	struct token *t = p->last;

	if (t->kind >= TOKEN_NOT) {
		check_reserved(p, start);
	} else if (is_redirection(t->kind)) {
		if (t->kind == TOKEN_HERE && *p->at == '-')
			sh_parse_refuse(p, "<<-", 3, NOT_SUPPORTED);
		else if (!sh_parse_argument(p))
			p->problem = "a name belongs behind < and >";
		else if (t->kind == TOKEN_HERE && p->here_count == HERE)
			p->problem = "too many << in a line";
		else if (t->kind == TOKEN_HERE)
			p->here[p->here_count++] = t;
	} else if (t->kind == TOKEN_WORD) {
		p->start = false;
		if (t > p->tokens && t[-1].kind >= TOKEN_FI && !start)
			p->problem = "a word stands behind the end of a command";
	} else if (start) {
		p->problem = "a command is missing";
	} else {
		p->start = true;
	}
}

bool sh_syntax_ends_early(const struct parser *p)
{
	return p->depth || p->here_count || (p->start && p->last && (p->last->kind == TOKEN_PIPE || p->last->kind == TOKEN_AND ||
								    p->last->kind == TOKEN_OR || p->last->kind == TOKEN_NOT));
}
