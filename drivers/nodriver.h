/* Disk controllers without a driver. */
#pragma once

/* Reports each of them, and what to attach its disks to instead. */
void nodriver_report(void);
