/*
 * PCI configuration space by configuration mechanism 1: an address register at port 0xCF8, a data window at 0xCFC.
 *
 * Here and not in drivers/, because power_off() needs it too, which must work without any driver. Drivers use
 * drivers/pci.h.
 *
 * Source: PCI Local Bus Specification 2.2, "Software Generation of Configuration Transactions".
 */
#pragma once

#include "kernel/base/cpu.h"

#define PCI_DEVICES 32u  /* of a bus */
#define PCI_FUNCTIONS 8u /* of a device */

#define PCI_ID 0x00 /* register: vendor and product of a function */

enum { PCI_CONFIG_ADDRESS = 0xCF8, PCI_CONFIG_DATA = 0xCFC };
#define PCI_CONFIG_ENABLE (1u << 31)

/* Selects the four bytes of configuration space that contain REG: the data window then accesses them. */
static inline void pci_config_select(u32 bus, u32 device, u32 function, u32 reg)
{
	cpu_out32(PCI_CONFIG_ADDRESS, PCI_CONFIG_ENABLE | bus << 16 | device << 11 | function << 8 | (reg & 0xFC));
}

static inline u32 pci_config_read(u32 bus, u32 device, u32 function, u32 reg)
{
	pci_config_select(bus, device, function, reg);
	return cpu_in32(PCI_CONFIG_DATA);
}

static inline void pci_config_write(u32 bus, u32 device, u32 function, u32 reg, u32 value)
{
	pci_config_select(bus, device, function, reg);
	cpu_out32(PCI_CONFIG_DATA, value);
}
