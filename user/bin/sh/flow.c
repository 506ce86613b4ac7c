/*
 * flow.c - compound commands: if, while, until, for, { }, and ( ), which run.c runs in a child.
 *
 * Their parts are linked through `next` of struct token: a part is the range of tokens up to the next part.
 */
#include "sh.h"
#include "bin/tool.h"

bool sh_is_compound(enum token_kind kind)
{
	return kind == TOKEN_IF || kind == TOKEN_WHILE || kind == TOKEN_UNTIL || kind == TOKEN_FOR || kind == TOKEN_OPEN ||
	       kind == TOKEN_LEFT;
}

const struct token *sh_flow_end(const struct token *t)
{
	while (t->next)
		t = t->next;
	return t + 1;
}

static void run_if(const struct token *t)
{
	const struct token *then;

	for (; t->kind == TOKEN_IF || t->kind == TOKEN_ELIF; t = then->next) {
		then = t->next;
		sh_run_list(t + 1, then);
		if (shell.leave || shell.interrupted)
			return;
		if (shell.status == 0) {
			sh_run_list(then + 1, then->next);
			return;
		}
	}
	shell.status = 0;
	if (t->kind == TOKEN_ELSE)
		sh_run_list(t + 1, t->next);
}

/* => must the loop end, because its condition or body executed `break` or was interrupted by Ctrl-C? */
static bool loop_ends(void)
{
	if (shell.interrupted)
		return true;
	if (!shell.leave)
		return false;
	return --shell.leave > 0 || !shell.again;
}

static void run_while(const struct token *t)
{
	const struct token *body = t->next;
	int status = 0;

	for (;;) {
		sh_run_list(t + 1, body);
		if (loop_ends())
			return;
		if ((shell.status == 0) != (t->kind == TOKEN_WHILE))
			break;
		sh_run_list(body + 1, body->next);
		if (loop_ends())
			return;
		status = shell.status;
	}
	shell.status = status;
}

static void run_for(const struct token *t)
{
	char **words = t->fd ? sh_fields(t + 2, t->next - 1) : NULL;

	shell.status = 0;
	for (char **word = words ? words : shell.words + 1; *word; word++) {
		if (setenv(t[1].text, *word, 1) < 0) {
			perror(t[1].text);
			break;
		}
		sh_run_list(t->next + 1, t->next->next);
		if (loop_ends())
			break;
	}
	if (words)
		sh_fields_free(words);
}

void sh_flow(const struct token *t)
{
	shell.depth++;
	switch (t->kind) {
	case TOKEN_IF: run_if(t); break;
	case TOKEN_WHILE: case TOKEN_UNTIL: run_while(t); break;
	case TOKEN_FOR: run_for(t); break;
	default: sh_run_list(t + 1, t->next); break;
	}
	shell.depth--;
}
