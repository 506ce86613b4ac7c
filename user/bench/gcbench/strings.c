/*
 * strings.c - text taken apart and put together: many short strings without pointers, and a table of words.
 *
 * A document is built word by word, each time as a new, longer string; then it is split, and its words are counted in a hash
 * table that stays and grows. Manual freeing needs an owner for each string: a word that the table takes belongs to it, one
 * that it has already is freed at once.
 */
#include "gcbench.h"

#include <string.h>

enum { WORDS = 60, SYLLABLES = 16, FIRST_SLOTS = 64 };

struct entry {
	struct entry *next;
	char *word;
	uint32_t count;
};

struct table {
	struct entry **slots;
	uint32_t size, used;
};

static const char *const syllables[SYLLABLES] = {
	"ka", "shi", "sho", "to", "me", "ri", "nu", "ha", "yo", "kai", "ron", "mi", "tsu", "ba", "gen", "o",
};

/* --- strings --- */

static char *join(const char *a, const char *between, const char *b)
{
	size_t n = strlen(a), m = strlen(between);
	char *both = take_atomic(n + m + strlen(b) + 1);

	memcpy(both, a, n);
	memcpy(both + n, between, m);
	strcpy(both + n + m, b);
	return both;
}

static char *piece_of(const char *from, size_t n)
{
	char *piece = take_atomic(n + 1);

	memcpy(piece, from, n);
	piece[n] = 0;
	return piece;
}

/* The new string replaces the old one. */
static void append(char **text, const char *between, const char *more)
{
	char *longer = join(*text, between, more);

	give(*text);
	*text = longer;
}

static char *make_word(uint32_t *seed)
{
	uint32_t r = gcbench_random(seed);
	char *word = piece_of(syllables[r % SYLLABLES], strlen(syllables[r % SYLLABLES]));

	for (uint32_t more = r >> 4 & 3; more > 0; more--) {
		r = gcbench_random(seed);
		append(&word, "", syllables[r % SYLLABLES & r >> 8]);
	}
	return word;
}

static char *make_document(uint32_t *seed)
{
	char *text = make_word(seed);

	for (int i = 1; i < WORDS; i++) {
		char *word = make_word(seed);

		append(&text, " ", word);
		give(word);
	}
	return text;
}

/* --- the table of words --- */

static uint32_t hash_of(const char *word)
{
	uint32_t hash = 2166136261u;

	while (*word)
		hash = gcbench_mix(hash, (unsigned char)*word++);
	return hash;
}

static void resize(struct table *table, uint32_t size)
{
	struct entry **slots = take(size * sizeof(*slots));

	for (uint32_t i = 0; i < table->size; i++) {
		for (struct entry *e = table->slots[i], *next; e; e = next) {
			struct entry **slot = &slots[hash_of(e->word) % size];

			next = e->next;
			e->next = *slot;
			*slot = e;
		}
	}
	give(table->slots);
	table->slots = slots;
	table->size = size;
}

/* The table takes the word. */
static void count(struct table *table, char *word)
{
	struct entry **slot = &table->slots[hash_of(word) % table->size], *e = *slot;

	while (e && strcmp(e->word, word))
		e = e->next;
	if (e) {
		e->count++;
		give(word);
		return;
	}
	e = take(sizeof(*e));
	*e = (struct entry){ *slot, word, 1 };
	*slot = e;
	if (++table->used > table->size)
		resize(table, 2 * table->size);
}

static void count_words(struct table *table, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, " ");

		count(table, piece_of(text, n));
		text += n + strspn(text + n, " ");
	}
}

/* Whatever the order in the table is. */
static uint32_t sum_of(const struct table *table)
{
	uint32_t sum = table->used;

	for (uint32_t i = 0; i < table->size; i++)
		for (const struct entry *e = table->slots[i]; e; e = e->next)
			sum += gcbench_mix(hash_of(e->word), e->count);
	return sum;
}

static void drop(struct table *table)
{
	for (uint32_t i = 0; way == WAY_FREE && i < table->size; i++) {
		for (struct entry *e = table->slots[i], *next; e; e = next) {
			next = e->next;
			give(e->word);
			give(e);
		}
	}
	give(table->slots);
}

static uint32_t run(uint32_t n)
{
	struct table table = { 0 };
	uint32_t seed = 4711, sum;

	resize(&table, FIRST_SLOTS);
	for (uint32_t i = 0; i < n; i++) {
		char *text = make_document(&seed);

		count_words(&table, text);
		give(text);
	}
	sum = sum_of(&table);
	drop(&table);
	return sum;
}

const struct gcbench_program gcbench_strings = { .name = "strings", .usual = 1000, .run = run };
