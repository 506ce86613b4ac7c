/*
 * PCI enumeration and configuration registers (access to them: kernel/base/pci_config.h).
 *
 * The buses are scanned once, at the first search. A bus behind a bridge is scanned if the firmware has
 * numbered it. Resources are left as the firmware assigned them.
 *
 * Sources: PCI Local Bus Specification 2.2, "Configuration Space Header"; PCI-to-PCI Bridge
 * Architecture Specification, "Secondary Bus Number Register".
 */
#include "drivers/pci.h"

#include "kernel/base/pci_config.h"
#include "kernel/base/printk.h"

#define PCI_MAX 32

enum {
	PCI_CLASS = 0x08, PCI_HEADER_TYPE = 0x0E, PCI_BAR0 = 0x10,
	PCI_SECONDARY_BUS = 0x19, PCI_INTERRUPT_LINE = 0x3C,
	PCI_HEADER_MULTIFUNCTION = 0x80,
	PCI_BAR_IO = 1,
};

static struct pci_function pci_functions[PCI_MAX];
static u32 pci_count;
static bool pci_scanned;

static u32 pci_read32(const struct pci_function *f, u32 reg)
{
	return pci_config_read(f->bus, f->device, f->function, reg);
}

static u16 pci_read16(const struct pci_function *f, u32 reg)
{
	return (u16)(pci_read32(f, reg) >> (reg & 2) * 8);
}

static u8 pci_read8(const struct pci_function *f, u32 reg)
{
	return (u8)(pci_read32(f, reg) >> (reg & 3) * 8);
}

static void pci_write32(const struct pci_function *f, u32 reg, u32 value)
{
	pci_config_write(f->bus, f->device, f->function, reg, value);
}

bool pci_present(void)
{
	cpu_out32(PCI_CONFIG_ADDRESS, PCI_CONFIG_ENABLE);
	return cpu_in32(PCI_CONFIG_ADDRESS) == PCI_CONFIG_ENABLE;
}

static void pci_scan_bus(u8 bus);

/* Adds F to the list, and what is behind it if it is a bridge. => false: there is no such function */
static bool pci_scan_function(struct pci_function f)
{
	u32 id = pci_read32(&f, PCI_ID), class = pci_read32(&f, PCI_CLASS);
	u8 secondary = pci_read8(&f, PCI_SECONDARY_BUS);

	if ((u16)id == 0xFFFF)
		return false;
	f.vendor = (u16)id;
	f.product = (u16)(id >> 16);
	f.class = (u16)(class >> 16);
	f.interface = (u8)(class >> 8);
	if (pci_count == PCI_MAX)
		return true;
	pci_functions[pci_count++] = f;
	printk_verbose("pci: %02x:%02x.%x %04x:%04x class %04x\n", f.bus, f.device, f.function,
		       f.vendor, f.product, f.class);
	/* Bus numbers grow with the depth, so the recursion ends whatever a bridge contains. */
	if (f.class == PCI_CLASS_BRIDGE && secondary > f.bus)
		pci_scan_bus(secondary);
	return true;
}

static void pci_scan_bus(u8 bus)
{
	for (u8 device = 0; device < PCI_DEVICES; device++) {
		struct pci_function f = { .bus = bus, .device = device };

		if (!pci_scan_function(f) ||
		    !(pci_read8(&f, PCI_HEADER_TYPE) & PCI_HEADER_MULTIFUNCTION))
			continue;
		for (f.function = 1; f.function < PCI_FUNCTIONS; f.function++)
			pci_scan_function(f);
	}
}

/* => the function after AFTER (NULL: the first); the first call scans the buses */
static const struct pci_function *pci_next(const struct pci_function *after)
{
	u32 next = after ? (u32)(after - pci_functions) + 1 : 0;

	if (!pci_scanned && pci_present())
		pci_scan_bus(0);
	pci_scanned = true;
	return next < pci_count ? &pci_functions[next] : NULL;
}

const struct pci_function *pci_find_class(u16 class, const struct pci_function *after)
{
	do
		after = pci_next(after);
	while (after && after->class != class);
	return after;
}

const struct pci_function *pci_find_vendor(u16 vendor, const struct pci_function *after)
{
	do
		after = pci_next(after);
	while (after && after->vendor != vendor);
	return after;
}

u32 pci_bar(const struct pci_function *f, u32 n, enum pci_space space)
{
	u32 bar = pci_read32(f, PCI_BAR0 + n * 4);

	if ((bar & PCI_BAR_IO) != (space == PCI_IO))
		return 0;
	return bar & (space == PCI_IO ? ~0x3u : ~0xFu);
}

u8 pci_interrupt_line(const struct pci_function *f)
{
	return pci_read8(f, PCI_INTERRUPT_LINE);
}

void pci_enable(const struct pci_function *f, u32 bits)
{
	/* The upper half is the status register, whose bits are cleared by writing ones. */
	pci_write32(f, PCI_COMMAND, pci_read16(f, PCI_COMMAND) | bits);
}
