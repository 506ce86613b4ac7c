/* Passes typed bytes to the terminal. Until that exists they wait in a ring; the terminal has a buffer of its own. */
#include "drivers/input.h"

#define RING_SIZE 256u

static void (*receiver)(u8 byte);
static u8 ring[RING_SIZE];
static u32 ring_begin, ring_end;

void input_set_handler(void (*handler)(u8 byte))
{
	receiver = handler;
	while (ring_begin != ring_end)
		receiver(ring[ring_begin++ % RING_SIZE]);
}

void input_byte(u8 byte)
{
	if (receiver)
		receiver(byte);
	else if (ring_end - ring_begin < RING_SIZE)
		ring[ring_end++ % RING_SIZE] = byte;
}
