/*
 * parse.h - the state of the parser, whose halves are parse.c, which cuts the text into tokens, and syntax.c, which checks
 * their order. Neither can run first: `if`, for instance, is a reserved word only where a command may begin.
 */
#ifndef USER_BIN_SH_PARSE_H
#define USER_BIN_SH_PARSE_H

#include "sh.h"

#define NOT_SUPPORTED "is not supported; see help"

enum { DEPTH = 32, HERE = 8 };

struct parser {
	const char *at;
	struct token *tokens, *last;	/* the last token */
	struct token *here[HERE];	/* here-documents whose lines have not been read yet */
	int here_count;
	struct token *open[DEPTH];	/* the last part so far of each compound command that is still open */
	int depth;
	bool start;			/* a command may begin here */
	size_t taken;			/* length of the last token */
	const char *problem;		/* not NULL: a syntax error; "": one that has been reported */
	char name[32];			/* the word at fault, or nothing */
	bool more;
};

/* parse.c */

/* A syntax error about the N bytes at NAME. */
void sh_parse_refuse(struct parser *p, const char *name, size_t n, const char *problem);
/* Skips blanks, continued lines, comments. */
void sh_parse_skip_blanks(struct parser *p);
/* Takes a word that belongs to the last token: the name after < or >, those of `for`. => false: there is none */
bool sh_parse_argument(struct parser *p);

/* syntax.c */

/* Links the last token with those before it, and records what may follow. START: a command could begin there. */
void sh_syntax_check(struct parser *p, bool start);
/* => does the text end where more has to follow? */
bool sh_syntax_ends_early(const struct parser *p);

#endif
