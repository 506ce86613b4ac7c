/* The VGA's text screen, 80 columns by 25 rows, as a console. */
#pragma once

void vga_init(void);
