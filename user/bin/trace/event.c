/*
 * event.c - a line of the trace as an event: `@SEQ CYCLES LABEL EVENT key=value ...`.
 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

/* => the next word of *rest, cut off; NULL: there is none */
static char *next_word(char **rest)
{
	char *word = *rest, *blank = word ? strchr(word, ' ') : NULL;

	if (!word || !*word)
		return NULL;
	if (blank)
		*blank = '\0';
	*rest = blank ? blank + 1 : NULL;
	return word;
}

/* => true: the field's value is the rest of the line. The `name` of a policy or a counter is one word. */
static bool is_text(const char *event, const char *field)
{
	if (strcmp(field, "name") == 0)
		return strcmp(event, "policy") != 0 && strcmp(event, "counter") != 0;
	return strcmp(field, "line") == 0 || strcmp(field, "classes") == 0;
}

bool event_parse_fields(char *rest, struct trace_event *e)
{
	for (e->count = 0; rest && *rest; e->count++) {
		struct trace_field *f = &e->fields[e->count];
		char *equals = strchr(rest, '=');

		if (!equals || e->count == TRACE_FIELDS)
			return false;
		*equals = '\0';
		f->name = rest;
		f->value = equals + 1;
		rest = equals + 1;
		if (is_text(e->name, f->name))
			rest = NULL;
		else if (!next_word(&rest))
			return false;
	}
	return true;
}

bool event_parse(char *line, struct trace_event *e)
{
	char *rest = line + 1, *cycles, *label;

	if (line[0] != '@')
		return false;
	e->seq = next_word(&rest);
	cycles = next_word(&rest);
	label = next_word(&rest);
	e->name = next_word(&rest);
	if (!e->seq || !cycles || !label || !e->name)
		return false;
	e->label = strtoul(label, NULL, 10);
	return event_parse_fields(rest, e);
}

const char *event_text(const struct trace_event *e, const char *field)
{
	for (unsigned i = 0; i < e->count; i++)
		if (strcmp(e->fields[i].name, field) == 0)
			return e->fields[i].value;
	return NULL;
}

unsigned event_number(const struct trace_event *e, const char *field)
{
	const char *text = event_text(e, field);

	return text ? strtoul(text, NULL, 0) : 0;
}

bool event_is(const struct trace_event *e, const char *name)
{
	return strcmp(e->name, name) == 0;
}
