/* The programs that run.c runs; tools/peers/peers writes the table. */
#ifndef PEERS_H
#define PEERS_H

struct peer {
	const char *name;    /* FOLDER/STEM: of the program, or of the script that runs it with ARG */
	const char *program; /* the program's own */
	int (*main)(int argc, char **argv);
	const char *arg; /* or NULL */
};

extern const struct peer peers[]; /* the last one has no name */

#endif
