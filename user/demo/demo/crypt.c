/*
 * crypt.c - a task that encrypts, decrypts and verifies memory of its own, again and again.
 *
 * Each word is a function of its position and the task, so the expected result is known. Between
 * the passes the task sleeps: its pages age meanwhile, and go to swap when other tasks need frames.
 */
#include "demo.h"
#include "work.h"

#include <sys/mman.h>

enum { REST_MS = 200 };

static uint32_t plain(size_t i, uint32_t seed)
{
	return i * 2654435761u + seed;
}

/* Exclusive or with a stream of random numbers: applied twice it restores the data. */
static void encrypt(uint32_t *memory, size_t words, uint32_t key)
{
	for (size_t i = 0; i < words; i++)
		memory[i] ^= demo_random(&key);
}

static uint32_t wrong_words(const uint32_t *memory, size_t words, uint32_t seed)
{
	uint32_t wrong = 0;

	for (size_t i = 0; i < words; i++)
		wrong += memory[i] != plain(i, seed);
	return wrong;
}

void crypt_run(void *argument)
{
	struct crypt *crypt = argument;
	size_t words = crypt->pages * PAGE / sizeof(uint32_t);
	uint32_t *memory = pages_map(crypt->pages, MAP_PRIVATE), key = crypt->seed;

	if (!memory)
		return;
	for (size_t i = 0; i < words; i++)
		memory[i] = plain(i, crypt->seed);
	while (!*crypt->stop && demo_wanted()) {
		demo_random(&key);
		encrypt(memory, words, key);
		demo_rest(REST_MS);
		encrypt(memory, words, key);
		demo_rest(REST_MS);
		crypt->wrong += wrong_words(memory, words, crypt->seed);
		crypt->rounds++;
	}
}
