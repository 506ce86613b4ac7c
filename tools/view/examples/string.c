/*
 * A string of references in few frames. FIFO has 9 faults
 * with 3 frames, but 10 with 4 (Belady, Nelson and Shedler,
 * 1969). Try: ./string 4
 */
#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 10 };
static const char *string = "123412512345";

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

int main(int argc, char **argv)
{
	int frames = argc > 1 ? atoi(argv[1]) : 3;
	const char *policy = argc > 2 ? argv[2] : "fifo";
	int fd = open("/proc/sys/vm/policy", O_WRONLY);
	struct rlimit limit;
	long before;
	char *p;

	write(fd, policy, strlen(policy));
	mlockall(MCL_CURRENT);		/* what there is so far stays */
	limit.rlim_cur = frames * PAGE +
		proc_number("/proc/self/status", "VmRSS") * 1024;
	limit.rlim_max = limit.rlim_cur;
	setrlimit(RLIMIT_RSS, &limit);
	p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	before = faults();
	for (const char *s = string; *s; s++)
		p[(*s - '0') * PAGE] = *s;
	printf("%s in %d frames, %s: %ld faults\n", string, frames,
	       policy, faults() - before);
	return 0;
}
