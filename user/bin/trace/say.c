/*
 * say.c - the sentences of tools/view/words.json, compiled in by tools/mksentences, with values in their placeholders.
 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>
#include <trace_sentences.h>

bool say_japanese, say_library;

/* => the sentence, NULL: there is none. The table is sorted. */
static const struct sentence *find(const char *key)
{
	size_t low = 0, high = sizeof(sentences) / sizeof(sentences[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(key, sentences[middle].key);

		if (order == 0)
			return &sentences[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool say_has(const char *key)
{
	return find(key) != NULL;
}

static const char *value_of(const struct trace_field *values, const char *name, size_t length)
{
	for (; values->name; values++)
		if (strlen(values->name) == length && strncmp(values->name, name, length) == 0)
			return values->value ?: "?";
	return "?";
}

/* => the sentence in the words that were asked for */
static const char *text_of(const char *key)
{
	char library[96];
	const struct sentence *s = NULL;

	snprintf(library, sizeof(library), "%s.library", key);
	if (say_library)
		s = find(library);
	s = s ?: find(key);
	return s ? say_japanese ? s->ja : s->en : key;
}

void say(char *to, size_t size, const char *key, const struct trace_field *values)
{
	const char *text = text_of(key);
	size_t used = 0;

	while (*text && used < size - 1) {
		size_t name = *text == '{' ? strcspn(text + 1, "}") : 0;

		if (!name) {
			to[used++] = *text++;
			continue;
		}
		used += snprintf(to + used, size - used, "%s", value_of(values, text + 1, name));
		used = used < size - 1 ? used : size - 1;
		text += name + 2;
	}
	to[used] = '\0';
}
