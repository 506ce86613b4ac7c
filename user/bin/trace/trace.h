/*
 * trace.h - what the parts of `trace` share: an event, the names that earlier events gave, sentences.
 */
#ifndef USER_BIN_TRACE_H
#define USER_BIN_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TRACE_FIELDS = 16, TRACE_BUILDING = 100000 }; /* added to a task's number: the space that exec builds for it */

struct trace_field {
	const char *name, *value;
};

/* A line of the trace; its texts are parts of the line. */
struct trace_event {
	const char *seq, *name;
	unsigned label;
	unsigned count;
	struct trace_field fields[TRACE_FIELDS];
};

/* Cuts LINE, without its newline, into the event. => false: it is no line of a trace */
bool event_parse(char *line, struct trace_event *e);
/* The same for `key=value ...` alone (NULL: none). Uses the event's name. */
bool event_parse_fields(char *rest, struct trace_event *e);

/* => a field's text, NULL without such a field */
const char *event_text(const struct trace_event *e, const char *field);
/* => a field's number; 0 without such a field */
unsigned event_number(const struct trace_event *e, const char *field);
bool event_is(const struct trace_event *e, const char *name);

/* Notes what later events need: names, regions, the frames last mapped. Every event must pass here. */
void follow(const struct trace_event *e);

/* => true: E is within a snapshot. Its first lines may be lost: the events in one, and only these, have no `at`. */
bool follow_in_snapshot(const struct trace_event *e);
/* => true: the task is `trace_command`, or a descendant of it */
bool follow_belongs(unsigned label);
void follow_begin(unsigned pid);

/* => a task's name, NULL: unknown */
const char *follow_name(unsigned label);
/* => an object's name, and its kind as in the trace; NULL: unknown */
const char *follow_object(unsigned obj, const char **kind);
/* => the object that the region at an address maps; 0: none */
unsigned follow_object_at(unsigned label, unsigned va);
/* => the frame last mapped at a page's address; -1: unknown */
long follow_frame(unsigned label, unsigned va);
/* => the address of the task's last trap if it was in this page, otherwise the page's */
unsigned follow_trap(unsigned label, unsigned page);

/* Which of the sentences are used. */
extern bool say_japanese, say_library;

/* => true: there is a sentence with this key */
bool say_has(const char *key);

/*
 * Writes the sentence with this key to `to`, at most size - 1 bytes, with the values in its placeholders ("?" for one that
 * is not among them or NULL). The values end with an entry without a name.
 */
void say(char *to, size_t size, const char *key, const struct trace_field *values);

/* Prints the event as a sentence, with its number before it. */
void tell(FILE *out, const struct trace_event *e);

#endif
