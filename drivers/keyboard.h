/* The PS/2 keyboard, US layout: keys become the bytes that a terminal sends (drivers/input.h). */
#pragma once

/* Drains and enables the keyboard. Traps must be initialised. */
void keyboard_init(void);
