/*
 * Switching off, from the surest way to the least.
 *
 * A write to port 0xF4 ends a QEMU that has isa-debug-exit there and does nothing elsewhere. ACPI
 * without an interpreter: the PIIX4's power management block is known, SLP_TYP 0 is its soft-off
 * (QEMU, VirtualBox, Bochs). No driver is called: a panic ends here too.
 *
 * Sources: Intel 82371AB (PIIX4) "Power Management Registers", ACPI "PM1 Control Registers"; PCI
 * Local Bus Specification "Configuration Mechanism #1".
 */
#include "kernel/base/power.h"

#include "kernel/base/cpu.h"
#include "kernel/base/printk.h"

#define DEBUG_EXIT_PORT 0xF4
#define VALUE_MAX 127u

#define PCI_ADDRESS 0xCF8
#define PCI_DATA 0xCFC
#define PIIX4_PM 0x71138086u /* device and vendor */
#define PIIX4_PMBASE 0x40
#define PM1_CONTROL 4
#define PM1_SLEEP_ENABLE (1u << 13)

static u32 pci_read(u32 device, u32 function, u32 reg)
{
	cpu_out32(PCI_ADDRESS, 1u << 31 | device << 11 | function << 8 | reg);
	return cpu_in32(PCI_DATA);
}

static void acpi_soft_off(void)
{
	for (u32 device = 0; device < 32; device++)
		for (u32 function = 0; function < 8; function++)
			if (pci_read(device, function, 0) == PIIX4_PM) {
				u32 base = pci_read(device, function, PIIX4_PMBASE) & 0xFFC0;

				cpu_out16((u16)(base + PM1_CONTROL), PM1_SLEEP_ENABLE);
			}
}

void power_off(u32 value)
{
	cpu_interrupts_off();
	cpu_out32(DEBUG_EXIT_PORT, MIN(value, VALUE_MAX));
	acpi_soft_off();
	printk("shisho: the machine can be switched off now\n");
	for (;;)
		__asm__ volatile("cli; hlt");
}
