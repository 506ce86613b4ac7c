/*
 * follow.c - what sentences need from earlier events: the names of tasks and objects, regions, the frames mapped last.
 *
 * Tables of fixed size: when one is full, the oldest entry makes room (of the tasks the one that was not needed for the
 * longest time), and a sentence that would need it says less.
 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

enum { TASKS = 64, OBJECTS = 96, REGIONS = 768, MAPS = 16, NAME = 48 };

struct task {
	unsigned label;
	unsigned used;			/* when it was needed last, as a number of `uses` */
	bool belongs;			/* to the command that is traced */
	char name[NAME];
};

struct object {
	unsigned id;
	char kind[8], name[NAME];
};

struct region {
	unsigned label, start, end, obj;
};

struct map {
	unsigned label, va, frame;
};

static struct task tasks[TASKS];
static struct object objects[OBJECTS];
static struct region regions[REGIONS];
static struct map maps[MAPS];		/* the last ones, in turn */
static unsigned uses, next_object, next_region, next_map;
static unsigned trap_label, trap_va;	/* of the last trap */
static unsigned command;		/* the task that is traced */
static bool in_snapshot, in_gap;		/* in_gap: events are missing, perhaps the beginning of a snapshot */

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* => the task's entry, made if there is none */
static struct task *task(unsigned label)
{
	struct task *t = tasks;

	label %= TRACE_BUILDING;
	for (unsigned i = 0; i < TASKS && t->label != label; i++)
		if (tasks[i].label == label || tasks[i].used < t->used)
			t = &tasks[i];
	if (t->label != label)
		*t = (struct task){ .label = label };
	t->used = ++uses;
	return t;
}

static void note_name(unsigned label, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (label)
		copy(task(label)->name, NAME, slash ? slash + 1 : path);
}

/* => an entry for a region of the space; if none is unused, the next one in turn */
static struct region *new_region(unsigned label)
{
	struct region *r = NULL;

	for (unsigned i = 0; i < REGIONS && !r; i++)
		if (!regions[i].label)
			r = &regions[i];
	if (!r)
		r = &regions[next_region++ % REGIONS];
	r->label = label;
	return r;
}

static void note_region(const struct trace_event *e)
{
	struct region *r = new_region(e->label);

	r->start = event_number(e, "start");
	r->end = event_number(e, "end");
	r->obj = event_number(e, "obj");
}

static void note_grow(const struct trace_event *e)
{
	for (unsigned i = 0; i < REGIONS; i++)
		if (regions[i].label == e->label && regions[i].start == event_number(e, "old"))
			regions[i].start = event_number(e, "start");
}

static void note_fork(const struct trace_event *e)
{
	const struct task parent = *task(event_number(e, "parent"));
	struct task *child = task(e->label);

	copy(child->name, NAME, parent.name);
	child->belongs = parent.belongs;
	for (unsigned i = 0; i < REGIONS; i++) {
		const struct region r = regions[i];

		if (r.label != parent.label)
			continue;
		*new_region(e->label) = (struct region){ e->label, r.start, r.end, r.obj };
	}
}

static void note_exit(const struct trace_event *e)
{
	for (unsigned i = 0; i < REGIONS; i++)
		if (regions[i].label == e->label)
			regions[i].label = 0;
}

static void note_exec(const struct trace_event *e)
{
	unsigned from = event_number(e, "from");

	note_name(e->label, event_text(e, "name"));
	if (e->label == command)
		task(e->label)->belongs = true;
	for (unsigned i = 0; i < REGIONS; i++) {
		if (regions[i].label == e->label)
			regions[i].label = 0;
		if (regions[i].label == from)
			regions[i].label = e->label;
	}
}

static void note_object(const struct trace_event *e)
{
	struct object *o = &objects[next_object++ % OBJECTS];

	for (unsigned i = 0; i < OBJECTS; i++)
		if (objects[i].id == event_number(e, "obj"))
			o = &objects[i];
	o->id = event_number(e, "obj");
	copy(o->kind, sizeof(o->kind), event_text(e, "kind"));
	copy(o->name, NAME, event_text(e, "name"));
}

/* What is unmapped of a region's middle is looked up as if it were still there; no fault comes from it. */
static void note_unregion(const struct trace_event *e)
{
	unsigned start = event_number(e, "start"), end = event_number(e, "end");

	for (unsigned i = 0; i < REGIONS; i++) {
		struct region *r = &regions[i];

		if (r->label != e->label || r->start >= end || r->end <= start)
			continue;
		if (start <= r->start && r->end <= end)
			r->label = 0;
		else if (start <= r->start)
			r->start = end;
		else if (r->end <= end)
			r->end = start;
	}
}

static void note_label_name(const struct trace_event *e)
{
	note_name(e->label, event_text(e, "name"));
}

static void note_map(const struct trace_event *e)
{
	struct map *m = &maps[next_map++ % MAPS];

	m->label = e->label;
	m->va = event_number(e, "va");
	m->frame = event_number(e, "frame");
}

static void note_trap(const struct trace_event *e)
{
	trap_label = e->label;
	trap_va = event_number(e, "va");
}

static void note_snapshot(const struct trace_event *e)
{
	in_snapshot = strcmp(event_text(e, "part") ?: "", "begin") == 0;
	in_gap = false;
	if (in_snapshot)
		memset(regions, 0, sizeof(regions));
}

static void note_dropped(const struct trace_event *e)
{
	(void)e;
	in_gap = true;
}

static const struct {
	const char *name;
	void (*note)(const struct trace_event *e);
} notes[] = {
	{ "snapshot", note_snapshot }, { "run", note_label_name }, { "name", note_label_name }, { "object", note_object },
	{ "fork", note_fork },	       { "exec", note_exec },	   { "exit", note_exit },	{ "region", note_region },
	{ "unregion", note_unregion }, { "grow", note_grow },	   { "map", note_map },		{ "trap", note_trap },
	{ "dropped", note_dropped },
};

void follow(const struct trace_event *e)
{
	for (unsigned i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (event_is(e, notes[i].name))
			notes[i].note(e);
}

bool follow_in_snapshot(const struct trace_event *e)
{
	return in_snapshot || (in_gap && !event_text(e, "at") && !event_is(e, "dropped"));
}

void follow_begin(unsigned pid)
{
	command = pid;
}

bool follow_belongs(unsigned label)
{
	return label && task(label)->belongs;
}

const char *follow_name(unsigned label)
{
	const char *name = task(label)->name;

	return *name ? name : NULL;
}

const char *follow_object(unsigned obj, const char **kind)
{
	for (unsigned i = 0; obj && i < OBJECTS; i++) {
		if (objects[i].id == obj) {
			*kind = objects[i].kind;
			return objects[i].name;
		}
	}
	return NULL;
}

unsigned follow_object_at(unsigned label, unsigned va)
{
	for (unsigned i = 0; i < REGIONS; i++)
		if (regions[i].label == label && regions[i].start <= va && va < regions[i].end)
			return regions[i].obj;
	return 0;
}

long follow_frame(unsigned label, unsigned va)
{
	for (unsigned i = 1; i <= MAPS; i++) {
		const struct map *m = &maps[(next_map - i) % MAPS];

		if (m->label == label && m->va == va)
			return m->frame;
	}
	return -1;
}

unsigned follow_trap(unsigned label, unsigned page)
{
	return trap_label == label && (trap_va & ~0xfffu) == page ? trap_va : page;
}
