/*
 * help - one line for each program; help PROGRAM: what that program itself says with --help.
 */
#include "tool.h"

#include <ctype.h>
#include <unistd.h>

static const char *const text[] = {
	"Memory  help PROGRAM     what that program accepts",
	"        demo             the tour through memory management; demo list",
	"        pages TASK       the pages of a task, a character each; TASK: number or name",
	"        ps, free         tasks with their memory; memory and swap in KiB and frames",
	"        top              all of that on the whole screen, every second; h: its keys",
	"        cat FILE...      try /proc/meminfo, /proc/vmstat, /proc/self/maps",
	"        trace [PROGRAM]  its page faults in sentences, -j in Japanese; the trace's ring",
	"        time PROGRAM     runs it: how long it took, how many page faults",
	"        swapon, swapoff  takes /dev/hdb (or /dev/vdb) as the swap area; gives it up",
	"        procswap         writes a task's pages to swap as a whole; brings them back",
	"        bench, gcbench, heapbench, leaky, stale: see docs/",
	"Work    sort [FILE]      sorts lines, more than memory holds; --stats: at what cost",
	"        grep PATTERN     lines that match . * ^ $ [set]; -c -v -i -n -q",
	"        head, tail, wc, cksum, od [-x -c -b], echo, sleep, date, true, false, clear",
	"Files   ls [-lad], mkdir, rmdir, cp, mv, rm [-r], ln [-s], touch, sync",
	"Tasks   kill [-SIG] PID  ends a task; -STOP and -CONT stop it and let it go on; %1",
	"        Ctrl-C stops a program for good, Ctrl-Z until fg or bg; & starts one beside",
	"Shell   sh [-c COMMAND | FILE]; its own words: cd exit pwd jobs fg bg wait read",
	"        export shift test [ ] break continue",
	"          | > >> < << 2> 2>&1   && || ! ; &   * ? [a-z]   '...' \"...\" \\",
	"          NAME=value $NAME ${NAME:-WORD} $? $! $1 $@ $(COMMAND) $((1 + 2))",
	"          if while until for  { ... }  ( ... )",
	"        keys: arrows, Tab completes, Ctrl-A E U K W L D",
};

/* Programs that do not answer --help, but do their work at once. */
static const char *const plain[] = {
	"bench", "crowd", "demo", "echo", "false", "gcbench", "heapbench", "kinds", "leaky", "room", "stale", "tour", "true",
};

static bool is_plain(const char *name)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(plain[i], name) == 0)
			return true;
	return false;
}

/* => is WORD in LINE, not as a part of a longer word? */
static bool mentions(const char *line, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = line; (at = strstr(at, word)); at++)
		if ((at == line || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[n]))
			return true;
	return false;
}

/* Prints the lines about NAME. => the status */
static int print_lines(const char *name)
{
	bool found = false;

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		if (!mentions(text[i], name))
			continue;
		puts(text[i]);
		found = true;
	}
	if (!found)
		fprintf(stderr, "help: %s: there is no help about it; help alone lists what there is\n", name);
	return finish("help", found ? 0 : 1);
}

int main(int argc, char **argv)
{
	char **name = operands("help [PROGRAM]", argv, 0, 1);

	(void)argc;
	if (*name) {
		if (!is_plain(*name))
			execvp(*name, (char *[]){ *name, "--help", NULL });
		return print_lines(*name);	/* a word of the shell's, perhaps */
	}
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		puts(text[i]);
	return finish("help", 0);
}
