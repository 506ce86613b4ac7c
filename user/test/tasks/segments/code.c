/* Instructions that leave user mode, or try to: every interrupt, every selector, invalid stack pointers, odd flags. */
#include <sys/syscall.h>

#include "procswap.h"
#include "segments.h"

enum { TF = 0x100, IOPL = 0x3000, NT = 0x4000, RF = 0x10000, VM = 0x20000, AC = 0x40000, ID = 0x200000 };
enum { CODE_MAX = 16, ANY = -2 };

/* Bytes of 0 at the end stand for instructions that do nothing. */
struct code {
	unsigned char bytes[CODE_MAX];
	int signal;
	unsigned int esp;	/* 0: the usual stack */
};

static unsigned char *page;

/* The code, then instructions that exit with status 0. */
static void run(void *argument)
{
	static const unsigned char end[] = { 0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80 };	/* exit(0) */
	const struct code *c = argument;
	int n = CODE_MAX;

	memcpy(page, c->bytes, CODE_MAX);
	while (!page[n - 1])
		page[--n] = 0x90;
	memcpy(page + CODE_MAX, end, sizeof(end));
	if (c->esp)
		__asm__ volatile("movl %0, %%esp; jmp *%1" : : "r"(c->esp), "b"(page), "a"(SYS_getpid));
	__asm__ volatile("jmp *%0" : : "b"(page), "a"(SYS_getpid));
	__builtin_unreachable();
}

static void expect(const struct code *c, const char *what, int number)
{
	int got = check_signal_of(run, (void *)c);

	if (got != c->signal && c->signal != ANY)
		check_fail(what, number, "its end", got, c->signal);
}

/* --- tables -------------------------------------------------------------------------------------------------------- */

static void interrupts(void)
{
	for (int n = 0; n < 256; n++) {
		struct code c = { { 0xcd, n, 0x90 }, SIGSEGV, 0 };

		c.signal = n == 3 ? SIGTRAP : n == 0x80 ? 0 : SIGSEGV;
		expect(&c, "int", n);
	}
}

static bool is_mine(unsigned int selector)
{
	return selector / 8 >= FIRST_ENTRY && selector / 8 < FIRST_ENTRY + ENTRIES && !(selector & 4);
}

/* lcall and ljmp to offset 0, then a load of each register: only the program's own entries can be used. */
static void selectors(void)
{
	static const unsigned char loads[] = { 0xd8, 0xc0, 0xe0, 0xe8, 0xd0 };	/* movl %eax, of DS, ES, FS, GS, SS */
	unsigned int cs, ss;

	__asm__ volatile("movl %%cs, %0; movl %%ss, %1" : "=r"(cs), "=r"(ss));
	for (int entry = FIRST_ENTRY; entry < FIRST_ENTRY + ENTRIES; entry++)
		CHECK_EQ(set_flat(entry), 0);
	for (unsigned int selector = 0; selector < 16 * 8; selector++) {
		unsigned char s = selector;
		bool user = (selector | 3) == cs || (selector | 3) == ss || is_mine(selector);

		if ((selector & 3) != 0 && (selector & 3) != 3)
			continue;
		expect(&(struct code){ { 0x9a, 0, 0, 0, 0, s, 0, 0x90 }, SIGSEGV, 0 }, "lcall", selector);
		expect(&(struct code){ { 0xea, 0, 0, 0, 0, s, 0, 0x90 }, SIGSEGV, 0 }, "ljmp", selector);
		for (enum segment_register reg = DS; reg < SEGMENT_REGISTERS; reg++) {
			bool fine = reg == SS ? user && (selector | 3) != cs && (selector & 3) == 3 : user || selector < 4;

			expect(&(struct code){ { 0xb8, s, 0, 0, 0, 0x8e, loads[reg], 0x90 }, fine ? 0 : SIGSEGV, 0 }, "load",
			       reg << 8 | selector);
		}
	}
}

/* QEMU reads the stack for a user's iret and lret as if the kernel did, of which Linux says that the kernel has a fault. */
static bool harms_linux(const struct code *c)
{
	return c->signal == ANY && !procswap_exists();
}

static void stack_pointers(void)
{
	static const unsigned int places[] = { 1, 2, 4, 0xfff, 0xc0000004, 0xc0001000, 0xf8000100, 0xfffffff8, 0xffffffff };
	static const struct code codes[] = {
		{ { 0x50, 0x90 }, SIGSEGV, 0 },		/* push, pusha, pushf, enter, call */
		{ { 0x60, 0x90 }, SIGSEGV, 0 },
		{ { 0x9c, 0x90 }, SIGSEGV, 0 },
		{ { 0xc8, 0, 0, 5, 0x90 }, SIGSEGV, 0 },
		{ { 0xe8, 0, 0, 0, 0, 0x90 }, SIGSEGV, 0 },
		{ { 0x9a, 0, 0, 0, 0, 0x90 }, SIGSEGV, 0 },
		{ { 0xcf, 0x90 }, ANY, 0 },	/* iret, lret */
		{ { 0xcb, 0x90 }, ANY, 0 },
		{ { 0xcc, 0x90 }, SIGTRAP, 0 },		/* int3, and a call of the kernel */
		{ { 0xcd, 0x80, 0x90 }, 0, 0 },
	};

	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
			struct code c = codes[i];

			c.esp = places[p];
			if (!harms_linux(&c))
				expect(&c, "stack", p << 8 | i);
		}
	}
}

/* mov $FLAGS, %ecx; push %ecx; popf; then what is given. EAX is the number of getpid. */
#define WITH_FLAGS(flags, ...) \
	{ 0xb9, (flags) & 0xff, (flags) >> 8 & 0xff, (flags) >> 16 & 0xff, 0, 0x51, 0x9d, __VA_ARGS__ }

static void flags(void)
{
	static const struct code codes[] = {
		{ WITH_FLAGS(TF, 0x90, 0xcd, 0x80), SIGTRAP, 0 },
		{ WITH_FLAGS(TF, 0xcd, 0x80), SIGTRAP, 0 },
		{ WITH_FLAGS(TF, 0xcc), SIGTRAP, 0 },
		{ { 0x16, 0xb9, 0, 1, 0, 0, 0x51, 0x9d, 0x17, 0xcd, 0x80 }, SIGTRAP, 0 },	/* pop %ss puts the trap off */
		{ { 0x16, 0xb9, 0, 1, 0, 0, 0x51, 0x9d, 0x17, 0xcc }, SIGTRAP, 0 },
		{ WITH_FLAGS(NT, 0xcd, 0x80), 0, 0 },
		{ WITH_FLAGS(NT, 0xcf), SIGSEGV, 0 },
		{ WITH_FLAGS(NT | TF, 0xcd, 0x80), SIGTRAP, 0 },
		{ WITH_FLAGS(AC, 0xcd, 0x80), 0, 0 },
		{ WITH_FLAGS(IOPL, 0xcd, 0x80), 0, 0 },
		{ WITH_FLAGS(IOPL, 0xfa), SIGSEGV, 0 },
		{ WITH_FLAGS(VM | RF | ID, 0xcd, 0x80), 0, 0 },
		{ WITH_FLAGS(0xffffff & ~(TF | AC), 0xcd, 0x80), 0, 0 },
		{ WITH_FLAGS(0x400, 0xcd, 0x80), 0, 0 },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		expect(&codes[i], "flags", i);
}

static void others(void)
{
	static const struct code codes[] = {
		{ { 0xf1, 0x90 }, ANY, 0 },					/* int1, which QEMU does not know */
		{ { 0xb0, 0x7f, 0x04, 0x01, 0xce, 0x90 }, SIGSEGV, 0 },		/* into with OF */
		{ { 0xb8, 0xff, 0xff, 0xff, 0x7f, 0x6a, 0, 0x6a, 0, 0x62, 0x04, 0x24, 0x90 }, SIGSEGV, 0 },
		{ { 0x31, 0xc9, 0xf7, 0xf1, 0x90 }, SIGFPE, 0 },			/* div by 0 */
		{ { 0x0f, 0x0b, 0x90 }, SIGILL, 0 },				/* ud2 */
		{ { 0xfa, 0x90 }, SIGSEGV, 0 },					/* cli, sti, hlt, in, out */
		{ { 0xfb, 0x90 }, SIGSEGV, 0 },
		{ { 0xf4, 0x90 }, SIGSEGV, 0 },
		{ { 0xe4, 0x21, 0x90 }, SIGSEGV, 0 },
		{ { 0xe6, 0x21, 0x90 }, SIGSEGV, 0 },
		{ { 0x6c, 0x90 }, SIGSEGV, 0 },					/* insb */
		{ { 0x0f, 0x20, 0xc0, 0x90 }, SIGSEGV, 0 },			/* mov %cr0, %eax and back, of cr3, dr7 */
		{ { 0x0f, 0x22, 0xc0, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x22, 0xd8, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x21, 0xf8, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x23, 0xf8, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x01, 0x14, 0x24, 0x90 }, SIGSEGV, 0 },			/* lgdt, lidt, lmsw, lldt, ltr */
		{ { 0x0f, 0x01, 0x1c, 0x24, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x01, 0xf0, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x00, 0xd0, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x00, 0xd8, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x01, 0x3c, 0x24, 0x90 }, SIGSEGV, 0 },			/* invlpg, invd, wbinvd, clts */
		{ { 0x0f, 0x08, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x09, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x06, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x32, 0x90 }, SIGSEGV, 0 },				/* rdmsr, wrmsr */
		{ { 0x0f, 0x30, 0x90 }, SIGSEGV, 0 },
		{ { 0x0f, 0x34, 0x90 }, ANY, 0 },				/* sysenter, syscall, sysexit, sysret, rsm */
		{ { 0x0f, 0x05, 0x90 }, ANY, 0 },
		{ { 0x0f, 0x35, 0x90 }, ANY, 0 },
		{ { 0x0f, 0x07, 0x90 }, ANY, 0 },
		{ { 0x0f, 0xaa, 0x90 }, ANY, 0 },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		expect(&codes[i], "other", i);
}

void segments_code(void)
{
	page = (unsigned char *)check_map(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE);
	interrupts();
	selectors();
	stack_pointers();
	flags();
	others();
}
