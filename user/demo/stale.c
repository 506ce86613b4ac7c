/*
 * stale - a program that uses memory it has freed. For `demo uaf`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *text_of(const char *from)
{
	char *text = malloc(40);

	return text ? strcpy(text, from) : NULL;
}

static void print(const volatile char *text)
{
	char seen[41] = "";

	for (int i = 0; i < 40 && text[i] >= ' ' && text[i] < 127; i++)
		seen[i] = text[i];
	dprintf(STDOUT_FILENO, "the guest reads \"%s\", first byte %02x\n", seen, text[0] & 0xff);
}

int main(void)
{
	char *guest = text_of("guest: nothing to hide"), *bank;

	free(guest);
	bank = text_of("bank: the code is 4711");
	print(guest);
	free(bank);
	return 0;
}
