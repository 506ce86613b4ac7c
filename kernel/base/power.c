/*
 * Powering off: each way in turn, the most reliable first.
 *
 * A write to port 0xF4 ends a QEMU that has isa-debug-exit there, and does nothing elsewhere. From QEMU
 * 9.1 on the processor runs for a while after it, and ACPI would replace the value by its own: so that
 * comes some time later.
 *
 * ACPI without an interpreter of its tables: the power management registers of the PIIX4 are known, and
 * its SLP_TYP 0 is soft-off (QEMU, VirtualBox, Bochs). A panic ends here too, so no driver is called.
 *
 * Sources: Intel 82371AB (PIIX4), "Power Management Registers"; ACPI Specification, "PM1 Control
 * Registers".
 */
#include "kernel/base/power.h"

#include "kernel/base/cpu.h"
#include "kernel/base/pci_config.h"
#include "kernel/base/printk.h"

#define DEBUG_EXIT_PORT 0xF4
#define VALUE_MAX 127u

#define PIIX4_PM 0x71138086u /* device and vendor */
#define PIIX4_PMBASE 0x40
#define PM1_CONTROL 4
#define PM1_SLEEP_ENABLE (1u << 13)

static void acpi_soft_off(void)
{
	for (u32 device = 0; device < PCI_DEVICES; device++)
		for (u32 function = 0; function < PCI_FUNCTIONS; function++)
			if (pci_config_read(0, device, function, PCI_ID) == PIIX4_PM) {
				u32 base = pci_config_read(0, device, function, PIIX4_PMBASE) & 0xFFC0;

				cpu_out16((u16)(base + PM1_CONTROL), PM1_SLEEP_ENABLE);
			}
}

/* What switches a machine off may need some milliseconds, in which the processor runs on. */
static void wait_a_moment(void)
{
	for (u32 i = 0; i < 3000000; i++)
		__asm__ volatile("pause");
}

void power_off(u32 value)
{
	cpu_interrupts_off();
	cpu_out32(DEBUG_EXIT_PORT, MIN(value, VALUE_MAX));
	wait_a_moment();
	acpi_soft_off();
	wait_a_moment();
	printk("shisho: the machine can be switched off now\n");
	for (;;)
		__asm__ volatile("cli; hlt");
}
