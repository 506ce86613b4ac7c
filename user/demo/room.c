/*
 * room.c - a heap small enough to watch: `make view SCENARIO=gc` and `SCENARIO=leak` run it.
 *
 * `room gc` keeps rooms of a house in memory of the collector, each with a name, and forgets some: a wing that the house no longer
 * has, and two rooms that only know each other. Then it collects, and builds again where space is free. `room leak` does the same
 * by hand, with the mistakes that one makes: a wing is forgotten instead of freed, and a freed room still has a door that leads
 * to it.
 */
#include <gc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOORS = 3 };

struct room {
	struct room *doors[DOORS];
	char *name;
};

static struct room *house;	/* in the data: a root */
static void *(*memory)(size_t), *(*text)(size_t);

static struct room *new_room(const char *name)
{
	struct room *room = memory(sizeof(*room));

	if (!room)
		exit(1);
	memset(room, 0, sizeof(*room));
	room->name = text(strlen(name) + 1);
	if (room->name)
		strcpy(room->name, name);
	return room;
}

/* A room, and rooms behind its doors, so many deep. */
static struct room *wing(const char *name, int depth)
{
	struct room *room = new_room(name);

	for (int i = 0; depth > 0 && i < 2; i++)
		room->doors[i] = wing(i ? "a small room with a window to the garden" : "room", depth - 1);
	return room;
}

static __attribute__((noinline)) void two_that_know_each_other(void)
{
	struct room *cellar = new_room("cellar"), *well = new_room("well");

	cellar->doors[0] = well;
	well->doors[0] = cellar;
}

static __attribute__((noinline)) void build(void)
{
	house = new_room("hall");
	house->doors[0] = wing("east wing", 2);
	house->doors[1] = wing("west wing", 2);
	house->doors[2] = new_room("a library with eight thousand books, a ladder and a cat");
	two_that_know_each_other();
}

/* Overwrites what functions that have returned left on the stack. */
static __attribute__((noinline)) void forget_the_stack(void)
{
	volatile char old[4096];

	memset((char *)old, 0, sizeof(old));
}

static void collected(void)
{
	memory = gc_malloc;
	text = gc_malloc_atomic;
	build();
	forget_the_stack();
	gc_collect();
	house->doors[1] = NULL;
	forget_the_stack();
	gc_collect();
	house->doors[1] = wing("new wing", 1);
}

static void by_hand(void)
{
	memory = text = malloc;
	build();
	house->doors[1] = NULL;				/* a leak: nobody knows the west wing any more */
	free(house->doors[2]->name);
	free(house->doors[2]);				/* and this door leads to a room that is no more */
	forget_the_stack();
}

int main(int argc, char **argv)
{
	if (argc != 2 || (strcmp(argv[1], "gc") != 0 && strcmp(argv[1], "leak") != 0)) {
		fprintf(stderr, "usage: room gc|leak\n");
		return 2;
	}
	(strcmp(argv[1], "gc") == 0 ? collected : by_hand)();
	return 0;
}
