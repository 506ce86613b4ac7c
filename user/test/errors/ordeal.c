/*
 * ordeal - runs misbehaving programs one after the other, a verifier beside each, and checks what they leave.
 *
 *	ordeal PROGRAM...
 *
 * A verifier (verify) runs at all times and must pass, however the programs end. Afterwards as many
 * frames and swap slots must be free as before. All memory of this task is locked, so that
 * its pages neither leave memory nor come in (room.h); it is meant to be the first program.
 */
#include "check.h"
#include "room.h"

/* A wait status: there was no memory to start it. */
enum { REFUSED = 126 << 8 };

static const char verifier[] = "/test/verify";

static pid_t start(char *const argv[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(argv[0], argv, environ);
		_exit(REFUSED >> 8);
	}
	CHECK(pid > 0);
	return pid;
}

static pid_t start_verifier(void)
{
	static char *const argv[] = { (char *)verifier, "300", "10", NULL };

	return start(argv);
}

/* => the wait status of PROGRAM; the verifier beside it found nothing wrong */
static int run(const char *program, int *verified)
{
	pid_t bad = start((char *[]){ (char *)program, NULL }), beside = start_verifier(), pid;
	int status, result = 0;

	while (beside) {
		pid = wait(&status);
		CHECK(pid > 0);
		if (pid == bad) {
			result = status;
			bad = 0;
		}
		if (pid == beside) {
			CHECK(status == 0 || status == REFUSED);
			*verified += status == 0;
			beside = bad || status == REFUSED ? start_verifier() : 0;
		}
	}
	return result;
}

int main(int argc, char **argv)
{
	struct room before, after;
	int verified = 0, status;

	if (argc == 1)
		return CHECK_OK();
	/* Once in advance, so that what the first run allocates for good is allocated. */
	run("/bin/true", &verified);
	room_wire();
	room_now();
	before = room_now();
	for (int i = 1; i < argc; i++) {
		status = run(argv[i], &verified);
		dprintf(STDOUT_FILENO, "ordeal: %s ended with status %#x\n", argv[i], status);
		CHECK(status != REFUSED);
	}
	after = room_now();
	dprintf(STDOUT_FILENO, "ordeal: verified %d times; frames free %lld, then %lld; KiB of swap free "
		"%lld, then %lld; bytes of heap in use %lld, then %lld\n", verified, before.frames,
		after.frames, before.swap_kib, after.swap_kib, before.heap, after.heap);
	room_check(&before, &after);
	return CHECK_OK();
}
