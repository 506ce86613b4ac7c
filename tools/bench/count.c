/*
 * A plugin for QEMU that counts the instructions which the guest executes between two places:
 *
 *	-plugin count.so,begin=ADDRESS,end=ADDRESS,below=ADDRESS,out=FILE
 *
 * There may be several begins and ends: any of them begins and ends a count.
 *
 * Only instructions at addresses below `below` count: with the kernel's first address, those of programs.
 * A place may be come to often: each way from `begin` to the next `end` is a line in FILE. (The clock of virtual time
 * would count the waiting for a disk too.)
 */
#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

EXPORT int qemu_plugin_version = 1;

enum { PLACES = 4 };

static struct places {
	uint64_t at[PLACES];
	unsigned n;
} begins, ends;
static uint64_t executed, began, below;
static int running;
static FILE *out;

static void add_place(struct places *places, const char *number)
{
	if (places->n < PLACES)
		places->at[places->n++] = strtoull(number, NULL, 0);
}

static int is_place(const struct places *places, uint64_t address)
{
	for (unsigned n = 0; n < places->n; n++)
		if (places->at[n] == address)
			return 1;
	return 0;
}

static void at_place(unsigned cpu, void *is_end)
{
	(void)cpu;
	if (!is_end) {
		began = executed;
		running = 1;
	} else if (running) {
		fprintf(out, "%llu\n", (unsigned long long)(executed - began));
		fflush(out);
		running = 0;
	}
}

static void translated(plugin_id id, struct block *b)
{
	(void)id;
	for (size_t n = 0; n < qemu_plugin_tb_n_insns(b); n++) {
		struct instruction *i = qemu_plugin_tb_get_insn(b, n);
		uint64_t address = qemu_plugin_insn_vaddr(i);

		if (address < below)
			qemu_plugin_register_vcpu_insn_exec_inline(i, 0, &executed, 1);
		if (is_place(&begins, address) || is_place(&ends, address))
			qemu_plugin_register_vcpu_insn_exec_cb(i, at_place, 0, is_place(&ends, address) ? &out : NULL);
	}
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "begin=", 6) == 0)
			add_place(&begins, argv[i] + 6);
		else if (strncmp(argv[i], "end=", 4) == 0)
			add_place(&ends, argv[i] + 4);
		else if (strncmp(argv[i], "below=", 6) == 0)
			below = strtoull(argv[i] + 6, NULL, 0);
		else if (strncmp(argv[i], "out=", 4) == 0)
			out = fopen(argv[i] + 4, "w");
	}
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
