/*
 * test.c - test EXPRESSION, or [ EXPRESSION ]: conditions for `if` and `while`.
 *
 *	-e -f -d -r -w -x -s FILE	is there; a file; a directory; may be read, written, run; is not empty
 *	-z -n STRING			is empty; is not
 *	A = B, A != B			strings
 *	A -eq B				numbers; -ne -lt -le -gt -ge
 *	! EXPRESSION			not
 */
#include "sh.h"
#include "bin/tool.h"

enum { TRUE = 0, FALSE = 1, WRONG = 2 };

static int truth(bool value)
{
	return value ? TRUE : FALSE;
}

static int about_one(const char *what, const char *word)
{
	struct stat st;
	bool there;

	if (what[0] != '-' || !what[1] || what[2] || !strchr("efdrwxszn", what[1])) {
		fprintf(stderr, "test: %s: unknown question\n", what);
		return WRONG;
	}
	if (what[1] == 'z' || what[1] == 'n')
		return truth((*word == '\0') == (what[1] == 'z'));
	there = stat(word, &st) == 0;
	switch (what[1]) {
	case 'f': return truth(there && S_ISREG(st.st_mode));
	case 'd': return truth(there && S_ISDIR(st.st_mode));
	case 'r': return truth(there && st.st_mode & 0444);
	case 'w': return truth(there && st.st_mode & 0222);
	case 'x': return truth(there && st.st_mode & 0111);
	case 's': return truth(there && st.st_size > 0);
	default: return truth(there);
	}
}

/* => false after a message */
static bool number(const char *word, long *value)
{
	char *end;

	*value = strtol(word, &end, 10);
	if (*word && !*end)
		return true;
	fprintf(stderr, "test: %s: not a number\n", word);
	return false;
}

static int about_two(const char *left, const char *what, const char *right)
{
	static const char *const names[] = { "-eq", "-ne", "-lt", "-le", "-gt", "-ge" };
	long a, b;
	size_t i = 0;

	if (strcmp(what, "=") == 0 || strcmp(what, "!=") == 0)
		return truth((strcmp(left, right) == 0) == (*what == '='));
	while (i < 6 && strcmp(what, names[i]) != 0)
		i++;
	if (i == 6) {
		fprintf(stderr, "test: %s: unknown question\n", what);
		return WRONG;
	}
	if (!number(left, &a) || !number(right, &b))
		return WRONG;
	switch (i) {
	case 0: return truth(a == b);
	case 1: return truth(a != b);
	case 2: return truth(a < b);
	case 3: return truth(a <= b);
	case 4: return truth(a > b);
	default: return truth(a >= b);
	}
}

static int answer(char **words, int count)
{
	int result;

	if (count > 1 && strcmp(words[0], "!") == 0) {
		result = answer(words + 1, count - 1);
		return result == WRONG ? WRONG : truth(result == FALSE);
	}
	switch (count) {
	case 0: return FALSE;
	case 1: return truth(*words[0] != '\0');
	case 2: return about_one(words[0], words[1]);
	case 3: return about_two(words[0], words[1], words[2]);
	}
	fprintf(stderr, "test: too many words\n");
	return WRONG;
}

int sh_test(char **argv)
{
	int count = 0;

	while (argv[count + 1])
		count++;
	if (strcmp(argv[0], "[") == 0 && (count == 0 || strcmp(argv[count--], "]") != 0)) {
		fprintf(stderr, "[: a ] is missing\n");
		return WRONG;
	}
	return answer(argv + 1, count);
}
