/* /dev: the devices that every program expects. */
#pragma once

#include "kernel/fs/inode.h"

extern struct inode devfs_root, devfs_console; /* live for ever */
