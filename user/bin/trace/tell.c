/*
 * tell.c - an event as a sentence. Which one, and what is in its placeholders: as in tools/trace/telling.py.
 */
#include "trace.h"

#include <ctype.h>
#include <string.h>

enum { VALUES = TRACE_FIELDS + 8, PHRASE = 160, HEAP = 8, STACK = 2 };

/* The values of a sentence; the texts that were made for it are in `phrases`. */
struct values {
	struct trace_field entries[VALUES];
	char phrases[8][PHRASE];
	unsigned count, made;
};

static void add(struct values *v, const char *name, const char *value)
{
	v->entries[v->count++] = (struct trace_field){ name, value };
	v->entries[v->count] = (struct trace_field){ NULL, NULL };
}

/* => room for a text of PHRASE bytes */
static char *phrase(struct values *v)
{
	return v->phrases[v->made++];
}

/* The value `name` is the phrase `key`, in which {name} and {label} may occur. */
static void add_phrase(struct values *v, const char *name, const char *key, const char *named, unsigned label)
{
	char number[16], *text = phrase(v);
	const struct trace_field values[] = { { "name", named }, { "label", number }, { NULL, NULL } };

	snprintf(number, sizeof(number), "%u", label);
	say(text, PHRASE, key, values);
	add(v, name, text);
}

static void add_task(struct values *v, const char *name, unsigned label)
{
	const char *named = follow_name(label);

	add_phrase(v, name, named ? "task.named" : "task.unnamed", named, label % TRACE_BUILDING);
}

/* A disk's own object has its file system's tables and directories. */
static bool is_disk(const char *name)
{
	return strlen(name) == 3 && (name[0] == 'h' || name[0] == 'v') && name[1] == 'd' && islower((unsigned char)name[2]);
}

/* The phrase for an object, or what shows it: `family` is "object" or "region". */
static void add_kind(struct values *v, const char *family, const char *kind, const char *named)
{
	char key[32];

	if (named && strcmp(named, "shared memory") == 0) /* the kernel's word for one without a name */
		kind = "shared";
	else if (named && is_disk(named))
		kind = "disk";
	snprintf(key, sizeof(key), "%s.%s", family, kind);
	add_phrase(v, family, key, named, 0);
}

static void add_object(struct values *v, unsigned obj)
{
	const char *kind = "unnamed", *named = follow_object(obj, &kind);

	add_kind(v, "object", kind, named);
}

static void add_region(struct values *v, const struct trace_event *e)
{
	unsigned flags = event_number(e, "flags"), obj = event_number(e, "obj");
	const char *kind = obj ? "unnamed" : "anonymous", *named = follow_object(obj, &kind);

	if (flags & (STACK | HEAP))
		add_kind(v, "region", flags & HEAP ? "heap" : "stack", NULL);
	else
		add_kind(v, "region", kind, named);
}

static void add_prot(struct values *v, unsigned prot)
{
	char *text = phrase(v);

	snprintf(text, PHRASE, "%c%c%c", prot & 1 ? 'r' : '-', prot & 2 ? 'w' : '-', prot & 4 ? 'x' : '-');
	add(v, "prot", text);
}

/* What the sentence about a fault says besides the event's fields. */
static void add_fault(struct values *v, const struct trace_event *e)
{
	unsigned va = event_number(e, "va");
	long frame = follow_frame(e->label, va);
	char *exact = phrase(v), *number = phrase(v);

	snprintf(exact, PHRASE, "0x%x", follow_trap(e->label, va));
	snprintf(number, PHRASE, "%ld", frame);
	add(v, "page", event_text(e, "va"));
	add(v, "va", exact);
	add(v, "frame", frame >= 0 ? number : NULL);
	add_object(v, follow_object_at(e->label, va));
}

/* A field whose word has a phrase of its own is told with it. */
static void add_field(struct values *v, const struct trace_event *e, const struct trace_field *f)
{
	char key[96];

	snprintf(key, sizeof(key), "%s.%s.%s", e->name, f->name, f->value);
	if (say_has(key) && v->made < 4)
		add_phrase(v, f->name, key, NULL, 0);
	else
		add(v, f->name, f->value);
}

static void collect(struct values *v, const struct trace_event *e)
{
	v->count = v->made = 0;
	if (event_is(e, "fault"))
		add_fault(v, e); /* first: its address is more exact than the field */
	if (event_text(e, "prot"))
		add_prot(v, event_number(e, "prot"));
	if (event_text(e, "parent"))
		add_task(v, "parent", event_number(e, "parent"));
	for (unsigned i = 0; i < e->count; i++)
		add_field(v, e, &e->fields[i]);
	add_task(v, "task", e->label);
	if (event_is(e, "region"))
		add_region(v, e);
	if (event_text(e, "obj") && !event_is(e, "fault"))
		add_object(v, event_number(e, "obj"));
}

/* The key of the event's sentence, as event_key() and fault_key() in tools/trace/words.py find it. */
static void find_key(char *key, size_t size, const struct trace_event *e)
{
	if (event_is(e, "fault")) {
		const char *result = event_text(e, "result") ?: "ok", *access = event_text(e, "access") ?: "read";

		if (strcmp(result, "ok") != 0)
			snprintf(key, size, "fault.%s.%s", result, access);
		else
			snprintf(key, size, "fault.%s.%s.%s", event_text(e, "row") ?: "", access,
				 event_number(e, "major") ? "major" : "minor");
		return;
	}
	for (unsigned i = 0; i < e->count; i++) {
		const char *word = e->fields[i].value;

		if (isdigit((unsigned char)*word))
			word = strcmp(word, "0") == 0 ? "off" : "on";
		snprintf(key, size, "event.%s.%s", e->name, word);
		if (say_has(key))
			return;
	}
	snprintf(key, size, "event.%s", e->name);
}

/* A line that a program wrote: if there is a sentence for it, its key, and E gets its fields in place of its own. */
static bool find_line_key(char *key, size_t size, char *line, struct trace_event *e)
{
	char *name = strchr(line, ' '), *rest = name ? strchr(name + 1, ' ') : NULL;

	if (!name)
		return false;
	*name++ = '\0';
	if (rest)
		*rest++ = '\0';
	snprintf(key, size, "line.%s.%s", line, name);
	return say_has(key) && event_parse_fields(rest, e);
}

void tell(FILE *out, const struct trace_event *e)
{
	static struct values values;
	char key[160], text[600], line[160];
	struct trace_event written = *e;

	snprintf(line, sizeof(line), "%s", event_is(e, "user") ? event_text(e, "line") ?: "" : "");
	if (find_line_key(key, sizeof(key), line, &written)) {
		collect(&values, &written);
	} else {
		find_key(key, sizeof(key), e);
		collect(&values, e);
	}
	say(text, sizeof(text), key, values.entries);
	fprintf(out, "@%s %s\n", e->seq, text);
}
