/*
 * redirect.c - redirections of a command's streams: < > >> >& <<.
 */
#include "sh.h"
#include "bin/tool.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A child writes the lines of a here-document, since they may not fit into a pipe. => the descriptor to read them; -1 with errno */
static int open_lines(const struct token *t)
{
	char *lines = t->literal ? strdup(t->text) : sh_expand_lines(t->text);
	size_t length = lines ? strlen(lines) : 0;
	int fd[2];
	pid_t pid;

	if (!lines || pipe(fd) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		close(fd[0]);
		_exit(write(fd[1], lines, length) != (ssize_t)length);
	}
	free(lines);
	close(fd[1]);
	if (pid < 0) {
		close(fd[0]);
		return -1;
	}
	return fd[0];
}

static int open_for(const struct token *t, const char *name)
{
	switch (t->kind) {
	case TOKEN_DUP: return isdigit(*name) ? dup(atoi(name)) : -1;
	case TOKEN_HERE: return open_lines(t);
	case TOKEN_IN: return open(name, O_RDONLY);
	default: return open(name, O_WRONLY | O_CREAT | (t->kind == TOKEN_OUT ? O_TRUNC : O_APPEND), 0666);
	}
}

bool sh_redirect(const struct token *t, const struct token *end)
{
	for (; t < end; t++) {
		char *name;
		int fd;

		if (t->kind < TOKEN_IN || t->kind > TOKEN_HERE)
			continue;
		name = sh_expand(t[1].text);
		fd = shell.interrupted ? -1 : open_for(t, name);
		if (fd < 0) {
			if (!shell.interrupted)
				fprintf(stderr, "sh: %s: %s\n", name, strerror(errno));
			free(name);
			return false;
		}
		free(name);
		if (fd != t->fd) {
			dup2(fd, t->fd);
			close(fd);
		}
		t++;
	}
	return true;
}

bool sh_is_redirected(const struct token *t, const struct token *end)
{
	for (; t < end; t++)
		if (t->kind >= TOKEN_IN && t->kind <= TOKEN_HERE)
			return true;
	return false;
}
