/*
 * refuse.c - forms of words that other shells have and this one has not. They are refused while the command is parsed, so that no
 * part of the command runs with a wrong word: if ${D%/} expanded to nothing, `rm -r ${D%/}/x` would remove /x.
 *
 * docs/programs.md lists everything that is not supported.
 */
#include "sh.h"
#include "bin/tool.h"

#include <ctype.h>

void sh_print_place(int line)
{
	if (shell.file)
		fprintf(stderr, "sh: %s:%d: ", shell.file, line);
	else
		fprintf(stderr, "sh: ");
}

/* ${NAME}, a special parameter, or ${NAME:-WORD} without quotes and braces in WORD. P: after the { */
static bool is_known_parameter(const char *p)
{
	size_t n = 0;

	if (*p && strchr("?$#@*!", *p))
		return p[1] == '}';
	while (isalnum(p[n]) || p[n] == '_')
		n++;
	if (n == 0 || (n > 1 && isdigit(*p)))
		return false;
	if (p[n] == '}')
		return true;
	return p[n] == ':' && p[n + 1] == '-' && p[n + 2 + strcspn(p + n + 2, "}{()'\"`\\")] == '}';
}

/* Parses the command of the $( at P. => as sh_unsupported() */
static const char *check_command(const char *p, const char *end)
{
	char *inner = strdup(p + 2);
	struct token *tokens;
	enum sh_parsed parsed;

	if (!inner)
		die("sh", "memory");
	inner[end - p - 3] = '\0';
	parsed = sh_parse(inner, &tokens);
	if (parsed == SH_COMPLETE)
		sh_parse_free(tokens);
	free(inner);
	return parsed == SH_COMPLETE ? NULL : parsed == SH_WRONG ? "" : "a $(...) is not complete";
}

const char *sh_unsupported(const char *text, bool quotes)
{
	const char *name = strchr(text, '='), *problem = NULL, *end;
	char quote = quotes ? '\0' : '"';

	if (quotes && (*text == '~' || (sh_is_assignment(text) && name[1] == '~')))
		return "~ is not supported; see help";
	for (const char *p = text; *p && !problem; p++) {
		if (*p == '\\' && quote != '\'' && p[1]) {
			p++;
		} else if (quotes && (*p == quote || (!quote && strchr("'\"", *p)))) {
			quote = quote ? '\0' : *p;
		} else if (quote == '\'') {
			continue;
		} else if (*p == '`') {
			problem = "`COMMAND` is not supported; write $(COMMAND)";
		} else if (*p == '$' && p[1] == '\'' && !quote) {
			problem = "$'...' is not supported; see help";
		} else if (*p == '$' && p[1] == '{' && !is_known_parameter(p + 2)) {
			problem = "of ${...} only ${NAME} and ${NAME:-WORD} are supported";
		} else if (*p == '$' && p[1] == '(' && p[2] != '(' && (end = sh_skip(p + 1))) {
			problem = check_command(p, end);
			p = end - 1;
		}
	}
	return problem;
}
