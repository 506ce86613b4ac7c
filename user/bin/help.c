/*
 * help - a line for each program.
 */
#include "tool.h"

static const char *const text[] = {
	"Look at memory",
	"  demo             the tour through memory management; demo list: all of them",
	"  pages TASK       the pages of a task, a character each; TASK is a number or a name",
	"  ps               tasks: number, parent, state, frames, pages in swap",
	"  free             memory and swap, in KiB and in frames",
	"  cat FILE...      try /proc/meminfo, /proc/vmstat, /proc/swaps, /proc/self/maps",
	"  swapon, swapoff  /dev/hdb (or /dev/vdb) becomes the swap area; is emptied and given up",
	"Work",
	"  sort [FILE]      sorts lines, even more than there is memory; --stats says at what cost",
	"  grep PATTERN     lines that match . * ^ $ [set]; -c -v -i -n -q",
	"  wc, cksum        count lines, words, bytes; checksum",
	"  head, tail       the first and the last lines; -n N",
	"  echo, sleep      print words; wait",
	"  true, false      succeed; fail",
	"Files",
	"  ls [-l]          what is in a directory",
	"  mkdir, rmdir     make directories; remove empty ones",
	"  cp, mv, rm       copy, rename, remove files",
	"  ln [-s]          gives a file one more name; makes a symbolic link",
	"  sync             everything stored in files is on the disk",
	"Tasks",
	"  kill [-SIG] PID  ends a task; -STOP and -CONT: stops it, lets it go on",
	"  sh [-c COMMAND]  the shell: | > >> < 2> 2>&1 & ; && || $NAME $? '...' \"...\" \\",
	"                   its own words: cd exit jobs fg bg wait; keys: arrows, Ctrl-A E U W L C D;",
	"                   Ctrl-Z stops a program, fg and bg let it go on",
	"  help             this",
};

int main(void)
{
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		puts(text[i]);
	return finish("help", 0);
}
