/*
 * lab-cow - the lab `cow`: fork copies no page, a store copies one, and the last owner's store none.
 */
#include "lab.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { PAGES = 8, STORED = 3, FORKS = 200 };

static char *pages;

static void fill(void)
{
	pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		exit(1);
	for (int i = 0; i < PAGES; i++)
		memset(pages + i * PAGE, 'a' + i, PAGE);
}

static void stop(uint32_t number)
{
	lab_stop(number, 3, (uint32_t)pages, PAGES, STORED);
}

static void load_then_store(void)
{
	for (int i = 0; i < PAGES; i++)
		(void)*(volatile char *)(pages + i * PAGE);
	stop(2);
	pages[STORED * PAGE] = '!';
	stop(3);
}

static void store_everywhere(void)
{
	for (int i = 0; i < PAGES; i++)
		pages[i * PAGE] = '?';
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	fill();
	stop(1);
	waitpid(lab_child(load_then_store), NULL, 0);
	stop(4);
	pages[STORED * PAGE] = '*';
	stop(5);
	for (int i = 0; i < FORKS; i++)
		waitpid(lab_child(store_everywhere), NULL, 0);
	store_everywhere();
	stop(6);
	return 0;
}
