/*
 * table.c - counters before and after, and what was expected of them.
 *
 * Reading the counters must not change them: the text of /proc/vmstat goes to a static buffer,
 * which is touched once in advance, and the task's own fault counters are read last before the
 * action and first after it. /proc/vmstat counts for the whole machine: where other tasks may be
 * active a demo expects "at least", and takes exact numbers from getrusage and pagemap.
 */
#include "demo.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ROWS = 16, LABEL_COLUMNS = 42, REASON_MAX = 400, SETTLING_MS = 10, SETTLING_MAX = 100 };

enum { BEFORE, AFTER };

static struct row {
	char label[96];
	long long value[2];
} rows[ROWS];
static size_t row_count;

static enum verdict verdict;
static char reason[REASON_MAX];

static const struct words result_label = { "Result", "結果" };

static long long own_counter(const char *name, const struct rusage *usage)
{
	if (strcmp(name, "minflt") == 0)
		return usage->ru_minflt;
	if (strcmp(name, "majflt") == 0)
		return usage->ru_majflt;
	return PROC_ABSENT;
}

static long long number_in(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL)
		if (strncmp(text, name, n) == 0 && text[n] == ' ')
			return strtoull(text + n + 1, NULL, 10);
	return PROC_ABSENT;
}

static const char *read_vmstat(void)
{
	static char text[16384];

	return proc_text("/proc/vmstat", text, sizeof(text)) < 0 ? "" : text;
}

static void read_counters(int when)
{
	const char *vmstat = read_vmstat();
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	for (struct row *row = rows; row < rows + row_count; row++) {
		row->value[when] = own_counter(row->label, &usage);
		if (row->value[when] == PROC_ABSENT)
			row->value[when] = number_in(vmstat, row->label);
	}
}

/* Also true for anything that is not a pipe. */
static bool pipe_is_empty(void)
{
	int inside = 0;

	return ioctl(STDOUT_FILENO, FIONREAD, &inside) < 0 || inside == 0;
}

/* A reader that did not run meanwhile has not changed the counter either: so the pipe must be empty too. */
void table_settle(const char *counter)
{
	long long before, now = number_in(read_vmstat(), counter);

	fflush(stdout);
	for (int i = 0; i < SETTLING_MAX && now != PROC_ABSENT; i++) {
		before = now;
		demo_rest(SETTLING_MS);
		now = number_in(read_vmstat(), counter);
		if (now == before && pipe_is_empty())
			return;
	}
}

/* Code that runs for the first time between table_begin and table_end must not fault: all of it is brought in before. */
static void load_code(void)
{
	extern const char __executable_start[], etext[]; /* user.ld */

	for (const volatile char *p = __executable_start; p < etext; p += PAGE)
		(void)*p;
}

void table_begin(const char *const *counters)
{
	for (row_count = 0; *counters && row_count < ROWS; counters++)
		snprintf(rows[row_count++].label, sizeof(rows[0].label), "%s", *counters);
	load_code();
	read_counters(BEFORE);
	read_counters(AFTER);
	read_counters(BEFORE);
}

void table_end(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	read_counters(AFTER);
	for (struct row *row = rows; row < rows + row_count; row++)
		if (own_counter(row->label, &usage) != PROC_ABSENT)
			row->value[AFTER] = own_counter(row->label, &usage);
}

void table_row(const char *en, const char *ja, long long before, long long after)
{
	struct row *row = &rows[row_count];

	if (row_count == ROWS)
		return;
	snprintf(row->label, sizeof(row->label), "%s", show_japanese ? ja : en);
	row->value[BEFORE] = before;
	row->value[AFTER] = after;
	row_count++;
}

static bool is_known(const struct row *row)
{
	return row->value[BEFORE] != PROC_ABSENT && row->value[AFTER] != PROC_ABSENT;
}

static long long change_of(const struct row *row)
{
	return row->value[AFTER] - row->value[BEFORE];
}

long long table_change(const char *counter)
{
	for (const struct row *row = rows; row < rows + row_count; row++)
		if (strcmp(row->label, counter) == 0 && is_known(row))
			return change_of(row);
	return PROC_ABSENT;
}

/* What a counter's name means, for readers who see it for the first time. */
static const char *label_of(const char *name)
{
	static const struct {
		const char *name;
		struct words words;
	} known[] = {
		{ "minflt", { "page faults of this task (ru_minflt)",
			      "このタスクのページフォルト (ru_minflt)" } },
		{ "majflt", { "... that waited for a disk (ru_majflt)",
			      "うちディスクを待ったもの (ru_majflt)" } },
		{ "pgfault", { "page faults of all tasks (pgfault)",
			       "全タスクのページフォルト (pgfault)" } },
		{ "pgmajfault", { "... that waited for a disk (pgmajfault)",
				  "うちディスクを待ったもの (pgmajfault)" } },
		{ "zero_fill", { "new pages of zeros (zero_fill)",
				 "ゼロで満たした新しいページ (zero_fill)" } },
		{ "cow_break", { "pages copied on a store (cow_break)",
				 "コピーオンライトの回数 (cow_break)" } },
		{ "fork_pages", { "pages shared by fork (fork_pages)",
				  "fork が共有にしたページ (fork_pages)" } },
		{ "msg_bytes", { "bytes copied through pipes (msg_bytes)",
				 "パイプでコピーしたバイト (msg_bytes)" } },
		{ "pswpin", { "pages read from swap (pswpin)",
			      "スワップから読んだページ (pswpin)" } },
		{ "pswpout", { "pages written to swap (pswpout)",
			       "スワップへ書いたページ (pswpout)" } },
		{ "swap_runs", { "requests that wrote them (swap_runs)",
				 "その書き込み要求の数 (swap_runs)" } },
		{ "clean_drop", { "frames freed without a write (clean_drop)",
				  "書かずに空けたフレーム (clean_drop)" } },
		{ "fault_refused", { "faults answered by a signal (fault_refused)",
				     "シグナルで応えたフォルト (fault_refused)" } },
		{ "promote", { "private copies of file pages (promote)",
			       "ファイルのページの私有コピー (promote)" } },
		{ "file_in", { "pages read from files (file_in)", "ファイルから読んだページ (file_in)" } },
		{ "writeback", { "file pages written back (writeback)", "書き戻したファイルのページ (writeback)" } },
		{ "writeback_runs", { "requests that did it (writeback_runs)", "その書き戻し要求 (writeback_runs)" } },
		{ "swap_in_runs", { "requests that read them (swap_in_runs)", "その読み込み要求 (swap_in_runs)" } },
		{ "procswap_out", { "whole tasks swapped out (procswap_out)",
				    "丸ごとスワップアウト (procswap_out)" } },
		{ "procswap_in", { "whole tasks swapped in (procswap_in)", "丸ごとスワップイン (procswap_in)" } },
		{ "futex_sleeps", { "sleeps on a futex (futex_sleeps)", "futex で眠った回数 (futex_sleeps)" } },
		{ "futex_wakes", { "tasks woken on a futex (futex_wakes)", "futex で起こした数 (futex_wakes)" } },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return show_words(known[i].words);
	return name;
}

static void print_number(long long value)
{
	char text[24] = "-";

	if (value != PROC_ABSENT)
		snprintf(text, sizeof(text), "%lld", value);
	printf("%11s", text);
}

static void print_row(const struct row *row)
{
	long long change = change_of(row);
	char text[24] = "-";

	printf("  ");
	show_padded(label_of(row->label), LABEL_COLUMNS);
	print_number(row->value[BEFORE]);
	print_number(row->value[AFTER]);
	if (is_known(row))
		snprintf(text, sizeof(text), change ? "%+lld" : "%lld", change);
	printf("%11s\n", text);
}

void table_print(void)
{
	printf("\n  ");
	show_padded(show_japanese ? "カウンタ" : "counter", LABEL_COLUMNS);
	printf("%s\n", show_japanese ? "         前         後         差" :
				       "     before      after     change");
	for (size_t i = 0; i < row_count; i++)
		print_row(&rows[i]);
	putchar('\n');
	fflush(stdout);
}

/* --- the verdict ------------------------------------------------------------------------------ */

static void decide(enum verdict what, const char *format, va_list ap)
{
	if (verdict != AS_EXPECTED)
		return;
	verdict = what;
	vsnprintf(reason, sizeof(reason), format, ap);
}

void expect(bool condition, const char *en, const char *ja, ...)
{
	va_list ap;

	va_start(ap, ja);
	if (!condition)
		decide(NOT_AS_EXPECTED, show_japanese ? ja : en, ap);
	va_end(ap);
}

void verdict_not_run(const char *en, const char *ja, ...)
{
	va_list ap;

	va_start(ap, ja);
	decide(NOT_RUN, show_japanese ? ja : en, ap);
	va_end(ap);
}

void expect_rise(const char *counter, long long change)
{
	long long seen = table_change(counter);

	expect(seen == PROC_ABSENT || seen == change, "%s changed by %lld, not by %lld",
	       "%s の変化は %lld、予想は %lld", counter, seen, change);
}

void expect_rise_of_at_least(const char *counter, long long change)
{
	long long seen = table_change(counter);

	expect(seen == PROC_ABSENT || seen >= change, "%s rose by %lld, not by %lld or more",
	       "%s の増加は %lld、予想は %lld 以上", counter, seen, change);
}

void verdict_begin(void)
{
	verdict = AS_EXPECTED;
	row_count = 0;
}

enum verdict verdict_end(void)
{
	static const struct words texts[] = {
		[AS_EXPECTED] = { "as expected", "as expected（予想どおり）" },
		[NOT_AS_EXPECTED] = { "NOT as expected: ", "NOT as expected（予想と違う）: " },
		[NOT_RUN] = { "not run: ", "not run（実行せず）: " },
	};
	char text[REASON_MAX + 64];

	snprintf(text, sizeof(text), "%s%s", show_words(texts[verdict]),
		 verdict == AS_EXPECTED ? "" : reason);
	show_labelled(&result_label, text);
	return verdict;
}
