/*
 * child.c - the shell's children: how a copy of the shell prepares to run a part of the script, as a member of a
 * pipeline or for $(...). The copy is not interactive and controls no jobs, and signals of the terminal have their default
 * effect on it.
 */
#include "sh.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

pid_t sh_child_fork(void)
{
	sigset_t blocked, before;
	pid_t pid;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	pid = fork();
	if (pid == 0 && shell.job_control)
		signal(SIGINT, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static void be_ordinary(bool shares_group)
{
	static const int ignored[] = { SIGQUIT, SIGTTIN, SIGTTOU, SIGTSTP };

	for (size_t i = 0; shell.job_control && i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (ignored[i] != SIGTSTP || !shares_group)
			signal(ignored[i], SIG_DFL);
	shell.interactive = shell.job_control = false;
	shell.interrupted = 0;
}

void sh_child_enter(const struct job *job, int in, int out)
{
	if (shell.job_control && !job->shares_group) {
		setpgid(0, job->group);
		if (!job->background)
			tcsetpgrp(STDIN_FILENO, getpgrp());
	}
	be_ordinary(job->shares_group);
	if (in != STDIN_FILENO) {
		dup2(in, STDIN_FILENO);
		close(in);
	}
	if (out != STDOUT_FILENO) {
		dup2(out, STDOUT_FILENO);
		close(out);
	}
}

char *sh_output_of(const char *text, size_t length)
{
	struct text command = { NULL, 0, 0 }, output = { NULL, 0, 0 };
	char piece[512];
	ssize_t n;
	int fd[2];
	pid_t pid;

	sh_append(&output, "", 0);
	fflush(stdout);
	if (pipe(fd) < 0) {
		perror("sh");
		return output.bytes;
	}
	pid = sh_child_fork();
	if (pid < 0) {
		perror("sh");
		close(fd[0]);
		close(fd[1]);
		return output.bytes;
	}
	if (pid == 0) {
		close(fd[0]);
		dup2(fd[1], STDOUT_FILENO);
		close(fd[1]);
		be_ordinary(true);
		sh_append(&command, text, length);
		sh_run(command.bytes);	/* complete: sh_unsupported() has parsed it */
		exit(shell.status);
	}
	close(fd[1]);
	while ((n = read(fd[0], piece, sizeof(piece))) > 0)
		sh_append(&output, piece, n);
	close(fd[0]);
	if (shell.interrupted)
		kill(pid, SIGINT);	/* the child may have been started after Ctrl-C */
	sh_job_wait_for(pid);
	while (output.used && output.bytes[output.used - 1] == '\n')
		output.bytes[--output.used] = '\0';
	return output.bytes;
}
