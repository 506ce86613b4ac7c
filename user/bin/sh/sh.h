/*
 * sh.h - the shell's parts: a line is edited (edit.c, complete.c), its text is cut into tokens (parse.c, syntax.c,
 * refuse.c), and the tokens are executed (run.c, flow.c, redirect.c): as a job (job.c) of children (child.c) or by the shell
 * itself (word.c, test.c). Words are expanded when their command runs (expand.c, glob.c, number.c).
 */
#ifndef USER_BIN_SH_H
#define USER_BIN_SH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

enum { SH_LINE = 1024, SH_CTRL_C = 128 + 2 /* SIGINT */ };

enum token_kind {
	TOKEN_END, TOKEN_WORD,
	TOKEN_PIPE, TOKEN_AND, TOKEN_OR, TOKEN_SEMICOLON, TOKEN_BACKGROUND,	/* a newline is a semicolon */
	TOKEN_IN, TOKEN_OUT, TOKEN_APPEND, TOKEN_DUP, TOKEN_HERE,		/* < > >> >& << */
	TOKEN_NOT, TOKEN_IF, TOKEN_THEN, TOKEN_ELIF, TOKEN_ELSE, TOKEN_FI,
	TOKEN_WHILE, TOKEN_UNTIL, TOKEN_FOR, TOKEN_DO, TOKEN_DONE,
	TOKEN_OPEN, TOKEN_CLOSE, TOKEN_LEFT, TOKEN_RIGHT,			/* { } ( ) */
};

struct token {
	enum token_kind kind;
	int fd;			/* of a redirection: which descriptor is redirected */
	char *text;		/* of a word: as typed, with its quotes; of <<: its lines; malloc'ed */
	bool literal;		/* of <<: its word was quoted, so nothing in its lines is replaced */
	struct token *next;	/* of a compound command's parts: the next part; NULL in its last */
};

/* State that all parts share. */
struct shell {
	int status;			/* of the last command: $? */
	bool interactive;		/* prompts and edits lines */
	bool job_control;		/* each pipeline is a process group that may own the terminal */
	volatile int interrupted;	/* not 0: abort everything up to the prompt, with this status */
	int depth;			/* of compound commands that the shell itself runs */
	int leave;			/* how many loops `break` or `continue` still has to leave */
	bool again;			/* `continue`: the last of them starts its next round */
	char **words;			/* $0, $1 ...; closed by NULL */
	pid_t background;		/* $!: last member of the last job in the background; 0: none yet */
	int warned;			/* the line at which sh_job_leave() warned; 0: none yet */
	const char *file;		/* the script; NULL: there is none */
	int line;			/* of the script: where the current command starts */
};

extern struct shell shell;

enum sh_parsed { SH_COMPLETE, SH_MORE, SH_WRONG };

/*
 * Cuts TEXT into tokens, closed by TOKEN_END. SH_MORE: it is the beginning of a longer command; SH_WRONG: a syntax error,
 * which has been reported. *tokens is set when the result is SH_COMPLETE.
 */
enum sh_parsed sh_parse(const char *text, struct token **tokens);
void sh_parse_free(struct token *tokens);
/* => a message about what TEXT has that is not supported; "": it has been reported; NULL: all is supported */
const char *sh_unsupported(const char *text, bool quotes);
/* The start of a message about a line of the script. */
void sh_print_place(int line);
/* P is at an opening parenthesis. => the byte after the closing one; NULL: there is none */
const char *sh_skip(const char *p);

/* A string that grows. */
struct text {
	char *bytes;		/* malloc'ed, closed by 0; NULL as long as nothing was appended */
	size_t used, room;
};
void sh_append(struct text *to, const char *from, size_t n);

/* A word with its $ expanded and its quotes removed, not split into fields; malloc'ed. */
char *sh_expand(const char *word);
/* The same for the lines of a here-document, in which quotes are ordinary bytes. */
char *sh_expand_lines(const char *lines);
/* All fields of the words in [t, end), closed by NULL; each and the list malloc'ed. Redirections are skipped. */
char **sh_fields(const struct token *t, const struct token *end);
void sh_fields_free(char **fields);
bool sh_is_assignment(const char *word);

/* The files that match PATTERN, sorted, closed by NULL; NULL when there are none. A backslash quotes the next byte. */
char **sh_glob(const char *pattern);

/* => the value of an expression of integers and names. After an error it is a message, and ends the shell or the command. */
long sh_number(const char *expression);

/* Performs the redirections in [t, end). False after a message: the command must not run. */
bool sh_redirect(const struct token *t, const struct token *end);
bool sh_is_redirected(const struct token *t, const struct token *end);

/*
 * Runs a command's text. SH_MORE: it is not complete, and nothing was run; SH_WRONG: it has a syntax error, which was reported.
 * The last status is in shell.status.
 */
enum sh_parsed sh_run(const char *text);
void sh_run_list(const struct token *t, const struct token *end);
/* A compound command: T is its first token. */
void sh_flow(const struct token *t);
const struct token *sh_flow_end(const struct token *t);
bool sh_is_compound(enum token_kind kind);


enum { SH_JOBS = 16, SH_MEMBERS = 16 };

/* A pipeline that was started: pids of its members, 0 once a member has ended. */
struct job {
	pid_t group;			/* 0: the entry is free */
	pid_t member[SH_MEMBERS];
	bool stopped[SH_MEMBERS];
	int count;
	int status;			/* of the last member, as wait gives it */
	pid_t last;			/* of the last member; also when it has ended */
	bool background;		/* also one that was stopped */
	bool shares_group;		/* with the shell */
	bool told;			/* that it is stopped */
	int turn;			/* a higher number was sent to the background later */
	struct termios mode;		/* the mode of the terminal before it was started, then when it stopped */
	char name[40];
};

/* Jobs that are not done, in order of their numbers, which start with 1. NULL behind the last. */
struct job *sh_job_next(struct job *after);
int sh_job_number(const struct job *job);

/* => the job that %N means, or without a word the one marked with +; NULL: there is no such job */
struct job *sh_job_named(const char *word);

/* Prints a line about it: number, mark, state, name. */
void sh_job_show(FILE *to, const struct job *job);

/* => a free entry; NULL: there are too many jobs. It is in use once its group is set. */
struct job *sh_job_new(void);

/* => are all living members stopped? */
bool sh_job_stopped(const struct job *job);

/*
 * Waits until all members have ended, or are stopped; for a job in the background also until Ctrl-C. The last member's
 * status becomes shell.status.
 */
void sh_job_wait(struct job *job);

/* Waits for a child that is no job. Its status becomes shell.status. */
void sh_job_wait_for(pid_t pid);

/* Waits for a job, which has the terminal meanwhile; a stopped job is continued first. */
void sh_job_foreground(struct job *job);

/* Lets it run in the background; a stopped job is continued. */
void sh_job_background(struct job *job);

/* Reaps children that have ended; reports background jobs that are done or stopped. */
void sh_job_reap(void);

/*
 * May the shell end? An interactive one with jobs only if the line before, or this one, has printed a warning. => false after
 * the warning. With the first program the machine ends, and all jobs with it.
 */
bool sh_job_leave(void);

/* Like fork(), but SIGINT never runs the shell's handler in the child, where it would be lost. */
pid_t sh_child_fork(void);
/* In a member of JOB, before anything else: its process group, the terminal, signals; IN and OUT become its streams. */
void sh_child_enter(const struct job *job, int in, int out);
/* What the command prints, without the newlines at its end; malloc'ed. */
char *sh_output_of(const char *text, size_t length);

/* Does the shell itself run this command (a built-in one, NAME=value, nothing at all)? */
bool sh_word_is_own(char **argv);
/* Runs it; the result is in shell.status. */
void sh_word(char **argv);
const char *sh_word_name(size_t i);	/* the names of the built-in commands; NULL after the last */
/* Puts a word NAME=value into the environment. => false: it is no such word */
bool sh_assign(const char *word);
/* Replaces %N among the arguments of `kill` by process groups. May replace the list. */
char **sh_kill_words(char **argv);

/* test and [: 0 true, 1 false, 2 after a message */
int sh_test(char **argv);

/*
 * Reads a line from the terminal with history and cursor keys. => the number of bytes without the
 * newline; -1 for Ctrl-D on an empty line or the end of input. Ctrl-C sets shell.interrupted.
 */
int sh_edit(const char *prompt, char line[SH_LINE]);

/*
 * Completions for LINE from byte *FROM to byte CURSOR: names of commands or of files, sorted, closed by NULL. NULL: none.
 */
char **sh_complete(const char *line, int cursor, int *from);

#endif
