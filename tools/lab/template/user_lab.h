/* What stands where something is to be written: the program ends and says what. Every file of user/ includes it first. */
#ifndef LAB_MISSING_H
#define LAB_MISSING_H

#ifndef __ASSEMBLER__
long syscall(long number, ...);

/* Needs nothing of the library, of which anything may be missing. */
__attribute__((noreturn)) static inline void lab_missing_in(const char *function, const char *what)
{
	const char *pieces[] = { "yours to write, in ", function, ": ", what, "\n" };

	for (int i = 0; i < 5; i++)
		for (const char *c = pieces[i]; *c; c++)
			syscall(4 /* write */, 2, c, 1);
	for (;;)
		syscall(252 /* exit_group */, 99);
}

#define lab_missing(what) lab_missing_in(__func__, what)
#endif

#endif
