/* Disk controllers without a driver. */
#pragma once

/* Prints a line for each such controller, which recommends the ones to use instead. */
void nodriver_report(void);
