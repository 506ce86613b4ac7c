/*
 * crypt - encrypts, decrypts and verifies memory.
 *
 *	crypt [KIB [ROUNDS [SEED]]]
 *
 * Word i of the plain text follows from the seed and i. Each round the whole memory is encrypted
 * in place with a stream of random numbers, the sum of the cipher text is compared with that of
 * the rounds before, and it is decrypted. At the end each word must be what it was. With more
 * memory than the machine has every page leaves and comes back twice a round.
 */
#include "check.h"

static uint32_t *words;
static size_t count;

static uint32_t plain(uint32_t seed, size_t i)
{
	uint32_t x = (i + 1) * 0x9e3779b9u ^ seed;

	x = (x ^ x >> 16) * 0x85ebca6bu;
	return x ^ x >> 13;
}

/* Encrypting twice with the same stream decrypts. => the sum of the resulting words */
static uint32_t crypt(uint32_t stream)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		words[i] ^= check_random(&stream);
		sum = sum * 31 + words[i];
	}
	return sum;
}

int main(int argc, char **argv)
{
	size_t kib = argc > 1 ? atoi(argv[1]) : 1024;
	int rounds = argc > 2 ? atoi(argv[2]) : 3;
	uint32_t seed = argc > 3 ? atoi(argv[3]) : 1, cipher_sum = 0, sum;

	count = kib * 1024 / sizeof(*words);
	words = (uint32_t *)check_private((kib + 3) / 4);
	for (size_t i = 0; i < count; i++)
		words[i] = plain(seed, i);
	for (int round = 0; round < rounds; round++) {
		sum = crypt(seed * 2 + 1);
		if (round > 0)
			CHECK_EQ(sum, cipher_sum);
		cipher_sum = sum;
		crypt(seed * 2 + 1);
	}
	for (size_t i = 0; i < count; i++)
		CHECK_EQ(words[i], plain(seed, i));
	if (argc == 1)
		return CHECK_OK();
	printf("crypt: ok %zu KiB, %d rounds, seed %u, cipher sum %08x\n", kib, rounds, seed,
	       cipher_sum);
	return fflush(stdout) != 0;
}
