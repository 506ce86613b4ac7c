/*
 * demo - shows memory management: a tour of twenty steps, or one demo by its name.
 *
 *	demo			the tour; at a terminal it waits for Enter after each question and each answer
 *	demo NAME		one demo, with parts that the tour leaves out
 *	demo list		one line for each; some are not in the tour
 *	--auto, --explain, --lang=ja	no pauses; text only; Japanese
 *
 * Status: 0 all as expected, 1 one was not, 2 one could not be run here, 3 usage.
 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In the order of the tour. */
static const struct demo *const demos[] = {
	&demo_touch, &demo_cow, &demo_shm, &demo_brk, &demo_malloc, &demo_leak, &demo_uaf, &demo_gc, &demo_guard, &demo_tlb,
	&demo_frag, &demo_big, &demo_price, &demo_userpager, &demo_mmapfile, &demo_race, &demo_msg, &demo_procswap,
	&demo_thrash, &demo_work,
};
enum { DEMOS = sizeof(demos) / sizeof(demos[0]) };

static const struct demo *const beside_the_tour[] = { &demo_belady };
enum { BESIDE = sizeof(beside_the_tour) / sizeof(beside_the_tour[0]) };

static const struct words question_label = { "Question", "問題" };
static const struct words done_label = { "Done", "手順" };
static const struct words why_label = { "Why", "理由" };
static const struct words mechanism_label = { "Mechanism", "しくみ" };

static void print_title(const struct demo *demo, size_t step)
{
	show_rule();
	if (step)
		printf(show_japanese ? "%d / %d   " : "%d of %d   ", (int)step, DEMOS);
	printf("%s: %s\n\n", demo->name, show_words(demo->title));
}

/* step: 1 ... in the tour, 0 for a demo alone. => false: the user wants to leave */
static bool ask(const struct demo *demo, size_t step)
{
	static const struct words guess = {
		"What do you expect? Enter: see   q: leave",
		"どうなると思いますか。 Enter: 進む   q: 終わる",
	};

	print_title(demo, step);
	show_labelled(&question_label, show_words(demo->question));
	return show_pause(guess);
}

static enum verdict answer(const struct demo *demo, bool with_more)
{
	show_labelled(&done_label, show_words(demo->done));
	verdict_begin();
	demo->run();
	if (with_more && demo->more)
		demo->more();
	show_labelled(&why_label, show_words(demo->why));
	return verdict_end();
}

static void explain(const struct demo *demo)
{
	print_title(demo, 0);
	show_labelled(&question_label, show_words(demo->question));
	show_labelled(&done_label, show_words(demo->done));
	show_labelled(&why_label, show_words(demo->why));
	putchar('\n');
	show_labelled(&mechanism_label, show_words(demo->explain));
}

static const struct demo *nth(size_t n)
{
	return n < DEMOS ? demos[n] : beside_the_tour[n - DEMOS];
}

static void list(void)
{
	for (size_t i = 0; i < DEMOS + BESIDE; i++) {
		show_padded(nth(i)->name, 10);
		puts(show_words(nth(i)->title));
	}
}

static int status_of(size_t failed, size_t not_run)
{
	return failed ? 1 : not_run ? 2 : 0;
}

static int tour(void)
{
	static const struct words next = {
		"Enter: the next step   q: leave", "Enter: 次へ   q: 終わる",
	};
	size_t count[3] = { 0, 0, 0 };
	long start = demo_milliseconds();

	for (size_t i = 0; i < DEMOS; i++) {
		if (!ask(demos[i], i + 1))
			return 0;
		count[answer(demos[i], false)]++;
		if (i + 1 < DEMOS && !show_pause(next))
			return 0;
	}
	show_rule();
	printf(show_japanese ? "所要時間 %ld 秒。" : "The tour took %ld seconds.",
	       (demo_milliseconds() - start + 500) / 1000);
	printf("%s\n", show_japanese ? "demo list で一覧が出ます。demo big や pages sh も試してください。" :
				       " Try: demo list, demo big, pages sh.");
	printf("demo: %u of %d as expected", (unsigned int)count[AS_EXPECTED], DEMOS);
	if (count[NOT_RUN])
		printf(", %u not run", (unsigned int)count[NOT_RUN]);
	putchar('\n');
	return status_of(count[NOT_AS_EXPECTED], !count[AS_EXPECTED]);
}

static int usage(void)
{
	fprintf(stderr, "usage: demo [NAME | list] [--auto] [--explain] [--lang=ja]\n");
	return 3;
}

static const struct demo *find(const char *name)
{
	for (size_t i = 0; i < DEMOS + BESIDE; i++)
		if (strcmp(nth(i)->name, name) == 0)
			return nth(i);
	return NULL;
}

static int run(const char *name, bool only_text)
{
	const struct demo *demo = name ? find(name) : NULL;
	enum verdict verdict;

	if (name && !demo) {
		fprintf(stderr, "demo: there is no demo called %s; these are there:\n", name);
		fflush(stderr);
		list();
		return 3;
	}
	if (!only_text && !demo)
		return tour();
	if (!only_text) {
		if (!ask(demo, 0))
			return 0;
		verdict = answer(demo, true);
		return status_of(verdict == NOT_AS_EXPECTED, verdict == NOT_RUN);
	}
	for (size_t i = 0; i < DEMOS + BESIDE; i++)
		if (!demo || demo == nth(i))
			explain(nth(i));
	return 0;
}

int main(int argc, char **argv)
{
	bool only_text = false, automatic = false;
	const char *name = NULL;

	for (argv++, argc--; argc > 0; argv++, argc--) {
		if (strcmp(*argv, "--auto") == 0)
			automatic = true;
		else if (strcmp(*argv, "--explain") == 0)
			only_text = true;
		else if (strcmp(*argv, "--lang=ja") == 0)
			show_japanese = true;
		else if (strcmp(*argv, "--lang=en") == 0)
			show_japanese = false;
		else if (**argv == '-' || name)
			return usage();
		else
			name = *argv;
	}
	show_pauses = !automatic && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (name && strcmp(name, "list") == 0)
		list();
	else
		return run(name, only_text);
	return 0;
}
