/* The PS/2 keyboard, US layout: keys become the bytes that a terminal sends (drivers/input.h). */
#pragma once

/* Traps must be set up. */
void keyboard_init(void);
