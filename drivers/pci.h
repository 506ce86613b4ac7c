/* PCI devices as the firmware set them up: finding them, reading and writing their registers. */
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
	u8 interface;  /* programming interface: what the class leaves open */
	u16 class;     /* base class and subclass, as in PCI_CLASS_IDE */
	u16 vendor, product;
};

/* Does this machine have PCI (configuration mechanism 1)? */
bool pci_present(void);

/* => the next function behind AFTER (NULL: the first), of CLASS or of VENDOR; NULL when there is none */
const struct pci_function *pci_find_class(u16 class, const struct pci_function *after);
const struct pci_function *pci_find_vendor(u16 vendor, const struct pci_function *after);

u32 pci_read32(const struct pci_function *f, u32 reg);
u16 pci_read16(const struct pci_function *f, u32 reg);
u8 pci_read8(const struct pci_function *f, u32 reg);
void pci_write32(const struct pci_function *f, u32 reg, u32 value);

/* => where base address register N puts the device in SPACE; 0: not there, or in the other space */
u32 pci_bar(const struct pci_function *f, u32 n, enum pci_space space);

/* => the line on which the function interrupts, as the firmware has routed it; 0 or above 15: nowhere */
u8 pci_interrupt_line(const struct pci_function *f);

/* Sets bits of PCI_COMMAND. */
void pci_enable(const struct pci_function *f, u32 bits);
