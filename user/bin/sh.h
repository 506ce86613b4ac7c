/*
 * sh.h - the shell's parts: a line is edited (sh_edit.c), cut into tokens (sh_parse.c) and run
 * (sh_run.c), as a job of other programs (sh_job.c) or by the shell itself (sh_word.c).
 */
#ifndef USER_BIN_SH_H
#define USER_BIN_SH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

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

/* A word without quotes, with variables replaced; malloc'ed. NULL: only empty ones were in it. */
char *sh_expand(const char *word);

/* Runs a line; the last status is in shell.status. */
void sh_run(const char *line);

enum { SH_JOBS = 16, SH_MEMBERS = 16 };

/* A pipeline that was started: pids of its members, 0 once a member has ended. */
struct job {
	pid_t group;			/* 0: the entry is free */
	pid_t member[SH_MEMBERS];
	bool stopped[SH_MEMBERS];
	int count;
	int status;			/* of the last member, as wait gives it */
	bool background;		/* also one that was stopped */
	bool told;			/* that it is stopped */
	int turn;			/* the later it was last sent to the background, the higher */
	struct termios mode;		/* how it wants the terminal: as it was when it stopped */
	char name[40];
};

/* Jobs that are not done, in order of their numbers, which start with 1. NULL behind the last. */
struct job *sh_job_next(struct job *after);
int sh_job_number(const struct job *job);

/* What `fg` and `bg` mean by %N, or by nothing: the job marked with a +. NULL: there is none such. */
struct job *sh_job_named(const char *word);

/* A line about it: number, mark, state, name. */
void sh_job_show(FILE *to, const struct job *job);

/* A free entry; NULL when there are too many jobs. It is in use once its group is set. */
struct job *sh_job_new(void);

/* All members that live are stopped. */
bool sh_job_stopped(const struct job *job);

/* Waits until all members have ended, or are stopped. The last one's status becomes shell.status. */
void sh_job_wait(struct job *job);

/* Waits for a job, which has the terminal meanwhile; if it was stopped, it goes on first. */
void sh_job_foreground(struct job *job);

/* From now on nobody waits for it; if it was stopped, it goes on. */
void sh_job_background(struct job *job);

/* Collects children that have ended; tells of background jobs that are done or stopped. */
void sh_job_reap(void);

/*
 * Runs the words as one of the shell's own (cd exit jobs fg bg wait NAME=value), or nothing at all when
 * there are none. False: it is none of those.
 */
bool sh_word(char **argv);

/* A word NAME=value becomes part of the environment, and is cut at its sign; false: it is no such word. */
bool sh_assign(char *word);

/*
 * Reads a line from the terminal with history and cursor keys. The number of bytes without the
 * newline; -1 for Ctrl-D on an empty line or the end of input.
 */
int sh_edit(const char *prompt, char line[SH_LINE]);

#endif
