/*
 * Reads a reference string and prints how many page faults it causes under each policy, for each number of frames.
 *
 *   simulate POLICIES BYSTANDERS WANTED FRAMES... <STRING
 *
 * STRING is page numbers in hexadecimal, one a line; `w` behind it marks a store; `#` begins a line that does not count.
 * POLICIES are names with commas. Output: a line "policy frames faults" each, and with WANTED = 1 a letter for each reference.
 * With WANTED = 2 policies of the kernel are asked for victims that do not exist, too (sim_ask_in_vain).
 * One run of `random` says little about it: its faults are the mean of DRAWS runs, and its letters the first one's.
 * Status 2: something is wrong with the arguments or the string, 1: no memory, 3: a policy is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "mm/policy.h"
#include "sim.h"

#define LENGTH_MAX 20000000u
#define BYSTANDERS_MAX 1000000ul
#define DRAWS 8

enum { WANT_COUNTS, WANT_MARKS, WANT_QUESTIONS };

static void refuse(const char *why, u32 line, const char *text)
{
	fprintf(stderr, "line %u: %s", line, why);
	if (text)
		fprintf(stderr, ": '%.*s'", (int)strcspn(text, "\r\n"), text);
	fputc('\n', stderr);
	exit(2);
}

static void *resized(void *p, size_t n, size_t size)
{
	p = realloc(p, n * size);
	if (!p)
		sim_alloc((size_t)-1, 1); /* says so, and ends the program */
	return p;
}

/* => the number in LINE, and in *WRITE whether it is marked as a store */
static u32 parse(const char *line, u32 number, bool *write)
{
	char *end;
	unsigned long page = strtoul(line, &end, 16);

	*write = *end == 'w';
	end += *write;
	end += *end == '\r';
	if (strspn(line, "0123456789abcdefABCDEF") == 0 || page > 0xffffffff || (*end != '\n' && *end))
		refuse("not a page number", number, line);
	return (u32)page;
}

/* => references on standard input, as they stand there */
static u32 *read_all(struct string *s)
{
	u32 room = 1 << 16, *numbers = sim_alloc(room, sizeof(u32));
	char line[64];

	s->writes = sim_alloc(room, 1);
	for (u32 n = 1; fgets(line, sizeof(line), stdin); n++) {
		if (strlen(line) == sizeof(line) - 1)
			refuse("too long for a page number", n, NULL);
		if (line[0] == '#')
			continue;
		if (s->length == LENGTH_MAX)
			refuse("more references than can be simulated", n, NULL);
		if (s->length == room) {
			room *= 2;
			numbers = resized(numbers, room, sizeof(u32));
			s->writes = resized(s->writes, room, 1);
		}
		numbers[s->length] = parse(line, n, &s->writes[s->length]);
		s->length++;
	}
	return numbers;
}

static int by_value(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

/* Replaces the numbers by ones from 0 on. */
static void renumber(struct string *s, u32 *numbers)
{
	u32 *sorted = sim_alloc(s->length, sizeof(u32));

	memcpy(sorted, numbers, s->length * sizeof(u32));
	qsort(sorted, s->length, sizeof(u32), by_value);
	for (u32 i = 0; i < s->length; i++)
		if (i == 0 || sorted[i] != sorted[i - 1])
			sorted[s->distinct++] = sorted[i];
	for (u32 i = 0; i < s->length; i++) {
		u32 *place = bsearch(&numbers[i], sorted, s->distinct, sizeof(u32), by_value);

		numbers[i] = (u32)(place - sorted);
	}
	free(sorted);
	s->pages = numbers;
}

/* => the mean of what `random` costs in DRAWS draws; MARKS: the first one's */
static u32 mean_of_draws(u32 frames, char *marks)
{
	u64 sum = sim_policy("random", frames, 0, marks);

	for (u32 draw = 1; draw < DRAWS; draw++)
		sum += sim_policy("random", frames, draw, NULL);
	return (u32)((sum + DRAWS / 2) / DRAWS);
}

static u32 count(const struct string *s, const char *policy, u32 frames, char *marks)
{
	if (strcmp(policy, "opt") == 0)
		return sim_opt(s, frames, marks);
	if (strcmp(policy, "lru") == 0)
		return sim_lru(s, frames, marks);
	if (strcmp(policy, "random") == 0)
		return mean_of_draws(frames, marks);
	return sim_policy(policy, frames, 0, marks);
}

/* exit() asks the kernel to end all threads, which a confined process may not. */
void sim_end(int status)
{
	fflush(NULL);
#ifdef __linux__
	syscall(SYS_exit, status);
#endif
	_exit(status);
}

static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > most) {
		fprintf(stderr, "not a number from 0 to %lu: %s\n", most, text);
		sim_end(2);
	}
	return n;
}

/* => the names in TEXT, separated by commas; their number in *N */
static const char **names_in(char *text, u32 *n)
{
	const char **names = sim_alloc(strlen(text) + 1, sizeof(*names));

	*n = 0;
	for (char *name = strtok(text, ","); name; name = strtok(NULL, ","))
		names[(*n)++] = name;
	return names;
}

static bool needs_memory(const char *policy)
{
	return strcmp(policy, "opt") == 0 || strcmp(policy, "lru") == 0;
}

/*
 * From here on the process can read, write and end, and nothing else: a policy may be the work of somebody else. OPT and LRU need
 * memory, so together with them it stays free. Elsewhere than on Linux nothing happens.
 */
static void confine(const char **names, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (needs_memory(names[i]))
			return;
	fflush(stdout); /* its buffer has been allocated with the first line */
#ifdef __linux__
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
#endif
}

int main(int argc, char **argv)
{
	struct string s = { 0 };
	char *marks = NULL;
	const char **names;
	u32 n, wanted;

	if (argc < 5) {
		fputs("usage: simulate POLICIES BYSTANDERS WANTED FRAMES... <STRING\n", stderr);
		return 2;
	}
	names = names_in(argv[1], &n);
	renumber(&s, read_all(&s));
	sim_init(&s, (u32)number(argv[2], BYSTANDERS_MAX));
	wanted = (u32)number(argv[3], WANT_QUESTIONS);
	if (wanted == WANT_MARKS)
		marks = sim_alloc(s.length + 1ul, 1);
	printf("references %u %u\n", s.length, s.distinct);
	confine(names, n);
	for (int i = 4; i < argc; i++) {
		u32 frames = (u32)number(argv[i], 0xffffffff);

		if (!frames || !s.length) {
			fputs(frames ? "the string is empty\n" : "at least one frame is needed\n", stderr);
			sim_end(2);
		}
		for (u32 k = 0; k < n; k++) {
			printf("%s %u %u %s\n", names[k], frames, count(&s, names[k], frames, marks), marks ? marks : "");
			if (wanted == WANT_QUESTIONS)
				sim_ask_in_vain();
		}
	}
	sim_end(0);
}
