/*
 * cksum - the POSIX checksum and the number of bytes.
 *
 * A CRC with the polynomial 0x04c11db7, highest bit first, over the bytes and then over their
 * number (lowest byte first, without leading zeros), inverted at the end. Source: POSIX.1, cksum.
 */
#include "tool.h"

#include <stdint.h>

static uint32_t table[256];

static void make_table(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte << 24;

		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? 0x04c11db7 : 0);
		table[byte] = crc;
	}
}

static uint32_t add(uint32_t crc, unsigned char byte)
{
	return crc << 8 ^ table[crc >> 24 ^ byte];
}

static int cksum(FILE *f, char *name)
{
	static unsigned char buffer[BUFSIZ];
	unsigned long long bytes = 0, left;
	uint32_t crc = 0;
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), f)) > 0) {
		for (size_t i = 0; i < n; i++)
			crc = add(crc, buffer[i]);
		bytes += n;
	}
	for (left = bytes; left; left >>= 8)
		crc = add(crc, left);
	printf("%u %llu", ~crc, bytes);
	printf(name ? " %s\n" : "\n", name);
	return 0;
}

int main(int argc, char **argv)
{
	argv = operands("cksum [FILE...]", argv, 0, argc);
	make_table();
	return finish("cksum", for_each_file("cksum", argv, cksum));
}
