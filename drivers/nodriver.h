/* Controllers of disks for which there is no driver. */
#pragma once

/* Says of each what it is and what to attach its disks to instead. */
void nodriver_report(void);
