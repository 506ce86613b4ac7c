/*
 * sh.h - the shell's parts: a line is edited (sh_edit.c), cut into tokens (sh_parse.c) and run
 * (sh_run.c); sh.c holds them together.
 */
#ifndef USER_BIN_SH_H
#define USER_BIN_SH_H

#include <stdbool.h>
#include <stddef.h>

enum { SH_LINE = 1024 };

enum token_kind {
	TOKEN_END, TOKEN_WORD,
	TOKEN_PIPE, TOKEN_AND, TOKEN_OR, TOKEN_SEMICOLON, TOKEN_BACKGROUND,
	TOKEN_IN, TOKEN_OUT, TOKEN_APPEND, TOKEN_DUP,	/* < > >> >& */
};

struct token {
	enum token_kind kind;
	int fd;			/* of a redirection: what is redirected */
	char *text;		/* of a word: as typed, with its quotes; malloc'ed */
};

/* State that all parts see. */
struct shell {
	int status;		/* of the last command: $? */
	bool interactive;	/* prompts and edits lines */
	bool job_control;	/* each pipeline is a process group that may own the terminal */
};

extern struct shell shell;

/* Tokens of a line, closed by TOKEN_END; NULL after a message when the line makes no sense. */
struct token *sh_parse(const char *line);
void sh_parse_free(struct token *tokens);

/* A word without quotes, with variables replaced; malloc'ed. NULL: it was nothing but empty ones. */
char *sh_expand(const char *word);

/* Runs a line; the last status is in shell.status. */
void sh_run(const char *line);

/* Collects children that have ended; tells of background jobs that are done. */
void sh_run_reap(void);

/* The terminal is the shell's: at the start, and after each pipeline in the foreground. */
void sh_run_take_terminal(void);

/*
 * Reads a line from the terminal with history and cursor keys. The number of bytes without the
 * newline; -1 for Ctrl-D on an empty line or the end of input.
 */
int sh_edit(const char *prompt, char line[SH_LINE]);

#endif
