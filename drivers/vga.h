/* The VGA's text screen, 80 columns by 25 rows, as a console. */
#pragma once

/* Clears the screen and registers it as a console. */
void vga_init(void);
