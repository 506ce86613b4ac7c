/*
 * system - what the system reports about itself and about a task: uname, sysinfo, getrusage, limits, /proc; random numbers.
 */
#include "file.h"

#include <ctype.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static void names_and_sizes(void)
{
	struct utsname name;
	struct sysinfo info;

	CHECK_EQ(uname(&name), 0);
	CHECK(*name.sysname && *name.release && *name.machine);
	CHECK_EQ(sysinfo(&info), 0);
	CHECK(info.uptime >= 0 && info.totalram > 0 && info.freeram <= info.totalram);
	CHECK(info.freeswap <= info.totalswap && info.procs > 0 && info.mem_unit > 0);
}

static void faults_are_counted(void)
{
	struct rusage before, after;
	char *p = check_private(50);

	CHECK_EQ(getrusage(RUSAGE_SELF, &before), 0);
	for (int i = 0; i < 50; i++)
		p[i * PAGE] = 1;
	CHECK_EQ(getrusage(RUSAGE_SELF, &after), 0);
	CHECK(after.ru_minflt + after.ru_majflt >= before.ru_minflt + before.ru_majflt + 50);
	CHECK_ERROR(getrusage(5, &after), EINVAL);
	munmap(p, 50 * PAGE);
}

enum { MUCH = 300, SLACK = 100 }; /* pages; Linux counts its own in batches of up to 64 */

static long peak_of(int who)
{
	struct rusage usage;

	CHECK_EQ(getrusage(who, &usage), 0);
	return usage.ru_maxrss;
}

static void touch_much(int pages)
{
	char *p = check_private(pages);

	for (int i = 0; i < pages; i++)
		p[i * PAGE] = 1;
	munmap(p, pages * PAGE);
}

/* The peak of the resident set: kept when pages are freed; fork starts with the current size; exec keeps it for getrusage. */
static void peaks(void *program)
{
	long before = peak_of(RUSAGE_SELF), peak, now;
	char *argv[] = { program, "peak", NULL, NULL }, text[20];
	volatile const char *zeros = check_private(MUCH);
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rusage usage;
	int status, sum = 0;

	for (int i = 0; i < MUCH; i++) /* more than the limit of resident pages, but zeros that were only read do not count */
		sum += zeros[i * PAGE];
	CHECK_EQ(setrlimit(RLIMIT_RSS, &none), 0);
	CHECK(sum == 0 && peak_of(RUSAGE_SELF) < before + SLACK * 4);
	touch_much(MUCH);
	peak = proc_number("/proc/self/status", "VmHWM");
	now = proc_number("/proc/self/status", "VmRSS");
	CHECK(peak >= now + (MUCH - SLACK) * 4);
	CHECK(peak_of(RUSAGE_SELF) >= before + (MUCH - SLACK) * 4);
	CHECK_EQ(peak_of(RUSAGE_CHILDREN), 0);
	if (!fork()) {
		CHECK(peak_of(RUSAGE_SELF) <= now + SLACK * 4);
		CHECK(proc_number("/proc/self/status", "VmHWM") <= now + SLACK * 4);
		touch_much(2 * MUCH);
		snprintf(text, sizeof(text), "%ld", peak_of(RUSAGE_SELF));
		argv[2] = text;
		execve("/proc/self/exe", argv, environ);
	}
	CHECK(wait4(-1, &status, 0, &usage) > 0);
	CHECK_EQ(status, 0);
	CHECK(usage.ru_maxrss >= now + (2 * MUCH - SLACK) * 4);
	CHECK_EQ(peak_of(RUSAGE_CHILDREN), usage.ru_maxrss);
	CHECK_EQ(file_set("/proc/self/clear_refs", "5"), 0);
	CHECK(proc_number("/proc/self/status", "VmHWM") <= now + SLACK * 4);
}

/* The program after exec; the one before had this peak. */
static int peak_after_exec(long before)
{
	CHECK(proc_number("/proc/self/status", "VmHWM") <= before - MUCH * 4);
	CHECK(peak_of(RUSAGE_SELF) >= before);
	return 0;
}

static void limits(void)
{
	struct rlimit limit = { 0, 0 };

	CHECK_EQ(getrlimit(RLIMIT_RSS, &limit), 0);
	CHECK(limit.rlim_cur <= limit.rlim_max);
	limit.rlim_cur = 1 << 20;
	CHECK_EQ(setrlimit(RLIMIT_RSS, &limit), 0);
	limit.rlim_cur = 0;
	CHECK_EQ(getrlimit(RLIMIT_RSS, &limit), 0);
	CHECK_EQ(limit.rlim_cur, 1 << 20);
	limit.rlim_cur = 2;
	limit.rlim_max = 1;
	CHECK_ERROR(setrlimit(RLIMIT_RSS, &limit), EINVAL);
	CHECK_ERROR(setrlimit(999, &limit), EINVAL);
}

static void machine_files(void)
{
	static const char *const memory[] = { "MemTotal", "MemFree", "SwapTotal", "SwapFree" };
	static const char *const counters[] = { "pgfault", "pgmajfault", "pswpin", "pswpout" };
	long long faults;

	for (int i = 0; i < 4; i++) {
		CHECK(proc_number("/proc/meminfo", memory[i]) >= 0);
		CHECK(check_counter(counters[i]) >= 0);
	}
	faults = check_counter("pgfault");
	*check_private(1) = 1;
	CHECK_ROSE("pgfault", faults, 1);
}

static void own_files(void)
{
	char text[512], *rest;

	CHECK(proc_text("/proc/self/stat", text, sizeof(text)) > 0);
	CHECK_EQ(atoi(text), getpid());
	CHECK(strstr(text, "(system) R ") != NULL);
	rest = strrchr(text, ')');
	CHECK_EQ(atoi(rest + 4), getppid());
	CHECK(proc_number("/proc/self/status", "VmRSS") > 0);
	CHECK_EQ(proc_number("/proc/self/status", "Pid"), getpid());
	snprintf(text, sizeof(text), "/proc/%d/status", getpid());
	CHECK_EQ(proc_number(text, "PPid"), getppid());
	snprintf(rest = text + 100, 100, "%d/task/%d", getpid(), getpid());
	text[readlink("/proc/thread-self", text, 100)] = '\0';
	CHECK_EQ(strcmp(text, rest), 0);
}

/* Arguments and environment, in the task's directory and in that of its only thread. */
static void beginning(char **envp)
{
	enum { AT_NULL = 0, AT_PAGESZ = 6 };
	char name[40], text[1024];
	unsigned long words[128];
	char **pointer = envp;
	int fd = open("/proc/self/auxv", O_RDONLY);

	CHECK_EQ(strcmp(envp[0], "FIRST=1"), 0);
	snprintf(name, sizeof(name), "/proc/self/task/%d/environ", getpid());
	CHECK(proc_text(name, text, sizeof(text)) > 0);
	CHECK_EQ(strcmp(text, envp[0]), 0);
	while (*pointer)
		pointer++;
	CHECK(read(fd, words, sizeof(words)) > 0);
	close(fd);
	for (int i = 0; words[i] != AT_NULL; i += 2) {
		CHECK_EQ(words[i], (unsigned long)*++pointer);
		CHECK_EQ(words[i + 1], (unsigned long)*++pointer);
		CHECK(words[i] != AT_PAGESZ || words[i + 1] == PAGE);
	}
	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", getpid() + 1);
	CHECK_ERROR(open(name, O_RDONLY), ENOENT);
}

static void begin_anew(void *program)
{
	char *argv[] = { program, "anew", NULL }, *envp[] = { "FIRST=1", "SECOND=2", NULL };

	execve("/proc/self/exe", argv, envp);
	CHECK(!"execve");
}

/* A task can name itself, and set its weight for the OOM killer; children inherit both. */
static void wishes(void *unused)
{
	char text[20];
	int before = file_number("/proc/self/oom_score");

	(void)unused;
	CHECK_EQ(file_number("/proc/self/oom_score_adj"), 0);
	CHECK_EQ(file_set("/proc/self/oom_score_adj", "500\n"), 0);
	CHECK_EQ(file_number("/proc/self/oom_score_adj"), 500);
	CHECK(file_number("/proc/self/oom_score") > before + 300);
	if (!fork()) {
		CHECK_EQ(file_number("/proc/self/oom_score_adj"), 500);
		CHECK_EQ(file_set("/proc/self/oom_score_adj", "-1000"), 0);
		CHECK_EQ(file_number("/proc/self/oom_score"), 0);
		_exit(0);
	}
	CHECK(wait(&before) > 0);
	CHECK_EQ(before, 0);
	CHECK_EQ(file_set("/proc/self/comm", "a name that is longer"), 0);
	CHECK(proc_text("/proc/self/comm", text, sizeof(text)) > 0);
	CHECK_EQ(strcmp(text, "a name that is \n"), 0);
}

/* A file system is mounted at /proc, and one at /: where tools look for what to count. */
static void mounts(void)
{
	char text[512];
	FILE *file = fopen("/proc/mounts", "r");
	int root = 0, proc = 0;

	CHECK(file != NULL);
	while (fgets(text, sizeof(text), file)) {
		CHECK(strstr(text, " rw") || strstr(text, " ro"));
		root += strstr(text, " / ") != NULL;
		proc += strstr(text, "proc /proc proc ") == text;
	}
	fclose(file);
	CHECK(root > 0 && proc > 0);
	CHECK_EQ(readlink("/proc/mounts", text, sizeof(text)), (int)strlen("self/mounts"));
}

static void random_numbers(const char *device)
{
	unsigned char page[PAGE + 3];
	int fd = open(device, O_RDWR), bits = 0, odd = PAGE - 5;

	CHECK(fd >= 0);
	page[odd] = page[PAGE + 2] = 77;
	CHECK_EQ(read(fd, page, odd), odd);
	CHECK_EQ(page[odd], 77);
	for (int i = 0; i < odd; i++)
		bits += page[i] >> i % 8 & 1;
	CHECK(bits > odd * 3 / 8 && bits < odd * 5 / 8);
	CHECK_EQ(read(fd, page + odd, 4), 4);
	CHECK(memcmp(page + odd, page, 4) != 0);
	CHECK_EQ(page[PAGE + 2], 77);
	CHECK_EQ(write(fd, page, 8), 8);
	CHECK_ERROR(read(fd, (void *)16, 8), EFAULT);
	close(fd);
}

/* => the permissions of an address; empty: it is not mapped. Regions must be in order. */
static void rights_of(const void *address, char rights[5])
{
	struct proc_region region;
	unsigned long last = 0;
	char *line = NULL;
	size_t room = 0;
	FILE *maps = fopen("/proc/self/maps", "r");

	CHECK(maps != NULL);
	rights[0] = '\0';
	while (getline(&line, &room, maps) > 0) {
		CHECK(proc_parse_region(line, &region));
		CHECK(region.start >= last && region.start < region.end);
		last = region.end;
		if ((unsigned long)address - region.start < region.end - region.start)
			strcpy(rights, region.prot);
	}
	free(line);
	fclose(maps);
}

static void own_maps(void)
{
	static int data = 1;
	char *shared = check_shared(1), *none = check_private(1), rights[5];

	CHECK_EQ(mprotect(none, PAGE, PROT_NONE), 0);
	rights_of((void *)own_maps, rights);
	CHECK_EQ(strcmp(rights, "r-xp"), 0);
	rights_of(&data, rights);
	CHECK_EQ(strcmp(rights, "rw-p"), 0);
	rights_of(__builtin_frame_address(0), rights);
	CHECK_EQ(strncmp(rights, "rw", 2), 0);
	rights_of(shared, rights);
	CHECK_EQ(strcmp(rights, "rw-s"), 0);
	rights_of(none, rights);
	CHECK_EQ(strcmp(rights, "---p"), 0);
	munmap(none, PAGE);
	rights_of(none, rights);
	CHECK_EQ(strcmp(rights, ""), 0);
}

/* Files that programs read to identify the system. */
static void kinds_of_system(void)
{
	char text[2000], release[80];
	struct utsname name;

	CHECK_EQ(uname(&name), 0);
	CHECK(proc_text("/proc/sys/kernel/osrelease", release, sizeof(release)) > 0);
	CHECK_EQ(strncmp(release, name.release, strlen(name.release)), 0);
	CHECK(proc_text("/proc/sys/kernel/ostype", text, sizeof(text)) > 0);
	CHECK_EQ(strcmp(text, "Linux\n"), 0);
	CHECK(proc_text("/proc/sys/kernel/pid_max", text, sizeof(text)) > 0);
	CHECK(atoi(text) >= getpid());
	CHECK(proc_text("/proc/sys/vm/overcommit_memory", text, sizeof(text)) > 0);
	CHECK(atoi(text) >= 0 && atoi(text) <= 2);
	CHECK_EQ(file_number("/proc/sys/vm/mmap_min_addr"), 65536);
	CHECK(proc_text("/proc/sys/kernel/core_pattern", text, sizeof(text)) > 0);
	CHECK(proc_text("/proc/cpuinfo", text, sizeof(text)) > 0);
	CHECK(strstr(text, "processor\t: 0\n") && strstr(text, "vendor_id\t: ") && strstr(text, " fxsr"));
	CHECK(proc_text("/proc/filesystems", text, sizeof(text)) > 0);
	CHECK(strstr(text, "nodev\ttmpfs\n") != NULL);
	CHECK(proc_text("/proc/self/limits", text, sizeof(text)) > 0);
	CHECK(strstr(text, "Max address space         unlimited            unlimited            bytes") != NULL);
}

int main(int argc, char **argv)
{
	if (argc > 2)
		return peak_after_exec(atoi(argv[2]));
	if (argc > 1) {
		beginning(environ);
		return 0;
	}
	kinds_of_system();
	names_and_sizes();
	faults_are_counted();
	limits();
	machine_files();
	own_files();
	own_maps();
	mounts();
	CHECK_EQ(check_in_child(begin_anew, argv[0]), 0);
	CHECK_EQ(check_in_child(wishes, NULL), 0);
	CHECK_EQ(check_in_child(peaks, argv[0]), 0);
	random_numbers("/dev/random");
	random_numbers("/dev/urandom");
	return CHECK_OK();
}
