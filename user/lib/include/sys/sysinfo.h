/* sys/sysinfo.h: memory and load of the whole machine. */
#ifndef SYS_SYSINFO_H
#define SYS_SYSINFO_H

struct sysinfo {
	long uptime;			/* seconds */
	unsigned long loads[3];
	unsigned long totalram, freeram, sharedram, bufferram;	/* in mem_unit bytes */
	unsigned long totalswap, freeswap;
	unsigned short procs, pad;
	unsigned long totalhigh, freehigh;
	unsigned int mem_unit;
	char fill[8];
};

_Static_assert(sizeof(struct sysinfo) == 64, "struct sysinfo is not Linux's");

int sysinfo(struct sysinfo *info);

#endif
