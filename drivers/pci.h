/* PCI devices as the firmware configured them: finding them, their addresses and interrupt lines. */
#pragma once

#include "kernel/base/types.h"

enum {
	PCI_COMMAND = 0x04,
	PCI_COMMAND_IO = 1 << 0, PCI_COMMAND_MEMORY = 1 << 1, PCI_COMMAND_MASTER = 1 << 2,

	PCI_CLASS_IDE = 0x0101,
	PCI_CLASS_BRIDGE = 0x0604,
};

enum pci_space { PCI_MEMORY, PCI_IO };

#define PCI_VENDOR_VIRTIO 0x1AF4

struct pci_function {
	u8 bus, device, function;
	u8 interface;  /* programming interface: distinguishes devices of one class */
	u16 class;     /* base class and subclass, as in PCI_CLASS_IDE */
	u16 vendor, product;
};

/* => true: the machine has PCI (configuration mechanism 1) */
bool pci_present(void);

/* => the next function after AFTER (NULL: the first) of CLASS or of VENDOR; NULL: there is none */
const struct pci_function *pci_find_class(u16 class, const struct pci_function *after);
const struct pci_function *pci_find_vendor(u16 vendor, const struct pci_function *after);

/* => the device's address in SPACE from base address register N; 0: none, or it is in the other space */
u32 pci_bar(const struct pci_function *f, u32 n, enum pci_space space);

/* => the interrupt line to which the firmware has routed the function; 0 or above 15: none */
u8 pci_interrupt_line(const struct pci_function *f);

/* Sets bits of PCI_COMMAND. */
void pci_enable(const struct pci_function *f, u32 bits);
