/*
 * The kernel command line. QEMU puts the name of the kernel's file before the text of -append, GRUB
 * does not: the first word is skipped when it looks like a path.
 *
 * The text is stored twice: unchanged (for /proc and messages), and cut into words in place.
 */
#include "kernel/base/cmdline.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"

#define CMDLINE_SIZE 2048u
#define WORDS_MAX (CMDLINE_SIZE / 2) /* a word and the blank after it take at least two bytes */

static char text[CMDLINE_SIZE];
static char cut[CMDLINE_SIZE];
static const char *words[WORDS_MAX];
static u32 word_count;
static u32 given_length; /* of the whole command line, even if TEXT holds only its beginning */
static const char *init_args = "";

/* All words that the kernel knows: those that stand alone, and those that take a value. */
static const char *const flags[] = { "exact", "selftest", "tracestep", "verbose", "quiet" };
static const char *const settings[] = {
	"init", "policy", "swap", "frames", "disk", "trace", "tracedev", "check", "evict", "fail", "columns", "rows",
};

/* Settings with a fixed set of values. Text after a colon, and all other settings, are checked where they are used. */
static const struct {
	const char *name;
	const char *values[4];
} choices[] = {
	{ "check", { "always", "poison", "off" } },
	{ "evict", { "always", "off" } },
	{ "swap", { "off", "mem:PAGES" } },
	{ "disk", { "pio" } },
	{ "tracedev", { "debugcon", "com2", "ring" } },
};

static bool cmdline_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Cuts CUT into words up to `--`. */
static void cut_words(void)
{
	char *p = cut;

	while (word_count < WORDS_MAX) {
		while (cmdline_is_blank(*p))
			p++;
		if (!*p)
			return;
		if (p[0] == '-' && p[1] == '-' && (cmdline_is_blank(p[2]) || !p[2])) {
			init_args = p + 2;
			while (cmdline_is_blank(*init_args))
				init_args++;
			return;
		}
		words[word_count++] = p;
		while (*p && !cmdline_is_blank(*p))
			p++;
		if (*p)
			*p++ = '\0';
	}
}

void cmdline_init(const char *given)
{
	const char *space = strchr(given, ' ');
	const char *slash = strchr(given, '/');
	const char *equals = strchr(given, '=');

	/* "build/shisho.elf verbose": a slash in the first word and no `=` before it */
	if (slash && (!space || slash < space) && (!equals || equals > slash))
		given = space ? space + 1 : "";
	given_length = strlen(given);
	strlcpy(text, given, sizeof(text));
	strlcpy(cut, given, sizeof(cut));
	word_count = 0;
	init_args = "";
	cut_words();
}

const char *cmdline_text(void)
{
	return text;
}

const char *cmdline_init_args(void)
{
	return init_args;
}

bool cmdline_flag(const char *name)
{
	for (u32 i = 0; i < word_count; i++)
		if (!strcmp(words[i], name))
			return true;
	return false;
}

const char *cmdline_value(const char *name)
{
	size_t n = strlen(name);

	for (u32 i = word_count; i-- > 0;)
		if (!strncmp(words[i], name, n) && words[i][n] == '=')
			return words[i] + n + 1;
	return NULL;
}

u32 cmdline_u32(const char *name, u32 otherwise)
{
	const char *value = cmdline_value(name);
	u32 v;

	if (!value)
		return otherwise;
	if (string_to_u32(value, &v))
		return v;
	printk("shisho: command line: %s=%s is not a number; ignored\n", name, value);
	return otherwise;
}

/* => is the part of WORD before `=` (the whole word if it has none) one of the N NAMES? */
static bool is_one_of(const char *word, const char *const *names, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		size_t length = strlen(names[i]);

		if (!strncmp(word, names[i], length) && (!word[length] || word[length] == '='))
			return true;
	}
	return false;
}

/* => why WORD is wrong, regardless of its value; NULL: it is right */
static const char *objection(const char *word)
{
	bool has_value = strchr(word, '=') != NULL;

	if (is_one_of(word, flags, ARRAY_LEN(flags)))
		return has_value ? "takes no value" : NULL;
	if (is_one_of(word, settings, ARRAY_LEN(settings)))
		return has_value ? NULL : "needs a value";
	return "is not known";
}

static bool is_choice(const char *const *values, const char *given)
{
	for (; *values; values++) {
		const char *colon = strchr(*values, ':');

		if (colon ? !strncmp(given, *values, colon + 1 - *values) : !strcmp(given, *values))
			return true;
	}
	return false;
}

/* Checks the value of WORD, which has a fixed set of values. */
static void report_choice(const char *word, const char *name, const char *const *values)
{
	size_t n = strlen(name);

	if (strncmp(word, name, n) || word[n] != '=' || is_choice(values, word + n + 1))
		return;
	printk("shisho: command line: %s: %s may be", word, name);
	for (u32 i = 0; values[i]; i++)
		printk("%s %s", i ? " or" : "", values[i]);
	printk("; ignored\n");
}

void cmdline_report(void)
{
	if (given_length >= sizeof(text))
		printk("shisho: command line: it has %u bytes, of which only the first %u are used\n", given_length,
		       (u32)sizeof(text) - 1);
	for (u32 i = 0; i < word_count; i++) {
		const char *wrong = objection(words[i]);

		if (wrong)
			printk("shisho: command line: '%s' %s; ignored\n", words[i], wrong);
		for (u32 c = 0; !wrong && c < ARRAY_LEN(choices); c++)
			report_choice(words[i], choices[c].name, choices[c].values);
	}
}

u32 cmdline_split(char *buf, const char **argv, u32 max)
{
	char *in = buf, *out = buf;
	u32 argc = 0;

	for (;;) {
		char quote = '\0';

		while (cmdline_is_blank(*in))
			in++;
		if (!*in || argc == max)
			return argc;
		argv[argc++] = out;
		for (; *in && (quote || !cmdline_is_blank(*in)); in++) {
			if (quote ? *in == quote : *in == '"' || *in == '\'')
				quote = quote ? '\0' : *in;
			else if (*in == '\\' && quote != '\'' && in[1])
				*out++ = *++in;
			else
				*out++ = *in;
		}
		if (*in)
			in++;
		*out++ = '\0';
	}
}
