/*
 * effects - no system call reports success for something that it has not done. See effects.h.
 *
 * Prints for each row "NAME: done" or "NAME: refused with ERROR".
 */
#include "effects.h"
#include "error-name.h"
#include "file.h"

const struct effect *effect;
volatile int effect_signals, effect_last_signal;

long effect_done(long result)
{
	const char *error;

	if (result != -1)
		return result;
	error = error_name(errno);
	if (error)
		dprintf(STDOUT_FILENO, "%s: refused with %s\n", effect->name, error);
	else
		dprintf(STDOUT_FILENO, "%s: refused with error %d\n", effect->name, errno);
	_exit(0);
}

static void count_signal(int signal)
{
	effect_signals++;
	effect_last_signal = signal;
}

void effect_catch(int signal)
{
	struct sigaction action = { .sa_handler = count_signal };

	CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

long long effect_now(void)
{
	struct timespec now;

	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* --- rows ----------------------------------------------------------------------------------------------------------- */

static void make_world(void)
{
	file_make("file", "0123456789");
	mkdir("folder", 0755);
	symlink("file", "link");
}

static void remove_world(void)
{
	static const char *const names[] = { "file", "link", "new", "other" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	unlink("folder/new");
	rmdir("folder");
	rmdir("new");
}

static void ask(void *row)
{
	effect = row;
	effect->ask();
	dprintf(STDOUT_FILENO, "%s: done\n", effect->name);
}

static bool ask_all(const struct effect *rows)
{
	bool failed = false;

	for (; rows->number; rows++) {
		int status;

		make_world();
		status = check_in_child(ask, (void *)rows);
		if (status)
			dprintf(STDOUT_FILENO, "%s: not done (status %d)\n", rows->name, status);
		failed |= status != 0;
		remove_world();
	}
	return failed;
}

int main(void)
{
	bool failed = false;

	CHECK_EQ(mkdir("effects.tmp", 0755), 0);
	CHECK_EQ(chdir("effects.tmp"), 0);
	failed |= ask_all(name_effects);
	failed |= ask_all(content_effects);
	failed |= ask_all(descriptor_effects);
	failed |= ask_all(terminal_effects);
	failed |= ask_all(memory_effects);
	failed |= ask_all(segment_effects);
	failed |= ask_all(task_effects);
	failed |= ask_all(limit_effects);
	failed |= ask_all(setting_effects);
	failed |= ask_all(signal_effects);
	failed |= ask_all(message_effects);
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("effects.tmp"), 0);
	return failed ? 1 : CHECK_OK();
}
